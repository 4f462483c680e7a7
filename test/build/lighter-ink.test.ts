import assert from 'node:assert/strict';
import {test} from 'node:test';
import {blank, keepCaches} from '../../.build/lighter/kept-caches.ts';

type Caches = {widths: Map<string, number>; blockWidths: Map<string, number>; styledChars: Map<string, unknown>};

const frame = (): Caches => keepCaches({widths: new Map(), blockWidths: new Map(), styledChars: new Map()});

test('what a frame knew, the next one knows', () => {
	frame().widths.set('abc', 3);
	const next = frame();
	assert.equal(next.widths.get('abc'), 3);
	assert.equal(next.blockWidths.get('abc'), undefined);
});

test('what a frame did not ask for is forgotten with it, and what it asked for is kept', () => {
	const first = frame();
	first.widths.set('asked', 5);
	first.widths.set('unasked', 7);
	frame().widths.get('asked');
	const third = frame();
	assert.equal(third.widths.get('asked'), 5);
	assert.equal(third.widths.get('unasked'), undefined);
});

test('what is wrong with a blank that all share would be wrong everywhere: it cannot be changed', () => {
	assert.ok(Object.isFrozen(blank) && Object.isFrozen(blank.styles));
});
