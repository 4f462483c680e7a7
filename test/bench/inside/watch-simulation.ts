import {mock} from 'node:test';
import type {Client} from '../../../source/api/client.ts';
import {createSimulation} from '../../../source/demo/simulation.ts';
import {defaultWindow} from '../../../source/metrics/windows.ts';
import {poll} from '../../../source/polling/poller.ts';
import {initialState} from '../../../source/state/initial-state.ts';
import {createStore, type Store} from '../../../source/state/store.ts';
import type {Size} from '../../../source/view/layout.ts';
import {turnEventLoop} from '../../helpers/eventually.ts';
import {rejectingClient} from '../../helpers/rejecting-client.ts';
import type {CountingScreen} from './counting-terminal.ts';
import {drawApp} from './drawn-app.tsx';
import {
	beganAtMs,
	checkpointsOf,
	deploymentOf,
	pricesOf,
	readText,
	responseText,
	runOf,
} from './simulated-responses.ts';

/** The program without its network or terminal, watching a simulation with a clock that a test controls. */
export type Watching = {
	readonly screen: CountingScreen;
	readonly store: Store;
	/** The number of requests for metrics. */
	readonly polls: () => number;
	/** The number of requests of all kinds, and the number of steps that the metrics requests covered. */
	readonly requested: () => {readonly requests: number; readonly steps: number};
	/** Advances time, in steps of `tickMs`. */
	readonly pass: (milliseconds: number) => Promise<void>;
	readonly close: () => Promise<void>;
};

/** The maximum frame rate of the program. */
const framesPerSecond = 15;

/** The step by which time advances, in milliseconds; it is shorter than the time between two frames. */
const tickMs = 50;

/**
 * Starts watching 4 nodes with 8 GPUs each. Until `close` is called, `mock.timers` controls `Date`, `setTimeout`, and
 * `setInterval`.
 */
export async function watchSimulation(size: Size, intervalMs: number): Promise<Watching> {
	mock.timers.enable({apis: ['setTimeout', 'setInterval', 'Date'], now: beganAtMs});
	const simulation = createSimulation({
		scenario: 'steady',
		seed: 1,
		startedAtMs: beganAtMs,
		nodes: 4,
		gpusPerNode: 8,
	});
	let polls = 0;
	let others = 0;
	let steps = 0;
	const count = <Value>(value: Value) => {
		others++;
		return {ok: true, value, tookMs: 80} as const;
	};
	const client: Client = {
		...rejectingClient,
		async metrics(_, query) {
			polls++;
			steps += (query.endMs - query.startMs) / (query.stepMs ?? defaultWindow.stepMs);
			const response = readText(responseText(simulation, query, Date.now()));
			// No two consecutive responses take the same time, and the duration is on the screen.
			return {ok: true, value: response, tookMs: 80 + ((polls * 37) % 60)};
		},
		deployment: async () => count(deploymentOf(simulation, Date.now())),
		run: async id => count(runOf(simulation, id, Date.now())),
		checkpoints: async () => count(checkpointsOf(simulation, Date.now())),
		prices: async () => count(pricesOf(simulation)),
	};
	const store = createStore(
		initialState({
			target: {kind: 'deployment', id: 'k4q95w5'},
			host: 'api.baseten.co',
			window: defaultWindow,
			intervalMs,
			nowMs: beganAtMs,
		}),
	);
	const stopping = new AbortController();
	const clock = {now: () => Date.now(), elapsed: () => Date.now() - beganAtMs};
	const renewKey = async (): Promise<void> => undefined;
	const polling = poll({client, store, renewKey, clock, random: () => 0.5}, stopping.signal);
	const {screen, close} = drawApp(store, size, framesPerSecond);
	await turnEventLoop(5);
	return {
		screen,
		store,
		polls: () => polls,
		requested: () => ({requests: polls + others, steps}),
		async pass(milliseconds) {
			for (let passed = 0; passed < milliseconds; passed += tickMs) {
				mock.timers.tick(Math.min(tickMs, milliseconds - passed));
				await turnEventLoop(5);
			}
		},
		async close() {
			close();
			stopping.abort();
			await polling;
			mock.timers.reset();
		},
	};
}
