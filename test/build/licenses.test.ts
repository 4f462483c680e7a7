import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {build} from 'esbuild';
import {bundleOptions} from '../../.build/bundle.ts';
import {bundledPackages, joinLicenses, readBundledLicenses} from '../../.build/licenses.ts';

const root = path.join(import.meta.dirname, '..', '..');

test('the license of every bundled package is shipped', async () => {
	const {metafile} = await build({...bundleOptions(root), write: false});
	const shipped = readFileSync(path.join(root, 'dist', 'THIRD-PARTY-LICENSES'), 'utf8');
	const packages = bundledPackages(metafile);
	assert.ok(packages.includes('node_modules/ink') && packages.includes('node_modules/react-reconciler'));
	for (const folder of packages) {
		const {name, version} = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as {
			readonly name: string;
			readonly version: string;
		};
		assert.ok(shipped.includes(`\n${name} ${version} (`), name);
	}
});

test('the licenses of packages that are bundled by other packages are shipped', () => {
	const shipped = readFileSync(path.join(root, 'dist', 'THIRD-PARTY-LICENSES'), 'utf8');
	assert.match(shipped, /\nyargs-parser \d+\.\d+\.\d+ \(ISC\)\nCopyright \(c\) 2016, Contributors\n/);
});

test('license texts that differ only in their copyright holders appear once, with every holder listed once', () => {
	const text = (owner: string, wrap: string): string =>
		`MIT License\n\nCopyright (c) ${owner}\n\nPermission is${wrap}granted.\n`;
	const joined = joinLicenses([
		{holder: 'a 1.0.0 (MIT)', text: text('Ann', ' ')},
		{holder: 'b 2.0.0 (MIT)', text: text('Bob', '\n')},
		{holder: 'c 3.0.0 (ISC)', text: 'Another text.'},
		{holder: 'd 4.0.0 (MIT)', text: text('Ann', ' ')},
	]);
	assert.equal(
		joined,
		[
			'a 1.0.0 (MIT)\nd 4.0.0 (MIT)\nCopyright (c) Ann',
			'b 2.0.0 (MIT)\nCopyright (c) Bob',
			'Permission is granted.',
			'-'.repeat(80),
			'c 3.0.0 (ISC)',
			'Another text.',
		].join('\n\n'),
	);
});

test('the terms of the Apache License and the copyright owner in its appendix are shipped without instructions', () => {
	const joined = joinLicenses([
		{
			holder: 'a 1.0.0 (Apache-2.0)',
			text: 'The terms.\n\nEND OF TERMS AND CONDITIONS\n\nAPPENDIX: Fill in the year.\n\nCopyright 2015 Ann\n',
		},
	]);
	assert.equal(joined, 'a 1.0.0 (Apache-2.0)\nCopyright 2015 Ann\n\nThe terms.\n\nEND OF TERMS AND CONDITIONS');
});

test('a list of licenses is parsed package by package, even if a license text contains horizontal rules', () => {
	const list =
		'Name: a\nVersion: 1.0.0\nLicense: MIT\nLicense Text:\n===\n\nOne.\n---\nTwo.\n\n---\n\nName: b\nVersion: 2.0.0\nLicense: ISC\nLicense Text:\n===\n\nThree.\n';
	const read = readBundledLicenses(list).map(({holder, text}) => [holder, text.trim()]);
	assert.deepEqual(read, [
		['a 1.0.0 (MIT)', 'One.\n---\nTwo.'],
		['b 2.0.0 (ISC)', 'Three.'],
	]);
});
