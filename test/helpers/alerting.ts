import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import process from 'node:process';
import type {TestContext} from 'node:test';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {eventually} from './eventually.ts';
import {type Environment, program, runner} from './real-terminal.ts';
import {startScriptedServer} from './scripted-server.ts';
import {healthy} from './served.ts';
import {temporaryFolder} from './temporary-folder.ts';

/** The API key of the simulated deployment. */
export const alertingKey = 'sk-a-key-that-must-not-be-seen';

/** Calls `find` every 20 ms until it returns a result, because files and servers emit no events. */
export async function until<Value>(find: () => Value | undefined, describe: () => string): Promise<Value> {
	return eventually(
		find,
		listener => {
			const timer = setInterval(listener, 20);
			return () => clearInterval(timer);
		},
		describe,
	);
}

/**
 * Runs the program, without a terminal, on a deployment. `fill` fills or empties the disks. The command runs only for
 * findings of the rule `disk`. It can write files to the folder `$OUT`, and `read` and `lines` return their content.
 */
export async function startAlerting(
	context: TestContext,
	command: string,
	{args: extra = [], env = {}}: {readonly args?: readonly string[]; readonly env?: Environment} = {},
) {
	const server = await startScriptedServer(healthy());
	const home = temporaryFolder();
	const onDisk = `[ "$LOOPS_TOP_RULE" = disk ] || exit 0; ${command}`;
	const args = ['k4q95w5', '--api-url', server.url, '-i', '2', '--on-finding', onDisk, ...extra];
	const child = spawn(runner, [program, ...args], {
		env: {
			PATH: process.env['PATH'],
			HOME: home,
			TZ: 'UTC',
			LANG: 'C.UTF-8',
			BASETEN_API_KEY: alertingKey,
			OUT: home,
			...env,
		},
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	let stderr = '';
	child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
		stderr += chunk;
	});
	context.after(async () => {
		child.kill('SIGKILL');
		await server.close();
	});
	let filled = 'no disk was filled';
	const fill = (diskShare: number): void => {
		const [fullest, limit] = [diskShare + 0.03, defaultThresholds.disk].map(
			share => `${Math.round(share * 1000) / 10}%`,
		);
		filled = `the fullest of four disks is at ${fullest}, and a finding begins at ${limit}`;
		server.respond = healthy({diskShare});
	};
	const read = (name: string): string => {
		const file = path.join(home, name);
		return existsSync(file) ? readFileSync(file, 'utf8') : '';
	};
	const lines = (name: string, count: number): Promise<readonly string[]> =>
		until(
			() => {
				const all = read(name).split('\n').slice(0, -1);
				return all.length >= count ? all : undefined;
			},
			() => `${name} has fewer than ${count} lines: ${read(name)}; ${filled}; stderr: ${stderr}`,
		);
	return {child, home, server, fill, read, lines, stderr: () => stderr};
}

/** Starts a local HTTP server that stores the JSON of each request. */
export async function startReceiver(context: TestContext) {
	const received: Array<{readonly path: string; readonly type: string; readonly body: unknown}> = [];
	const server = createServer((request, response) => {
		let text = '';
		request.setEncoding('utf8').on('data', (chunk: string) => {
			text += chunk;
		});
		request.on('end', () => {
			const body: unknown = JSON.parse(text);
			received.push({path: request.url ?? '', type: request.headers['content-type'] ?? '', body});
			response.end('ok');
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	context.after(() => server.close());
	const {port} = server.address() as AddressInfo;
	return {received, url: `http://127.0.0.1:${port}`};
}
