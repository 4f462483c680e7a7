import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {errorRange} from '../../source/text/finding-text.ts';
import {linesAfter, metricsAction, second, type Values} from '../helpers/plain-output.ts';

const number = fc.double({min: 0, max: 50_000, noNaN: true});
const share = fc.double({min: 0, max: 1, noNaN: true});
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(value, {freq: 4});
const anyValues: fc.Arbitrary<Values> = fc.record({
	rate: maybe(number),
	inProgress: maybe(fc.nat(500)),
	latency: fc.tuple(maybe(number), maybe(number), maybe(number)),
	nodes: fc.array(fc.array(maybe(share), {maxLength: 4}), {maxLength: 4}),
	disk: share,
	status: fc.tuple(share, share, share),
});

/**
 * Returns every number in a response, in each unit in which it can be announced, and every number up to the count of
 * its nodes and GPUs, because sentences count some of them.
 */
function numbersOf({rate, inProgress, latency, nodes = [], disk = 0, status = [0, 0, 0]}: Values): readonly number[] {
	const gpus = nodes.flat();
	const all = status[0] + status[1] + status[2];
	const fractions = [...gpus, disk, ...status.map(value => (all === 0 ? 0 : value / all))];
	return [
		...[rate, inProgress, ...(latency ?? [])].flatMap(value =>
			typeof value === 'number' ? [value, value / 1000] : [],
		),
		...fractions.flatMap(value => (typeof value === 'number' ? [value * 100] : [])),
		...Array.from({length: gpus.length + nodes.length + 1}, (_, count) => count),
	];
}

/** Returns the numbers in a line, except for those in times, names, status codes, and limits (`less than 0.1`). */
function numbersIn(line: string): readonly number[] {
	const bare = line
		.replace(errorRange.words, '')
		.replace(/^\d\d:\d\d:\d\d: /, '')
		.replace(
			/trainer-\d+( GPU \d+)?|p\d\d|[245]xx|(?:since|of|at|known) (?:before )?\d\d:\d\d:\d\d|(?:less|more) than [\d.]+/g,
			'',
		);
	return [...bare.matchAll(/[\d.]*\d/g)].map(([text]) => Number(text));
}

test('every announced number is in one of the responses, apart from rounding', () => {
	fc.assert(
		fc.property(fc.array(anyValues, {minLength: 1, maxLength: 5}), responses => {
			const said = linesAfter(...responses.map((values, index) => [metricsAction(index * 10 * second, values)]));
			const values = said.flatMap((lines, index) => (index === 0 ? lines.slice(2, -1) : lines));
			const served = responses.flatMap(numbersOf);
			for (const spoken of values.flatMap(numbersIn)) {
				const isServed = served.some(
					value => Math.abs(value - spoken) <= Math.max(0.5 * 10 ** -3, 0.006 * value, spoken >= 1 ? 0.5 : 0.05),
				);
				assert.ok(isServed, `no response contains ${spoken}, announced in:\n${values.join('\n')}`);
			}
		}),
		{numRuns: 200},
	);
});

test('an unchanged response is never announced again', () => {
	fc.assert(
		fc.property(fc.array(anyValues, {minLength: 1, maxLength: 4}), responses => {
			const last = responses.at(-1) ?? {};
			const steps = [...responses, last, last].map((values, index) => [metricsAction(index * 10 * second, values)]);
			const said = linesAfter(...steps);
			assert.deepEqual(said.slice(-2), [[], []]);
		}),
		{numRuns: 200},
	);
});

test('the output is ASCII, with one sentence per line', () => {
	fc.assert(
		fc.property(fc.array(anyValues, {minLength: 1, maxLength: 4}), responses => {
			for (const line of linesAfter(
				...responses.map((values, index) => [metricsAction(index * 10 * second, values)]),
			).flat()) {
				assert.match(line, /^(?:\d\d:\d\d:\d\d: )?[A-Z\d][ -~]*\.$/);
			}
		}),
		{numRuns: 100},
	);
});
