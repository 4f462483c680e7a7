import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createStore} from '../../source/state/store.ts';
import {createPacedOutput, createPacing} from '../../source/terminal/frames.ts';
import {createPacedStore} from '../../source/tui/render.tsx';
import {sampleState} from '../helpers/sample-state.ts';

const frame = 7600;

/** Creates a `Pacing` object that counts its queries and its notifications that the terminal has caught up. */
function counted() {
	let queries = 0;
	let caughtUp = 0;
	const pacing = createPacing(() => {
		queries++;
		return true;
	});
	pacing.subscribe(() => {
		caughtUp++;
	});
	return {...pacing, queries: () => queries, caughtUp: () => caughtUp};
}

test('a terminal is queried at startup, and counts as behind after a large frame until it responds', () => {
	const pacing = counted();
	pacing.begin();
	assert.equal(pacing.queries(), 1);
	pacing.responded();
	assert.equal(pacing.isBehind(), false);
	pacing.wrote(frame);
	assert.equal(pacing.queries(), 2);
	assert.equal(pacing.isBehind(), true);
	pacing.responded();
	assert.equal(pacing.isBehind(), false);
	assert.equal(pacing.caughtUp(), 2);
});

test('small frames lead to a query only when many bytes are in flight', () => {
	const pacing = counted();
	pacing.begin();
	pacing.responded();
	for (let times = 0; times < 10; times++) {
		pacing.wrote(200);
		assert.equal(pacing.isBehind(), false);
	}

	pacing.wrote(200);
	assert.equal(pacing.isBehind(), true);
});

test('bytes that are written while a response is pending lead to another query after the response', () => {
	const pacing = counted();
	pacing.begin();
	pacing.responded();
	pacing.wrote(frame);
	pacing.wrote(frame);
	assert.equal(pacing.queries(), 2);
	pacing.responded();
	assert.equal(pacing.queries(), 3);
	assert.equal(pacing.isBehind(), true);
	pacing.responded();
	assert.equal(pacing.isBehind(), false);
});

test("drawing never waits for a terminal that never responds, and a terminal whose responses aren't read isn't queried", () => {
	const silent = counted();
	silent.begin();
	silent.wrote(frame);
	assert.equal(silent.isBehind(), false);
	const unread = counted();
	unread.wrote(frame);
	assert.equal(unread.queries(), 0);
});

test("a terminal that didn't respond isn't queried again until it does, so that quitting doesn't wait for it", context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const pacing = counted();
	pacing.begin();
	pacing.wrote(frame);
	context.mock.timers.tick(3000);
	pacing.wrote(frame);
	assert.equal(pacing.queries(), 1);
	pacing.responded();
	pacing.wrote(frame);
	assert.equal(pacing.queries(), 2);
	assert.equal(pacing.isBehind(), true);
});

test('a lost response is awaited for three seconds', context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const pacing = counted();
	pacing.begin();
	pacing.responded();
	pacing.wrote(frame);
	context.mock.timers.tick(2999);
	assert.equal(pacing.isBehind(), true);
	context.mock.timers.tick(1);
	assert.equal(pacing.isBehind(), false);
	assert.equal(pacing.caughtUp(), 2);
});

test("while queries aren't allowed, drawing doesn't wait", () => {
	let mayAsk = true;
	const pacing = createPacing(() => mayAsk);
	pacing.begin();
	pacing.responded();
	mayAsk = false;
	pacing.wrote(frame);
	assert.equal(pacing.isBehind(), false);
	mayAsk = true;
	pacing.wrote(1);
	assert.equal(pacing.isBehind(), true);
});

test("the drawn store doesn't change while the terminal is behind, and then jumps to the current state", () => {
	const store = createStore(sampleState({nodes: 4, gpus: 1}));
	const pacing = counted();
	const drawn = createPacedStore(store, pacing);
	let changes = 0;
	const unsubscribe = drawn.subscribe(() => {
		changes++;
	});
	pacing.begin();
	pacing.responded();
	store.dispatch({type: 'selectNode', by: 1});
	assert.equal(drawn.getState(), store.getState());
	assert.equal(changes, 1);
	pacing.wrote(frame);
	store.dispatch({type: 'selectNode', by: 1});
	store.dispatch({type: 'selectNode', by: 1});
	assert.equal(drawn.getState().components.trainer.selected, 'loops-trainer-1');
	assert.equal(changes, 1);
	pacing.responded();
	assert.equal(drawn.getState().components.trainer.selected, 'loops-trainer-3');
	assert.equal(changes, 2);
	pacing.responded();
	assert.equal(changes, 2);
	unsubscribe();
	store.dispatch({type: 'selectNode', by: -1});
	assert.equal(changes, 2);
});

test("written data is counted in bytes, and once the screen is left, only data that isn't a frame is written", () => {
	const written: string[] = [];
	let bytes = 0;
	const stdout = {columns: 80, write: (data: string) => written.push(data) > 0} as unknown as NodeJS.WriteStream;
	const {output, leave} = createPacedOutput(stdout, {
		wrote(count) {
			bytes += count;
		},
	});
	assert.equal(output.columns, 80);
	output.write('│');
	assert.equal(bytes, 3);
	leave();
	output.write('─'.repeat(1000));
	output.write('\u001b[?1049l');
	assert.equal(written.join(''), '│\u001b[?1049l');
	assert.equal(bytes, 3 + 8);
});
