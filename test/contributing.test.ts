import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';

const root = path.join(import.meta.dirname, '..');
const guide = readFileSync(path.join(root, '.github', 'CONTRIBUTING.md'), 'utf8');
const {scripts} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
	readonly scripts: Readonly<Record<string, string>>;
};

/** The folders, relative to the root, in which a path is looked up. */
const tops = ['', 'source'];

test('every file and folder that CONTRIBUTING.md names exists', () => {
	const code = [...guide.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text ?? '');
	const names = code.filter(text => /^[\w.-]+(?:\/[\w.-]+)+$|^[\w-]+\.tsx?$/.test(text));
	assert.ok(names.length > 30, `the guide has ${names.length} names`);
	const missing = names.filter(name => !tops.some(top => existsSync(path.join(root, top, name))));
	assert.deepEqual(missing, []);
});

test('a response reaches the screen in at most ten steps, each in a different file, and each detail belongs to a step', () => {
	const steps = [...guide.matchAll(/^\| (\d+)\. .* \| `([\w/-]+\.tsx?)` \| `[\w.]+` \|$/gm)];
	const numbers = steps.map(([, number]) => Number(number));
	assert.ok(numbers.length > 5 && numbers.length <= 10, `the table has ${numbers.length} steps`);
	assert.deepEqual(
		numbers,
		numbers.map((_, index) => index + 1),
	);
	assert.equal(new Set(steps.map(([, , file]) => file)).size, steps.length);
	const details = [...guide.matchAll(/^\| (\d+) \| .* \| `[\w/-]+\.tsx?` \| `[\w.]+` \|$/gm)];
	assert.ok(details.length > 10, `the table has ${details.length} details`);
	assert.ok(details.every(([, number]) => numbers.includes(Number(number))));
});

test('every function in the tables of steps and details is in the file that its row names', () => {
	const rows = [...guide.matchAll(/^\| .* \| `([\w/-]+\.tsx?)` \| `([\w.]+)` \|$/gm)];
	assert.ok(rows.length > 15, `the tables have ${rows.length} rows`);
	for (const [, file = '', name = ''] of rows) {
		const text = readFileSync(path.join(root, 'source', file), 'utf8');
		for (const part of name.split('.')) {
			assert.match(
				text,
				new RegExp(`(?:function\\*?|class|const) ${part}\\b|^\\t+(?:async )?\\*?${part}\\(`, 'm'),
				`${name} isn't in ${file}`,
			);
		}
	}
});

test('every folder in the drawing of the layers exists', () => {
	const drawing = /## The layers[\s\S]*?```text([\s\S]*?)```/.exec(guide)?.[1] ?? '';
	const folders = [...drawing.matchAll(/([a-z-]+)\//g)].map(([name]) => name);
	assert.ok(folders.length >= 18, folders.join(' '));
	const missing = folders.filter(name => !existsSync(path.join(root, 'source', name)));
	assert.deepEqual(missing, []);
});

test('every script that CONTRIBUTING.md names exists', () => {
	const named = [...guide.matchAll(/npm (?:run )?([a-z]+(?::[a-z]+)?)\b/g)].map(([, name]) => name ?? '');
	assert.ok(named.length > 6);
	const missing = named.filter(name => name !== 'ci' && !(name in scripts));
	assert.deepEqual(missing, []);
});
