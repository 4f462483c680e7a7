import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {readConfiguration} from '../../source/command-line/options.ts';
import {
	findHome,
	type HostEnvironment,
	readSmallFile,
	warnOfOpenFile,
} from '../../source/credentials/host-environment.ts';
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
import {runProgram} from '../helpers/real-terminal.ts';
import {temporaryFile, temporaryFolder} from '../helpers/temporary-folder.ts';

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
	test(`a file with mode ${mode.toString(8)} is ${warns ? '' : 'not '}reported`, () => {
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

test('a key in the settings file is reported; if other users can open the file, that is reported too', () => {
	const describe = (content: string, mode: number): string => {
		const sources = fakeSources({[configPath]: content}, {fileMode: () => mode});
		return thrownBy(() => readConfiguration({...sources, argv: ['id'], version: '1.2.3'})).message;
	};
	const open = /\n~\/\.config\/loops-top\/config\.json contains an API key, and other users .*`chmod 600/;
	assert.match(describe('{"api_key": "x"}', 0o644), open);
	assert.doesNotMatch(describe('{"api_key": "x"}', 0o600), open);
	assert.doesNotMatch(describe('{"windows": "x"}', 0o644), open);
});

function sparse(bytes: number): string {
	const file = temporaryFile('config.json');
	writeFileSync(file, '{}');
	truncateSync(file, bytes);
	return file;
}

function fifo(): string {
	const file = temporaryFile('config.json');
	execFileSync('mkfifo', [file]);
	return file;
}

const refused: ReadonlyArray<readonly [name: string, make: () => string, code: string]> = [
	['a FIFO', fifo, 'ENOTREG'],
	['a device', () => '/dev/zero', 'ENOTREG'],
	['a folder', temporaryFolder, 'EISDIR'],
	['a file of more than 1 MiB', () => sparse(1024 ** 2 + 1), 'EFBIG'],
	['a file of 1 GB', () => sparse(1e9), 'EFBIG'],
	["a file that doesn't exist", () => temporaryFile('none'), 'ENOENT'],
];

for (const [name, make, code] of refused) {
	test(`${name} isn't read: ${code}`, () => {
		assert.throws(() => readSmallFile(make()), {code});
	});
}

test('a small file is read completely', () => {
	const file = temporaryFile('config.json');
	writeFileSync(file, 'ä'.repeat(500_000));
	assert.equal(readSmallFile(file), 'ä'.repeat(500_000));
});

test("a user might not have a home folder, and a relative path doesn't count as one", () => {
	const none = path.resolve('/nonexistent');
	assert.equal(
		findHome(() => '/home/ada'),
		'/home/ada',
	);
	assert.equal(
		findHome(() => ''),
		none,
	);
	assert.equal(
		findHome(() => 'home'),
		none,
	);
	assert.equal(
		findHome(() => {
			throw new Error('A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)');
		}),
		none,
	);
});

test('a settings file or a key file that is a FIFO is reported in one line', async () => {
	const config = fifo();
	const {stderr, exitCode} = await runProgram(['--demo', '-o', 'text', '--config', config]);
	assert.equal(exitCode, 2);
	assert.match(stderr, /^loops-top: [^\n]*config\.json can't be read \(it isn't a regular file\)[^\n]*\n$/);
	const home = temporaryFolder();
	execFileSync('mkfifo', [path.join(home, '.trussrc')]);
	const key = await runProgram(['k4q95w5', '-o', 'text'], {env: {HOME: home}});
	assert.equal(key.exitCode, 3);
	assert.match(key.stderr, /^loops-top: ~\/\.trussrc can't be read \(it isn't a regular file\)[^\n]*\n$/);
});
