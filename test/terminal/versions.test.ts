import assert from 'node:assert/strict';
import {test} from 'node:test';
import {findVersions} from '../helpers/node-versions.ts';
import {openTerminal, program, runProgram} from '../helpers/real-terminal.ts';

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
		// In the help, letters are entered in the search field, so close the help first.
		terminal.press('\u001b');
		await terminal.waitFor(rows => !rows.some(row => row.includes('? Keys')));
		terminal.press('q');
		assert.equal((await terminal.exit).exitCode, 0);
		assert.equal(terminal.isAlternate(), false);
	});
}
