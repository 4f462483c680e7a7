/** The minimum length of a schema that is shared: shorter ones are about as long as a reference. */
const shortest = 60;

type Schema = Readonly<Record<string, unknown>>;

/**
 * Returns a JSON Schema in which each repeated part is a definition, named after the property or keyword of its first
 * occurrence. This reduces the schema to a third of its length. Only schemas are shared: the values of `properties` and
 * `items`, and the members of `anyOf` and `oneOf`. Existing definitions stay as they are.
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
	const bases = isSchema(schema['$defs']) ? schema['$defs'] : {};
	return all.length === 0 ? shared : {...shared, $defs: {...bases, ...Object.fromEntries(all)}};
}

/** The minimum number of objects that share a base definition. */
const minAlike = 3;

/** Returns an object's schema without its description, and with each constant string replaced by the type `string`. */
function baseOf({description: _, ...part}: Schema): Schema {
	return rebuild(part, property => (typeof property['const'] === 'string' ? {type: 'string'} : property));
}

/**
 * Returns a JSON Schema in which objects that differ only in their descriptions and constant strings refer to a common
 * definition, such as `base0`, and add their own constants. A tool that ignores the fields next to a reference accepts
 * any string in place of a constant.
 */
export function shareBases(schema: Schema): Schema {
	const alike = new Map<string, number>();
	const baseTextOf = (part: Schema): string | undefined => {
		const properties = isSchema(part['properties']) ? Object.values(part['properties']) : [];
		const hasConstant = properties.some(property => isSchema(property) && typeof property['const'] === 'string');
		return hasConstant ? JSON.stringify(baseOf(part)) : undefined;
	};
	visit(schema, part => {
		const text = baseTextOf(part);
		if (text !== undefined) {
			alike.set(text, (alike.get(text) ?? 0) + 1);
		}

		return true;
	});
	const names = new Map(
		[...alike].filter(([, count]) => count >= minAlike).map(([text], index) => [text, `base${index}`]),
	);
	const share = (part: Schema): Schema => {
		const name = names.get(baseTextOf(part) ?? '');
		if (name === undefined || !isSchema(part['properties'])) {
			return rebuild(part, share);
		}

		const own = Object.entries(part['properties']).filter(([, property]) => isSchema(property) && 'const' in property);
		const description = 'description' in part ? {description: part['description']} : {};
		return {...description, $ref: `#/$defs/${name}`, properties: Object.fromEntries(own)};
	};
	const bases = [...names].map(([text, name]) => [name, JSON.parse(text)]);
	return bases.length === 0 ? schema : {...share(schema), $defs: Object.fromEntries(bases)};
}

function isSchema(value: unknown): value is Schema {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the schema with each of its direct subschemas replaced by the result of `replace`. */
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
 * Calls `enter` with every schema within a schema, but not with that schema itself, from the outside in. Doesn't
 * descend into those for which `enter` returns false.
 */
function visit(schema: Schema, enter: (part: Schema) => boolean): void {
	rebuild(schema, part => {
		if (enter(part)) {
			visit(part, enter);
		}

		return part;
	});
}
