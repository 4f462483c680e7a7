import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {askedSchema, isMetrics} from '../helpers/served.ts';
import {startRig} from './rig.ts';

const preload = path.join(import.meta.dirname, '..', 'helpers', 'wrong-clock.mjs');
const hour = 3_600_000;

for (const hours of [-2, 5]) {
	test(`on a machine whose clock is wrong by ${hours} h the newest is shown, as new as it is`, async context => {
		const {server, terminal} = await startRig(context, {
			columns: 120,
			rows: 30,
			args: ['--utc', '-i', '1h'],
			env: {WRONG_BY_MS: String(hours * hour)},
			preload,
		});
		const screen = await terminal.waitFor('4 of 4 reporting');
		const shown = / live.*1h to (\d\d):(\d\d):(\d\d) UTC ·/.exec(screen[0] ?? '');
		assert.ok(shown, screen[0]);
		const [hoursOfDay = 0, minutes = 0, seconds = 0] = shown.slice(1).map(Number);
		const now = new Date();
		const lateMs = now.getTime() - new Date(now).setUTCHours(hoursOfDay, minutes, seconds, 0);
		// Around midnight the time that is shown may be of the day before.
		assert.ok((lateMs + 24 * hour) % (24 * hour) < 120_000, `${screen[0]} at ${now.toISOString()}`);
		const last = askedSchema.parse(server.requests.findLast(isMetrics)?.body);
		assert.ok(Math.abs(last.end_epoch_millis - Date.now()) < 120_000);
	});
}
