import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseArguments} from '../../source/command-line/arguments.ts';
import {type Output, readOutput} from '../../source/command-line/output-options.ts';
import {exitCodes} from '../../source/errors/user-error.ts';
import {rules} from '../../source/metrics/findings.ts';
import {thrownBy} from '../helpers/fake-input.ts';

const accepted: ReadonlyArray<readonly [argv: readonly string[], output: Output]> = [
	[[], {kind: 'by-terminal', listen: undefined}],
	[['--plain'], {kind: 'plain', listen: undefined}],
	[['--plain', '--listen', '9464'], {kind: 'plain', listen: {host: '127.0.0.1', port: 9464}}],
	[['-o', 'text'], {kind: 'once', format: 'text', failOn: []}],
	[['-ojson'], {kind: 'once', format: 'json', failOn: []}],
	[['--output=jsonl'], {kind: 'lines', count: undefined, failOn: [], listen: undefined}],
	[['-o', 'jsonl', '--count', '3'], {kind: 'lines', count: 3, failOn: [], listen: undefined}],
	[['-o', 'text', '--fail-on', 'disk'], {kind: 'once', format: 'text', failOn: ['disk']}],
	[['-o', 'json', '--fail-on', 'ram, disk,ram'], {kind: 'once', format: 'json', failOn: ['ram', 'disk']}],
	[['-o', 'jsonl', '--fail-on', 'disk,any'], {kind: 'lines', count: undefined, failOn: rules, listen: undefined}],
	[['--listen', '9464'], {kind: 'by-terminal', listen: {host: '127.0.0.1', port: 9464}}],
	[
		['-o', 'jsonl', '--listen=[::]:9464'],
		{kind: 'lines', count: undefined, failOn: [], listen: {host: '::', port: 9464}},
	],
];

for (const [argv, output] of accepted) {
	test(`${argv.join(' ') || 'nothing'} is understood`, () => {
		assert.deepEqual(readOutput(parseArguments(argv)), output);
	});
}

const known = rules.join(', ');
const refused: ReadonlyArray<readonly [argv: readonly string[], sentence: string]> = [
	[['-o', 'yaml'], '--output "yaml" is not one of text, json, jsonl, csv, openmetrics, html.'],
	[['-o', 'JSON'], '--output "JSON" is not one of text, json, jsonl, csv, openmetrics, html.'],
	[['-o', 'jsonl', '--count', '0'], '--count "0" is not a number of lines: give 1 or more.'],
	[['-o', 'jsonl', '--count=-1'], '--count "-1" is not a number of lines: give 1 or more.'],
	[['-o', 'jsonl', '--count', '1e3'], '--count "1e3" is not a number of lines: give 1 or more.'],
	[['-o', 'jsonl', '--count', '9'.repeat(20)], `--count "${'9'.repeat(20)}" is not a number of lines: give 1 or more.`],
	[['-o', 'json', '--count', '3'], '--count is for -o jsonl: add that, or leave out --count.'],
	[['--plain', '-o', 'json'], '--plain tells in sentences, -o json prints values: leave out one of them.'],
	[['--plain', '--count', '3'], '--count is for -o jsonl: add that, or leave out --count.'],
	[['--count', '3'], '--count is for -o jsonl: add that, or leave out --count.'],
	[['-o', 'json', '--fail-on', 'disks'], `--fail-on "disks" is not one of any, ${known}.`],
	[['-o', 'json', '--fail-on', 'disk,'], `--fail-on "" is not one of any, ${known}.`],
	[['--listen', '70000'], '--listen "70000" has no such port: give 0 to 65535.'],
	[
		['--listen', '9464', '-o', 'json'],
		'--listen serves until it is stopped, -o json prints once: leave out one of them.',
	],
	[
		['--fail-on', 'any'],
		'--fail-on is for -o text, json, jsonl, csv, openmetrics, html: add one of them, or leave out --fail-on.',
	],
];

for (const [argv, sentence] of refused) {
	test(`${argv.join(' ')} is refused in one sentence`, () => {
		const error = thrownBy(() => readOutput(parseArguments(argv)));
		assert.match(error.message, /^[^\n]+ See loops-top --help\.$/);
		assert.equal(error.message, `${sentence} See loops-top --help.`);
		assert.equal(error.exitCode, exitCodes.usage);
	});
}
