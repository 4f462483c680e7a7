/** A map of JSON, of which nothing else is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is instead of what it should be: `is missing`, `is null`, `is a list`, `is a string`. */
export function nameShape(value: unknown): string {
	if (value === undefined) {
		return 'is missing';
	}

	const shape =
		value === null ? 'null' : Array.isArray(value) ? 'a list' : isRecord(value) ? 'a map' : `a ${typeof value}`;
	return `is ${shape}`;
}
