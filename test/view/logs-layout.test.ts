import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {Action} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import {panes} from '../../source/state/state.ts';
import {calculateLayout, type Rect, type Size} from '../../source/view/layout.ts';
import {placeLogs} from '../../source/view/logs/logs-view.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const extent = {gpus: 8, nodes: 4};

function placed(size: Size, isFull = false, fullScreen?: (typeof panes)[number]) {
	const layout = calculateLayout(size, extent, fullScreen);
	assert.ok(layout.kind === 'screen');
	return {layout, ...placeLogs(layout, size, isFull)};
}

test('on wide and medium screens, the logs are below the charts', () => {
	for (const size of [
		{columns: 160, rows: 45},
		{columns: 100, rows: 30},
		{columns: 80, rows: 24},
	]) {
		const {places, logs} = placed(size);
		assert.deepEqual(
			places.map(({pane}) => pane),
			['requests', 'latency', 'status'],
		);
		assert.equal(logs.width, size.columns);
		assert.ok(logs.height >= 12);
	}
});

test('the logs take up the whole screen if it is small or if they are in full screen', () => {
	assert.deepEqual(placed({columns: 40, rows: 45}).places, []);
	assert.deepEqual(placed({columns: 30, rows: 10}).places, []);
	const {places, logs} = placed({columns: 160, rows: 45}, true);
	assert.deepEqual(places, []);
	assert.deepEqual(logs, {x: 0, y: 1, width: 160, height: 42});
});

test('a pane in full screen shares the screen with the logs', () => {
	const {places, logs} = placed({columns: 160, rows: 45}, false, 'gpus');
	assert.deepEqual(places[0]?.rect, {x: 0, y: 1, width: 160, height: 21});
	assert.deepEqual(logs, {x: 0, y: 22, width: 160, height: 21});
});

test('the logs overlap nothing and leave no free rows between the header and the keys, at any size', () => {
	const size = fc.record({columns: fc.integer({min: 20, max: 300}), rows: fc.integer({min: 5, max: 100})});
	const full = fc.option(fc.constantFrom(...panes), {nil: undefined});
	fc.assert(
		fc.property(size, fc.boolean(), full, (screen, isFull, fullScreen) => {
			const {layout, places, logs} = placed(screen, isFull, fullScreen);
			const {header, notice, keys} = layout;
			const rects: readonly Rect[] = [...places.map(({rect}) => rect), logs];
			const area = rects.reduce((sum, {width, height}) => sum + width * height, 0);
			const bottom = notice.height > 0 ? notice.y : keys.y;
			assert.equal(area, (bottom - header.height) * screen.columns);
			for (const a of rects) {
				assert.ok(a.y >= header.height && a.y + a.height <= bottom);
				for (const b of rects) {
					const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
					assert.ok(a === b || apart);
				}
			}
		}),
		{numRuns: 300},
	);
});

test("the sampler's logs are next to the trainer's only if both were turned on and there is space", () => {
	const both = {type: 'toggleBothLogs', hasRoom: true} as const;
	const framesAt = (columns: number, ...keys: readonly Action[]): number => {
		const start = sampleState({nodes: 1, gpus: 1, sampler: 'answered'});
		const state = [{type: 'toggleLogs'} as const, ...keys].reduce(reduce, start);
		return (
			screenText(state, {columns, rows: 45})
				.join('\n')
				.match(/l (Trainer l|Sampler l|L)ogs /g)?.length ?? 0
		);
	};
	assert.equal(framesAt(160), 1);
	assert.equal(framesAt(160, both), 2);
	assert.equal(framesAt(119, both), 1);
	assert.equal(framesAt(160, both, both), 1);
});
