import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {openTerminal, program, runner} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics, servedMetrics} from '../helpers/served.ts';
import {key} from './rig.ts';

const sabotage = path.join(import.meta.dirname, '..', 'helpers', 'sabotage.mjs');

/** A shell script that runs the program, and then prints its exit code and some of the terminal's settings. */
const reportExit = '"$@"; echo "code $?"; stty -a | grep -Eo -- "-?(icanon|echo|isig)\\b"';

const acts: ReadonlyArray<readonly [act: string, what: string, press?: string]> = [
	['drawing', 'a component throws'],
	['output', "a frame can't be written"],
	['reducer', 'the reducer throws'],
	['poller', 'the poller throws'],
	['key', 'the handler of a key throws', '#'],
	['promise', "a rejection isn't handled"],
	['timer', 'a timer throws'],
];

for (const [act, what, press = ''] of acts) {
	test(`if ${what}, the terminal is restored, and shows one report`, async context => {
		const server = await startScriptedServer(healthy());
		const run = ['sh', '-c', reportExit, 'sh', runner, '--import', sabotage, program] as const;
		const terminal = openTerminal({
			columns: 100,
			rows: 40,
			command: [...run, 'k4q95w5', '--api-url', server.url, '--mouse'],
			env: {BASETEN_API_KEY: key},
		});
		context.after(async () => {
			terminal.close();
			await server.close();
		});
		await terminal.waitFor('12.3/s');
		const response = healthy();
		server.respond = request =>
			isMetrics(request)
				? {json: servedMetrics(request.body, {rate: 45.6}), headers: {'x-sabotage': act}}
				: response(request);
		terminal.press('r');
		if (press !== '') {
			await terminal.waitFor('45.6/s');
			terminal.press(press);
		}

		const screen = (await terminal.waitFor(/^code \d+\n(?:.*\n)*echo$/m)).join('\n');
		assert.equal(terminal.isAlternate(), false);
		assert.match(
			screen,
			/^loops-top: internal error\. Please report it and include the details below:\nError: sabotaged/,
		);
		assert.match(screen, /^ {4}at /m);
		assert.equal(screen.match(/sabotaged/g)?.length, 1, screen);
		assert.match(screen, /^code 1$/m);
		assert.match(screen, /^isig\nicanon\necho$/m);
		const written = terminal.written();
		assert.ok(written.lastIndexOf('\u001b[?25h') > written.lastIndexOf('\u001b[?25l'));
		assert.ok(written.lastIndexOf('\u001b[?1000l') > written.lastIndexOf('\u001b[?1000h'));
		assert.ok(!written.includes(key));
	});
}
