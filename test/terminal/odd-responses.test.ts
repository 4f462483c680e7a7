/**
 * Tests of the built program at all sizes: with odd values and unreadable metrics, live and in the past, and with
 * 10,000 checkpoints.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Respond} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {sizes, startRig} from './rig.ts';

const minute = 60_000;
const dayMs = 24 * 60 * minute;
const back = '\u001b[1;2D';
function checkpoint(name: string, agoMs: number, size: unknown): object {
	return {checkpoint_id: name, id: name, created_at: new Date(Date.now() - agoMs).toISOString(), size_bytes: size};
}

/** Returns a response with the string `NaN` in place of every number. */
function withText(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.map(withText);
	}

	if (value !== null && typeof value === 'object') {
		return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withText(item)]));
	}

	return typeof value === 'number' ? 'NaN' : value;
}

for (const [columns, rows] of sizes) {
	test(`at ${columns}×${rows}, odd checkpoints are shown or counted as unreadable, and amounts can be strings`, async context => {
		const odd = [
			{checkpoint_id: null, created_at: null},
			{checkpoint_id: 'no-time', created_at: '1'},
			checkpoint('ahead', -3 * dayMs, '33638400'),
			checkpoint('step-9', 20 * minute, 'big'),
			checkpoint('step-8', 9 * dayMs, -5),
		];
		const respond = healthy({run: 'ACTIVE', price: '0.86664', sampler: 'ACTIVE', checkpoints: odd});
		const {terminal} = await startRig(context, {columns, rows, respond, args: ['--utc']});
		await terminal.waitFor(/12\.3\/s/);
		const shown = /K Run[\s\S]*\b2 (of 5 )?unreadable[\s\S]*▸ ahead +[A-Z][a-z]{2} \d{1,2} \d\d:\d\d [\s\S]* step-9 /;
		terminal.press('K');
		await terminal.waitFor(shown);
		if (rows > 10) {
			await terminal.waitFor(
				/\$208\/h list[\s\S]* ahead .* 33\.6 MB[\s\S]* step-8 +[A-Z][a-z]{2} \d{1,2} \d\d:\d\d .*–/,
			);
		}

		terminal.press(back);
		await terminal.waitFor(/history/);
		await terminal.waitFor(shown);
	});

	test(`at ${columns}×${rows}, metrics that are all unreadable are labeled as such, live and in the past`, async context => {
		const others = healthy({run: 'ACTIVE', sampler: 'ACTIVE'});
		const respond: Respond = async request => {
			const reply = await others(request);
			return isMetrics(request) && 'json' in reply ? {json: withText(reply.json)} : reply;
		};
		const {terminal} = await startRig(context, {columns, rows, respond, args: ['--utc']});
		await terminal.waitFor(/no readable data/);
		await terminal.waitFor(/ \d+ (invalid )?points (of the last response are )?left out/);
		await terminal.waitFor(rows > 10 ? /loops-trainer-0 +no readable samples/ : /…trainer-0 +unreadable/);
		terminal.press(back);
		await terminal.waitFor(/history/);
		await terminal.waitFor(/no readable samples|…trainer-0 +unreadable/);
		assert.doesNotMatch(terminal.screen().join('\n'), /no (requests|latencies|samples)\b|left out …/);
	});

	test(`at ${columns}×${rows}, ten thousand checkpoints are listed from the first to the last one`, async context => {
		const many = Array.from({length: 10_000}, (_, index) => checkpoint(`step-${10_000 - index}`, index * minute, '1'));
		const respond = healthy({run: 'ACTIVE', checkpoints: many});
		const {terminal} = await startRig(context, {columns, rows, respond, args: ['--utc']});
		await terminal.waitFor(/12\.3\/s/);
		terminal.press('K');
		await terminal.waitFor(/K Run[\s\S]*10000 checkpoints[\s\S]*▸ step-10000 +\d\d:\d\d:\d\d /);
		terminal.press('G');
		await terminal.waitFor(/▸ step-1 +[A-Z][a-z]{2} \d{1,2} \d\d:\d\d /);
	});
}
