import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {build} from 'esbuild';
import {bundleOptions} from '../../.build/bundle.ts';
import {reachableReconciler} from '../../.build/lighter-reconciler.ts';

const root = path.join(import.meta.dirname, '..', '..');
const modules = path.join(root, 'node_modules');
const code = readFileSync(path.join(modules, 'react-reconciler/cjs/react-reconciler.production.js'), 'utf8');

/** Returns the names of a reconciler's exports. */
function exportsOf(text: string): readonly string[] {
	return [...text.matchAll(/^ {2}exports\.(\w+) = /gm)].map(([, name = '']) => name);
}

test("the bundle doesn't call removed parts of the reconciler", async () => {
	const lighter = await reachableReconciler(code);
	const left = exportsOf(code).filter(name => !lighter.includes(`exports.${name} = `));
	assert.ok(left.length > 20 && left.includes('createHydrationContainer'));
	const {outputFiles = []} = await build({...bundleOptions(root), write: false});
	assert.ok(outputFiles.some(({text}) => text.includes('.updateContainerSync(')));
	for (const {text} of outputFiles) {
		const called = left.filter(name => text.includes(`.${name}(`));
		assert.deepEqual(called, []);
	}
});

test("code that Ink's renderer can't reach is removed", async () => {
	const lighter = await reachableReconciler(code);
	for (const name of ['createHydrationContainer', 'createTestNameSelector']) {
		assert.ok(code.includes(name) && !lighter.includes(name), name);
	}

	assert.ok(lighter.length < 0.8 * code.length, `${lighter.length} of ${code.length} characters are left`);
});

test('a reconciler in an unexpected form is rejected', async () => {
	await assert.rejects(reachableReconciler('module.exports = 1;'), /react-reconciler has changed/);
	await assert.rejects(
		reachableReconciler(code.replaceAll('supportsHydration', 'canHydrate')),
		/it no longer reads supportsHydration/,
	);
});
