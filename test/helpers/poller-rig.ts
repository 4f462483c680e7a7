import {mock, type TestContext} from 'node:test';
import type {Client, MetricsQuery} from '../../source/api/client.ts';
import type {Deployment} from '../../source/api/deployment.ts';
import type {Result} from '../../source/api/failure.ts';
import type {LogsResponse} from '../../source/api/logs.ts';
import type {MetricsResponse} from '../../source/api/metrics-response.ts';
import type {Run} from '../../source/api/run.ts';
import {noExtras} from '../../source/api/sampler-extras.ts';
import type {Target} from '../../source/api/target.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {type PollerOptions, poll} from '../../source/polling/poller.ts';
import type {FatalReason} from '../../source/polling/polling-context.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {createStore, type Store} from '../../source/state/store.ts';
import {deploymentOf} from './deployments.ts';
import {flushPromises} from './eventually.ts';
import {rejectingClient} from './rejecting-client.ts';
import {responseOf, servedPoints} from './responses.ts';

const theDeployment: Target = {kind: 'deployment', id: 'k4q95w5'};
/** The start time of each rig. */
export const nine = Date.UTC(2026, 10, 23, 9, 0, 12);
/** The watched deployment, unless the test overrides it. */
export const deployment = deploymentOf({baseModel: 'm', status: 'RUNNING', nodeCount: 1});

/** A request for metrics, with its time after the start, in milliseconds. */
export type Asked = {readonly query: MetricsQuery; readonly atMs: number; readonly aborted: () => boolean};

/** A poller with a client whose responses the test specifies, and with a clock that the test controls. */
export type Rig = {
	readonly store: Store;
	readonly asked: readonly Asked[];
	/** The subjects of side requests: the sampler and its extras, the run, its checkpoints, deployments, and prices. */
	readonly sides: readonly string[];
	readonly described: () => number;
	readonly renewed: () => number;
	/**
	 * The reported result of each poll, followed by the deployment's status and the kind of the trainer's link, both as
	 * they were in the store at that time.
	 */
	readonly rounds: readonly string[];
	readonly ended: Promise<FatalReason | undefined>;
	metrics: (query: MetricsQuery) => Promise<Result<MetricsResponse>>;
	deployment: () => Promise<Result<Deployment>>;
	deployments: () => Promise<Result<readonly Deployment[]>>;
	logs: () => Promise<Result<LogsResponse>>;
	run: () => Promise<Result<Run>>;
	renewKey: (signal: AbortSignal) => Promise<void>;
	/** Sets how far the local clock is ahead, or behind if negative; the elapsed time isn't affected. */
	setClock(offsetMs: number): void;
	/** Advances time in steps, and fires the due timers after each step. */
	pass(milliseconds: number, stepMs?: number): Promise<void>;
	stop(): Promise<void>;
};

export function ok<Value>(value: Value): Result<Value> {
	return {ok: true, value, tookMs: 5};
}

/** Returns a failure with a status and with the wait that the server specified, if any. */
export function status(code: number, retryAfterMs?: number): Result<never> {
	return {ok: false, failure: {kind: 'status', status: code, message: '', retryAfterMs}, tookMs: 5};
}

/** Returns a response with one point at this time. */
export function responseAt(timeMs: number): Result<MetricsResponse> {
	return ok(responseOf({inference_volume: servedPoints([timeMs, 1]), per_node_metrics: []}));
}

async function unlessAborted<Value>(response: Promise<Value>, signal: AbortSignal): Promise<Value> {
	const aborted = new Promise<never>((_, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason));
	});
	return Promise.race([response, aborted]);
}

/** Returns a promise for a response that never arrives. */
export async function never(): Promise<never> {
	return new Promise(() => undefined);
}

/** Starts a poller with a clock that advances only when `pass` is called. */
export function createRig(context: TestContext, intervalMs = 10_000, target: Target = theDeployment): Rig {
	mock.timers.enable({apis: ['setTimeout', 'Date'], now: nine});
	const store = createStore(
		initialState({
			target,
			host: 'host',
			window: defaultWindow,
			intervalMs,
			nowMs: nine,
		}),
	);
	const asked: Asked[] = [];
	const sides: string[] = [];
	let described = 0;
	let renewed = 0;
	const stopping = new AbortController();
	const client: Client = {
		...rejectingClient,
		async metrics(_, query, signal) {
			asked.push({query, atMs: Date.now() - nine, aborted: () => signal.aborted});
			return unlessAborted(rig.metrics(query), signal);
		},
		async deployment(_, signal) {
			described++;
			return unlessAborted(rig.deployment(), signal);
		},
		async samplerMetrics() {
			sides.push('sampler');
			return responseAt(Date.now());
		},
		async samplerExtras() {
			sides.push('samplerExtras');
			return ok({extras: noExtras, problems: []});
		},
		async deployments(_, signal) {
			sides.push('deployments');
			return unlessAborted(rig.deployments(), signal);
		},
		logs: async (_, _query, signal) => unlessAborted(rig.logs(), signal),
		async run() {
			sides.push('run');
			return rig.run();
		},
		async checkpoints() {
			sides.push('checkpoints');
			return ok({list: [], unreadable: 0});
		},
		async prices() {
			sides.push('prices');
			return ok(new Map());
		},
		runs: async () => status(404),
	};
	let offsetMs = 0;
	const clock = {now: () => Date.now() + offsetMs, elapsed: () => Date.now()};
	const rounds: string[] = [];
	const options: PollerOptions = {
		client,
		store,
		async renewKey(signal) {
			renewed++;
			await rig.renewKey(signal);
		},
		clock,
		random: () => 0.5,
		onPollResult(round) {
			const {deployment: described, links} = store.getState().live;
			rounds.push(
				`${'window' in round ? round.window : round.failure.kind} ${described?.status ?? '-'} ${links.trainer.kind}`,
			);
		},
	};
	const rig: Rig = {
		store,
		asked,
		sides,
		described: () => described,
		renewed: () => renewed,
		rounds,
		metrics: async () => responseAt(Date.now()),
		deployment: async () => ok(deployment),
		deployments: async () => ok([]),
		logs: async () => ok({lines: [], received: 0, dropped: 0}),
		run: async () => status(404),
		renewKey: async () => undefined,
		ended: Promise.resolve().then(async () => poll(options, stopping.signal)),
		setClock(offset) {
			offsetMs = offset;
		},
		async pass(milliseconds, stepMs = 50) {
			await flushPromises();
			for (let passed = 0; passed < milliseconds; passed += stepMs) {
				mock.timers.tick(Math.min(stepMs, milliseconds - passed));
				await flushPromises();
			}
		},
		async stop() {
			stopping.abort();
			await rig.ended;
		},
	};
	context.after(async () => {
		await rig.stop();
		mock.timers.reset();
	});
	return rig;
}

/** Returns the times of the requests for metrics, in milliseconds after the start. */
export const times = ({asked}: Rig): readonly number[] => asked.map(({atMs}) => atMs);
