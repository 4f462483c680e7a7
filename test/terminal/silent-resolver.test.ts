import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {findVersions} from '../helpers/node-versions.ts';
import {openTerminal, program, temporaryHome} from '../helpers/real-terminal.ts';
import {key} from './rig.ts';

const preload = path.join(import.meta.dirname, '..', 'helpers', 'silent-names.mjs');

/** A resolver times out after five seconds or more. On an idle machine, quitting takes about 50 ms. */
const limitMs = 2000;

for (const [version, node] of findVersions()) {
	test(`on Node.js ${version}, q quits immediately while the resolver doesn't respond`, async context => {
		const folder = temporaryHome();
		const pipe = path.join(folder, 'pipe');
		execFileSync('mkfifo', [pipe]);
		writeFileSync(path.join(folder, 'getent'), '#!/bin/sh\nexec /bin/sleep 1000\n');
		chmodSync(path.join(folder, 'getent'), 0o755);
		const terminal = openTerminal({
			columns: 80,
			rows: 24,
			command: [node, '--import', preload, program, 'k4q95w5', '--api-url', 'https://api.test'],
			env: {BASETEN_API_KEY: key, LOOPS_TOP_TEST_PIPE: pipe, PATH: folder},
		});
		context.after(() => terminal.close());
		await terminal.waitFor(/q quit/);
		const beganMs = performance.now();
		terminal.press('q');
		assert.deepEqual(await terminal.exit, {exitCode: 0, signal: undefined});
		const tookMs = performance.now() - beganMs;
		context.diagnostic(`left after ${Math.round(tookMs)} ms`);
		assert.ok(tookMs < limitMs, `${tookMs} ms`);
		assert.equal(terminal.isAlternate(), false);
	});
}
