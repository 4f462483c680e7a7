import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {findHome, readSmallFile} from '../../source/app/host-files.ts';
import {runProgram, temporaryHome} from '../helpers/real-terminal.ts';
import {temporaryFile} from '../helpers/recordings.ts';

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
	['a folder', temporaryHome, 'EISDIR'],
	['a file of more than 1 MiB', () => sparse(1024 ** 2 + 1), 'EFBIG'],
	['a file of 1 GB', () => sparse(1e9), 'EFBIG'],
	['what is not there', () => path.join(temporaryHome(), 'none'), 'ENOENT'],
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

test('a user without a home folder has none, and a relative path counts as none', () => {
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

test('a settings file or a key file that is a FIFO is reported in one sentence', async () => {
	const config = fifo();
	const {stderr, exitCode} = await runProgram(['--demo', '-o', 'text', '--config', config]);
	assert.equal(exitCode, 2);
	assert.match(stderr, /^loops-top: [^\n]*config\.json can't be read \(it is not a regular file\)[^\n]*\n$/);
	const home = temporaryHome();
	execFileSync('mkfifo', [path.join(home, '.trussrc')]);
	const key = await runProgram(['k4q95w5', '-o', 'text'], {env: {HOME: home}});
	assert.equal(key.exitCode, 3);
	assert.match(key.stderr, /^loops-top: ~\/\.trussrc can't be read \(it is not a regular file\)[^\n]*\n$/);
});
