/**
 * Runs the tests in `test/terminal` on the executable for this machine, without Node.js in the program's `PATH`: `npm
 * run test:executable -- [TEST…]`. `npm run executable` builds the executable.
 */
import {spawnSync} from 'node:child_process';
import {accessSync, chmodSync, constants, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');
const tests = path.join(root, 'test', 'terminal');
const executable = path.join(root, '.executable', `loops-top-${process.platform}-${process.arch}`);

/**
 * Tests of parts that an executable doesn't have: the sources, npm's scripts, other versions of Node.js, or code that
 * Node.js preloads.
 */
const others = new Set([
	'closing.test.ts',
	'crashing.test.ts',
	'dev.test.ts',
	'leave.test.ts',
	'leftovers.test.ts',
	'live-finding-scenarios.test.ts',
	'readme.test.ts',
	'silent-resolver.test.ts',
	'slow-link.test.ts',
	'versions.test.ts',
	'wrong-clock.test.ts',
]);

function isTest(name: string): boolean {
	return name.endsWith('.test.ts') && !others.has(name);
}

function hasNode(folder: string): boolean {
	try {
		accessSync(path.join(folder, 'node'), constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

const asked = process.argv.slice(2);
const files =
	asked.length > 0 ? asked : readdirSync(tests).flatMap(name => (isTest(name) ? [path.join(tests, name)] : []));

// Tests start the executable with `RUNNER PROGRAM …`, in the same way as they start Node.js with a program.
const folder = temporaryFolder();
const runner = path.join(folder, 'run');
writeFileSync(runner, '#!/bin/sh\nexec "$@"\n');
chmodSync(runner, 0o755);

/**
 * Returns a folder to use in `PATH` instead of `place`: `place` itself or, if it contains Node.js, a new folder with
 * links to everything in `place` except Node.js and npm.
 */
function withoutNode(place: string, index: number): string {
	if (!hasNode(place)) {
		return place;
	}

	const links = path.join(folder, `path-${index}`);
	mkdirSync(links);
	for (const name of readdirSync(place)) {
		if (!['node', 'nodejs', 'npm', 'npx'].includes(name)) {
			symlinkSync(path.join(place, name), path.join(links, name));
		}
	}

	return links;
}

const searched = (process.env['PATH'] ?? '').split(path.delimiter).map(withoutNode);
const {status} = spawnSync(process.execPath, ['--import=tsx', '--test', '--test-reporter=spec', ...files], {
	cwd: root,
	env: {
		...process.env,
		PATH: searched.join(path.delimiter),
		LOOPS_TOP_PROGRAM: executable,
		LOOPS_TOP_RUNNER: runner,
	},
	stdio: 'inherit',
});
process.exitCode = status ?? 1;
