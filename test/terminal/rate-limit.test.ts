import assert from 'node:assert/strict';
import {test} from 'node:test';
import {healthy, isMetrics} from '../helpers/served.ts';
import {startRig} from './rig.ts';

test('during a wait that the server specified, no key except r causes a request of any kind', async context => {
	const {server, terminal} = await startRig(context, {columns: 120, rows: 30, args: ['-i', '2s']});
	await terminal.waitFor('4 of 4 reporting');
	server.respond = () => ({status: 429, json: {error: 'Rate limit exceeded. Try again later.', retry_after: 600}});
	await terminal.waitFor('429 too many requests: Rate limit exceeded. Try again later');
	const before = server.requests.length;
	for (const [key, shown] of [
		['+', '30m'],
		['-', '1h'],
		['t', /sampler/i],
		['t', '4 GPUs'],
		['d', 'Deployments'],
		['\u001b', '4 GPUs'],
		['l', 'no logs: 429'],
	] as const) {
		terminal.press(key);
		await terminal.waitFor(shown);
	}

	assert.equal(server.requests.length, before);
	server.respond = healthy();
	terminal.press('\u001b');
	await terminal.waitFor('4 GPUs');
	terminal.press('r');
	await server.waitForRequest(isMetrics, before);
	await terminal.waitFor(rows => !rows.join('\n').includes('429'));
});
