import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {root} from '../helpers/documents.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

/** Creates a folder that npm treats as a fresh clone: one without node_modules or dist. */
function freshClone(): string {
	const folder = temporaryFolder();
	mkdirSync(path.join(folder, '.build'));
	for (const file of ['package.json', path.join('.build', 'ready.mjs')]) {
		cpSync(path.join(root, file), path.join(folder, file));
	}

	return folder;
}

for (const args of [['start'], ['run', 'demo'], ['run', 'build'], ['test']]) {
	test(`npm ${args.join(' ')} in a fresh clone says to run npm ci, and prints no stack trace`, () => {
		const {status, stderr} = spawnSync('npm', args, {cwd: freshClone(), encoding: 'utf8'});
		assert.equal(status, 1);
		assert.match(stderr, /^This clone isn't set up yet\. Run `npm ci` first/m);
		assert.doesNotMatch(stderr, /\n {4}at /);
	});
}

test('npm prints no warnings about the engines of packages that only the build needs', () => {
	const settings = readFileSync(path.join(root, '.npmrc'), 'utf8').split('\n');
	assert.ok(settings.includes('loglevel=error') && settings.includes('engine-strict=false'));
});
