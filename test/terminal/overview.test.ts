import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as later} from 'node:timers/promises';
import {openTerminal, type RealTerminal} from '../helpers/real-terminal.ts';
import {reset, type ScriptedServer, startScriptedServer} from '../helpers/scripted-server.ts';
import {isPrices} from '../helpers/served.ts';
import {createFleet, type Fleet, memberId, memberRate, memberUtilization} from '../helpers/served-fleet.ts';
import {key, sizes} from './rig.ts';

const size = 50;

/**
 * The numbers of four deployments for which requests fail in different ways, of three for which the first response is
 * late, and of one for which the first response specifies a wait.
 */
const failing = [4, 14, 24, 34];
const slow = [5, 15, 25];
const limited = 6;

function troubledFleet(): Fleet {
	const fleet = createFleet(size);
	for (const [index, number] of failing.entries()) {
		fleet.replies.set(number, () => (index === 0 ? reset : {status: 500 + index, json: {message: 'broken'}}));
	}

	for (const number of slow) {
		let asked = 0;
		fleet.replies.set(number, async () => {
			// Only the first response is late.
			await later(asked++ === 0 ? 2500 : 100);
			return undefined;
		});
	}

	let wasLimited = false;
	fleet.replies.set(limited, () => {
		if (wasLimited) {
			return undefined;
		}

		wasLimited = true;
		return {status: 429, json: {message: 'slow down'}, headers: {'retry-after': '2'}};
	});
	return fleet;
}

type Open = {
	readonly fleet: Fleet;
	readonly server: ScriptedServer;
	readonly terminal: RealTerminal;
	readonly startedMs: number;
};

async function open(
	context: {after(run: () => Promise<void>): void},
	{columns, rows}: {readonly columns: number; readonly rows: number},
	args: readonly string[] = ['--all'],
): Promise<Open> {
	const fleet = troubledFleet();
	const server = await startScriptedServer(fleet.respond);
	const startedMs = Date.now();
	const terminal = openTerminal({
		columns,
		rows,
		args: ['--api-url', server.url, ...args],
		env: {BASETEN_API_KEY: key},
	});
	context.after(async () => {
		terminal.close();
		await server.close();
	});
	return {fleet, server, terminal, startedMs};
}

/** Waits for requests about all deployments, two deployments at a time, so that no wait times out on a busy machine. */
async function allRequested(server: ScriptedServer): Promise<void> {
	const seen = (): number => new Set(server.requests.flatMap(({path}) => /ship\d\d/.exec(path)?.[0] ?? [])).size;
	for (let many = 2; many <= size; many += 2) {
		await server.waitForRequest(() => seen() >= many);
	}
}

/** Returns the row of a deployment on the screen, if it is visible. */
function rowOf(rows: readonly string[], number: number): string | undefined {
	return rows.find(row => new RegExp(`[●○×].? +${memberId(number)} `).test(row));
}

/** Selects the deployments in the list one after another, and returns the row of each. */
async function allRows(terminal: RealTerminal): Promise<ReadonlyMap<number, string>> {
	const found = new Map<number, string>();
	terminal.press('g');
	for (let number = 0; number < size; number++) {
		const selected = (rows: readonly string[]): string | undefined =>
			rows.find(row => row.includes(`▸`) && row.includes(memberId(number)));
		const rows = await terminal.waitFor(screen => selected(screen) !== undefined);
		found.set(number, selected(rows) ?? '');
		terminal.press('j');
	}

	return found;
}

/**
 * Asserts that at most four requests are in flight, and that at most ten are sent within a second. On a busy machine,
 * requests can arrive late, but never early, so their number is compared with ten for each second that has begun since
 * the start of the program. A request that is sent again because its kept-alive connection was reset counts twice.
 */
function checkBudget({requests}: ScriptedServer, startedMs: number): void {
	assert.ok(Math.max(...requests.map(({together}) => together)) <= 4);
	for (const [index, {atMs}] of requests.entries()) {
		const most = 10 * (Math.floor((atMs - startedMs) / 1000) + 1);
		assert.ok(index < most, `${index + 1} requests within ${atMs - startedMs} ms`);
	}
}

test('at all sizes, each of 50 deployments has its own values, and no limit is exceeded', async context => {
	const {server, terminal, startedMs} = await open(context, {columns: 160, rows: 45});
	await terminal.waitFor(/50 of 50/);
	await allRequested(server);
	terminal.press('G');
	await terminal.waitFor(screen => /\d%/.test(rowOf(screen, size - 1) ?? ''));
	terminal.press('g');
	await terminal.waitFor(screen => /\d%/.test(rowOf(screen, limited) ?? ''));
	for (const [columns, rows] of sizes) {
		terminal.resize(columns, rows);
		await terminal.waitFor(screen => screen.some(row => row.endsWith('╮') && row.length === columns));
		for (const [number, row] of await allRows(terminal)) {
			const label = `${columns}×${rows}: ${row}`;
			if (failing.includes(number)) {
				assert.match(row, /[●○×]\?/, label);
				assert.doesNotMatch(row, /\d%/, label);
			} else {
				assert.equal(Number(/(\d+)%/.exec(row)?.[1]), memberUtilization(number), label);
				assert.ok(columns < 80 || row.includes(` ${memberRate(number)} `), label);
			}

			for (const other of Array.from({length: size}, (_, index) => index).filter(index => index !== number)) {
				assert.ok(!row.includes(memberId(other)) && !row.includes(` ${memberRate(other)} `), label);
			}
		}
	}

	checkBudget(server, startedMs);
	assert.equal(server.requests.filter(isPrices).length, 1);
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
});

test('enter opens a deployment, esc returns to the unchanged overview, new deployments appear, and ended ones disappear', async context => {
	const {fleet, server, terminal} = await open(context, {columns: 160, rows: 45}, ['--all', '--interval', '2s']);
	await terminal.waitFor(/50 of 50/);
	await allRequested(server);
	terminal.press('/model-4\r');
	const others = [40, 41, 42, 43, 44, 45, 46, 47, 48, 49];
	await terminal.waitFor(screen => others.every(number => /\d%/.test(rowOf(screen, number) ?? '')));
	terminal.press('sssss');
	await terminal.waitFor(/by failed/);
	terminal.press('j');
	const before = await terminal.waitFor(screen => screen.some(row => /▸.*ship41.* 241 /.test(row)));
	terminal.press('\r');
	await terminal.waitFor(/ ship41 /);
	await terminal.waitFor(/ship41-3/);
	assert.doesNotMatch(terminal.screen().join('\n'), /ship(?!41)\d\d/);
	terminal.press('f\u001b');
	await terminal.waitFor(/ship41-3/);
	terminal.press('\u001b');
	const order = (screen: readonly string[]): string =>
		screen.flatMap(row => /▸?[●○×][ !?]? +(ship\d\d)/.exec(row)?.[0].trim() ?? []).join(', ');
	// Rows are drawn one after another.
	await terminal.waitFor(screen => order(screen) === order(before));
	assert.match(terminal.screen().join('\n'), /\/model-4 · 11 of 50 .* by failed/);
	terminal.press('\u001b');
	await terminal.waitFor(/50 of 50/);
	fleet.members = [...fleet.members.slice(1), {number: 60}, {number: 61, status: 'DEPLOYING'}];
	terminal.press('r');
	await terminal.waitFor(/51 of 51/);
	terminal.press('/model-6\r');
	await terminal.waitFor(screen => / 260 /.test(rowOf(screen, 60) ?? ''));
	fleet.members = fleet.members.map(member => (member.number === 60 ? {number: 60, status: 'FAILED'} : member));
	terminal.press('r');
	await terminal.waitFor(screen => /× ?!.*FAILED.*status/.test(rowOf(screen, 60) ?? ''));
});

test('without --all, the overview opens if several deployments are live, and the key a returns to it', async context => {
	const {terminal} = await open(context, {columns: 100, rows: 30}, []);
	await terminal.waitFor(screen => /31%/.test(rowOf(screen, 1) ?? ''));
	terminal.press('\r');
	await terminal.waitFor(/ship00-3/);
	terminal.press('a');
	await terminal.waitFor(/50 of 50/);
	terminal.press('?');
	await terminal.waitFor(/watch the selected deployment/);
	terminal.press('\u001b');
	await terminal.waitFor(/50 of 50/);
	terminal.press('a');
	await terminal.waitFor(/ship00-3/);
});
