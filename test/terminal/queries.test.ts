import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createQueries} from '../../source/terminal/queries.ts';

/** Queries, what they wrote, and whether a promise is settled. */
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

test('each answer that was asked for is waited for', async () => {
	const {queries, isSettled} = open();
	assert.equal(await isSettled(), true);
	queries.ask('background', 'b');
	queries.ask('status', 's');
	queries.ask('status', 's');
	queries.answered('status');
	assert.equal(await isSettled(), false);
	queries.answered('status');
	assert.equal(await isSettled(), false);
	queries.answered('background');
	assert.equal(await isSettled(), true);
});

test('an answer that does not come is waited for two seconds', async context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {queries, isSettled} = open();
	queries.ask('background', 'b');
	context.mock.timers.tick(1999);
	assert.equal(await isSettled(), false);
	context.mock.timers.tick(1);
	assert.equal(await isSettled(), true);
	queries.answered('background');
	assert.equal(queries.isPending('background'), false);
});

test('an answer that a later one has overtaken is waited for 150 ms', async context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {queries, isSettled} = open();
	queries.ask('background', 'b');
	queries.ask('glyph', 'g');
	queries.ask('status', 's');
	context.mock.timers.tick(400);
	queries.answered('glyph');
	context.mock.timers.tick(150);
	assert.equal(queries.isPending('background'), false);
	assert.equal(await isSettled(), false);
	queries.answered('status');
	assert.equal(await isSettled(), true);
});

test('GNU screen, which forwards one query and answers the others itself, is waited for two seconds', async context => {
	context.mock.timers.enable({apis: ['setTimeout']});
	const {queries, isSettled} = open(false);
	queries.ask('background', 'b');
	queries.ask('status', 's');
	queries.answered('status');
	context.mock.timers.tick(1999);
	assert.equal(await isSettled(), false);
	context.mock.timers.tick(1);
	assert.equal(await isSettled(), true);
});

test('nothing is asked once leaving has begun', () => {
	const {queries, written} = open();
	assert.equal(queries.ask('status', 's'), true);
	queries.hold();
	assert.equal(queries.ask('status', 's'), false);
	queries.release();
	assert.equal(queries.ask('status', 's'), true);
	assert.deepEqual(written, ['s', 's']);
});
