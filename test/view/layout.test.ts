import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {panes} from '../../source/state/state.ts';
import {calculateLayout, type Layout, type Rect, type Size, smallest} from '../../source/view/layout.ts';

const size = fc.record({columns: fc.integer({min: 1, max: 300}), rows: fc.integer({min: 1, max: 100})});
const extent = fc.record({
	gpus: fc.integer({min: 0, max: 32}),
	nodes: fc.integer({min: 0, max: 200}),
	isWithoutRequests: fc.boolean(),
});
const fullScreen = fc.option(fc.constantFrom(...panes), {nil: undefined});

function rectsOf(layout: Layout): readonly Rect[] {
	return layout.kind === 'too-small'
		? []
		: [layout.header, layout.notice, layout.keys, ...layout.places.map(({rect}) => rect)];
}

/** Returns the number of covered cells, and asserts that all are on the screen and that none is covered twice. */
function countCells(rects: readonly Rect[], {columns, rows}: Size): number {
	const covered = new Set<number>();
	for (const {x, y, width, height} of rects) {
		assert.ok(x >= 0 && y >= 0 && width >= 0 && height >= 0);
		assert.ok(x + width <= columns && y + height <= rows, 'a rectangle extends beyond the screen');
		for (let row = y; row < y + height; row++) {
			for (let column = x; column < x + width; column++) {
				const cell = row * columns + column;
				assert.ok(!covered.has(cell), `cell ${column}, ${row} is covered twice`);
				covered.add(cell);
			}
		}
	}

	return covered.size;
}

test('no rectangle overlaps another or extends beyond the screen, at any size and for any deployment', () => {
	fc.assert(
		fc.property(size, extent, fullScreen, (screen, deployment, pane) => {
			countCells(rectsOf(calculateLayout(screen, deployment, pane)), screen);
		}),
		{numRuns: 500},
	);
});

test('in the medium and the wide layout, every pane has a useful size, and the whole screen is used', () => {
	const large = fc.record({columns: fc.integer({min: 64, max: 300}), rows: fc.integer({min: 20, max: 100})});
	fc.assert(
		fc.property(large, extent, (screen, deployment) => {
			const layout = calculateLayout(screen, deployment, undefined);
			assert.ok(layout.kind === 'screen');
			assert.deepEqual(
				layout.places.map(({pane}) => pane),
				[...panes],
			);
			for (const {pane, variant, rect} of layout.places) {
				assert.ok(variant === 'bare' || rect.height >= 3, `${pane} is ${rect.height} rows high`);
			}

			assert.equal(countCells(rectsOf(layout), screen), screen.columns * screen.rows);
		}),
	);
});

test('in full screen, only one pane is shown, with the header and the keys', () => {
	fc.assert(
		fc.property(size, extent, fc.constantFrom(...panes), (screen, deployment, pane) => {
			const layout = calculateLayout(screen, deployment, pane);
			if (layout.kind === 'screen') {
				assert.deepEqual(
					layout.places.map(place => [place.pane, place.variant]),
					[[pane, 'full']],
				);
				assert.equal(countCells(rectsOf(layout), screen), screen.columns * screen.rows);
			}
		}),
	);
});

test('only a screen below the smallest size is too small', () => {
	fc.assert(
		fc.property(size, extent, (screen, deployment) => {
			const isTooSmall = screen.columns < smallest.columns || screen.rows < smallest.rows;
			assert.equal(calculateLayout(screen, deployment, undefined).kind === 'too-small', isTooSmall);
		}),
	);
});

const sizes: ReadonlyArray<{readonly size: Size; readonly nodes: number; readonly rows: number}> = [
	{size: {columns: 160, rows: 45}, nodes: 16, rows: 16},
	{size: {columns: 160, rows: 45}, nodes: 4, rows: 4},
	{size: {columns: 100, rows: 30}, nodes: 8, rows: 8},
	{size: {columns: 80, rows: 24}, nodes: 4, rows: 4},
];

for (const {size: screen, nodes, rows} of sizes) {
	test(`${nodes} nodes with 8 GPUs each are all shown at ${screen.columns}×${screen.rows}`, () => {
		const layout = calculateLayout(screen, {gpus: 8, nodes}, undefined);
		assert.ok(layout.kind === 'screen');
		const place = layout.places.find(({pane}) => pane === 'nodes');
		assert.ok((place?.rect.height ?? 0) - 3 >= rows);
	});
}

/** Returns the height of each pane that has a place. */
function heightsOf(layout: Layout): Readonly<Record<string, number>> {
	return layout.kind === 'screen'
		? Object.fromEntries(layout.places.map(({pane, rect}) => [pane, rect.height] as const))
		: {};
}

const withoutRequests: ReadonlyArray<readonly [size: Size, heights: Readonly<Record<string, number>>]> = [
	[
		{columns: 100, rows: 30},
		{requests: 5, latency: 5, status: 1, gpus: 11, nodes: 10},
	],
	[
		{columns: 80, rows: 24},
		{requests: 4, latency: 4, status: 1, gpus: 6, nodes: 10},
	],
	[
		{columns: 40, rows: 45},
		{requests: 1, gpus: 17, nodes: 18},
	],
	[
		{columns: 30, rows: 10},
		{requests: 1, gpus: 5, nodes: 2},
	],
];

for (const [screen, heights] of withoutRequests) {
	test(`without requests, GPUs and nodes take up the space of the charts at ${screen.columns}×${screen.rows}`, () => {
		const layout = calculateLayout(screen, {gpus: 8, nodes: 4, isWithoutRequests: true}, undefined);
		assert.deepEqual(heightsOf(layout), heights);
	});
}

test('on a screen that is narrow but not short, the line above the keys is shown, for any deployment', () => {
	const narrow = fc.record({columns: fc.integer({min: 20, max: 63}), rows: fc.integer({min: 20, max: 100})});
	fc.assert(
		fc.property(narrow, extent, (screen, deployment) => {
			const layout = calculateLayout(screen, deployment, undefined);
			assert.ok(layout.kind === 'screen');
			assert.equal(layout.notice.height, 1);
		}),
	);
});
