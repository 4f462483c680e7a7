/** A JSON object with unknown values. */
export type Fields = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Says what a value is instead of what was expected: `is missing`, `is null`, `is a list`, `is a string`. */
export function nameShape(value: unknown): string {
	if (value === undefined) {
		return 'is missing';
	}

	const shape =
		value === null ? 'null' : Array.isArray(value) ? 'a list' : isRecord(value) ? 'a map' : `a ${typeof value}`;
	return `is ${shape}`;
}
