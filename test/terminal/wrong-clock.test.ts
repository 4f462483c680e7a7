import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {entriesOf} from '../helpers/recordings.ts';
import {askedSchema, isMetrics} from '../helpers/served.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';
import {startRig} from './rig.ts';

const preload = path.join(import.meta.dirname, '..', 'helpers', 'wrong-clock.mjs');
const hour = 3_600_000;

for (const hours of [-2, 5]) {
	test(`if the clock is wrong by ${hours} h, new data is shown and recorded at its true time`, async context => {
		const file = temporaryFile('night.jsonl');
		const {server, terminal} = await startRig(context, {
			columns: 120,
			rows: 30,
			args: ['--utc', '-i', '1h', '--record', file],
			env: {WRONG_BY_MS: String(hours * hour)},
			preload,
		});
		const screen = await terminal.waitFor('4 of 4 reporting');
		const shown = / live.*1h to (\d\d):(\d\d):(\d\d) UTC ·/.exec(screen[0] ?? '');
		assert.ok(shown, screen[0]);
		const [hoursOfDay = 0, minutes = 0, seconds = 0] = shown.slice(1).map(Number);
		const now = new Date();
		const lateMs = now.getTime() - new Date(now).setUTCHours(hoursOfDay, minutes, seconds, 0);
		// Around midnight, the visible time can be from the previous day.
		assert.ok((lateMs + 24 * hour) % (24 * hour) < 120_000, `${screen[0]} at ${now.toISOString()}`);
		const last = askedSchema.parse(server.requests.findLast(isMetrics)?.body);
		assert.ok(Math.abs(last.end_epoch_millis - Date.now()) < 120_000);

		terminal.press('q');
		await terminal.exit;
		for (const entry of await entriesOf(file)) {
			assert.ok(entry.kind === 'session' || Math.abs(entry.receivedMs - Date.now()) < 120_000, JSON.stringify(entry));
		}

		const replay = await runProgram(['--replay', file, '-o', 'jsonl']);
		const lines = replay.stdout.trimEnd().split('\n');
		for (const line of lines) {
			const {time, window, nodes, findings} = JSON.parse(line) as {time: string; window: {end: string}} & Readonly<
				Record<'nodes' | 'findings', unknown>
			>;
			assert.ok(Math.abs(Date.parse(window.end) - Date.now()) < 120_000, line);
			assert.ok(Math.abs(Date.parse(time) - Date.now()) < 120_000, line);
			assert.equal(Array.isArray(nodes) && nodes.length, 4, line);
			assert.ok(!JSON.stringify(findings).includes('stale'), line);
		}

		const again = openTerminal({columns: 120, rows: 30, args: ['--replay', file, '--utc']});
		context.after(() => again.close());
		await again.waitFor('replay ended');
		// The replay can end again at once, because the recording lasts only a moment; the note about its start remains.
		again.press('<<{');
		await again.waitFor(/4 of 4 reporting.*isn't in the recording, which begins here/s);
	});
}
