/**
 * Loaded before the tests (`node --import=./.build/run-typescript.mjs --test FILE`). Node.js itself removes the types from `.ts` files, in half
 * the time that tsx takes; this module transforms `.tsx` files, and keeps compiled code for the next process. Plain JavaScript, because nothing has
 * been loaded before it.
 */
import {readFileSync} from 'node:fs';
import {createRequire, enableCompileCache, registerHooks} from 'node:module';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

enableCompileCache(path.join(import.meta.dirname, '..', 'node_modules', '.cache', 'loops-top'));

const require = createRequire(import.meta.url);

registerHooks({
	load(url, context, nextLoad) {
		if (!url.endsWith('.tsx')) {
			return nextLoad(url, context);
		}

		// Loaded only here, because most tests have no such files.
		const {transformSync} = require('esbuild');
		const file = fileURLToPath(url);
		const {code} = transformSync(readFileSync(file, 'utf8'), {
			loader: 'tsx',
			jsx: 'automatic',
			format: 'esm',
			sourcefile: file,
			sourcemap: 'inline',
		});
		return {format: 'module', source: code, shortCircuit: true};
	},
});
