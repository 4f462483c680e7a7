import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {openTerminal, program, runProgram} from '../helpers/real-terminal.ts';

/** Every Node.js on this machine that the program is made for, by its version: the project's own and the system's. */
function findVersions(): ReadonlyMap<string, string> {
	const versions = new Map([[process.versions.node, process.execPath]]);
	for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
		const node = path.join(folder, 'node');
		if (existsSync(node)) {
			const version = execFileSync(node, ['-p', 'process.versions.node'], {encoding: 'utf8'}).trim();
			versions.set(version, node);
		}
	}

	return new Map([...versions].filter(([version]) => Number.parseInt(version, 10) >= 20));
}

for (const [version, node] of findVersions()) {
	test(`the built program runs on Node.js ${version}, with and without a terminal`, async context => {
		const output = await runProgram(['--demo', 'single'], {node});
		assert.equal(output.stderr, '');
		assert.equal(output.exitCode, 0);
		assert.match(output.stdout, /^deployment {4}k4q95w5\n/);
		const terminal = openTerminal({columns: 80, rows: 24, command: [node, program, '--demo']});
		context.after(() => terminal.close());
		await terminal.waitFor('4 of 4 reporting');
		terminal.press('j?');
		await terminal.waitFor('▸? Keys');
		terminal.press('q');
		assert.equal((await terminal.exit).exitCode, 0);
		assert.equal(terminal.isAlternate(), false);
	});
}
