import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import type {Failure} from '../../source/api/failure.ts';
import {maxResponseBytes} from '../../source/api/read-body.ts';
import {describeFailure, nameFailure} from '../../source/text/failure-text.ts';
import {breakableNamesOf} from '../helpers/breakable-names.ts';
import {type Fault, faults, type Place, repair} from '../helpers/fault-table.ts';
import {folderText} from '../helpers/folder-text.ts';
import {openTerminal, type RealTerminal} from '../helpers/real-terminal.ts';
import {hang} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {type Route, startTestNetwork, type TestNetwork} from '../helpers/test-network.ts';
import {trustedFile} from '../helpers/tls-files.ts';
import {key} from './rig.ts';

/** The failures to test on a real screen, some of each kind. All failures are tested with the client and the poller. */
const walked: readonly string[] = [
	'the connection is reset while the request is sent',
	"the hostname can't be resolved, for example because there is no network connection",
	"the certificate isn't trusted",
	'a compressed response is cut off',
	'the response never ends',
	'the response is HTML',
	'the API redirects to another host (307)',
	'the key expires, and the server echoes it (401)',
	'too many requests (429), with the wait time in the body',
	'the proxy refuses connections',
	'the proxy requires a password (407)',
	"the proxy connects to a server whose certificate isn't trusted",
];

/**
 * The failure that can't be tested if the program is an executable, or an empty string if it isn't one. No module can
 * be loaded before an executable, so name resolution can't be broken.
 */
const withoutNames =
	process.env['LOOPS_TOP_RUNNER'] === undefined
		? ''
		: "the hostname can't be resolved, for example because there is no network connection";

test('every failure that is shown on a real screen is in the table of failures', () => {
	const known = new Set(faults.map(({what}) => what));
	assert.deepEqual(
		walked.filter(what => !known.has(what)),
		[],
	);
});

type Run = {
	readonly network: TestNetwork;
	readonly place: Place;
	readonly terminal: RealTerminal;
	readonly home: string;
};

/** Starts the program, which records every response. By default, the program polls once an hour. */
async function startRun(context: TestContext, way: Route, args: readonly string[] = ['-i', '1h']): Promise<Run> {
	const home = temporaryFolder();
	const names = breakableNamesOf(home);
	const network = await startTestNetwork(way, names);
	const {apiUrl, proxy, elsewhere} = network;
	const terminal = openTerminal({
		columns: 160,
		rows: 24,
		args: [
			'k4q95w5',
			'--api-url',
			apiUrl.href,
			'--record',
			`${home}/run.jsonl`,
			'--debug',
			`${home}/debug.log`,
			...args,
		],
		env: {
			...names.env,
			BASETEN_API_KEY: key,
			HOME: home,
			NODE_EXTRA_CA_CERTS: trustedFile,
			...(way === 'proxy' ? {HTTPS_PROXY: proxy.url.href} : {}),
		},
	});
	context.after(async () => {
		terminal.close();
		await network.close();
	});
	await terminal.waitFor(/RUNNING[\s\S]*12\.3\/s/);
	const place = {
		host: apiUrl.host,
		proxyHost: proxy.url.host,
		elsewhere: new URL(elsewhere.url).host,
		timeoutMs: 30_000,
		limitBytes: maxResponseBytes,
	};
	return {network, place, terminal, home};
}

/**
 * Returns the number of milliseconds from a time until the next attempt, which the header shows to the second; NaN if
 * it shows none.
 */
function againInMs(rows: readonly string[], fromMs: number): number {
	const [, time] = /retry (\d\d:\d\d:\d\d)/.exec(rows[0] ?? '') ?? [];
	const dayMs = 86_400_000;
	const midnightMs = Math.floor(fromMs / dayMs) * dayMs;
	return time === undefined
		? Number.NaN
		: (midnightMs + Date.parse(`1970-01-01T${time}Z`) - fromMs + 2 * dayMs) % dayMs;
}

/** Returns the minimum and maximum wait after the `count`th failure in a row, in milliseconds. */
function waitMs(fault: Fault, place: Place, count: number): readonly [least: number, most: number] {
	const failure = fault.failure(place);
	const namedMs = failure.kind === 'status' ? failure.retryAfterMs : undefined;
	const delayMs = 10_000 * 2 ** (count - 1);
	return namedMs === undefined ? [delayMs * 0.9, delayMs * 1.1] : [namedMs, namedMs * 1.1];
}

async function assertKeysAnswer(terminal: RealTerminal): Promise<void> {
	terminal.press('j');
	await terminal.waitFor('▸loops-trainer-1');
	terminal.press('k');
	await terminal.waitFor('▸loops-trainer-0');
}

/** Returns whether a row shows a failure. Any maximum response size matches, because it depends on the request. */
function says(row: string, failure: Failure): boolean {
	const anyLimit = (text: string): string => text.replace(/\d+ MiB/, 'N MiB');
	const whose = failure.kind === 'status' ? 'API: ' : '';
	return anyLimit(row).includes(` × ${whose}${anyLimit(describeFailure(failure))}, since `);
}

/** Refreshes, and waits for the screen to show the `count`th failure in a row. */
async function assertShown({terminal, place, network}: Run, fault: Fault, count: number): Promise<void> {
	const failure = fault.failure(place);
	const {length} = network.server.requests;
	const [minMs, maxMs] = waitMs(fault, place, count);
	const pressedAtMs = Date.now();
	terminal.press('r');
	if (fault.requests > 0) {
		await network.server.waitForRequest(isMetrics, length);
	}

	const rows = await terminal.waitFor(
		screen =>
			screen[0]?.includes(`× ${nameFailure(failure)} · retry `) === true &&
			says(screen.at(-2) ?? '', failure) &&
			againInMs(screen, pressedAtMs) >= minMs - 2000,
	);
	const tookMs = Date.now() - pressedAtMs;
	assert.ok(againInMs(rows, pressedAtMs) <= maxMs + tookMs, `${rows[0]}, at most ${maxMs} ms after ${pressedAtMs}`);
}

async function assertFaultIsBorne(run: Run, fault: Fault, before: string, after: number): Promise<void> {
	const {network, terminal} = run;
	const {length: seenBefore} = network.server.requests;
	const startedAtMs = Date.now();
	const presses = 2;
	await fault.begin(network);
	try {
		for (let count = 1; count <= presses; count++) {
			// A request on a kept-alive connection can be sent a second time, on any route. Other tests cover that.
			network.server.dropConnections();
			await assertShown(run, fault, count);
		}

		assert.ok(
			terminal.screen().some(row => row.includes(before)),
			'the last data is no longer shown',
		);
		await assertKeysAnswer(terminal);
		// On a slow machine, the program can also poll on its own, nine seconds after a failure or later.
		const byItself = Math.floor((Date.now() - startedAtMs) / 9000);
		const {requests} = fault;
		const asked = network.server.requests.slice(seenBefore).filter(isMetrics);
		const polls = requests === 0 ? 0 : asked.filter(({repeatable}) => !repeatable()).length / requests;
		assert.ok(polls <= presses + byItself, `${polls} polls`);
	} finally {
		// This also runs after a failed assertion, so that the next test doesn't see the failures of this one.
		await repair(fault, network, healthy({rate: after}));
		terminal.press('r');
	}

	await terminal.waitFor(rows => rows.some(row => row.includes(`${after}.0/s`)) && /ok +[\d.]+m?s/.test(rows[0] ?? ''));
}

/**
 * Asserts that the key isn't on the screen, on standard error, or in a file, and that neither the proxy nor another
 * host received it.
 */
function assertKeyIsNowhere({terminal, home, network}: Run): void {
	const files = folderText(home);
	assert.ok(['run.jsonl', 'debug.log'].every(name => files.includes(name)));
	assert.ok(!files.includes(key));
	assert.ok(!terminal.written().includes(key));
	assert.ok(!network.proxy.passed().includes(key));
	assert.equal(network.elsewhere.requests.length, 0);
}

describe('the network', {concurrency: true}, () => {
	for (const way of ['direct', 'proxy'] as const) {
		test(`a single run of the program recovers from one failure after another (route: ${way})`, async context => {
			const run = await startRun(context, way);
			let shown = '12.3/s';
			const seen = faults.filter(({way: its, what}) => its === way && walked.includes(what) && what !== withoutNames);
			for (const [index, fault] of seen.entries()) {
				const rate = 20 + index;
				await context.test(
					`${fault.what}: the data stays, a message is shown, keys work, and polling recovers`,
					async () => assertFaultIsBorne(run, fault, shown, rate),
				);
				shown = `${rate}.0/s`;
			}

			assertKeyIsNowhere(run);
			// In one of the failures of the direct route, the server echoes the key, which the program redacts.
			assert.equal(run.terminal.written().includes('[redacted]'), way === 'direct');
			run.terminal.press('q');
			assert.equal((await run.terminal.exit).exitCode, 0);
		});
	}

	test('while a response is pending, keys work, and no other request is made', async context => {
		const {network, terminal} = await startRun(context, 'direct');
		network.server.respond = request => (isMetrics(request) ? hang : healthy()(request));
		const {length} = network.server.requests;
		terminal.press('r');
		await network.server.waitForRequest(isMetrics, length);
		await assertKeysAnswer(terminal);
		terminal.press('r');
		await assertKeysAnswer(terminal);
		assert.ok(network.server.requests.every(({together}) => together === 1));
		terminal.press('q');
		assert.equal((await terminal.exit).exitCode, 0);
		assert.ok(!terminal.written().includes(key));
	});

	test("at startup, if the hostname can't be resolved, a message is shown, and keys work", async context => {
		const terminal = openTerminal({
			columns: 120,
			rows: 24,
			args: ['k4q95w5', '--api-url', 'https://nothing.invalid'],
			env: {BASETEN_API_KEY: key},
		});
		context.after(() => terminal.close());
		await terminal.waitFor(/nothing\.invalid can't be resolved/);
		terminal.press('?');
		await terminal.waitFor('▸? Keys');
		terminal.press('?q');
		assert.equal((await terminal.exit).exitCode, 0);
		assert.ok(!terminal.written().includes(key));
	});
});
