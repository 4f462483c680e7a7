import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {eventually} from '../helpers/eventually.ts';
import {findVersions} from '../helpers/node-versions.ts';
import {type Environment, openTerminal, program} from '../helpers/real-terminal.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {key} from './rig.ts';

const preload = path.join(import.meta.dirname, '..', 'helpers', 'silent-names.mjs');

/**
 * The maximum time for quitting, in milliseconds. A program that waits for the silent resolver exceeds it; on an idle
 * machine, quitting takes about 50 ms.
 */
const limitMs = 30_000;

/**
 * Returns an environment in which the resolver doesn't respond, and the path of a file that contains the name that was
 * last looked up. The file doesn't exist before the first lookup.
 */
function silent(): {readonly env: Environment; readonly asked: string} {
	const folder = temporaryFolder();
	const pipe = path.join(folder, 'pipe');
	const asked = `${pipe}-name`;
	execFileSync('mkfifo', [pipe]);
	const tool = path.join(folder, 'getent');
	writeFileSync(tool, `#!/bin/sh\nprintf %s "$2" >'${asked}'\nexec /bin/sleep 1000\n`);
	chmodSync(tool, 0o755);
	return {env: {LOOPS_TOP_TEST_PIPE: pipe, PATH: folder}, asked};
}

const listening = ['--demo', 'straggler', '--listen', 'metrics.test:9464'];

for (const [version, node] of findVersions()) {
	test(`on Node.js ${version}, q quits without waiting for a resolver that doesn't respond`, async context => {
		const terminal = openTerminal({
			columns: 80,
			rows: 24,
			command: [node, '--import', preload, program, 'k4q95w5', '--api-url', 'https://api.test'],
			env: {BASETEN_API_KEY: key, ...silent().env},
		});
		context.after(() => terminal.close());
		await terminal.waitFor(/q quit/);
		const beganMs = performance.now();
		terminal.press('q');
		assert.deepEqual(await terminal.exit, {exitCode: 0, signal: undefined});
		const tookMs = performance.now() - beganMs;
		context.diagnostic(`quit after ${Math.round(tookMs)} ms`);
		assert.ok(tookMs < limitMs, `Quitting took ${tookMs} ms.`);
		assert.equal(terminal.isAlternate(), false);
	});

	test(`on Node.js ${version}, keys work while the address to listen on is being looked up, and q quits`, async context => {
		const {env, asked} = silent();
		const terminal = openTerminal({
			columns: 100,
			rows: 30,
			command: [node, '--import', preload, program, ...listening],
			env,
		});
		context.after(() => terminal.close());
		await terminal.waitFor(/4 of 4 reporting/);
		terminal.press('?');
		await terminal.waitFor('▸? Keys');
		terminal.press('?');
		await terminal.waitFor(/4 of 4 reporting/);
		assert.equal(readFileSync(asked, 'utf8'), 'metrics.test');
		terminal.press('q');
		assert.deepEqual(await terminal.exit, {exitCode: 0, signal: undefined});
		assert.equal(terminal.isAlternate(), false);
	});

	test(`on Node.js ${version}, SIGTERM ends a program that has no screen while the address is being looked up`, async context => {
		const {env, asked} = silent();
		const child = spawn(node, ['--import', preload, program, ...listening], {
			env: {HOME: temporaryFolder(), ...env},
			stdio: 'ignore',
		});
		context.after(() => child.kill('SIGKILL'));
		await eventually(
			() => existsSync(asked) || undefined,
			look => {
				const timer = setInterval(look, 20);
				return () => clearInterval(timer);
			},
			() => "The lookup hasn't begun.",
		);
		child.kill('SIGTERM');
		assert.deepEqual(await once(child, 'exit'), [0, null]);
	});
}
