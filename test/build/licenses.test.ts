import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {build} from 'esbuild';
import {bundleOptions} from '../../.build/bundle.ts';
import {bundledPackages} from '../../.build/licenses.ts';

const root = path.join(import.meta.dirname, '..', '..');

test('the licence of every package that is bundled is shipped', async () => {
	const {metafile} = await build({...bundleOptions(root), write: false});
	const shipped = readFileSync(path.join(root, 'dist', 'THIRD-PARTY-LICENSES'), 'utf8');
	const packages = bundledPackages(metafile);
	assert.ok(packages.includes('node_modules/ink') && packages.includes('node_modules/yoga-layout'));
	for (const folder of packages) {
		const {name, version} = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as {
			readonly name: string;
			readonly version: string;
		};
		assert.ok(shipped.includes(`\n${name} ${version} (`), name);
	}
});
