import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as z from 'zod';
import {shareSchemas} from '../../.build/share-schemas.ts';
import {lineSchema} from '../../source/output/snapshot-schema.ts';

/** Returns the schema with each reference replaced by what it refers to. */
function resolve(value: unknown, definitions: Readonly<Record<string, unknown>>): unknown {
	if (Array.isArray(value)) {
		return value.map(one => resolve(one, definitions));
	}

	if (typeof value !== 'object' || value === null) {
		return value;
	}

	const {$ref} = value as {readonly $ref?: unknown};
	if (typeof $ref === 'string') {
		return resolve(definitions[$ref.replace('#/$defs/', '')], definitions);
	}

	return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolve(one, definitions)]));
}

test('a schema with shared parts is equivalent and less than two thirds as long', () => {
	const whole: Readonly<Record<string, unknown>> = z.toJSONSchema(lineSchema, {io: 'input'});
	const {$defs, ...shared} = shareSchemas(whole);
	assert.deepEqual(resolve(shared, $defs as Readonly<Record<string, unknown>>), whole);
	assert.ok(JSON.stringify({...shared, $defs}).length < (JSON.stringify(whole).length * 2) / 3);
});

test('a part that appears once stays in place, and names are unique', () => {
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
