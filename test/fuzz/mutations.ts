import fc from 'fast-check';
import {hostileText} from './hostile.ts';

/** One error in a body: `path` is its location, by the position of each child among its siblings. */
export type Mutation = {
	readonly path: readonly number[];
	readonly how: 'replace' | 'remove' | 'double' | 'multiply' | 'reverse' | 'rename';
	readonly value: unknown;
	readonly name: string;
};

type Fields = Record<string, unknown>;

function isContainer(value: unknown): value is Fields | unknown[] {
	return typeof value === 'object' && value !== null;
}

/** Sets a field, even one named `__proto__`, which is an ordinary field in JSON. */
function setField(fields: Fields, name: string, value: unknown): void {
	Object.defineProperty(fields, name, {value, enumerable: true, configurable: true, writable: true});
}

function mutateField(fields: Fields, key: string, {how, value, name}: Mutation): void {
	const before = fields[key];
	switch (how) {
		case 'remove':
			delete fields[key];
			break;
		case 'double':
			setField(fields, name, before);
			break;
		case 'rename':
			delete fields[key];
			setField(fields, name, before);
			break;
		default:
			setField(fields, key, how === 'replace' ? structuredClone(value) : mutated(before, how));
	}
}

function mutateEntry(list: unknown[], index: number, {how, value}: Mutation): void {
	switch (how) {
		case 'remove':
			list.splice(index, 1);
			break;
		case 'double':
			list.push(list[index]);
			break;
		case 'replace':
			list[index] = structuredClone(value);
			break;
		default:
			list[index] = mutated(list[index], how);
	}
}

/** Returns a reversed or repeated list, or renamed fields. */
function mutated(value: unknown, how: 'multiply' | 'reverse' | 'rename'): unknown {
	if (!Array.isArray(value)) {
		return value;
	}

	return how === 'reverse' ? value.toReversed() : Array.from({length: 20}, () => value).flat();
}

/** Applies errors to a body. */
export function mutate(body: Fields, mutation: Mutation): void {
	let container: Fields | unknown[] = body;
	for (const [step, place] of mutation.path.entries()) {
		const keys: readonly string[] = Object.keys(container);
		const key = keys[place % Math.max(keys.length, 1)];
		if (key === undefined) {
			return;
		}

		const child: unknown = Array.isArray(container) ? container[Number(key)] : container[key];
		if (isContainer(child) && step < mutation.path.length - 1) {
			container = child;
			continue;
		}

		if (Array.isArray(container)) {
			mutateEntry(container, Number(key), mutation);
		} else {
			mutateField(container, key, mutation);
		}

		return;
	}
}

/** Generates a mutation that can insert one of these values anywhere. */
export function anyMutation(value: fc.Arbitrary<unknown>): fc.Arbitrary<Mutation> {
	return fc.record({
		path: fc.array(fc.nat(11), {minLength: 1, maxLength: 6}),
		how: fc.constantFrom<Mutation['how']>('replace', 'replace', 'remove', 'double', 'multiply', 'reverse', 'rename'),
		value,
		name: fc.oneof(fc.constantFrom('value', 'timestamp', '0', '1', '__proto__'), hostileText),
	});
}
