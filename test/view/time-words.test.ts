import assert from 'node:assert/strict';
import {test} from 'node:test';
import {defaultWindow} from '../../source/metrics/windows.ts';
import type {Action} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {PaneName, State, Zoom} from '../../source/state/state.ts';
import type {Size} from '../../source/view/layout.ts';
import {responseOf} from '../helpers/responses.ts';
import {sampleMetrics, sampleNow, sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const sample = {nodes: 4, gpus: 8};
const sizes: readonly Size[] = [
	{columns: 160, rows: 45},
	{columns: 100, rows: 30},
	{columns: 80, rows: 24},
	{columns: 40, rows: 45},
	{columns: 30, rows: 10},
];
const places: ReadonlyArray<readonly [zoom: Zoom, pane: PaneName]> = [
	['overview', 'gpus'],
	['full', 'requests'],
	['full', 'latency'],
	['full', 'gpus'],
	['detail', 'gpus'],
	['full', 'nodes'],
	['detail', 'nodes'],
];

/** Returns the live state, and the state of an earlier range whose response has arrived. */
function livePast(): readonly [live: State, past: State] {
	const live = sampleState(sample);
	const moved = reduce(live, {type: 'moveInTime', by: -1, far: false});
	assert.ok(moved.mode.kind === 'past');
	const {endMs} = moved.mode;
	const received: Action = {
		type: 'metricsReceived',
		kind: 'past',
		window: defaultWindow.name,
		response: responseOf(sampleMetrics(sample)),
		range: {startMs: endMs - defaultWindow.lengthMs, endMs, whole: true},
		isFinal: true,
		atMs: sampleNow,
		tookMs: 5,
	};
	return [live, reduce(moved, received)];
}

/** Returns the panes, without the header and the lines below the panes. */
function panesOf(state: State, size: Size): string {
	return screenText(state, size).slice(1, -2).join('\n');
}

test('a screen that says "now" in the live view says "then" in an earlier range, and never "now" at a cursor', () => {
	const [live, past] = livePast();
	const atCursor = reduce(live, {type: 'toggleCursor'});
	let times = 0;
	for (const [zoom, focus] of places) {
		for (const size of sizes) {
			const where = `${zoom} ${focus} at ${size.columns}×${size.rows}`;
			const count = (state: State, word: RegExp): number =>
				panesOf({...state, zoom, focus}, size).match(word)?.length ?? 0;
			const shown = count(live, /\bnow\b/g);
			times += shown;
			assert.equal(count(live, /\bthen\b/g), 0, where);
			for (const state of [past, atCursor]) {
				assert.equal(count(state, /\bnow\b/g), 0, where);
			}

			assert.equal(count(past, /\bthen\b/g) > 0, shown > 0, where);
		}
	}

	assert.ok(times > 20, `"now" is shown only ${times} times`);
});
