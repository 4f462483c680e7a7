import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Points} from '../../source/api/points.ts';
import {linearAxis} from '../../source/view/axis.ts';
import {type ChartSeries, chart, markedTimes} from '../../source/view/chart.ts';
import {lineText} from '../../source/view/line.ts';
import {alignedRange} from '../../source/view/resample.ts';
import {pointsOf} from '../helpers/points.ts';

function draw(
	series: readonly ChartSeries[],
	more: {noData?: {fromMs: number; texts: readonly string[]}} = {},
): readonly string[] {
	return chart({
		series,
		width: 40,
		height: 6,
		range: () => ({startMs: 0, endMs: 1000}),
		cursorMs: undefined,
		stepMs: 10,
		summary: 'peak',
		axis: (peak, rows) => linearAxis(Math.max(peak ?? 0, 12), rows),
		format: String,
		symbols: 'block',
		zone: 'utc',
		...more,
	}).map(lineText);
}

function steady(value: number, untilMs = 1000): Points {
	return pointsOf(...Array.from({length: untilMs / 10 + 1}, (_, index): [number, number] => [index * 10, value]));
}

/** Returns the row of each label, from the top. */
function rowsOf(lines: readonly string[], ...labels: readonly string[]): readonly number[] {
	return labels.map(label => lines.findIndex(line => line.trimEnd().endsWith(` ${label}`)));
}

test('the label of a higher value is above the label of a lower one, even if both curves end in the same row', () => {
	for (const values of [
		[123, 456, 1980],
		[100, 110, 2000],
		[10, 10, 10],
		[1, 1, 1000],
		[900, 950, 1000],
	]) {
		const names = ['p50', 'p95', 'p99'];
		const lines = draw(
			values.map((value, index) => ({points: steady(value), tone: 'first', label: names[index] ?? ''})),
		);
		const [p50 = 0, p95 = 0, p99 = 0] = rowsOf(lines, 'p50', 'p95', 'p99');
		assert.ok(p99 >= 0 && p99 < p95 && p95 < p50, `For ${values.join(' ')}, the rows are ${p99} ${p95} ${p50}`);
	}
});

test('the line ends at the newest sample, not at a higher one shortly before it', () => {
	const points = pointsOf([0, 5], [10, 5], [990, 10.6], [995, 9], [1000, 2]);
	const lines = draw([{points, tone: 'first', label: 'now'}]);
	const [row = 0] = rowsOf(lines, 'now');
	const [highest = 0] = rowsOf(
		draw([{points: pointsOf([0, 5], [10, 5], [990, 2], [1000, 10.6]), tone: 'first', label: 'now'}]),
		'now',
	);
	assert.ok(row > highest);
});

test('the time after the newest sample is hatched, and labeled with its length', () => {
	const lines = draw([{points: steady(5, 500), tone: 'first'}], {noData: {fromMs: 500, texts: ['no data 10m']}});
	assert.match(lines.join('\n'), /╱ no data 10m ╱/);
	for (const line of lines.slice(0, -1)) {
		assert.match(line, /╱$/);
	}

	assert.doesNotMatch(draw([{points: steady(5), tone: 'first'}]).join(''), /╱/);
});

/** Returns the labels of a time axis from 00:00 to 01:00, and the distance of each from its time, in cells. */
function labelsOf(axis: string): ReadonlyArray<{readonly label: string; readonly cells: number}> {
	return [...axis.matchAll(/(\d\d):(\d\d)/g)].map(({0: label, 1: hours, 2: minutes, index}) => ({
		label,
		cells: Math.abs(index + 2 - Math.floor(((Number(hours) * 60 + Number(minutes)) * axis.length) / 60)),
	}));
}

test('on a time axis, marks and remaining labels are at their times, and only a lone label can touch a mark', () => {
	const minute = 60_000;
	const range = {startMs: 0, endMs: 60 * minute};
	for (const columns of [12, 14, 22, 40, 55, 90]) {
		const plain = labelsOf(lineText(markedTimes(range, columns, [], 'utc')));
		for (let column = 0; column < columns; column++) {
			const mark = {timeMs: ((column + 0.5) * 60 * minute) / columns, glyph: '!', tone: 'bad'} as const;
			const text = lineText(markedTimes(range, columns, [mark], 'utc'));
			assert.equal(text.indexOf('!'), column, text);
			const labels = labelsOf(text);
			assert.ok(labels.length >= Math.min(plain.length - 1, 2), text);
			assert.ok(labels.length > 0, text);
			assert.ok(labels.length === 1 || !/\d!|!\d/.test(text), text);
			for (const {cells} of labels) {
				assert.ok(cells <= 1, text);
			}
		}
	}
});

test('a time axis with marks everywhere still names a time', () => {
	const minute = 60_000;
	const marks = Array.from({length: 60}, (_, index) => ({timeMs: index * minute, glyph: '!', tone: 'bad'}) as const);
	for (const columns of [14, 22, 40, 60]) {
		const text = lineText(markedTimes({startMs: 0, endMs: 60 * minute}, columns, marks, 'utc'));
		assert.match(text, /\d\d:\d\d/);
	}
});

test("a time axis doesn't name a time after the end of its data, although its last column ends later", () => {
	const minute = 60_000;
	const range = alignedRange({startMs: -3 * minute, endMs: 57 * minute}, 18);
	assert.ok(range.endMs >= 60 * minute - 1e-6);
	assert.match(lineText(markedTimes(range, 18, [], 'utc')), /^ +00:30 +$/);
});

test('the marks on a time axis are in the order of their times, regardless of their importance', () => {
	const minute = 60_000;
	const range = {startMs: 0, endMs: 60 * minute};
	for (const columns of [18, 22, 40, 55]) {
		for (const from of Array.from({length: 55}, (_, index) => index)) {
			const marks = [
				{timeMs: (from + 2) * minute, glyph: '!', tone: 'bad'},
				{timeMs: (from + 3) * minute, glyph: '?', tone: 'warn'},
				{timeMs: from * minute, glyph: '^', tone: 'accent'},
			] as const;
			const text = lineText(markedTimes(range, columns, marks, 'utc'));
			assert.match(text, /^[^!?]*!?[^!^]*$/, `${columns} ${from}`);
		}
	}
});
