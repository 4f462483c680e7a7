import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {bundleInMemory} from '../../.build/bundle.ts';

const root = path.join(import.meta.dirname, '..', '..');
const {files, metafile} = await bundleInMemory(root);

test('the bundle is ASCII, because a single non-ASCII character makes V8 store the whole file at two bytes per character', () => {
	for (const {name, text} of files) {
		const place = text.search(/[^\0-~]/);
		assert.equal(place, -1, `${name}: ${text.slice(Math.max(place - 40, 0), place + 40)}`);
	}
});

test('the bundle contains no packages, or parts of packages, that this program never uses', () => {
	const inputs = Object.values(metafile.outputs).flatMap(({inputs: files}) =>
		Object.entries(files).flatMap(([file, {bytesInOutput}]) => (bytesInOutput > 0 ? [file] : [])),
	);
	for (const unused of ['yoga-layout', 'zod/v4/classic', 'wrap-ansi', 'cli-truncate', 'stack-utils', 'cli-boxes']) {
		assert.deepEqual(
			inputs.filter(file => file.includes(`node_modules/${unused}/`)),
			[],
		);
	}
});

test('the pattern for all emoji, which takes 13 ms to create, is created only when it is first used', () => {
	const patterns = files.flatMap(({text}) => [...text.matchAll(/.{0,20}RGI_Emoji/g)].map(([found]) => found));
	assert.equal(patterns.length, 1);
	assert.match(patterns[0] ?? '', /\?\?=new RegExp\("\^\\\\p\{RGI_Emoji$/);
});

test('what is always loaded together is in one file, because Node.js takes a millisecond to find and load each file', () => {
	const names = new Set(files.map(({name}) => name));
	for (const {name, text, imports} of files) {
		const asked = [...text.matchAll(/(?:from|import|import\()"\.\/([^"]+)"/g)].map(([, file = '']) => file);
		assert.deepEqual(
			asked.filter(file => !names.has(file)),
			[],
			name,
		);
		assert.equal(new Set(imports).size, imports.length, name);
	}

	const live = files.find(({entryPoints}) => entryPoints.includes('source/tui/render.tsx'));
	assert.deepEqual(live?.imports.toSorted(), ['base.js', 'main.js', 'shared.js']);
	const shared = files.find(({name}) => name === 'shared.js');
	assert.deepEqual(shared?.imports.toSorted(), ['base.js', 'main.js']);
});

test('no file imports a Node.js module if that would evaluate costly exports, such as root certificates', () => {
	const found = files.flatMap(({name, text}) =>
		[...text.matchAll(/from"node:(?:child_process|dns|fs|https?|net|os|process|stream|tls|tty|util|v8|vm|zlib)"/g)].map(
			([imported]) => `${name}: ${imported}`,
		),
	);
	assert.deepEqual(found, []);
});
