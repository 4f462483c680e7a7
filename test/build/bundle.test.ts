import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {build} from 'esbuild';
import {bundleOptions} from '../../.build/bundle.ts';

const root = path.join(import.meta.dirname, '..', '..');
const {outputFiles, metafile} = await build({...bundleOptions(root), write: false});

test('the bundle is ASCII, because a single non-ASCII character makes V8 store the whole file at two bytes per character', () => {
	for (const {path: file, contents} of outputFiles) {
		const place = contents.findIndex(byte => byte > 0x7e);
		const around = Buffer.from(contents.slice(Math.max(place - 40, 0), place + 40)).toString();
		assert.equal(place, -1, `${path.basename(file)}: ${around}`);
	}
});

test('the bundle contains no parts of packages that only other programs need', () => {
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

test('the bundle contains no pattern for all emoji that is created when a file is loaded, which takes 13 ms', () => {
	const patterns = outputFiles.flatMap(({text}) => [...text.matchAll(/.{0,20}RGI_Emoji/g)].map(([found]) => found));
	assert.equal(patterns.length, 1);
	assert.match(patterns[0] ?? '', /\?\?=new RegExp\("\^\\\\p\{RGI_Emoji$/);
});
