import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readConfiguration} from '../../source/command-line/options.ts';
import {type ReplaySource, resolveRange, type Times} from '../../source/command-line/time-options.ts';
import {UserError} from '../../source/errors/user-error.ts';
import {fakeSources} from '../helpers/fake-input.ts';

/** Returns the recording that a command line names, in an environment without an API key. */
function targetOf(...argv: readonly string[]): ReplaySource {
	const outcome = readConfiguration({...fakeSources({}, {environment: {}}), argv, version: '1.2.3'});
	assert.ok(outcome.kind === 'run' && outcome.configuration.source.kind === 'replay');
	return outcome.configuration.source;
}

test('a recording requires no key, and is played at normal speed in its own window by default', () => {
	const target = targetOf('--replay', 'night.jsonl.gz');
	assert.deepEqual(target, {kind: 'replay', file: 'night.jsonl.gz', speed: 1, window: undefined});
});

test('a recording can be played at another speed, with a different window', () => {
	const {speed, window} = targetOf('--replay=n', '--speed', '0.5', '-w', '3h');
	assert.deepEqual({speed, window: window?.name}, {speed: 0.5, window: '3h'});
});

test("a window in the settings isn't treated as one on the command line", () => {
	const sources = fakeSources({}, {environment: {LOOPS_TOP_WINDOW: '3h'}});
	const outcome = readConfiguration({...sources, argv: ['--replay', 'n'], version: '1.2.3'});
	assert.ok(outcome.kind === 'run' && outcome.configuration.source.kind === 'replay');
	assert.equal(outcome.configuration.source.window, undefined);
});

const replayMistakes: ReadonlyArray<readonly [argv: readonly string[], says: RegExp]> = [
	[['--replay'], /--replay requires a value/],
	[['--replay', 'n', 'k4q95w5'], /--replay and a deployment ID can't be combined/],
	[['--replay', 'n', '--demo'], /--demo can't be used with --replay, which makes no requests/],
	[['--replay', 'n', '--record', 'm'], /--record can't be used with --replay/],
	[['--replay', 'n', '--run', 'r'], /--run can't be used with --replay/],
	[['--replay', 'n', '--profile', 'p'], /--profile can't be used with --replay/],
	[['--replay', 'n', '-i', '5s'], /--interval can't be used with --replay/],
	[['--replay', 'n', '--org'], /--org can't be used with --replay/],
	[['--replay', 'n', '--speed', '0.05'], /--speed "0\.05" isn't a speed\. Use 0\.1 to 1000/],
	[['--replay', 'n', '--speed', '1001'], /isn't a speed/],
	[['--replay', 'n', '--speed', '10x'], /isn't a speed/],
	[['--replay', 'n', '--at', 'noon'], /--at "noon" isn't a time\. Use one such as 14:03/],
	[['k4q95w5', '--speed', '10'], /--speed requires --replay FILE/],
	[['--demo', '--at', '+5m'], /--at "\+5m" counts from the start of a recording/],
];

for (const [argv, says] of replayMistakes) {
	test(`${argv.join(' ')} is an error`, () => {
		assert.throws(
			() => targetOf(...argv),
			error => error instanceof UserError && error.exitCode === 2 && says.test(error.message),
		);
	});
}

test('--print-config says that a replay uses the recorded API, and needs no key', () => {
	const sources = fakeSources({}, {environment: {}});
	const outcome = readConfiguration({...sources, argv: ['--replay', 'n', '--print-config'], version: '1.2.3'});
	assert.ok(outcome.kind === 'print');
	assert.match(outcome.text, /API +recorded +option --replay/);
	assert.match(outcome.text, /key +not needed +option --replay/);
});

function timesOf(...argv: readonly string[]): Times {
	const outcome = readConfiguration({...fakeSources({}, {environment: {}}), argv, version: '1.2.3'});
	assert.ok(outcome.kind === 'run');
	return outcome.configuration.times;
}

const hourMs = 3_600_000;
const now = {startMs: undefined, endMs: Date.UTC(2026, 10, 28, 12), zone: 'utc'} as const;

function rangeOf(...argv: readonly string[]): string {
	const {range} = timesOf('--demo', '-o', 'csv', ...argv);
	assert.ok(range !== undefined);
	const {startMs, endMs} = resolveRange(range, hourMs, now);
	return [startMs, endMs].map(time => new Date(time).toISOString().slice(5, 16)).join(' ');
}

const ranges: ReadonlyArray<readonly [argv: readonly string[], expected: string]> = [
	[['--from', '-9h'], '11-28T03:00 11-28T12:00'],
	[['--from=-9h', '--to', '-8h'], '11-28T03:00 11-28T04:00'],
	[['--to', '-8h'], '11-28T03:00 11-28T04:00'],
	[['--at', '-8h'], '11-28T03:00 11-28T04:00'],
	[['--from', '-9h', '-w', '3h'], '11-28T03:00 11-28T06:00'],
	[['--from', '22:00', '--to', '06:00'], '11-27T22:00 11-28T06:00'],
	[['--from', '11:00', '--to', '13:00'], '11-28T11:00 11-28T12:00'],
	[['--from', 'Nov 25', '--to', '06:00'], '11-25T00:00 11-25T06:00'],
	[['--from', '2026-11-25', '--to', '2026-11-26'], '11-25T00:00 11-26T00:00'],
	[['--from', '-7d'], '11-21T12:00 11-28T12:00'],
	[['--to', 'Dec 1 2026'], '11-28T11:00 11-28T12:00'],
];

for (const [argv, expected] of ranges) {
	test(`at noon, ${argv.join(' ')} selects the range ${expected}`, () => {
		assert.equal(rangeOf(...argv), expected);
	});
}

test('-9h is a value, even as a separate word', () => {
	assert.deepEqual(timesOf('--demo', '--at', '-9h'), {at: {kind: 'before-end', ms: 9 * hourMs}, range: undefined});
});

const mistakes: ReadonlyArray<readonly [argv: readonly string[], says: RegExp]> = [
	[['--from', '-2h'], /--from requires -o csv, openmetrics, or html/],
	[['-o', 'json', '--to', '-2h'], /--to requires -o csv/],
	[['-o', 'csv', '--from', '-2h', '--at', '-1h'], /--at and --from can't be combined/],
	[['-o', 'json', '--at', '-2h'], /--at and -o json can't be combined without --replay FILE/],
	[['--plain', '--at', '-2h'], /--at and --plain can't be combined/],
	[['--at', '+5m'], /--at "\+5m" counts from the start of a recording/],
	[['--at', 'noon'], /--at "noon" isn't a time\. Use one such as 14:03/],
	[['-o', 'csv', '--from', '-2h', '--to', '-1h', '-w', '1h'], /--window can't be combined with both/],
	[['-o', 'csv', '--from', '-1h', '--to', '-2h'], /--from 11:00:00 isn't before --to 10:00:00/],
	[['-o', 'csv', '--from', '12:00', '--to', '12:00'], /is in the future|isn't before/],
	[['-o', 'csv', '--from', 'Nov 30 2026'], /--from Nov 30 00:00 is in the future/],
	[['-o', 'csv', '--from', '-8d'], /is longer than 7 days\. Use 7 days at most/],
];

for (const [argv, says] of mistakes) {
	test(`${argv.join(' ')} is an error`, () => {
		assert.throws(
			() => {
				const {range} = timesOf('--demo', ...argv);
				return range && resolveRange(range, hourMs, now);
			},
			error => error instanceof UserError && error.exitCode === 2 && says.test(error.message),
		);
	});
}

test('a range of a recording can be longer than seven days, and +0 is the start of the recording', () => {
	const {range} = timesOf('--replay', 'night.jsonl', '-o', 'csv', '--from', '+0', '--to', '-1h');
	const recording = {startMs: Date.UTC(2026, 9, 1), endMs: Date.UTC(2026, 10, 28, 12), zone: 'utc'} as const;
	assert.ok(range !== undefined);
	assert.deepEqual(resolveRange(range, hourMs, recording), {
		startMs: recording.startMs,
		endMs: recording.endMs - hourMs,
	});
});
