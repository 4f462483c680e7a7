import assert from 'node:assert/strict';
import {readFileSync, watch, writeFileSync} from 'node:fs';
import {type TestContext, test} from 'node:test';
import {decodeLine} from '../../source/recording/format.ts';
import {memberStart} from '../../source/recording/gzip.ts';
import {formatLatency} from '../../source/text/format.ts';
import {eventually} from '../helpers/eventually.ts';
import {openTerminal, type RealTerminal, runProgram} from '../helpers/real-terminal.ts';
import {recordedHours} from '../helpers/recorded-hours.ts';
import {writeRecording} from '../helpers/recorded-session.ts';
import {record} from '../helpers/recordings.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';

const size = {columns: 160, rows: 45};

function open(context: TestContext, ...args: readonly string[]): RealTerminal {
	const terminal = openTerminal({...size, args: ['--utc', ...args]});
	context.after(() => terminal.close());
	return terminal;
}

/** Returns the durations of all metrics requests that have been recorded so far, in milliseconds. */
function tookOf(file: string): readonly number[] {
	const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
	const responses = lines.flatMap(line => decodeLine(Buffer.from(line)) ?? []);
	return responses.flatMap(response =>
		response.kind === 'response' && response.request.path.endsWith('/metrics')
			? (response.readResult()?.tookMs ?? [])
			: [],
	);
}

async function recordedPolls(file: string, count: number): Promise<readonly number[]> {
	return eventually(
		() => (tookOf(file).length >= count ? tookOf(file) : undefined),
		listener => {
			const watcher = watch(file, listener);
			return () => watcher.close();
		},
		() => `Only ${tookOf(file).length} of ${count} polls were recorded.`,
	);
}

test('a replay of a recorded demo ends with the same screen as the demo', async context => {
	const file = temporaryFile('demo.jsonl');
	const demo = open(context, '--demo', 'straggler', '-i', '1h', '--record', file);
	await demo.waitFor(/RUNNING .* every 1h · rec · ok/);
	for (let polls = 2; polls <= 4; polls++) {
		demo.press('r');
		await recordedPolls(file, polls);
	}

	const took = tookOf(file);
	const shown = `ok ${formatLatency(Math.round(took.at(-1) ?? 0)).padStart(5)}`;
	await demo.waitFor(rows => rows[0]?.includes(shown) === true);
	const replay = open(context, '--replay', file, '--speed', '100');
	await replay.waitFor(rows => /replay ended .* · 1h to /.test(rows[0] ?? '') && rows[0]?.includes(shown) === true);
	// The last frame of the replay can arrive in pieces, so wait until it is the same as the demo's complete frame.
	const isSame = (rows: readonly string[]): boolean =>
		rows.slice(1, -1).join('\n') === demo.screen().slice(1, -1).join('\n');
	await replay.waitFor(isSame);
	demo.press('q');
	assert.equal((await demo.exit).exitCode, 0);
	replay.press('q');
	assert.equal((await replay.exit).exitCode, 0);
	assert.equal(replay.isAlternate(), false);
});

test('keys pause a replay, change its speed, and seek in it', async context => {
	const file = writeRecording(recordedHours(1));
	const terminal = open(context, '--replay', file, '--speed', '0.5', '--at', '+30m');
	await terminal.waitFor('replay ×0.5 Nov 23 09:30:12 · 1h to 09:30:00');
	terminal.press('p');
	await terminal.waitFor('replay paused Nov 23 09:30:12');
	terminal.press('}');
	await terminal.waitFor('replay paused Nov 23 09:45:12 · 1h to 09:45:00');
	terminal.press('{{');
	await terminal.waitFor('replay paused Nov 23 09:15:12 · 1h to 09:15:00');
	terminal.press('-');
	await terminal.waitFor(/replay paused Nov 23 09:15:12 · 3h to 09:1/);
	await terminal.waitFor(rows => /┤ *[╭─╰╯\u{2801}-\u{28FF}]/u.test(rows.join('\n')));
	terminal.press('\u001b[D');
	await terminal.waitFor(/ history 3h to 08:15:00/);
	terminal.press('\u001b');
	await terminal.waitFor(/ 3h to 09:1/);
	terminal.press('rdp>>>>>>>>>>>');
	await terminal.waitFor('replay ended Nov 23 09:59:12 · 3h to 09:59:00');
});

test('without a screen, a replay prints the state at the end or at a given time, or a line for each poll', async () => {
	const file = writeRecording(recordedHours(0.5));
	const text = await runProgram(['--replay', file, '--utc']);
	assert.deepEqual([text.exitCode, text.stderr], [0, '']);
	assert.match(text.stdout, /window +1h to 09:29:00/);
	const json = await runProgram(['--replay', file, '-o', 'json', '--at', '09:10']);
	assert.equal(JSON.parse(json.stdout).time, '2026-11-23T09:10:00Z');
	const lines = await runProgram(['--replay', file, '-o', 'jsonl']);
	assert.equal(lines.exitCode, 0);
	const times = lines.stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line).time);
	assert.equal(times.length, 30);
	assert.deepEqual([times[0], times.at(-1)], ['2026-11-23T09:00:12Z', '2026-11-23T09:29:12Z']);
	const three = await runProgram(['--replay', file, '-o', 'jsonl', '--count', '3']);
	assert.equal(three.stdout.trim().split('\n').length, 3);
	assert.equal(three.exitCode, 0);
});

test('with and without a screen, damage to a recording is reported, and the rest is shown', async context => {
	const file = temporaryFile('night.jsonl.gz');
	for (const response of recordedHours(0.1)) {
		await record(file, [response]);
	}

	// Each response is a separate gzip member, so this damages one of them.
	const bytes = readFileSync(file);
	const at = bytes.indexOf(memberStart, bytes.length >> 1) + 100;
	bytes[at] = (bytes[at] ?? 0) ^ 0x10;
	writeFileSync(file, bytes);
	for (const args of [['-o', 'text'], ['-o', 'json'], ['-o', 'jsonl'], ['-o', 'csv'], ['--plain']]) {
		const {exitCode, stdout, stderr} = await runProgram(['--replay', file, '--speed', '100', ...args]);
		assert.match(stderr, /^loops-top: .*night\.jsonl\.gz is damaged: [\d,]+ bytes at one place can't be read\.\n$/);
		assert.equal(exitCode, 0);
		assert.match(stdout, /loops-trainer-/);
	}

	const terminal = open(context, '--replay', file);
	await terminal.waitFor(/the recording is damaged: [\d,]+ bytes at one place can't be read/);
});

test("a file that isn't a recording, or doesn't exist, is reported in one sentence", async context => {
	const terminal = open(context, '--replay', 'package.json');
	assert.equal((await terminal.exit).exitCode, 2);
	assert.equal(terminal.isAlternate(), false);
	assert.match(
		terminal.screen().join(' '),
		/^loops-top: --replay package\.json isn't a loops-top recording\. Use a file/,
	);
	const {exitCode, stderr} = await runProgram(['--replay', '/nowhere/night.jsonl', '-o', 'json']);
	assert.equal(exitCode, 2);
	assert.equal(stderr, "loops-top: --replay /nowhere/night.jsonl can't be read: no such file or directory.\n");
});
