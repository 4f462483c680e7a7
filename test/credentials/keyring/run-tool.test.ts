import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createRunTool, createSystemKeyring} from '../../../source/credentials/keyring.ts';

const {signal} = new AbortController();
const run = createRunTool({PATH: process.env['PATH'], MARK: 'from the environment'});

/** Runs Node.js with a program given as text. */
async function runNode(program: string, runTool = run, stop = signal) {
	return runTool(process.execPath, ['-e', program], stop);
}

test('a tool runs until it exits, and its output and exit code are returned', async () => {
	const ended = await runNode('console.error(process.env.MARK); process.stdout.write("é"); process.exitCode = 3');
	assert.deepEqual(ended, {kind: 'ended', exitCode: 3, stdout: 'é', stderr: 'from the environment\n'});
});

test('a tool receives no key in its environment, under any name', async () => {
	const key = 'KeyMarker.0123456789abcdef';
	const runTool = createRunTool({
		PATH: process.env['PATH'],
		BASETEN_API_KEY: ` ${key}`,
		BASETEN_TRUSS_AUTH_API_KEY: 'KeyMarker.another',
		HEADER: `Authorization: Bearer ${key}`,
		MARK: 'stays',
	});
	const ended = await runNode('console.log(JSON.stringify(process.env))', runTool);
	const stdout = ended.kind === 'ended' ? ended.stdout : '';
	assert.ok(!/marker/i.test(stdout), stdout);
	assert.match(stdout, /"MARK":"stays"/);
});

test('the input of a tool is empty', async () => {
	const ended = await runNode('process.stdin.on("end", () => console.log("end")).resume()');
	assert.equal(ended.kind === 'ended' && ended.stdout, 'end\n');
});

test("a tool that doesn't exist is reported as missing", async () => {
	assert.deepEqual(await run('loops-top-has-no-such-tool', [], signal), {kind: 'missing'});
});

test("a tool that isn't executable is reported as failed", async () => {
	assert.deepEqual(await run(import.meta.dirname, [], signal), {kind: 'failed', code: 'EACCES'});
});

test('a tool with too much output is reported as failed', async () => {
	const ended = await runNode('process.stdout.write("x".repeat(2 ** 21))');
	assert.deepEqual(ended, {kind: 'failed', code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER'});
});

test('a tool that runs longer than the time limit is terminated', async () => {
	const impatient = createRunTool({}, 50);
	assert.deepEqual(await runNode('setInterval(() => {}, 1000)', impatient), {kind: 'timedOut'});
});

test('a tool that is no longer needed is terminated', async () => {
	const stopping = new AbortController();
	const ended = runNode('setInterval(() => {}, 1000)', run, stopping.signal);
	stopping.abort(new Error('the user left'));
	await assert.rejects(ended, /the user left/);
	await assert.rejects(runNode('', run, stopping.signal), /the user left/);
});

test("on Windows, the keyring isn't read, and this is reported", async () => {
	const response = await createSystemKeyring('win32', {})({service: 'baseten-profile', account: 'work'}, signal);
	assert.deepEqual(response, {kind: 'refused', reason: "loops-top can't read on Windows"});
});
