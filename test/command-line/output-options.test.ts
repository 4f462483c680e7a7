import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseArguments} from '../../source/command-line/arguments.ts';
import {type Output, readOutput} from '../../source/command-line/output-options.ts';
import {exitCodes} from '../../source/errors/user-error.ts';
import {rules} from '../../source/metrics/findings.ts';
import {thrownBy} from '../helpers/fake-input.ts';

const accepted: ReadonlyArray<readonly [argv: readonly string[], output: Output]> = [
	[[], {kind: 'by-terminal', listen: undefined, failOn: []}],
	[['--fail-on', 'disk'], {kind: 'by-terminal', listen: undefined, failOn: ['disk']}],
	[['--plain'], {kind: 'plain', listen: undefined}],
	[['--plain', '--listen', '9464'], {kind: 'plain', listen: {host: '127.0.0.1', port: 9464}}],
	[['-o', 'text'], {kind: 'once', format: 'text', failOn: []}],
	[['-ojson'], {kind: 'once', format: 'json', failOn: []}],
	[['--output=jsonl'], {kind: 'lines', count: undefined, failOn: [], listen: undefined}],
	[['-o', 'jsonl', '--count', '3'], {kind: 'lines', count: 3, failOn: [], listen: undefined}],
	[['-o', 'text', '--fail-on', 'disk'], {kind: 'once', format: 'text', failOn: ['disk']}],
	[['-o', 'json', '--fail-on', 'ram, disk,ram'], {kind: 'once', format: 'json', failOn: ['disk', 'ram']}],
	[['--all', '-o', 'json', '--fail-on', 'sampler-status'], {kind: 'once', format: 'json', failOn: ['sampler-status']}],
	[['--all', '-o', 'json', '--fail-on', 'any'], {kind: 'once', format: 'json', failOn: rules}],
	[['-o', 'text', '--fail-on', 'checkpoint-age'], {kind: 'once', format: 'text', failOn: ['checkpoint-age']}],
	[['-o', 'jsonl', '--fail-on', 'disk,any'], {kind: 'lines', count: undefined, failOn: rules, listen: undefined}],
	[['--listen', '9464'], {kind: 'by-terminal', listen: {host: '127.0.0.1', port: 9464}, failOn: []}],
	[
		['-o', 'jsonl', '--listen=[::]:9464'],
		{kind: 'lines', count: undefined, failOn: [], listen: {host: '::', port: 9464}},
	],
];

for (const [argv, output] of accepted) {
	test(`${argv.join(' ') || 'an empty command line'} is accepted`, () => {
		assert.deepEqual(readOutput(parseArguments(argv)), output);
	});
}

const known = rules.join(', ');
const refused: ReadonlyArray<readonly [argv: readonly string[], sentence: string]> = [
	[['-o', 'yaml'], '--output "yaml" isn\'t one of text, json, jsonl, csv, openmetrics, html.'],
	[['-o', 'JSON'], '--output "JSON" isn\'t one of text, json, jsonl, csv, openmetrics, html. Did you mean json?'],
	[['-o', 'jsonl', '--count', '0'], '--count "0" isn\'t a number of lines. Use 1 or more.'],
	[['-o', 'jsonl', '--count=-1'], '--count "-1" isn\'t a number of lines. Use 1 or more.'],
	[['-o', 'jsonl', '--count', '1e3'], '--count "1e3" isn\'t a number of lines. Use 1 or more.'],
	[['-o', 'jsonl', '--count', '9'.repeat(20)], `--count "${'9'.repeat(20)}" isn't a number of lines. Use 1 or more.`],
	[['-o', 'json', '--count', '3'], '--count requires -o jsonl.'],
	[['--plain', '-o', 'json'], "--plain and -o json can't be combined."],
	[['--plain', '--count', '3'], '--count requires -o jsonl.'],
	[['--count', '3'], '--count requires -o jsonl.'],
	[['-o', 'json', '--fail-on', 'disks'], `--fail-on "disks" isn't one of any, ${known}. Did you mean disk?`],
	[['-o', 'json', '--fail-on', 'disk,'], `--fail-on "" isn't one of any, ${known}.`],
	...(['checkpoint-age', 'sampler-stalled', 'sampler-5xx'] as const).map(
		rule =>
			[
				['--all', '-o', 'jsonl', '--fail-on', `disk, ${rule}`],
				`--all and --fail-on ${rule} can't be combined: --all requests neither checkpoints nor the sampler's metrics.`,
			] as const,
	),
	[['--listen', '70000'], '--listen "70000" isn\'t a valid port. Use 0 to 65535.'],
	[
		['--listen', '9464', '-o', 'json'],
		"--listen and -o json can't be combined: -o json exits after printing its output.",
	],
	[['--plain', '--fail-on', 'any'], '--fail-on requires -o, such as -o text.'],
	[['--listen', '9464', '--fail-on', 'any'], '--fail-on requires -o, such as -o text.'],
];

for (const [argv, sentence] of refused) {
	test(`${argv.join(' ')} is rejected with a one-line message`, () => {
		const error = thrownBy(() => readOutput(parseArguments(argv)));
		assert.match(error.message, /^[^\n]+ See loops-top --help\.$/);
		assert.equal(error.message, `${sentence} See loops-top --help.`);
		assert.equal(error.exitCode, exitCodes.usage);
	});
}
