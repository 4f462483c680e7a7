import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openTerminal} from '../helpers/real-terminal.ts';
import {recordedHours} from '../helpers/recorded-hours.ts';
import {writeRecording} from '../helpers/recorded-session.ts';
import {isMetrics} from '../helpers/served.ts';
import {isLogs, type KeptLog, logging, logsQueryOf} from '../helpers/served-logs.ts';
import {startRig} from './rig.ts';

const minuteMs = 60_000;

test('the errors in the logs are requested only when n lists them, and enter shows the selected one in the logs', async context => {
	const nowMs = Date.now();
	const logs: readonly KeptLog[] = Array.from({length: 40}, (_, index) => ({
		timeMs: nowMs - (40 - index) * minuteMs,
		message: index % 20 === 10 ? `NCCL watchdog timeout ${index}` : `line ${index}.`,
		replica: 'loops-trainer-1',
		level: index % 20 === 10 ? ('ERROR' as const) : ('INFO' as const),
	}));
	const {terminal, server} = await startRig(context, {columns: 120, rows: 36, respond: logging(logs)});
	await terminal.waitFor(/4 of 4 reporting/);
	assert.equal(server.requests.filter(isLogs).length, 0);
	terminal.press('n');
	await terminal.waitFor(/× loops-trainer-1: NCCL watchdog timeout 30/);
	const asked = server.requests.filter(isLogs).map(logsQueryOf);
	assert.ok(asked.length > 0 && asked.every(query => query.min_level === 'ERROR' && query.direction === 'desc'));
	assert.doesNotMatch(terminal.screen().join('\n'), /line \d+\./);
	terminal.press('\u001b[B');
	await terminal.waitFor(/▸\S+ × loops-trainer-1: NCCL watchdog timeout 10/);
	terminal.press('\r');
	await terminal.waitFor(/▸l Logs/);
	await terminal.waitFor(/NCCL watchdog timeout 10/);
	assert.match(terminal.screen()[0] ?? '', /1h at /);
});

test('the earlier metrics for the comparison are requested once, while polling continues', async context => {
	const {terminal, server} = await startRig(context, {columns: 120, rows: 36, args: ['-i', '2s', '--compare', '1d']});
	await terminal.waitFor(/12\.3\/s · ±0% vs 1d/);
	const isEarlier = (body: unknown): boolean =>
		typeof body === 'object' &&
		body !== null &&
		'end_epoch_millis' in body &&
		Number(body.end_epoch_millis) < Date.now() - 60 * minuteMs;
	const {length} = server.requests;
	await server.waitForRequest(isMetrics, length);
	await server.waitForRequest(isMetrics, server.requests.length);
	assert.equal(server.requests.filter(request => isMetrics(request) && isEarlier(request.body)).length, 1);
});

test('in a replay, T seeks, and = returns to the time of --at', async context => {
	const file = writeRecording(recordedHours(3));
	const terminal = openTerminal({
		columns: 120,
		rows: 36,
		args: ['--utc', '--replay', file, '--at', '+1h', '--speed', '0.1'],
	});
	context.after(() => terminal.close());
	const position = (rows: readonly string[]): string => /×0\.1 (?:\w+ \d+ )?(\d\d:\d\d)/.exec(rows[0] ?? '')?.[1] ?? '';
	await terminal.waitFor(rows => position(rows) !== '' && rows.some(row => row.includes('2 of 2 reporting')));
	const begun = position(terminal.screen());
	terminal.press('T');
	await terminal.waitFor(/go to .*such as/);
	terminal.press('+2h\r');
	await terminal.waitFor(rows => position(rows) !== '' && position(rows) !== begun);
	terminal.press('T');
	await terminal.waitFor(/go to .*such as/);
	terminal.press('+9h\r');
	await terminal.waitFor(/isn't in the recording, which covers/);
	terminal.press('\u001b');
	await terminal.waitFor(/^(?!.*isn't in the recording)/s);
	terminal.press('=');
	await terminal.waitFor(rows => position(rows) === begun);
});
