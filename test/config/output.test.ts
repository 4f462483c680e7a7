import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseArguments} from '../../source/config/arguments.ts';
import {type Output, readOutput} from '../../source/config/output.ts';
import {exitCodes} from '../../source/user-error.ts';
import {thrownBy} from './fake-input.ts';

const accepted: ReadonlyArray<readonly [argv: readonly string[], output: Output]> = [
	[[], {kind: 'by-terminal'}],
	[['-o', 'text'], {kind: 'once', format: 'text'}],
	[['-ojson'], {kind: 'once', format: 'json'}],
	[['--output=json'], {kind: 'once', format: 'json'}],
];

for (const [argv, output] of accepted) {
	test(`${argv.join(' ') || 'nothing'} is understood`, () => {
		assert.deepEqual(readOutput(parseArguments(argv)), output);
	});
}

const refused: ReadonlyArray<readonly [argv: readonly string[], sentence: string]> = [
	[['-o', 'yaml'], '--output "yaml" is not one of text, json.'],
	[['-o', 'JSON'], '--output "JSON" is not one of text, json.'],
];

for (const [argv, sentence] of refused) {
	test(`${argv.join(' ')} is refused in one sentence`, () => {
		const error = thrownBy(() => readOutput(parseArguments(argv)));
		assert.equal(error.message, `${sentence} See loops-top --help.`);
		assert.equal(error.exitCode, exitCodes.usage);
	});
}
