import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readConfiguration} from '../../source/command-line/options.ts';
import type {ReplaySource} from '../../source/command-line/time-options.ts';
import {UserError} from '../../source/errors/user-error.ts';
import {fakeSources} from '../helpers/fake-input.ts';

/** What a command line asks for where there is no key at all. */
function targetOf(...argv: readonly string[]): ReplaySource {
	const outcome = readConfiguration({...fakeSources({}, {environment: {}}), argv, version: '1.2.3'});
	assert.ok(outcome.kind === 'run' && outcome.configuration.source.kind === 'replay');
	return outcome.configuration.source;
}

test('a recording needs no key, and begins at its beginning as fast as it was', () => {
	const target = targetOf('--replay', 'night.jsonl.gz');
	assert.deepEqual(target, {kind: 'replay', file: 'night.jsonl.gz', speed: 1, window: undefined});
});

test('it may be played faster, in another window', () => {
	const {speed, window} = targetOf('--replay=n', '--speed', '0.5', '-w', '3h');
	assert.deepEqual({speed, window: window?.name}, {speed: 0.5, window: '3h'});
});

test('a window of the configuration is not taken for one that was asked for', () => {
	const sources = fakeSources({}, {environment: {LOOPS_TOP_WINDOW: '3h'}});
	const outcome = readConfiguration({...sources, argv: ['--replay', 'n'], version: '1.2.3'});
	assert.ok(outcome.kind === 'run' && outcome.configuration.source.kind === 'replay');
	assert.equal(outcome.configuration.source.window, undefined);
});

const mistakes: ReadonlyArray<readonly [argv: readonly string[], says: RegExp]> = [
	[['--replay'], /--replay requires a value/],
	[['--replay', 'n', 'k4q95w5'], /--replay and a deployment id can't be combined/],
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

for (const [argv, says] of mistakes) {
	test(`${argv.join(' ')} is a mistake`, () => {
		assert.throws(
			() => targetOf(...argv),
			error => error instanceof UserError && error.exitCode === 2 && says.test(error.message),
		);
	});
}

test('--print-config says that nothing is asked', () => {
	const sources = fakeSources({}, {environment: {}});
	const outcome = readConfiguration({...sources, argv: ['--replay', 'n', '--print-config'], version: '1.2.3'});
	assert.ok(outcome.kind === 'print');
	assert.match(outcome.text, /API +recorded +flag --replay/);
	assert.match(outcome.text, /key +not needed +flag --replay/);
});
