import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isAbsent} from '../../source/api/series-table.ts';
import {pointsOf} from '../helpers/points.ts';

for (const {what, isOptional, series, expected} of [
	{what: 'an optional series without points', isOptional: true, series: [pointsOf()], expected: true},
	{what: 'an optional series of unknown values', isOptional: true, series: [pointsOf([0, null])], expected: true},
	{what: 'an optional series that no node has', isOptional: true, series: [], expected: true},
	{what: 'an optional series with a zero', isOptional: true, series: [pointsOf([0, 0])], expected: false},
	{
		what: 'an optional series that only one of two nodes has',
		isOptional: true,
		series: [pointsOf(), pointsOf([0, 1])],
		expected: false,
	},
	{what: 'a required series without points', isOptional: false, series: [pointsOf()], expected: false},
]) {
	test(`${what} is ${expected ? '' : 'not '}absent`, () => {
		assert.equal(isAbsent({field: 'ram', isOptional}, ...series), expected);
	});
}
