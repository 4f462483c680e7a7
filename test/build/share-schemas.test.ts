import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as z from 'zod';
import {shareBases, shareSchemas} from '../../.build/share-schemas.ts';
import {lineSchema} from '../../source/output/snapshot-schema.ts';

type Part = {readonly $ref?: string; readonly properties?: Readonly<Record<string, unknown>>};

/** Returns the schema with each reference replaced by what it refers to. */
function resolve(value: unknown, definitions: Readonly<Record<string, unknown>>): unknown {
	if (Array.isArray(value)) {
		return value.map(one => resolve(one, definitions));
	}

	if (typeof value !== 'object' || value === null) {
		return value;
	}

	const {$ref, ...own} = value as Part;
	const resolved = Object.fromEntries(
		Object.entries(own).map(([key, one]) => [key, resolve(one, definitions)]),
	) as Part;
	if ($ref === undefined) {
		return resolved;
	}

	// The keywords next to a `$ref` are added to the schema that it refers to.
	const base = resolve(definitions[$ref.replace('#/$defs/', '')], definitions) as Part;
	const properties = {...base.properties, ...resolved.properties};
	return {...base, ...resolved, ...(resolved.properties === undefined ? {} : {properties})};
}

test('a schema with shared parts is equivalent to the original, and less than half as long', () => {
	const whole: Readonly<Record<string, unknown>> = z.toJSONSchema(lineSchema, {io: 'input'});
	const {$defs, ...shared} = shareSchemas(shareBases(whole));
	assert.deepEqual(resolve(shared, $defs as Readonly<Record<string, unknown>>), whole);
	assert.ok(JSON.stringify({...shared, $defs}).length < JSON.stringify(whole).length / 2);
});

test('objects that differ in a constant have a common base if there are at least three', () => {
	const metric = (unit: string, description: string) => ({
		type: 'object',
		properties: {unit: {type: 'string', const: unit}, value: {type: 'number'}},
		required: ['unit', 'value'],
		description,
	});
	const two = {type: 'object', properties: {a: metric('s', 'A.'), b: metric('ms', 'B.')}};
	assert.deepEqual(shareBases(two), two);
	const {$defs, ...three} = shareBases({...two, properties: {...two.properties, c: metric('ms', 'C.')}});
	const {description: _, ...base} = metric('', '');
	assert.deepEqual($defs, {base0: {...base, properties: {...base.properties, unit: {type: 'string'}}}});
	const own = {type: 'string', const: 'ms'};
	assert.deepEqual((three as {properties: object}).properties, {
		a: {description: 'A.', $ref: '#/$defs/base0', properties: {unit: {...own, const: 's'}}},
		b: {description: 'B.', $ref: '#/$defs/base0', properties: {unit: own}},
		c: {description: 'C.', $ref: '#/$defs/base0', properties: {unit: own}},
	});
});

test('a part that appears once stays in place, and shared parts have unique names', () => {
	const long = (description: string) => ({type: 'number', description: description.repeat(30)});
	const part = (one: object, other: object) => ({
		type: 'object',
		properties: {a: one, b: {type: 'object', properties: {a: other}}},
	});
	const once = part(long('one'), long('other'));
	assert.deepEqual(shareSchemas(once), once);
	const twice = shareSchemas({oneOf: [part(long('x'), long('y')), {type: 'array', items: part(long('y'), long('x'))}]});
	assert.deepEqual(Object.keys(twice['$defs'] as object), ['a', 'a2']);
});
