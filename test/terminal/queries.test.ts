import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createQueries} from '../../source/terminal/queries.ts';

/** Creates queries, a list of their output, and a function that returns whether no response is awaited. */
function open(isInOrder = true) {
	const written: string[] = [];
	const queries = createQueries(text => written.push(text), isInOrder);
	const isSettled = async (): Promise<boolean> => {
		let settled = false;
		void queries.settled().then(() => {
			settled = true;
		});
		await new Promise(setImmediate);
		return settled;
	};
	return {queries, written, isSettled};
}

test('each pending response is awaited', async () => {
	const {queries, isSettled} = open();
	assert.equal(await isSettled(), true);
	queries.ask('background', 'b');
	queries.ask('status', 's');
	queries.ask('status', 's');
	queries.responded('status');
	assert.equal(await isSettled(), false);
	queries.responded('status');
	assert.equal(await isSettled(), false);
	queries.responded('background');
	assert.equal(await isSettled(), true);
});

test('a missing response is awaited for two seconds', async context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {queries, isSettled} = open();
	queries.ask('background', 'b');
	context.mock.timers.tick(1999);
	assert.equal(await isSettled(), false);
	context.mock.timers.tick(1);
	assert.equal(await isSettled(), true);
	queries.responded('background');
	assert.equal(queries.isPending('background'), false);
});

test('a response is awaited for only 150 ms after the response to a later query', async context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {queries, isSettled} = open();
	queries.ask('background', 'b');
	queries.ask('glyph', 'g');
	queries.ask('status', 's');
	context.mock.timers.tick(400);
	queries.responded('glyph');
	context.mock.timers.tick(150);
	assert.equal(queries.isPending('background'), false);
	assert.equal(await isSettled(), false);
	queries.responded('status');
	assert.equal(await isSettled(), true);
});

test('for GNU screen, which forwards one query and responds to the others itself, the wait is two seconds', async context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {queries, isSettled} = open(false);
	queries.ask('background', 'b');
	queries.ask('status', 's');
	queries.responded('status');
	context.mock.timers.tick(1999);
	assert.equal(await isSettled(), false);
	context.mock.timers.tick(1);
	assert.equal(await isSettled(), true);
});

test('no queries are sent between hold and release', () => {
	const {queries, written} = open();
	assert.equal(queries.ask('status', 's'), true);
	queries.hold();
	assert.equal(queries.ask('status', 's'), false);
	queries.release();
	assert.equal(queries.ask('status', 's'), true);
	assert.deepEqual(written, ['s', 's']);
});
