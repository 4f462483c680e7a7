import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';

const source = path.join(import.meta.dirname, '..', 'source');

/** The files and folders in `source`, top to bottom: a file imports from its own layer or a lower one. */
const layers = [
	'cli.ts',
	'node-setup.ts',
	'app',
	'tui',
	'debug',
	'view',
	'output',
	'replay',
	'polling',
	'keymap',
	'terminal',
	'command-line',
	'credentials',
	'state',
	'recording',
	'text',
	'metrics',
	'demo',
	'errors',
	'theme',
	'api',
];

const files = readdirSync(source, {recursive: true, encoding: 'utf8'})
	.map(file => file.replaceAll('\\', '/'))
	.filter(file => /\.tsx?$/.test(file));

/** Returns the files that a file imports, as paths below `source`, excluding packages and `package.json`. */
function importsOf(file: string): readonly string[] {
	const text = readFileSync(path.join(source, file), 'utf8');
	return [...text.matchAll(/(?:from |import\()'(\.[^']+)'/g)]
		.map(([, name = '']) => path.posix.join(path.posix.dirname(file), name))
		.filter(name => !name.startsWith('..'));
}

function layerOf(file: string): string {
	return file.split('/')[0] ?? '';
}

test('every file or folder directly in source is a layer, and every layer exists', () => {
	assert.deepEqual(readdirSync(source).toSorted(), layers.toSorted());
});

test('every import goes to the same layer or a lower one', () => {
	const imports = files.flatMap(file => importsOf(file).map(imported => [file, imported] as const));
	assert.ok(imports.length > 800, `only ${imports.length} imports were found`);
	const upward = imports.filter(
		([file, imported]) => layers.indexOf(layerOf(imported)) < layers.indexOf(layerOf(file)),
	);
	assert.deepEqual(upward, []);
});

test('a file of more than 250 lines, and no other file, states the reason for its length in its first line', () => {
	const wrong = files.filter(file => {
		const text = readFileSync(path.join(source, file), 'utf8');
		const count = text.trimEnd().split('\n').length;
		const isExplained = /^\/\/ Longer than 250 lines because .+\.\n/.test(text);
		return isExplained ? count <= 250 : count > 250;
	});
	assert.deepEqual(wrong, []);
});
