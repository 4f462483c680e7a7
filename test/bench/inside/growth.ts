/**
 * Measures the growth of costs: the CPU time of a frame for different numbers of cells, and the CPU time of a poll and
 * the memory in use for different numbers of GPUs and points.
 */
import process from 'node:process';
import {emptyHistory} from '../../../source/metrics/history.ts';
import {findWindow, type Window, type WindowName, windows} from '../../../source/metrics/windows.ts';
import {planQuery} from '../../../source/polling/query-range.ts';
import {drawApp} from './drawn-app.tsx';
import {filledStore} from './filled-store.ts';
import {heldBytes} from './held-bytes.ts';
import {beganAtMs, readText, responseText, simulationOf} from './simulated-responses.ts';
import {timeFrame} from './time-frame.ts';

const rounds = Number(process.argv[2]);
const sizes = [
	[80, 24],
	[120, 36],
	[160, 45],
	[200, 60],
	[240, 80],
] as const;
const nodeCounts = [4, 16, 32, 64] as const;
const gpusPerNode = 8;
const windowOf = (name: WindowName): Window => findWindow(name) ?? windows[0];

type Point = readonly [x: number, y: number];

/** Returns the minimum of several runs: the time that a run takes when nothing else slows it down. */
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

function cpuMsOf(act: () => void): number {
	const before = process.threadCpuUsage();
	act();
	const {user, system} = process.threadCpuUsage(before);
	return (user + system) / 1000;
}

/** Returns the CPU time, in milliseconds, of a frame after another node is selected, by the number of cells. */
async function frameGrowth(): Promise<readonly Point[]> {
	const store = filledStore(simulationOf({nodes: 16, gpusPerNode}), windowOf('1h'));
	const points: Point[] = [];
	for (const [columns, rows] of sizes) {
		const {screen, keyboard, close} = drawApp(store, {columns, rows}, 1000);
		const times: number[] = [];
		for (let round = 0; round < 2 * (rounds + 1); round++) {
			const took = await timeFrame(screen, () => keyboard.write(round % 2 === 0 ? 'j' : 'k'));
			times.push(...(took === undefined ? [] : [took.cpuMs]));
		}

		close();
		points.push([columns * rows, least(times)]);
	}

	return points;
}

/** Returns the number of GPUs multiplied by the number of points in a window. */
const pointsOf = (nodes: number, {lengthMs, stepMs}: Window): number => (nodes * gpusPerNode * lengthMs) / stepMs;

/** Returns the CPU time, in milliseconds, of reading a response and adding it to the state, by GPUs × points. */
function pollGrowth(): readonly Point[] {
	return nodeCounts.flatMap(nodes =>
		(['15m', '1h', '24h'] as const).map(name => {
			const window = windowOf(name);
			const simulation = simulationOf({nodes, gpusPerNode});
			const store = filledStore(simulation, window);
			const {query, range} = planQuery(emptyHistory(window), beganAtMs, {withStep: true});
			const text = responseText(simulation, query, beganAtMs);
			const times = Array.from({length: rounds + 1}, () =>
				cpuMsOf(() => {
					const response = readText(text);
					store.dispatch({
						type: 'metricsReceived',
						kind: 'live',
						window: name,
						response,
						range,
						atMs: beganAtMs,
						tookMs: 9,
					});
				}),
			);
			return [pointsOf(nodes, window), least(times)] as const;
		}),
	);
}

/** Returns the bytes that the state stores for a window, by GPUs × points. */
async function memoryGrowth(): Promise<readonly Point[]> {
	const points: Point[] = [];
	const window = windowOf('1h');
	for (const nodes of nodeCounts) {
		const before = await heldBytes();
		const store = filledStore(simulationOf({nodes, gpusPerNode}), window);
		const after = await heldBytes();
		points.push([pointsOf(nodes, window), after - before]);
		store.dispatch({type: 'refreshNow'});
	}

	return points;
}

const frame = await frameGrowth();
process.send?.({frame, poll: pollGrowth(), memory: await memoryGrowth()}, () => process.exit());
