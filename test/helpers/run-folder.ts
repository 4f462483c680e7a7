import path from 'node:path';
import process from 'node:process';
import {runOnChange} from '../../.build/run-on-change.ts';

// Runs `program.ts` in a folder, and runs it again whenever the file changes.
const [folder = ''] = process.argv.slice(2);
const outdir = path.join(folder, 'built');

process.exitCode = await runOnChange({
	build: {
		absWorkingDir: folder,
		entryPoints: ['program.ts'],
		outdir,
		outExtension: {'.js': '.mjs'},
		bundle: true,
		platform: 'node',
		format: 'esm',
	},
	file: path.join(outdir, 'program.mjs'),
	args: ['an argument'],
});
