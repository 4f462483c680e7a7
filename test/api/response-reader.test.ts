import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mapProblems, valueAt} from '../../source/api/response-reader.ts';
import type {SeriesPath} from '../../source/api/series-table.ts';

const nothing: readonly unknown[] = [];

/** The values of a series if it is required (`needed`), and if it is optional. */
const cases: ReadonlyArray<{what: string; path: SeriesPath; fields: object; needed: unknown; optional: unknown}> = [
	{what: 'a list', path: {field: 'a'}, fields: {a: [1]}, needed: [1], optional: [1]},
	{what: 'no field', path: {field: 'a'}, fields: {}, needed: undefined, optional: nothing},
	{what: 'null', path: {field: 'a'}, fields: {a: null}, needed: null, optional: null},
	{what: 'a list in a map', path: {field: 'm', key: 'a'}, fields: {m: {a: [1]}}, needed: [1], optional: [1]},
	{what: 'no list in a map', path: {field: 'm', key: 'a'}, fields: {m: {}}, needed: undefined, optional: nothing},
	{what: 'no map', path: {field: 'm', key: 'a'}, fields: {}, needed: nothing, optional: nothing},
	{what: 'a number as the map', path: {field: 'm', key: 'a'}, fields: {m: 7}, needed: nothing, optional: nothing},
];

for (const {what, path, fields, needed, optional} of cases) {
	test(`a series with ${what} has the expected value, whether it is required or optional`, () => {
		assert.deepEqual(valueAt({...fields}, path, nothing), needed);
		assert.deepEqual(valueAt({...fields}, {...path, isOptional: true}, nothing), optional);
	});
}

test('a malformed map is one problem, and so is a missing one, unless all of its lists are optional', () => {
	const two: readonly SeriesPath[] = [
		{field: 'm', key: 'a'},
		{field: 'm', key: 'b'},
	];
	const optional = two.map(path => ({...path, isOptional: true}));
	const [first] = two;
	assert.deepEqual(mapProblems({}, two), [{field: 'm', problem: 'is missing, not a map'}]);
	assert.deepEqual(mapProblems({}, optional), []);
	assert.deepEqual(mapProblems({}, [...optional, ...(first ? [first] : [])]).length, 1);
	assert.deepEqual(mapProblems({m: []}, optional), [{field: 'm', problem: 'is a list, not a map'}]);
	assert.deepEqual(mapProblems({m: {}}, two), []);
});
