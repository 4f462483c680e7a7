import assert from 'node:assert/strict';
import {chmodSync, writeFileSync} from 'node:fs';
import {test} from 'node:test';
import {openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {key} from './rig.ts';

const warning =
	'~/.trussrc contains an API key, and other users of this machine can open it. Run `chmod 600 ~/.trussrc`.';
const isWindows = process.platform === 'win32';

function homeWithKey(mode: number): string {
	const home = temporaryFolder();
	writeFileSync(`${home}/.trussrc`, `[baseten]\napi_key = ${key}\n`);
	chmodSync(`${home}/.trussrc`, mode);
	return home;
}

for (const [mode, stderr] of [
	[0o644, `loops-top: ${warning}\n`],
	[0o600, ''],
] as const) {
	test(`without a terminal, a key file with mode ${mode.toString(8)} causes ${stderr === '' ? 'no' : 'a'} warning`, {
		skip: isWindows,
	}, async context => {
		const server = await startScriptedServer(healthy());
		context.after(async () => server.close());
		const output = await runProgram(['k4q95w5', '--api-url', server.url], {env: {HOME: homeWithKey(mode)}});
		assert.equal(output.exitCode, 0);
		assert.equal(output.stderr, stderr);
		assert.match(output.stdout, /12\.3/);
	});
}

test('in a terminal, a key file that others can read is reported once, before the screen opens, and the report is visible after the screen closes', {
	skip: isWindows,
}, async context => {
	const server = await startScriptedServer(healthy());
	const args = ['k4q95w5', '--api-url', server.url];
	const terminal = openTerminal({columns: 120, rows: 24, args, env: {HOME: homeWithKey(0o644)}});
	context.after(async () => {
		terminal.close();
		await server.close();
	});
	await terminal.waitFor('12.3/s');
	server.respond = () => ({status: 401, json: {message: 'expired'}});
	terminal.press('r');
	await terminal.waitFor('× API 401');
	// The key file is read again before each of these requests.
	for (let asked = 0; asked < 2; asked++) {
		const before = server.requests.length;
		terminal.press('r');
		await server.waitForRequest(() => true, before);
	}

	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	assert.ok(terminal.screen().includes(`loops-top: ${warning}`), terminal.screen().join('\n'));
	assert.equal(terminal.written().split('other users of this machine').length - 1, 1);
	assert.ok(terminal.written().indexOf('other users of this machine') < terminal.written().indexOf('\u001b[?1049h'));
});
