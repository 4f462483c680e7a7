import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readConfiguration} from '../../source/command-line/options.ts';
import type {HostEnvironment} from '../../source/credentials/environment.ts';
import {warnOfOpenFile} from '../../source/credentials/stored-file.ts';
import {
	apiKey,
	auth,
	authPath,
	configPath,
	fakeSources,
	fileError,
	thrownBy,
	trussPath,
} from '../helpers/fake-input.ts';

const modes: ReadonlyArray<readonly [mode: number, warns: boolean]> = [
	[0o600, false],
	[0o400, false],
	[0o700, false],
	[0o100_600, false],
	[0o644, true],
	[0o640, true],
	[0o604, true],
	[0o620, true],
	[0o602, true],
	[0o100_644, true],
];

for (const [mode, warns] of modes) {
	test(`a file of mode ${mode.toString(8)} is ${warns ? '' : 'not '}reported`, () => {
		const warning = warnOfOpenFile(trussPath, fakeSources({}, {fileMode: () => mode}));
		assert.equal(
			warning,
			warns
				? '~/.trussrc contains an API key, and other users of this machine can open it. Run `chmod 600 ~/.trussrc`.'
				: undefined,
		);
	});
}

test('the path in the command is a single word for a shell', () => {
	const path = '/home/ada/Library/Application Support/baseten/auth.json';
	const warning = warnOfOpenFile(path, fakeSources({}, {platform: 'darwin', fileMode: () => 0o644}));
	assert.match(warning ?? '', /`chmod 600 ~\/Library\/Application\\ Support\/baseten\/auth\.json`\.$/);
	const strange = warnOfOpenFile('/a;b$(c)`d', fakeSources({}, {fileMode: () => 0o644}));
	assert.ok(strange?.endsWith('`chmod 600 /a\\;b\\$\\(c\\)\\`d`.'), strange);
});

test('nothing is reported on Windows, or if the mode is unknown', () => {
	const fails = (): never => {
		throw fileError('EACCES');
	};
	assert.equal(warnOfOpenFile(trussPath, fakeSources({}, {fileMode: fails})), undefined);
	assert.equal(warnOfOpenFile(trussPath, fakeSources({}, {fileMode: () => 0o666, platform: 'win32'})), undefined);
});

const files = {
	[authPath]: auth({work: apiKey('key-of-work')}, 'work'),
	[trussPath]: '[baseten]\napi_key = key-of-baseten\n',
};

/** Returns the warnings of a run on a machine whose files are all readable by other users. */
function warningsOf(argv: readonly string[], others: Partial<HostEnvironment> = {}): readonly string[] {
	const sources = fakeSources(files, {fileMode: () => 0o644, ...others});
	const outcome = readConfiguration({...sources, argv, version: '1.2.3'});
	assert.ok(outcome.kind === 'run');
	return outcome.warnings;
}

const runs: ReadonlyArray<readonly [argv: readonly string[], others: Partial<HostEnvironment>, file?: string]> = [
	[['id'], {}, '~/.config/baseten/auth.json'],
	[['id', '--profile', 'work'], {}, '~/.config/baseten/auth.json'],
	[['id', '--remote', 'baseten'], {}, '~/.trussrc'],
	[['id'], {environment: {BASETEN_API_KEY: 'key-of-environment'}}],
	[['--demo'], {}],
];

for (const [argv, others, file] of runs) {
	test(`loops-top ${argv.join(' ')} ${JSON.stringify(others)} reports ${file ?? 'no file'}`, () => {
		const warnings = warningsOf(argv, others);
		assert.equal(warnings.length, file === undefined ? 0 : 1);
		assert.ok(file === undefined || warnings[0]?.startsWith(`${file} contains an API key, and other users `));
	});
}

test('a key in the settings file is reported along with its permissions', () => {
	const describe = (content: string, mode: number): string => {
		const sources = fakeSources({[configPath]: content}, {fileMode: () => mode});
		return thrownBy(() => readConfiguration({...sources, argv: ['id'], version: '1.2.3'})).message;
	};
	const open = /\n~\/\.config\/loops-top\/config\.json contains an API key, and other users .*`chmod 600/;
	assert.match(describe('{"api_key": "x"}', 0o644), open);
	assert.doesNotMatch(describe('{"api_key": "x"}', 0o600), open);
	assert.doesNotMatch(describe('{"windows": "x"}', 0o644), open);
});
