import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {chmodSync, chownSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {text} from 'node:stream/consumers';
import {test} from 'node:test';
import {engineFlags, findCacheFolder} from '../source/node-setup.ts';
import {findVersions} from './helpers/node-versions.ts';
import {program, runner, runProgram} from './helpers/real-terminal.ts';
import {temporaryFolder} from './helpers/temporary-folder.ts';

test('compiled code is stored in a folder that only the user can access, not in the temporary folder', async () => {
	const [home, temporary] = [temporaryFolder(), temporaryFolder()];
	const env = {HOME: home, XDG_CACHE_HOME: undefined, TMPDIR: temporary};
	assert.equal((await runProgram(['--demo', '-o', 'json'], {env})).exitCode, 0);
	assert.deepEqual(readdirSync(temporary), []);
	const folder = path.join(home, '.cache', 'loops-top');
	assert.equal(statSync(folder).mode & 0o777, 0o700);
	assert.ok(readdirSync(folder).length > 0);
});

for (const [version, node] of findVersions()) {
	test(`the flags for V8 are set on Node.js ${version}`, async () => {
		const report = `import v8 from 'node:v8';
			import {syncBuiltinESMExports} from 'node:module';
			const {setFlagsFromString} = v8;
			v8.setFlagsFromString = flag => {
				process.stdout.write(flag + '\\n');
				setFlagsFromString(flag);
			};
			syncBuiltinESMExports();`;
		const preload = `data:text/javascript,${encodeURIComponent(report)}`;
		const {stdout, stderr, exitCode} = await runProgram(['--version'], {
			node,
			env: {NODE_OPTIONS: `--import=${preload}`},
		});
		assert.deepEqual([exitCode, stderr], [0, '']);
		const flags = engineFlags(Number.parseInt(version, 10));
		assert.ok(flags.length >= 2);
		// Node.js exits with an error if it doesn't know a flag.
		execFileSync(node, [...flags, '--eval', '0']);
		assert.deepEqual(stdout.trim().split('\n').slice(0, -1), flags);
	});
}

test('SIGUSR1 neither opens a debugger nor ends the program', async () => {
	const env = {...process.env, HOME: temporaryFolder(), NODE_OPTIONS: '--inspect-port=0'};
	const child = spawn(runner, [program, '--demo', '-o', 'jsonl', '-i', '2s'], {env});
	const errors = text(child.stderr);
	const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
	assert.equal((await lines.next()).done, false);
	child.kill('SIGUSR1');
	assert.equal((await lines.next()).done, false);
	assert.equal((await lines.next()).done, false);
	child.kill('SIGTERM');
	assert.equal(await errors, '');
});

test('the cache folder is in XDG_CACHE_HOME if that is an absolute path, and otherwise in ~/.cache', () => {
	const [home, chosen] = [temporaryFolder(), temporaryFolder()];
	assert.equal(
		findCacheFolder({XDG_CACHE_HOME: chosen}, () => home),
		path.join(chosen, 'loops-top'),
	);
	for (const other of [undefined, '', 'relative']) {
		assert.equal(
			findCacheFolder({XDG_CACHE_HOME: other}, () => home),
			path.join(home, '.cache', 'loops-top'),
		);
	}
});

const unsafe: ReadonlyArray<readonly [name: string, prepare: (cache: string) => void]> = [
	[
		'a folder that others can open',
		cache => {
			mkdirSync(path.join(cache, 'loops-top'));
			chmodSync(path.join(cache, 'loops-top'), 0o755);
		},
	],
	['a link', cache => symlinkSync(temporaryFolder(), path.join(cache, 'loops-top'))],
	['a file', cache => writeFileSync(path.join(cache, 'loops-top'), '')],
	['a folder that others can replace', cache => chmodSync(cache, 0o777)],
];

/** The ID of a user other than the one who runs the tests. */
const otherUser = 4242;
const ofOthers: typeof unsafe = [
	[
		"another user's folder",
		cache => {
			mkdirSync(path.join(cache, 'loops-top'), {mode: 0o700});
			chownSync(path.join(cache, 'loops-top'), otherUser, otherUser);
		},
	],
	["a folder inside another user's folder", cache => chownSync(cache, otherUser, otherUser)],
];
/** Whether the tests can change the owner of a file, which only root can do. */
const canGiveAway = process.getuid?.() === 0;

for (const [name, prepare] of canGiveAway ? [...unsafe, ...ofOthers] : unsafe) {
	test(`${name} isn't used`, () => {
		const cache = temporaryFolder();
		prepare(cache);
		assert.equal(findCacheFolder({XDG_CACHE_HOME: cache}), undefined);
	});
}

test('without a home folder, there is no cache folder', () => {
	const none = (): never => {
		throw new Error('uv_os_homedir returned ENOENT');
	};
	assert.equal(findCacheFolder({}, none), undefined);
	assert.equal(
		findCacheFolder({}, () => ''),
		undefined,
	);
});
