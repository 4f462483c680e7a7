import assert from 'node:assert/strict';
import {test} from 'node:test';
import {blank, keepCaches} from '../../.build/lighter/kept-caches.ts';

type Caches = {widths: Map<string, number>; blockWidths: Map<string, number>; styledChars: Map<string, unknown>};

const frame = (): Caches => keepCaches({widths: new Map(), blockWidths: new Map(), styledChars: new Map()});

test('the next frame reuses what the previous frame cached', () => {
	frame().widths.set('abc', 3);
	const next = frame();
	assert.equal(next.widths.get('abc'), 3);
	assert.equal(next.blockWidths.get('abc'), undefined);
});

test("entries that a frame didn't use are dropped, and those that it did use are kept", () => {
	const first = frame();
	first.widths.set('asked', 5);
	first.widths.set('unasked', 7);
	frame().widths.get('asked');
	const third = frame();
	assert.equal(third.widths.get('asked'), 5);
	assert.equal(third.widths.get('unasked'), undefined);
});

test("the shared blank cell can't be changed", () => {
	assert.ok(Object.isFrozen(blank) && Object.isFrozen(blank.styles));
});
