import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {promisify} from 'node:util';
import * as z from 'zod';

const numbers = z.object({
	polls: z.number(),
	megabytes: z.number(),
	timers: z.number(),
	listeners: z.number(),
	handles: z.number(),
});
const range = z.object({least: z.number(), most: z.number()});
const ranges = z.object({polls: range, megabytes: range, timers: range, listeners: range, handles: range});
const reportSchema = z.object({
	before: numbers,
	first: ranges,
	last: ranges,
	left: numbers.extend({ofTheStore: z.number()}),
});

/**
 * The maximum growth in megabytes. Filling the windows and compiling code require less. With 48 polls, retaining more
 * than an eighth of a megabyte per poll exceeds this maximum.
 */
const maxGrowth = 6;

test('polls, keystrokes, resizes, failures, and changing nodes leave nothing behind', async () => {
	const script = path.join(import.meta.dirname, 'run.ts');
	const args = ['--expose-gc', '--import=tsx', script, '48'];
	const env = {...process.env, NODE_ENV: 'production'};
	const {stdout} = await promisify(execFile)(process.execPath, args, {env, timeout: 300_000});
	const report = stdout.split('\n').findLast(line => line.startsWith('{"before"'));
	const {before, first, last, left} = reportSchema.parse(JSON.parse(report ?? ''));
	assert.ok(last.polls.most >= 48);
	const growth = last.megabytes.most - first.megabytes.least;
	assert.ok(growth < maxGrowth, `memory use grew by ${growth} MB`);
	// One timer is the wait for the next poll; the others can be timers of a pending frame.
	assert.ok(last.timers.most <= 4);
	assert.ok(last.handles.most <= first.handles.most);
	assert.equal(last.listeners.most, first.listeners.most);
	assert.equal(left.timers, 0);
	assert.equal(left.ofTheStore, 0);
	assert.ok(left.handles < before.handles);
	assert.ok(left.listeners < before.listeners);
});
