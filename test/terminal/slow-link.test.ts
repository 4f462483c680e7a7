import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {setTimeout} from 'node:timers/promises';
import {openTerminal, program, type RealTerminal} from '../helpers/real-terminal.ts';
import {type Respond, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {key} from './rig.ts';

/** The speed of a bad mobile network, or of a serial line at 80,000 baud. */
const bytesPerSecond = 8000;

/** The size of the screen. A completely new frame takes about a second, or longer on a busy machine. */
const size = {columns: 160, rows: 45};
const twoFrames = 17_000;

async function startOnSlowLink(context: TestContext, respond: Respond): Promise<RealTerminal> {
	const server = await startScriptedServer(respond);
	const terminal = openTerminal({
		...size,
		bytesPerSecond,
		command: [
			...([
				'sh',
				'-c',
				'trap : TERM; "$@"; echo "code $?"; sleep 1; echo done',
				'sh',
				process.execPath,
				program,
			] as const),
			...['k4q95w5', '--api-url', server.url, '-i', '2s'],
		],
		env: {BASETEN_API_KEY: key},
	});
	context.after(async () => {
		terminal.close();
		await server.close();
	});
	return terminal;
}

/**
 * Presses keys for two seconds, at the rate at which a keyboard repeats a key. Each keypress shows another window, and
 * therefore a new screen.
 */
async function holdKeys(terminal: RealTerminal): Promise<void> {
	for (let times = 0; times < 50; times++) {
		terminal.press(times % 2 === 0 ? '-' : '+');
		await setTimeout(40);
	}
}

/**
 * Asserts that the shell receives no input: after the program ends, the screen shows only the program's message or the
 * shell's message about the signal, if there is one, and the exit code.
 */
async function assertNothingTyped(terminal: RealTerminal, code: number): Promise<void> {
	const screen = await terminal.waitFor(/^done$/m);
	assert.match(screen.join('\n'), new RegExp(`^(loops-top: .*\\n.*\\n|Terminated\\n)?code ${code}\\ndone\\n*$`));
}

/**
 * Presses a key, and returns the number of bytes that are sent over the link until the screen matches a pattern. Unlike
 * a time, this number doesn't depend on the load of the machine.
 */
async function bytesUntil(terminal: RealTerminal, key: string, wanted: RegExp): Promise<number> {
	const before = terminal.written().length;
	terminal.press(key);
	await terminal.waitFor(wanted);
	return Buffer.byteLength(terminal.written().slice(before));
}

test('on a slow link, a keypress takes effect within two frames, regardless of earlier keypresses', async context => {
	const terminal = await startOnSlowLink(context, healthy({nodes: 16}));
	await terminal.waitFor('16 of 16 reporting');
	await holdKeys(terminal);
	const bytes = await bytesUntil(terminal, 'j', /▸loops-trainer-1 /);
	assert.ok(bytes < twoFrames, `${bytes} bytes were sent.`);
});

test('on a slow link, q quits within two frames, and no input is left for the shell', async context => {
	const terminal = await startOnSlowLink(context, healthy({nodes: 16}));
	await terminal.waitFor('16 of 16 reporting');
	await holdKeys(terminal);
	const bytes = await bytesUntil(terminal, 'q', /^code 0$/m);
	assert.ok(bytes < twoFrames, `${bytes} bytes were sent.`);
	await assertNothingTyped(terminal, 0);
});

test('on a slow link, a rejection at startup leaves no terminal response in the shell', async context => {
	const terminal = await startOnSlowLink(context, () => ({status: 401, json: {message: 'no'}}));
	await assertNothingTyped(terminal, 3);
});

test('on a slow link, SIGTERM leaves no terminal response in the shell', async context => {
	const terminal = await startOnSlowLink(context, healthy({nodes: 16}));
	await terminal.waitFor('16 of 16 reporting');
	await holdKeys(terminal);
	terminal.killAll('SIGTERM');
	await assertNothingTyped(terminal, 143);
});
