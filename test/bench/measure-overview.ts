import {setTimeout as sleep} from 'node:timers/promises';
import {overviewEveryMs} from '../../source/state/overview.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {createFleet, memberId, memberRate} from '../helpers/served-fleet.ts';
import type {Values} from './measures.ts';
import {openMetered} from './metered-terminal.ts';
import {loopsTop, quitKey} from './programs.ts';
import {median, quantile} from './statistics.ts';

const deployments = 50;
const size = {columns: 160, rows: 45};

/**
 * The time, in milliseconds, after which an hour of data for each deployment is loaded and garbage has been collected.
 */
const settleMs = 30_000;

/**
 * The time within which each deployment is polled once, in milliseconds. All are polled in quick succession, so a
 * measurement over anything but a multiple of this time would include some deployments more often than others.
 */
const roundMs = overviewEveryMs(deployments, 10_000);

/** The number of keypresses for which the time to the frame is measured. */
const presses = 60;

/** Measures the overview of 50 deployments with 4 nodes of 8 GPUs each: without input, and then with keypresses. */
export async function measureOverview(minutes: number): Promise<Values> {
	const server = await startScriptedServer(createFleet(deployments).respond);
	const {command, env} = loopsTop({apiUrl: server.url, deploymentId: '--all', key: 'sk-bench', close: server.close});
	const terminal = openMetered({command, env, ...size});
	const last = size.rows - 10;
	await terminal.when(visible => visible.includes(memberId(last)) && visible.includes(` ${memberRate(last)} `));
	await sleep(settleMs);
	const before = {atMs: terminal.elapsedMs(), ...terminal.usage()};
	await sleep(Math.max(Math.round((minutes * 60_000) / roundMs), 2) * roundMs);
	const {cpuSeconds, residentBytes} = terminal.usage();
	const overviewCpu = ((cpuSeconds - before.cpuSeconds) / (terminal.elapsedMs() - before.atMs)) * 60_000;
	const times: number[] = [];
	for (let press = 0; press < presses; press++) {
		await terminal.quiet(100);
		const beganMs = terminal.elapsedMs();
		terminal.press(press % 2 === 0 ? 'j' : 'k');
		await terminal.quiet(50);
		times.push(terminal.lastAtMs() - beganMs);
	}

	await terminal.close(quitKey);
	await server.close();
	return {
		overviewCpu,
		overviewBytes: residentBytes,
		overviewKeyMs: median(times),
		overviewKeyP95Ms: quantile(times, 0.95),
	};
}
