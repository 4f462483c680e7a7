import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {build} from 'esbuild';
import {bundleOptions, unusedReplacements} from '../../.build/bundle.ts';
import {abilities} from '../../.build/lighter-reconciler.ts';
import {checkPatchedFiles, patchedFiles} from '../../.build/patched-files.ts';

const root = path.join(import.meta.dirname, '..', '..');

test('the files that the build patches are the versions that the patches were written for', () => {
	checkPatchedFiles(root);
});

test('a changed file fails the build with an error that names it', () => {
	const [name = '', checksum = ''] = Object.entries(patchedFiles).find(([file]) => file.startsWith('ink/')) ?? [];
	const other = checksum.replace(/^./, digit => (digit === '0' ? '1' : '0'));
	assert.throws(() => checkPatchedFiles(root, {...patchedFiles, [name]: other}), new RegExp(name));
});

test('every direct dependency that contains or installs patched files is pinned to an exact version', () => {
	const {devDependencies} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
		readonly devDependencies: Readonly<Record<string, string>>;
	};
	for (const name of ['ink', 'ink-spinner', 'meow', 'string-width']) {
		assert.match(devDependencies[name] ?? '', /^\d+\.\d+\.\d+$/, name);
	}
});

test("a replacement that isn't used is found", async () => {
	const entry = {contents: "import 'string-width'", resolveDir: root};
	const {entryPoints: _, ...options} = bundleOptions(root);
	const {metafile} = await build({...options, stdin: entry, splitting: false, write: false});
	const unused = unusedReplacements(metafile);
	assert.ok(unused.includes('screen-writer.ts') && unused.includes('fixed-layout.ts'), unused.join(' '));
	assert.ok(!unused.includes('string-width.ts'));
});

test("the listed capabilities of the renderer are those of Ink's renderer", () => {
	const renderer = readFileSync(path.join(root, 'node_modules/ink/build/reconciler.js'), 'utf8');
	const reconciler = readFileSync(
		path.join(root, 'node_modules/react-reconciler/cjs/react-reconciler.production.js'),
		'utf8',
	);
	for (const [name, value] of Object.entries(abilities)) {
		assert.equal(renderer.includes(`${name}: true,`), value, name);
		assert.ok(reconciler.includes(`${name} = $$$config.${name}`), name);
	}
});
