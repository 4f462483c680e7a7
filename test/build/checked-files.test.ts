import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';

const root = path.join(import.meta.dirname, '..', '..');

test('TypeScript checks every TypeScript file, even in .build, whose subfolders it skips unless they are named', () => {
	const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
	const listed = execFileSync(process.execPath, [compiler, '--listFilesOnly'], {cwd: root, encoding: 'utf8'});
	const checked = new Set(listed.split('\n').map(file => path.relative(root, file)));
	const files = ['.build', 'source', 'test'].flatMap(folder =>
		readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'}).map(name => path.join(folder, name)),
	);
	assert.deepEqual(
		files.filter(file => /\.tsx?$/.test(file) && !checked.has(file)),
		[],
	);
});
