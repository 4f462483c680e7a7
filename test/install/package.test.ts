import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {findVersions} from '../helpers/node-versions.ts';
import {program, runProgram} from '../helpers/real-terminal.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {installPackage} from './install.ts';

const root = path.join(import.meta.dirname, '..', '..');
const installed = installPackage();
after(() => rmSync(installed.prefix, {recursive: true}));
const {version} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {readonly version: string};

test('the package contains what a user needs, and nothing else', () => {
	const files = readdirSync(installed.folder, {recursive: true, encoding: 'utf8'}).sort();
	const named = files.filter(name => !/^dist\/[A-Z\d]{8}\.js$/.test(name));
	assert.deepEqual(named, [
		'LICENSE',
		'README.md',
		'dist',
		'dist/THIRD-PARTY-LICENSES',
		'dist/base.js',
		'dist/cli.js',
		'dist/live.js',
		'dist/loops-top.1',
		'dist/main.js',
		'dist/package.json',
		'dist/schema.json',
		'dist/shared.js',
		'dist/snapshot.d.ts',
		'package.json',
	]);
});

for (const [nodeVersion, node] of findVersions()) {
	test(`the installed command can be run by its name on Node.js ${nodeVersion}`, () => {
		const PATH = [path.dirname(node), installed.commands, '/usr/bin', '/bin'].join(path.delimiter);
		const output = execFileSync('loops-top', ['--version'], {env: {PATH}, encoding: 'utf8'});
		assert.equal(output, `loops-top ${version}\n`);
	});

	test(`a copy of dist runs in a folder of CommonJS modules on Node.js ${nodeVersion}`, () => {
		const folder = temporaryFolder();
		writeFileSync(path.join(folder, 'package.json'), '{"type": "commonjs"}');
		const copy = path.join(folder, 'copy');
		cpSync(path.dirname(program), copy, {recursive: true});
		const {stdout, stderr} = spawnSync(node, [path.join(copy, 'cli.js'), '--demo', 'single', '-o', 'text'], {
			encoding: 'utf8',
		});
		assert.equal(stderr, '');
		assert.match(stdout, /^deployment {4}k4q95w5\n/);
	});
}

test('the man page is where `man` looks for the pages of the installed command', () => {
	assert.ok(existsSync(path.join(installed.commands, '..', 'share', 'man', 'man1', 'loops-top.1')));
});

test('the schema and the types can be imported by the name of the package', () => {
	const project = temporaryFolder();
	mkdirSync(path.join(project, 'node_modules'));
	symlinkSync(installed.folder, path.join(project, 'node_modules', 'loops-top'));
	writeFileSync(path.join(project, 'package.json'), '{"type": "module"}');
	writeFileSync(
		path.join(project, 'reader.ts'),
		[
			"import type {Line} from 'loops-top';",
			"import schema from 'loops-top/schema.json' with {type: 'json'};",
			"export const type: (line: Line) => 'snapshot' | 'failure' = ({type}) => type;",
			'export const {$schema} = schema;',
		].join('\n'),
	);
	const options = ['--noEmit', '--strict', '--module', 'nodenext', '--resolveJsonModule', '--target', 'es2023'];
	const tsc = path.join(root, 'node_modules', '.bin', 'tsc');
	const {stdout, status} = spawnSync(tsc, [...options, 'reader.ts'], {cwd: project, encoding: 'utf8'});
	assert.equal(stdout, '');
	assert.equal(status, 0);
});

test('a version of Node.js that is too old is reported in one line', async () => {
	const preload = path.join(import.meta.dirname, 'old-node.mjs');
	const {stdout, stderr, exitCode} = await runProgram(['--demo'], {env: {NODE_OPTIONS: `--import=${preload}`}});
	assert.equal(stderr, 'loops-top requires Node.js 20 or later, but this is v18.20.8. See https://nodejs.org.\n');
	assert.equal(stdout, '');
	assert.equal(exitCode, 1);
});

test('everything that package.json exports exists, and the package has no dependencies', () => {
	const fields = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Readonly<Record<string, unknown>>;
	for (const [name, target] of Object.entries(fields['exports'] as Readonly<Record<string, unknown>>)) {
		const file = typeof target === 'string' ? target : Object.values(target as Readonly<Record<string, string>>)[0];
		assert.ok(existsSync(path.join(installed.folder, file ?? '')), `${file}, exported as ${name}, doesn't exist`);
	}

	assert.equal(fields['dependencies'], undefined, 'the package has dependencies, which are installed with it');
});
