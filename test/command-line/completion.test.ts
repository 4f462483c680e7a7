import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {completionText} from '../../source/command-line/completion.ts';
import {flags} from '../../source/command-line/flags.ts';
import {scenarios} from '../../source/demo/scenarios.ts';
import {apiKey, auth, authPath, fakeSources, fileError, trussPath} from '../helpers/fake-input.ts';
import {needs} from '../helpers/needs.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

const none = fakeSources({});
const long = flags.map(({long: name}) => `--${name}`);
const demos = scenarios.map(({name}) => name);

/**
 * A folder in which `loops-top` is a program with two profiles, one of which has a name that a shell could interpret as
 * a command.
 */
const folder = temporaryFolder();
const names = ['ada@example.com', 'ada $(touch pwned)'];
mkdirSync(path.join(folder, 'files'));
writeFileSync(path.join(folder, 'files', 'night.jsonl'), '');
writeFileSync(
	path.join(folder, 'loops-top'),
	`#!/bin/sh\n[ "$1 $2" = "completion profiles" ] && printf '%s\\n' ${names.map(name => `'${name}'`).join(' ')}\n`,
);
chmodSync(path.join(folder, 'loops-top'), 0o755);

function scriptFile(shell: 'bash' | 'zsh' | 'fish'): string {
	const file = path.join(folder, `completion.${shell}`);
	writeFileSync(file, completionText(shell, none));
	return file;
}

type Shell = 'bash' | 'fish';

/** Returns the shell's completions for the last word of a command line. */
function offered(shell: Shell, words: readonly string[]): readonly string[] {
	const script = {
		bash: `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _loops_top; printf '%s\\n' "\${COMPREPLY[@]}"`,
		fish: `source $argv[1]; complete -C "$(string join ' ' -- $argv[2..])"`,
	}[shell];
	const {stdout, stderr} = spawnSync(shell, ['-c', script, scriptFile(shell), ...words], {
		cwd: path.join(folder, 'files'),
		env: {PATH: `${folder}:${process.env['PATH']}`, HOME: folder},
		encoding: 'utf8',
	});
	assert.equal(stderr, '');
	return stdout
		.split('\n')
		.map(line => line.split('\t')[0] ?? '')
		.filter(line => line !== '')
		.sort();
}

const windows = ['5m', '15m', '30m', '1h', '3h', '6h', '12h', '24h', '3d', '7d'];

const cases: ReadonlyArray<readonly [line: string, offers: readonly string[]]> = [
	['loops-top --win', ['--window']],
	['loops-top k4q95w5 --n', ['--no-color']],
	['loops-top --window ', windows],
	['loops-top -w 1', ['15m', '1h', '12h']],
	['loops-top k4q95w5 --theme d', ['dark']],
	['loops-top --demo ', demos],
	['loops-top --demo st', ['stale', 'steady', 'straggler']],
	['loops-top -o j', ['json', 'jsonl']],
	['loops-top --fail-on stra', ['straggler']],
	['loops-top --fail-on disk,stra', ['disk,straggler']],
	['loops-top --threshold gpu', ['gpu-memory=']],
	['loops-top --threshold disk=75,gpu', ['disk=75,gpu-memory=']],
	['loops-top --symbols ', ['braille', 'block', 'ascii']],
	['loops-top --config ni', ['night.jsonl']],
	['loops-top --interval ', []],
	['loops-top --remote ', []],
	['loops-top c', ['completion']],
	['loops-top completion ', ['bash', 'zsh', 'fish']],
	['loops-top k4q95w5 ba', []],
];

const skipped = {bash: false, zsh: needs('zsh'), fish: needs('fish')} as const;

for (const shell of ['bash', 'fish'] as const) {
	const skip = skipped[shell];
	for (const [line, offers] of cases) {
		test(`${shell} completes "${line}"`, {skip}, () => {
			assert.deepEqual(offered(shell, line.split(' ')), [...offers].sort());
		});
	}
}

test('bash offers the flags if no value is expected, and values after an equals sign', () => {
	assert.deepEqual(offered('bash', ['loops-top', '--']), [...long].sort());
	assert.deepEqual(offered('bash', ['loops-top', '--demo', '--w']), ['--window']);
	assert.deepEqual(offered('bash', ['loops-top', '--window', '=']), [...windows].sort());
	assert.deepEqual(offered('bash', ['loops-top', '--window', '=', '3']), ['30m', '3d', '3h']);
});

test("stored names are offered as single words, and aren't executed", () => {
	assert.deepEqual(
		offered('bash', ['loops-top', '--profile', 'ada']),
		['ada@example.com', 'ada\\ \\$\\(touch\\ pwned\\)'].sort(),
	);
	assert.equal(spawnSync('ls', [path.join(folder, 'files')], {encoding: 'utf8'}).stdout, 'night.jsonl\n');
});

for (const shell of ['bash', 'zsh', 'fish'] as const) {
	test(`the script for ${shell} completes every flag, and every value of a fixed set`, () => {
		const script = completionText(shell, none);
		for (const {long: name, short, values} of flags) {
			assert.ok(script.includes(shell === 'fish' ? `-l ${name} ` : `--${name}`), name);
			assert.ok(short === undefined || script.includes(shell === 'fish' ? `-s ${short} ` : `-${short}`), name);
			for (const value of typeof values === 'object' ? values : []) {
				assert.ok(script.includes(value), value);
			}
		}
	});

	test(`${shell} finds no errors in its script`, {skip: skipped[shell]}, () => {
		const {status, stderr} = spawnSync(shell, ['-n', scriptFile(shell)], {encoding: 'utf8'});
		assert.equal(stderr, '');
		assert.equal(status, 0);
	});
}

test('profiles and remotes are printed one per line, except names that are empty or have control characters', () => {
	const sources = fakeSources({
		[authPath]: auth({work: apiKey('k'), 'a\u001b[31mb': apiKey('k'), '': 7, 'my own': {}}),
		[trussPath]: '[baseten]\napi_key = k\n[DEFAULT]\n[my.remote]\n',
	});
	assert.equal(completionText('profiles', sources), 'work\nmy own\n');
	assert.equal(completionText('remotes', sources), 'baseten\nmy.remote\n');
});

test("if names can't be read, none are printed", () => {
	for (const file of ['{', '[]', fileError('EACCES'), fileError('ENOENT')]) {
		assert.equal(completionText('profiles', fakeSources({[authPath]: file})), '');
	}

	assert.equal(completionText('remotes', fakeSources({[trussPath]: fileError('EIO')})), '');
});
