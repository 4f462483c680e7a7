import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {errorRange} from '../../source/text/finding-text.ts';
import {unlessPreloaded} from '../helpers/real-terminal.ts';
import {healthy, isMetrics, type Served} from '../helpers/served.ts';
import {startRig} from './rig.ts';

const preload = path.join(import.meta.dirname, '..', 'helpers', 'slow-timers.mjs');

/** The expected text on the screen at each size: the served values, in their units. */
const sizes: ReadonlyArray<{readonly columns: number; readonly rows: number; readonly values: readonly RegExp[]}> = [
	{
		columns: 160,
		rows: 45,
		values: [
			/● RUNNING.* {2}k4q95w5 {2}Qwen\S+ {2}4×8 H100/,
			/live.*1h to \d\d:\d\d:[03]0 · every 10s · ok +[\d.]+ms/,
			/1 Requests ─+ 12\.3\/s · 7 in progress ╮/,
			/2 Latency .* p50 123ms {2}p95 456ms {2}p99 1\.89s ╮/,
			/3 Status ─+ 5xx 0\.8% of 1h ╮/,
			/2xx ▇+\S? +95\.9%/,
			/4xx \S* +3\.3%/,
			/4 GPUs ─ loops-trainer-0 \(1 of 4\) ─+ busy 54% of 1h · now 54% · 518\/640 GiB ╮/,
			/ 3 ▇+ +53% /,
			/64\.2\/80 GiB/,
			/loops-trainer-2 {2}\S{8} {3}73% {2,}[\d.]+% {4}81% {3}24\.5 +31% +212G +35%/,
			/4 of 4 reporting/,
		],
	},
	{
		columns: 100,
		rows: 30,
		values: [
			/12\.3\/s · 7 in progress/,
			/p50 123ms {2}p99 1\.89s/,
			/2xx {2}95\.9% {2}4xx {3}3\.3% {2}5xx {3}0\.8%/,
			/ 7 ▇+ +57% .* 68\.2G/,
			/loops-trainer-3 .* 84% .* 25\.5 +31% +213G +36%/,
		],
	},
	{
		columns: 80,
		rows: 24,
		values: [
			/12\.3\/s · 7 in progress/,
			/p99 1\.89s/,
			/5xx {3}0\.8% {3}4xx \+ 5xx .* 4\.10\/s/,
			/ 0 ▇+ +50% .* 61\.2G/,
			/loops-trainer-1 .* 64% .* 23\.5 +31% +211G +34%/,
		],
	},
	{
		columns: 40,
		rows: 45,
		values: [
			/requests +12\.3\/s/,
			/in progress +7 /,
			/p50 +123ms/,
			/p95 +456ms/,
			/p99 +1\.89s/,
			new RegExp(`2xx of ${errorRange.short} +95\\.9%`),
			new RegExp(`4xx of ${errorRange.short} +3\\.3%`),
			new RegExp(`5xx of ${errorRange.short} +0\\.8%`),
			/ 5 ▇+ +55%/,
			/ 5 .* 66\.2G/,
			/loops-trainer-3 {2}\S{8} {3}84% {4}81%/,
		],
	},
	{
		columns: 30,
		rows: 10,
		values: [
			/requests +12\.3\/s/,
			/p50 +123ms/,
			/p99 +1\.89s/,
			new RegExp(`5xx of ${errorRange.short} +0\\.8%`),
			/…trainer-2 +\S{8} {3}73%/,
		],
	},
];

for (const {columns, rows, values} of sizes) {
	test(`at ${columns}×${rows}, the values are those that were served`, {skip: unlessPreloaded}, async context => {
		// The next poll is more than three minutes away.
		const {terminal, server} = await startRig(context, {
			columns,
			rows,
			env: {SLOW_FROM_MS: '5000', SLOW_TO_MS: '10000'},
			preload,
		});
		const screen = await terminal.waitFor(shown => values.every(value => value.test(shown.join('\n'))));
		assert.equal(server.requests.filter(isMetrics).length, 1, 'the metrics were requested more than once');
		assert.equal(screen.length, rows);
	});
}

const fleets: ReadonlyArray<{readonly served: Served; readonly last: RegExp; readonly count: string}> = [
	{served: {nodes: 1, leaderOnly: true}, last: /▸leader/, count: '1 of 1'},
	{served: {nodes: 1}, last: /▸loops-trainer-0/, count: '1 of 1'},
	{served: {nodes: 4}, last: /▸loops-trainer-3/, count: '4 of 4'},
	{served: {nodes: 16}, last: /▸loops-trainer-15/, count: '16 of 16'},
	{served: {nodes: 64}, last: /▸loops-trainer-63/, count: '64 of 64'},
];

for (const {served, last, count} of fleets) {
	test(`with ${count} nodes reporting, G selects the last node, which is visible: ${last.source}`, async context => {
		const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: healthy(served)});
		await terminal.waitFor(`${count} reporting`);
		terminal.press('G');
		await terminal.waitFor(last);
		terminal.press('g');
		await terminal.waitFor(/▸(leader|loops-trainer-0 )/);
	});
}

test('all GPUs of 16 nodes with 8 GPUs each fit on one screen of 160×45', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: healthy({nodes: 16})});
	const isShown = (rows: readonly string[], node: number): boolean =>
		rows.some(row => new RegExp(`loops-trainer-${node} +\\S{8} `).test(row));
	await terminal.waitFor(rows => Array.from({length: 16}, (_, node) => node).every(node => isShown(rows, node)));
});

test('all sixteen GPUs of one node are shown, in numerical order', async context => {
	const {terminal} = await startRig(context, {columns: 80, rows: 30, respond: healthy({nodes: 1, gpus: 16})});
	const ranksOf = (rows: readonly string[]): readonly number[] =>
		rows.flatMap(row => [...row.matchAll(/[│ ] +(\d+) ▇/g)].map(([, rank]) => Number(rank)));
	const screen = await terminal.waitFor(rows => ranksOf(rows).length === 16);
	// The GPUs are in two columns, with the first half to the left of the second.
	assert.deepEqual(ranksOf(screen), [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15]);
});
