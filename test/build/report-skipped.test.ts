import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import packages from '../helpers/programs.json' with {type: 'json'};
import {temporaryFile} from '../helpers/temporary-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');
const needsFile = path.join(root, 'test', 'helpers', 'needs.ts');

/** Runs a file with three tests, one of which needs fish and jq. There are no programs in the `PATH`. */
function runWithout(env: NodeJS.ProcessEnv): {readonly stdout: string; readonly status: number | null} {
	const file = temporaryFile('some.test.ts');
	const source = `import {test} from 'node:test'; import {needs} from ${JSON.stringify(needsFile)};
		test('a', {skip: needs('fish', 'jq')}, () => {}); test('b', () => {}); test('c', {skip: needs()}, () => {});`;
	writeFileSync(file, source);
	const reporter = path.join(root, '.build', 'report-skipped.ts');
	const args = ['--import=tsx', '--test', `--test-reporter=${reporter}`, file];
	const {stdout, status} = spawnSync(process.execPath, args, {
		cwd: root,
		encoding: 'utf8',
		env: {HOME: process.env['HOME'], PATH: '/nowhere', ...env},
	});
	return {stdout, status};
}

test('skipped tests are listed at the end, with the command that installs the missing programs', () => {
	const {stdout, status} = runWithout({});
	assert.equal(stdout, 'skipped 1 test: needs fish, jq: apt-get install fish jq\n');
	assert.equal(status, 0);
});

test('a skipped test fails a run that requires the programs', () => {
	const {stdout, status} = runWithout({LOOPS_TOP_REQUIRE_PROGRAMS: '1'});
	assert.match(stdout, /^skipped 1 test: needs fish.*\nTests can't be skipped if/);
	assert.equal(status, 1);
});

test('every program in the list is used by a test', () => {
	const tests = readdirSync(path.join(root, 'test'), {recursive: true, encoding: 'utf8'}).filter(name =>
		/\.test\.tsx?$/.test(name),
	);
	const text = tests.map(name => readFileSync(path.join(root, 'test', name), 'utf8')).join('\n');
	for (const name of Object.keys(packages)) {
		assert.ok(text.includes(`'${name}'`), name);
	}
});
