/** Whether a name ends with a whole part of another: `trainer-2` with `2`, but `trainer-12` does not. */
function endsWithPart(name: string, part: string): boolean {
	const before = name.at(-part.length - 1) ?? '';
	return part !== '' && name.endsWith(part) && !/[\p{L}\p{N}]/u.test(before);
}

/**
 * Whether a replica of the logs is that node of the metrics. Nothing says that they have the same names: they are taken for
 * the same where they are equal, or where one is the end of the other.
 */
export function isReplicaOf(replica: string, node: string): boolean {
	return replica === node || endsWithPart(replica, node) || endsWithPart(node, replica);
}
