import assert from 'node:assert/strict';
import {appendFileSync, existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {
	type Environment,
	openTerminal,
	program,
	type RealTerminal,
	runner,
	runProgram,
} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {temporaryFile, temporaryFolder} from '../helpers/temporary-folder.ts';
import {key} from './rig.ts';

/** Starts the program from a shell in a terminal, with these redirections. */
function openWith(
	context: TestContext,
	args: readonly string[],
	redirected: string,
	env: Environment = {},
): RealTerminal {
	const home = temporaryFolder();
	const terminal = openTerminal({
		columns: 80,
		rows: 24,
		command: ['/bin/sh', '-c', `"$@" ${redirected}; echo "ended with $?"`, 'sh', runner, program, ...args],
		env: {HOME: home, BASETEN_API_KEY: key, OUT: home, ...env},
	});
	context.after(() => terminal.close());
	return terminal;
}

/** Starts a server that doesn't respond to requests for metrics until `release` is called. */
async function startSlowServer(context: TestContext) {
	let release = (): void => undefined;
	const released = new Promise<void>(resolve => {
		release = resolve;
	});
	const usual = healthy();
	const server = await startScriptedServer(async request => {
		if (request.path.endsWith('/metrics')) {
			await released;
		}

		return usual(request);
	});
	context.after(() => server.close());
	return {server, release};
}

test('an export shows progress on standard error after a second, and clears it at the end', async context => {
	const {server, release} = await startSlowServer(context);
	const out = temporaryFile('day.csv');
	const args = ['k4q95w5', '--api-url', server.url, '-o', 'csv', '-w', '24h'];
	const terminal = openWith(context, args, `> '${out}'`);
	await terminal.waitFor(/loops-top: loading k4q95w5: 1 response, [1-9]\d*s/);
	release();
	await terminal.waitFor(/ended with 0/);
	assert.deepEqual(
		terminal.screen().filter(row => row !== ''),
		['ended with 0'],
	);
	assert.match(readFileSync(out, 'utf8'), /^time,component,.*\r\n\d{4}-/);
});

test('progress is cleared before the output on the same terminal, and by ctrl-c', async context => {
	const {server, release} = await startSlowServer(context);
	const args = ['k4q95w5', '--api-url', server.url, '-o', 'text'];
	const shown = openWith(context, args, '');
	await shown.waitFor(/loading k4q95w5/);
	release();
	await shown.waitFor(/ended with 0/);
	assert.ok(shown.screen().every(row => !row.includes('loading')));
	assert.match(shown.written(), /latency p50/);

	const {server: slow} = await startSlowServer(context);
	const stopped = openWith(context, ['k4q95w5', '--api-url', slow.url, '-o', 'csv'], '');
	await stopped.waitFor(/loading k4q95w5/);
	stopped.press('\u0003');
	await stopped.exit;
	assert.ok(
		stopped.screen().every(row => !row.includes('loading')),
		stopped.screen().join('\n'),
	);
});

test('if standard error is a file or a dumb terminal, no progress is written', async context => {
	const {server, release} = await startSlowServer(context);
	const folder = temporaryFolder();
	const args = ['k4q95w5', '--api-url', server.url, '-o', 'csv'];
	const files = ['out', 'err'].map(name => path.join(folder, name));
	const silent = openWith(context, args, `> '${files[0]}' 2> '${files[1]}'`);
	const plain = openWith(context, args, '> /dev/null', {TERM: 'dumb'});
	const loud = openWith(context, args, '> /dev/null');
	await loud.waitFor(/loading k4q95w5/);
	release();
	await silent.waitFor(/ended with 0/);
	await plain.waitFor(/ended with 0/);
	assert.equal(readFileSync(files[1] ?? '', 'utf8'), '');
	assert.ok(!plain.written().includes('loading'), plain.written());
});

test('the progress of reading a large recording is shown as a percentage, and cleared by ctrl-c', async context => {
	const folder = temporaryFolder();
	const file = path.join(folder, 'night.jsonl');
	const {exitCode} = await runProgram(['--demo', 'fleet', '-o', 'json', '--record', file]);
	assert.equal(exitCode, 0);
	const once = readFileSync(file);
	for (let size = once.length; size < 120_000_000; size += once.length) {
		appendFileSync(file, once);
	}

	const out = path.join(folder, 'out.csv');
	const terminal = openWith(context, ['--replay', file, '-o', 'csv', '--from', '+0'], `> '${out}'`);
	await terminal.waitFor(/loops-top: reading night\.jsonl: \d+%, [1-9]\d*s/);
	terminal.press('\u0003');
	await terminal.exit;
	assert.ok(existsSync(out));
	assert.ok(
		terminal.screen().every(row => !row.includes('reading')),
		terminal.screen().join('\n'),
	);
});
