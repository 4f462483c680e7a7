import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseArguments} from '../../source/command-line/arguments.ts';
import {findSimilar} from '../../source/command-line/parse-value.ts';
import {thrownBy} from '../helpers/fake-input.ts';

const names = ['steady', 'straggler', 'stale', 'idle', 'full', 'fleet', 'errors'];
const cases: ReadonlyArray<readonly [string, string | undefined]> = [
	['stragler', 'straggler'],
	['starggler', 'straggler'],
	['Straggler', 'straggler'],
	['strag', 'straggler'],
	['idel', 'idle'],
	['fulll', 'full'],
	['error', 'errors'],
	['st', undefined],
	['x', undefined],
	['', undefined],
	['something', undefined],
	['--', undefined],
];

for (const [text, name] of cases) {
	test(`"${text}" is probably ${name ?? 'none'}`, () => {
		assert.equal(findSimilar(text, names), name);
	});
}

const unknown: ReadonlyArray<readonly [argument: string, sentence: string]> = [
	['--them=dark', 'Unknown option --them. Did you mean --theme?'],
	['--windwo', 'Unknown option --windwo. Did you mean --window?'],
	['--apiurl', 'Unknown option --apiurl. Did you mean --api-url?'],
	['--nocolor', 'Unknown option --nocolor. Did you mean --no-color?'],
	['--zzz', 'Unknown option --zzz.'],
	['-Z', 'Unknown option -Z.'],
];

for (const [argument, sentence] of unknown) {
	test(`${argument}: ${sentence}`, () => {
		const error = thrownBy(() => parseArguments([argument]));
		assert.equal(error.message, `${sentence} See loops-top --help.`);
	});
}
