/** The minimum length of a schema that is shared: shorter ones are about as long as a reference. */
const shortest = 60;

type Schema = Readonly<Record<string, unknown>>;

/**
 * Returns a JSON Schema in which each repeated part is a definition, named after its first property. This makes the
 * schema a third as long. Only schemas are shared: the values of `properties`, `items`, and the members of `anyOf` and
 * `oneOf`.
 */
export function shareSchemas(schema: Schema): Schema {
	const counts = new Map<string, number>();
	visit(schema, part => {
		const text = JSON.stringify(part);
		const count = (counts.get(text) ?? 0) + 1;
		counts.set(text, count);
		return count === 1;
	});
	const definitions = new Map<string, {readonly name: string; readonly shared: unknown}>();
	const names = new Set<string>();
	const share = (part: Schema, property: string): unknown => {
		const text = JSON.stringify(part);
		const known = definitions.get(text);
		if (known !== undefined) {
			return {$ref: `#/$defs/${known.name}`};
		}

		if (text.length < shortest || (counts.get(text) ?? 0) < 2) {
			return rebuild(part, share);
		}

		let name = property;
		for (let count = 2; names.has(name); count++) {
			name = `${property}${count}`;
		}

		names.add(name);
		definitions.set(text, {name, shared: rebuild(part, share)});
		return {$ref: `#/$defs/${name}`};
	};
	const shared = rebuild(schema, share);
	const all = [...definitions.values()].map(({name, shared: one}) => [name, one]);
	return all.length === 0 ? shared : {...shared, $defs: Object.fromEntries(all)};
}

function isSchema(value: unknown): value is Schema {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the schema with each of its subschemas replaced by the result of `replace`. */
function rebuild(schema: Schema, replace: (part: Schema, property: string) => unknown): Schema {
	return Object.fromEntries(
		Object.entries(schema).map(([key, value]) => {
			if (key === 'properties' && isSchema(value)) {
				const entries = Object.entries(value);
				return [
					key,
					Object.fromEntries(entries.map(([name, part]) => [name, isSchema(part) ? replace(part, name) : part])),
				];
			}

			if ((key === 'anyOf' || key === 'oneOf') && Array.isArray(value)) {
				return [key, value.map(part => (isSchema(part) ? replace(part, key) : part))];
			}

			return [key, key === 'items' && isSchema(value) ? replace(value, key) : value];
		}),
	);
}

/**
 * Calls `enter` with a schema and every schema within it, from the outside in. Doesn't descend into schemas for which
 * it returns false.
 */
function visit(schema: Schema, enter: (part: Schema) => boolean): void {
	rebuild(schema, part => {
		if (enter(part)) {
			visit(part, enter);
		}

		return part;
	});
}
