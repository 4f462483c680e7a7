import path from 'node:path';
import process from 'node:process';
import {bundleOptions} from './bundle.ts';
import {runOnChange} from './run-on-change.ts';

// Builds into a separate folder, so that tests and `npm start` keep using the program in dist.
const root = path.join(import.meta.dirname, '..');
const outdir = path.join(root, '.dev');

process.exitCode = await runOnChange({
	build: {...bundleOptions(root), outdir, minify: false, sourcemap: 'linked'},
	file: path.join(outdir, 'cli.js'),
	args: ['--demo', ...process.argv.slice(2)],
});
