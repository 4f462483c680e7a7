/**
 * Runs the built program for many simulated hours in a real terminal, on the simulated deployments of `--demo outage`,
 * with keystrokes, resizes, failures, logs, and the overview: `npm run soak -- [HOURS]`, 24 by default. Prints the
 * memory use after each hour, and the ratio of the private memory after the last hour to that after hour 2. Exits with
 * code 1 if the ratio is more than 1.05, or if the program fails or ends early.
 */
import {appendFileSync, readFileSync} from 'node:fs';
import http from 'node:http';
import {createRequire} from 'node:module';
import path from 'node:path';
import process from 'node:process';
import * as pty from '@lydell/node-pty';
import {program} from '../helpers/real-terminal.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';
import {beginVirtualTime} from './virtual-time.ts';

const [hours = '24', report] = process.argv.slice(2);
const maxGrowth = 1.05;
const minuteMs = 60_000;

/**
 * The keys, which are pressed in turn: for moves, windows, the comparison, the cursor, earlier ranges, panes, sorting,
 * the filter, findings, help, pauses, logs of both components, the heat map, the overview, and the sampler.
 */
const keys: readonly string[] = [
	...'j k \t + - - b c \u001b[D \u001b[D \u001b \u001b[D \u001b[C = 4 f m j \r j \r m f s S /gpu<50\r j /\u0015\r'.split(
		' ',
	),
	...'n j \r \u001b = ? \u001b[6~ ? p p v r l j k L L l 5 f \r \r f < > G g ] [ 1 f f a j j \u001b 2 3 t l l r t ='.split(
		' ',
	),
];

const sizes: ReadonlyArray<readonly [columns: number, rows: number]> = [
	[160, 45],
	[80, 24],
	[40, 45],
	[30, 10],
	[100, 30],
	[240, 60],
];

/** The number of requests so far, the bytes of memory that aren't backed by files, and the bytes used in V8's heap. */
type Look = {
	readonly hour: number;
	readonly requests: number;
	readonly privateBytes: number;
	readonly heapBytes: number;
};

function lookAt(hour: number): Look {
	// This also releases the data that V8 caches for speed, such as compiled code.
	globalThis.gc?.({type: 'major', execution: 'sync', flavor: 'last-resort'});
	const status = readFileSync('/proc/self/status', 'utf8');
	const privateBytes = Number(/^RssAnon:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
	return {hour, requests, privateBytes, heapBytes: process.memoryUsage().heapUsed};
}

/**
 * The real time within which a request gets its response, if it gets one at all, in milliseconds. The virtual clock
 * stands still until then.
 */
const longestRequestMs = 1000;

let requests = 0;

/** Starts counting requests. Returns a function that returns whether any of them can still get a response. */
function watchRequests(): () => boolean {
	const sentMs = new Map<http.ClientRequest, bigint>();
	const {request} = http;
	const counted = (...args: Parameters<typeof request>): http.ClientRequest => {
		const sent = Reflect.apply(request, http, args);
		requests++;
		sentMs.set(sent, process.hrtime.bigint());
		sent.once('close', () => sentMs.delete(sent));
		return sent;
	};
	// The program loads the module with `require`, and therefore calls this function.
	Object.assign(createRequire(import.meta.url)('node:http'), {request: counted});
	return () => {
		const nowNs = process.hrtime.bigint();
		return [...sentMs.values()].some(sinceNs => nowNs - sinceNs < BigInt(longestRequestMs) * 1_000_000n);
	};
}

/** Runs the program in this process, with a clock that advances as fast as events can be processed. */
async function runInside(file: string): Promise<void> {
	const time = beginVirtualTime(Date.UTC(2026, 10, 23, 9, 5, 42), watchRequests());
	process.argv = [process.execPath, program, '--demo', 'outage'];
	void import(program);
	await time.pass(minuteMs);
	const turns = Number(hours) * 360;
	for (let turn = 1; turn <= turns; turn++) {
		await time.pass(5000);
		process.stdin.push(Buffer.from(keys[turn % keys.length] ?? ''));
		if (turn % 5 === 0) {
			const [columns, rows] = sizes[(turn / 5) % sizes.length] ?? [];
			Object.assign(process.stdout, {columns, rows});
			process.stdout.emit('resize');
		}

		await time.pass(5000);
		if (turn % 360 === 0) {
			appendFileSync(file, `${JSON.stringify(lookAt(turn / 360))}\n`);
		}
	}

	process.exit();
}

/** Runs this file in a terminal, where it calls `runInside`, and prints the measurements. */
async function runInTerminal(): Promise<void> {
	const file = temporaryFile('report');
	const args = ['--expose-gc', '--import=tsx', import.meta.filename, hours, file];
	const env = {
		PATH: process.env['PATH'] ?? '',
		HOME: path.dirname(file),
		TERM: 'xterm-256color',
		LANG: 'C.UTF-8',
		TZ: 'UTC',
	};
	const child = pty.spawn(process.execPath, args, {cols: 160, rows: 45, env});
	let last = '';
	child.onData(data => {
		last = (last + data).slice(-2000);
	});
	const [{exitCode}] = await new Promise<[{exitCode: number}]>(resolve => child.onExit(exit => resolve([exit])));
	const seen = readFileSync(file, 'utf8')
		.trim()
		.split('\n')
		.map((line): Look => JSON.parse(line));
	for (const {hour, requests: sent, privateBytes, heapBytes} of seen) {
		process.stdout.write(
			`hour ${hour}: ${sent} requests, ${(privateBytes / 1e6).toFixed(1)} MB private, ${(heapBytes / 1e6).toFixed(2)} MB of it in the heap\n`,
		);
	}

	const growth =
		(seen.at(-1)?.privateBytes ?? Number.NaN) / (seen[Math.min(1, seen.length - 1)]?.privateBytes ?? Number.NaN);
	process.stdout.write(`${growth.toFixed(3)} × the private memory of hour 2\n`);
	if (exitCode !== 0 || seen.length < Number(hours)) {
		process.stderr.write(`the program ended with exit code ${exitCode} after hour ${seen.length}: ${last}\n`);
	}

	process.exitCode = exitCode === 0 && seen.length >= Number(hours) && growth <= maxGrowth ? 0 : 1;
}

await (report === undefined ? runInTerminal() : runInside(report));
