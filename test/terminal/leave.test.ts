import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import path from 'node:path';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {findVersions} from '../helpers/node-versions.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';

const module = pathToFileURL(path.join(import.meta.dirname, '../../source/app/process.ts')).href;

for (const [version, node] of findVersions()) {
	test(`Node.js ${version} exits even while a thread is waiting for a file`, () => {
		const fifo = temporaryFile('fifo');
		execFileSync('mkfifo', [fifo]);
		const script = `
			import {open} from 'node:fs';
			import {leave, noteHungWrite} from ${JSON.stringify(module)};
			open(${JSON.stringify(fifo)}, 'w', () => undefined);
			setTimeout(() => { noteHungWrite(); process.stdout.write('whole', () => leave(1)); }, 100);
		`;
		const args = ['--import=tsx', '--input-type=module', '-e', script];
		const {status, signal, stdout} = spawnSync(node, args, {encoding: 'utf8', timeout: 30_000, killSignal: 'SIGABRT'});
		assert.equal(stdout, 'whole');
		// Only Node.js 24 and later can keep the exit code.
		assert.deepEqual(
			{status, signal},
			Number.parseInt(version, 10) >= 24 ? {status: 1, signal: null} : {status: null, signal: 'SIGKILL'},
		);
	});
}
