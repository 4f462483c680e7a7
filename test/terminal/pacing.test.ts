import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createStore} from '../../source/state/store.ts';
import {createPacedOutput, createPacing} from '../../source/terminal/pacing.ts';
import {createPacedStore} from '../../source/tui/render.tsx';
import {sampleState} from '../helpers/sample-state.ts';

const frame = 7600;

/** A pacing whose queries are counted. */
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

test('a terminal is asked at the beginning, and is behind from a large frame on until it answers', () => {
	const pacing = counted();
	pacing.begin();
	assert.equal(pacing.queries(), 1);
	pacing.answered();
	assert.equal(pacing.isBehind(), false);
	pacing.wrote(frame);
	assert.equal(pacing.queries(), 2);
	assert.equal(pacing.isBehind(), true);
	pacing.answered();
	assert.equal(pacing.isBehind(), false);
	assert.equal(pacing.caughtUp(), 2);
});

test('small frames are asked about only when many of them are on their way', () => {
	const pacing = counted();
	pacing.begin();
	pacing.answered();
	for (let times = 0; times < 10; times++) {
		pacing.wrote(200);
		assert.equal(pacing.isBehind(), false);
	}

	pacing.wrote(200);
	assert.equal(pacing.isBehind(), true);
});

test('what was written while an answer was awaited is asked about after it', () => {
	const pacing = counted();
	pacing.begin();
	pacing.answered();
	pacing.wrote(frame);
	pacing.wrote(frame);
	assert.equal(pacing.queries(), 2);
	pacing.answered();
	assert.equal(pacing.queries(), 3);
	assert.equal(pacing.isBehind(), true);
	pacing.answered();
	assert.equal(pacing.isBehind(), false);
});

test('a terminal that never answers is never waited for, and one whose answers are not read is not asked', () => {
	const silent = counted();
	silent.begin();
	silent.wrote(frame);
	assert.equal(silent.isBehind(), false);
	const unread = counted();
	unread.wrote(frame);
	assert.equal(unread.queries(), 0);
});

test('a terminal that did not answer is not retried, so that nobody who leaves waits for it, until it answers', context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const pacing = counted();
	pacing.begin();
	pacing.wrote(frame);
	context.mock.timers.tick(3000);
	pacing.wrote(frame);
	assert.equal(pacing.queries(), 1);
	pacing.answered();
	pacing.wrote(frame);
	assert.equal(pacing.queries(), 2);
	assert.equal(pacing.isBehind(), true);
});

test('an answer that is lost is waited for three seconds', context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const pacing = counted();
	pacing.begin();
	pacing.answered();
	pacing.wrote(frame);
	context.mock.timers.tick(2999);
	assert.equal(pacing.isBehind(), true);
	context.mock.timers.tick(1);
	assert.equal(pacing.isBehind(), false);
	assert.equal(pacing.caughtUp(), 2);
});

test('while nothing may be asked nothing is waited for', () => {
	let mayAsk = true;
	const pacing = createPacing(() => mayAsk);
	pacing.begin();
	pacing.answered();
	mayAsk = false;
	pacing.wrote(frame);
	assert.equal(pacing.isBehind(), false);
	mayAsk = true;
	pacing.wrote(1);
	assert.equal(pacing.isBehind(), true);
});

test('the store as it is drawn stands still while the terminal is behind, and is then what it has become', () => {
	const store = createStore(sampleState({nodes: 4, gpus: 1}));
	const pacing = counted();
	const drawn = createPacedStore(store, pacing);
	let changes = 0;
	const unsubscribe = drawn.subscribe(() => {
		changes++;
	});
	pacing.begin();
	pacing.answered();
	store.dispatch({type: 'selectNode', by: 1});
	assert.equal(drawn.getState(), store.getState());
	assert.equal(changes, 1);
	pacing.wrote(frame);
	store.dispatch({type: 'selectNode', by: 1});
	store.dispatch({type: 'selectNode', by: 1});
	assert.equal(drawn.getState().components.trainer.selected, 'loops-trainer-1');
	assert.equal(changes, 1);
	pacing.answered();
	assert.equal(drawn.getState().components.trainer.selected, 'loops-trainer-3');
	assert.equal(changes, 2);
	pacing.answered();
	assert.equal(changes, 2);
	unsubscribe();
	store.dispatch({type: 'selectNode', by: -1});
	assert.equal(changes, 2);
});

test('what is written is counted in bytes, and after leaving only what is not a picture is written', () => {
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
