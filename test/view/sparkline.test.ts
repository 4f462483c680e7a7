import assert from 'node:assert/strict';
import {test} from 'node:test';
import {emptyHistory} from '../../source/metrics/history.ts';
import {addMetrics} from '../../source/metrics/merge-history.ts';
import {type Snapshot, takeSnapshot} from '../../source/metrics/snapshot.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {laggingTone} from '../../source/theme/theme.ts';
import {bar, thinBar, trend, utilizationTone} from '../../source/view/sparkline.ts';
import {pointsOf} from '../helpers/points.ts';
import {responseOf} from '../helpers/responses.ts';

const nine = Date.UTC(2026, 10, 23, 9);
const minute = 60_000;
const range = {startMs: nine - 60 * minute, endMs: nine, whole: true};
const history = addMetrics(emptyHistory(defaultWindow), responseOf({inference_volume: []}), range);

function snapshotAt(nowMs: number): Snapshot {
	return takeSnapshot(history, undefined, {nowMs});
}

/** Returns samples with this value, one every half minute, from `from` to `to` minutes before nine. */
function samples(from: number, to: number, value: number): ReadonlyArray<readonly [number, number]> {
	return Array.from({length: (from - to) * 2}, (_, index) => [nine - from * minute + index * 30_000, value] as const);
}

test('each cell has the tone of its own value', () => {
	const points = pointsOf(...samples(60, 10, 0.9), ...samples(10, 0, 0));
	const look = {snapshot: snapshotAt(nine), summary: 'mean', top: 1} as const;
	assert.deepEqual(trend(points, 6, {...look, tone: utilizationTone}), [
		{text: '▇▇▇▇▇', tone: 'plain'},
		{text: '▁', tone: 'dim'},
	]);
	assert.deepEqual(trend(points, 6, {...look, tone: laggingTone}), [
		{text: '▇▇▇▇▇', tone: 'plain'},
		{text: '▁', tone: 'bad'},
	]);
});

test('the time from the newest sample to now is marked if the sample is old', () => {
	const points = pointsOf(...samples(60, 20, 0.9));
	const look = {summary: 'mean', top: 1, tone: 'plain'} as const;
	assert.deepEqual(trend(points, 6, {...look, snapshot: snapshotAt(nine)}), [
		{text: '▇▇▇▇', tone: 'plain'},
		{text: '╱╱', tone: 'dim'},
	]);
	const fresh = pointsOf(...samples(60, 2, 0.9));
	assert.doesNotMatch(JSON.stringify(trend(fresh, 60, {...look, snapshot: snapshotAt(nine)})), /╱/);
});

test('while no responses arrive, the trend still extends to the current time', () => {
	const points = pointsOf(...samples(60, 0, 0.9));
	const look = {summary: 'mean', top: 1, tone: 'plain'} as const;
	assert.deepEqual(trend(points, 6, {...look, snapshot: snapshotAt(nine + 30 * minute)}), [
		{text: '▇▇▇', tone: 'plain'},
		{text: '╱╱╱', tone: 'dim'},
	]);
});

test('a short bar ends with part of a cell, so a percentage point moves its tip by at most an eighth of a cell', () => {
	const drawn = (share: number, hasParts = true): string => bar(share, 6, {tone: 'dim', hasParts})[0]?.text ?? '';
	assert.deepEqual(
		[0.91, 0.92, 0.94].map(share => drawn(share)),
		['▇▇▇▇▇▌', '▇▇▇▇▇▌', '▇▇▇▇▇▋'],
	);
	assert.deepEqual(
		[0, 0.001, 0.5, 1, 2].map(share => drawn(share)),
		['', '▏', '▇▇▇', '▇▇▇▇▇▇', '▇▇▇▇▇▇'],
	);
	assert.deepEqual(
		[0.91, 0.92].map(share => drawn(share, false)),
		['▇▇▇▇▇', '▇▇▇▇▇▇'],
	);
});

test('a thin bar is dim unless its tone is bad, and blank if its value is unknown', () => {
	const track = {text: '─', tone: 'dim'};
	assert.deepEqual(thinBar(0.75, 4, 'plain'), [{text: '━━━', tone: 'dim'}, track]);
	assert.deepEqual(thinBar(0.75, 4, 'bad'), [{text: '━━━', tone: 'bad'}, track]);
	assert.deepEqual(thinBar(1.5, 4, 'bad')[0], {text: '━━━━', tone: 'bad'});
	assert.deepEqual(thinBar(undefined, 4, 'bad'), [{text: '    ', tone: 'plain'}]);
});
