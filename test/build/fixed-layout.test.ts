import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import Yoga from 'yoga-layout';
import fixedLayout from '../../.build/lighter/fixed-layout.ts';
import applyStyles from '../../.build/lighter/fixed-styles.ts';
import applyInkStyles from '../../node_modules/ink/build/styles.js';

type Text = {readonly width: number; readonly height: number};
type Rect = Text & {readonly left: number; readonly top: number};
type Box = Rect & {readonly text: Text | undefined};

type Layout = typeof fixedLayout | typeof Yoga;

/**
 * Lays out the screen as Ink builds it: the root, a box of the terminal's size, and positioned boxes with a text node
 * in each.
 */
function layOut(layout: Layout, size: Text, boxes: readonly Box[]): readonly Rect[] {
	// Both layouts have these methods, but in a union of their types, the compiler finds no common signature for those
	// that take a child.
	const {Node} = layout as typeof Yoga;
	const root = Node.create();
	const screen = Node.create();
	screen.setWidth(size.width);
	screen.setHeight(size.height);
	screen.setFlexShrink(0);
	root.insertChild(screen, 0);
	const all = [root, screen];
	for (const [index, box] of boxes.entries()) {
		const node = Node.create();
		node.setPositionType(layout.POSITION_TYPE_ABSOLUTE);
		node.setPosition(layout.EDGE_LEFT, box.left);
		node.setPosition(layout.EDGE_TOP, box.top);
		node.setWidth(box.width);
		node.setHeight(box.height);
		// Ink's defaults for a <Box>.
		node.setFlexDirection(Yoga.FLEX_DIRECTION_ROW);
		node.setFlexShrink(1);
		screen.insertChild(node, index);
		all.push(node);
		const {text} = box;
		if (text !== undefined) {
			const child = Node.create();
			child.setFlexShrink(1);
			child.setMeasureFunc((width, mode) => ({
				width: mode === layout.MEASURE_MODE_UNDEFINED ? text.width : Math.min(text.width, width),
				height: text.height,
			}));
			node.insertChild(child, 0);
			all.push(child);
		}
	}

	root.setWidth(size.width);
	root.calculateLayout(undefined, undefined, layout.DIRECTION_LTR);
	const rects = all.map((node, index) => ({
		left: node.getComputedLeft(),
		top: node.getComputedTop(),
		width: node.getComputedWidth(),
		// In Yoga, a text node stretches to the height of its box. That height is never read, so it isn't compared.
		height: index > 1 && node.getChildCount() === 0 ? 0 : node.getComputedHeight(),
	}));
	root.freeRecursive();
	return rects;
}

const cells = fc.integer({min: 0, max: 200});
const boxes = fc.array(
	fc.record({
		left: cells,
		top: cells,
		width: fc.integer({min: 1, max: 200}),
		height: fc.integer({min: 1, max: 60}),
		text: fc.record({width: fc.integer({min: 1, max: 300}), height: fc.integer({min: 1, max: 60})}),
	}),
	{maxLength: 9},
);

test('boxes at absolute positions are where yoga-layout puts them', () => {
	const size = fc.record({width: fc.integer({min: 1, max: 300}), height: fc.integer({min: 1, max: 100})});
	const places = fc.property(size, boxes, (screen, all) => {
		assert.deepEqual(layOut(fixedLayout, screen, all), layOut(Yoga, screen, all));
	});
	fc.assert(places);
});

test('a text node is measured again only when it changes', () => {
	const {Node} = fixedLayout;
	const root = Node.create();
	const text = Node.create();
	let measured = 0;
	let width = 5;
	text.setMeasureFunc(() => {
		measured++;
		return {width, height: 1};
	});
	root.insertChild(text, 0);
	root.setWidth(80);
	root.calculateLayout();
	root.calculateLayout();
	assert.equal(measured, 1);
	width = 7;
	text.markDirty();
	root.calculateLayout();
	assert.equal(measured, 2);
	assert.equal(text.getComputedWidth(), 7);
});

test('a removed box is no longer laid out', () => {
	const {Node} = fixedLayout;
	const root = Node.create();
	const box = Node.create();
	box.setHeight(9);
	root.insertChild(box, 0);
	root.setWidth(10);
	root.calculateLayout();
	assert.equal(root.getComputedHeight(), 9);
	root.removeChild(box);
	root.calculateLayout();
	assert.equal(root.getComputedHeight(), 0);
	assert.equal(root.getChildCount(), 0);
});

/**
 * Applies styles, and returns the resulting calls to a node's methods. `setWidthAuto()` and `setWidth(undefined)` do
 * the same, so both are returned as `setWidth`. The same applies to the height.
 */
function callsOf(apply: (node: never, style: object) => void, style: object): ReadonlySet<string> {
	const calls = new Set<string>();
	const node = new Proxy(
		{},
		{
			get:
				(_, name) =>
				(...values: readonly unknown[]): void => {
					calls.add([String(name).replace('Auto', ''), ...values.filter(value => value !== undefined)].join(' '));
				},
		},
	);
	apply(node as never, style);
	return calls;
}

test('styles of a box are applied as in Ink', () => {
	const size = fc.option(fc.integer({min: 0, max: 200}), {nil: undefined});
	const styles = fc.record(
		{
			position: fc.constantFrom('absolute', 'relative'),
			left: fc.integer({min: 0, max: 200}),
			top: fc.integer({min: 0, max: 200}),
			width: size,
			height: size,
			display: fc.constantFrom('flex', 'none'),
		},
		{requiredKeys: []},
	);
	fc.assert(
		fc.property(styles, style => {
			assert.deepEqual(callsOf(applyStyles, style), callsOf(applyInkStyles, style));
		}),
	);
});
