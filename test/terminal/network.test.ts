import assert from 'node:assert/strict';
import {test} from 'node:test';
import {faults, silence} from '../helpers/fault-table.ts';
import {openTerminal, type RealTerminal} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {key, startRig} from './rig.ts';

const [down, up] = ['j', 'k'];

/** Keys are answered: the selection goes down and up again. */
async function assertKeysAnswer(terminal: RealTerminal): Promise<void> {
	terminal.press(down);
	await terminal.waitFor('▸loops-trainer-1');
	terminal.press(up);
	await terminal.waitFor('▸loops-trainer-0');
}

/** Several polls fail; the last data stands, the words are there, keys answer, and then it recovers by itself. */
for (const {what, header, says, begin, end} of faults) {
	test(`in the middle of a run ${what}: "${says}", the data stays, keys answer, and it recovers`, async context => {
		const {terminal, server} = await startRig(context, {args: ['-i', '2s'], columns: 120, rows: 24});
		await terminal.waitFor(/RUNNING[\s\S]*12\.3\/s/);
		await begin(server);
		await terminal.waitFor(rows => rows[0]?.includes(header) === true && rows.at(-2)?.includes(says) === true);
		const asked = server.requests.filter(isMetrics).length;
		for (let again = 1; again <= 2; again++) {
			terminal.press('r');
			await (end === undefined
				? server.waitForRequest(isMetrics, server.requests.length)
				: terminal.waitFor(rows => rows[0]?.includes(header) === true));
		}

		await terminal.waitFor(rows => rows[0]?.includes(header) === true && rows.at(-2)?.includes(says) === true);
		assert.ok(terminal.screen().some(row => row.includes('12.3/s')));
		await assertKeysAnswer(terminal);
		// It asks when it is asked to, and else waits ten seconds and more.
		assert.ok(server.requests.filter(isMetrics).length - asked <= 2);
		server.respond = healthy({rate: 45.6});
		await end?.(server);
		terminal.press('r');
		await terminal.waitFor(rows => rows.some(row => row.includes('45.6/s')) && /ok +[\d.]+m?s/.test(rows[0] ?? ''));
		assert.ok(!terminal.written().includes(key));
	});
}

test('while no answer comes at all keys answer, and nothing is asked beside it', async context => {
	const {terminal, server} = await startRig(context, {args: ['-i', '2s']});
	await terminal.waitFor(/RUNNING[\s\S]*12\.3\/s/);
	const {length} = server.requests;
	await silence(server);
	await server.waitForRequest(isMetrics, length);
	await assertKeysAnswer(terminal);
	terminal.press('r');
	await assertKeysAnswer(terminal);
	assert.ok(server.requests.every(({together}) => together === 1));
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
});

test('a redirect is followed to no other host, and the key goes nowhere', async context => {
	const other = await startScriptedServer(healthy());
	context.after(async () => other.close());
	const {terminal, server} = await startRig(context, {args: ['-i', '2s']});
	await terminal.waitFor('12.3/s');
	server.respond = () => ({status: 307, text: '', headers: {location: `${other.url}/v1/loops`}});
	await terminal.waitFor(/307 redirect to 127\.0\.0\.1/);
	assert.equal(other.requests.length, 0);
});

test('at the start a name that has no address is waited for, in words, with keys that answer', async context => {
	const terminal = openTerminal({
		columns: 120,
		rows: 24,
		args: ['k4q95w5', '--api-url', 'https://nothing.invalid'],
		env: {BASETEN_API_KEY: key},
	});
	context.after(() => terminal.close());
	await terminal.waitFor(/nothing\.invalid (has no address|cannot be looked up)/);
	terminal.press('?');
	await terminal.waitFor('▸? Keys');
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	assert.ok(!terminal.written().includes(key));
});

test('a certificate that is not trusted is said to be that, and nothing is sent', async context => {
	const server = await startScriptedServer(healthy(), 'stranger');
	const terminal = openTerminal({
		columns: 120,
		rows: 24,
		args: ['k4q95w5', '--api-url', server.url],
		env: {BASETEN_API_KEY: key},
	});
	context.after(async () => {
		terminal.close();
		await server.close();
	});
	await terminal.waitFor(/has a TLS certificate that is not trusted/);
	assert.equal(server.requests.length, 0);
});
