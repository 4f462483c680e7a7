import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Failure} from '../../source/api/failure.ts';
import {formatSecond} from '../../source/text/clock-time.ts';
import {describeFailure, nameFailure} from '../../source/text/failure-text.ts';
import {formatFineAge} from '../../source/text/format.ts';
import {examplePlace, faults} from '../helpers/fault-table.ts';
import {createRig, deployment, nine, ok, type Rig, responseAt, times} from '../helpers/poller-rig.ts';
import {screenText} from '../helpers/screen-text.ts';

function failWith(rig: Rig, failure: Failure): void {
	rig.metrics = async () => ({ok: false, failure, tookMs: 5});
	rig.deployment = async () => ({ok: false, failure, tookMs: 5});
}

function recover(rig: Rig): void {
	rig.metrics = async () => responseAt(Date.now());
	rig.deployment = async () => ok(deployment);
}

/** The step of the clock, in milliseconds. All waits in this file are multiples of it. */
const stepMs = 500;

/** Returns the wait after the `count`th failure in a row, in milliseconds, if the random number is 0.5. */
function waitMs(failure: Failure, count: number): number {
	const namedMs = failure.kind === 'status' ? failure.retryAfterMs : undefined;
	return namedMs === undefined ? Math.min(10_000 * 2 ** (count - 1), 120_000) : namedMs * 1.05;
}

/** Returns the text of the screen, its first line, and the line above the keys. */
function look({store}: Rig): {readonly header: string; readonly notice: string; readonly all: string} {
	const rows = screenText(store.getState(), {columns: 160, rows: 45});
	return {header: rows[0] ?? '', notice: rows.at(-2) ?? '', all: rows.join('\n')};
}

for (const {what, failure: failureAt, requests} of faults) {
	test(`${what}: the screen shows the data, its age, and the failure, and requests are limited`, async context => {
		const failure = failureAt(examplePlace);
		const rig = createRig(context);
		await rig.pass(9000, stepMs);
		failWith(rig, failure);
		const expected = [0];
		await rig.pass(1000, stepMs);
		let askedAt = 10_000;
		for (let count = 1; count <= 5; count++) {
			expected.push(askedAt);
			const again = nine + askedAt + waitMs(failure, count);
			const {header, notice, all} = look(rig);
			assert.ok(header.includes(`× ${nameFailure(failure)} · retry ${formatSecond(again, 'utc')}`), header);
			const whose = failure.kind === 'status' ? 'API: ' : '';
			assert.ok(notice.includes(`× ${whose}${describeFailure(failure)}, since 09:00:22`), notice);
			assert.match(notice, /· r retries now$/);
			assert.match(all, /Requests ─+ last 1\.00\/s at 09:00:12/);
			assert.match(all, /● RUNNING/);
			// The newest sample is from the time at which polling began.
			assert.ok(header.includes(`last data 09:00:12, ${formatFineAge(askedAt)} ago · 1h · `), header);
			await rig.pass(waitMs(failure, count), stepMs);
			askedAt += waitMs(failure, count);
		}

		const asked = times(rig).filter(time => time < askedAt);
		assert.deepEqual([...new Set(asked)], expected);
		const most = Math.max(...expected.slice(1).map(time => asked.filter(other => other === time).length));
		assert.equal(most, Math.max(requests, 1), `${most} requests in one poll`);
		recover(rig);
		await rig.pass(130_000, stepMs);
		const {header, notice} = look(rig);
		assert.match(header, /ok +5\.0ms/);
		assert.doesNotMatch(notice, /×/);
		const last = times(rig).slice(-2);
		assert.equal((last[1] ?? 0) - (last[0] ?? 0), 10_000);
	});
}

test('after the first response, each status from 400 to 599 leads to a retry, and none ends polling', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	for (let status = 400; status < 600; status++) {
		failWith(rig, {kind: 'status', status, message: 'x', retryAfterMs: undefined});
		rig.store.dispatch({type: 'refreshNow'});
		await rig.pass(100);
		const before = rig.asked.length;
		await rig.pass(8000, stepMs);
		assert.equal(rig.asked.length, before, `a request is sent too early after ${status}`);
		const {header, all} = look(rig);
		assert.ok(header.includes(`× API ${status} · retry `), header);
		assert.match(all, /Requests ─+ last 1\.00\/s at \d\d:\d\d:\d\d/);
		recover(rig);
		rig.store.dispatch({type: 'refreshNow'});
		await rig.pass(100);
		assert.match(look(rig).header, /ok +5\.0ms/);
	}
});
