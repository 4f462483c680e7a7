/** Returns whether a name ends with a whole part of another: `trainer-2` ends with `2`, but `trainer-12` doesn't. */
function endsWithPart(name: string, part: string): boolean {
	const before = name.at(-part.length - 1) ?? '';
	return part !== '' && name.endsWith(part) && !/[\p{L}\p{N}]/u.test(before);
}

/**
 * Returns whether a replica of the logs is this node of the metrics. They don't necessarily have the same names: they
 * are treated as the same if they are equal or one is the end of the other.
 */
export function isReplicaOf(replica: string, node: string): boolean {
	return replica === node || endsWithPart(replica, node) || endsWithPart(node, replica);
}
