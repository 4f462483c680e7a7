import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import * as z from 'zod';
import {reset} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';
import {startRig} from './rig.ts';

const preload = path.join(import.meta.dirname, '..', 'helpers', 'leftovers.mjs');
const counts = z.record(z.string(), z.number());
const leftSchema = z.object({
	listeners: z.object({stdin: counts, stdout: counts}),
	isRaw: z.boolean(),
});

test('after q, no timer, request, or listener is left that would keep the program from exiting', {
	timeout: 180_000,
}, async context => {
	const file = temporaryFile('left.json');
	const {server, terminal} = await startRig(context, {
		columns: 100,
		rows: 30,
		args: ['--mouse', '-i', '1h'],
		env: {LEFTOVERS: file},
		preload,
	});
	await terminal.waitFor('4 of 4 reporting');
	server.respond = () => reset;
	terminal.press('r');
	await terminal.waitFor('× no connection');
	server.respond = healthy({rate: 45.6});
	terminal.press('r');
	await terminal.waitFor('45.6/s');
	terminal.resize(80, 24);
	terminal.press('?');
	await terminal.waitFor('▸? Keys');
	terminal.press('?/x');
	await terminal.waitFor(' /x▁');
	// This waits for the effect of esc, because a key pressed right after it would be read as that key with Alt.
	terminal.press('\u001b');
	await terminal.waitFor('4 of 4 reporting');
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	const {listeners, isRaw} = leftSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
	assert.equal(isRaw, false);
	assert.equal(listeners.stdin['readable'] ?? 0, 0);
	assert.ok((listeners.stdout['resize'] ?? 0) <= 1);
});
