import {writeFileSync} from 'node:fs';
import {mock, type TestContext} from 'node:test';
import * as z from 'zod';
import {createClient} from '../../source/api/client.ts';
import type {Failure, Result} from '../../source/api/failure.ts';
import type {ApiRequest, Transport} from '../../source/api/http.ts';
import {recordingTransport} from '../../source/app/session.ts';
import {deploymentBody, metricsBody} from '../../source/demo/bodies.ts';
import {logsReply, samplerLogs, samplerReply, trainerLogs} from '../../source/demo/routes.ts';
import type {ScenarioName} from '../../source/demo/scenarios.ts';
import {createSimulation} from '../../source/demo/simulation.ts';
import {statusAt} from '../../source/demo/troubles.ts';
import {checkpointsBody, pricesBody, runBody} from '../../source/demo/workspace.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {poll} from '../../source/polling/poller.ts';
import {encodeResponse, encodeSession, type ResponseRecord} from '../../source/recording/format.ts';
import type {UserAction} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {selectedWindow} from '../../source/state/selectors.ts';
import type {State} from '../../source/state/state.ts';
import {createStore} from '../../source/state/store.ts';
import {turnEventLoop} from './eventually.ts';
import {recordedAt, session} from './recordings.ts';
import {temporaryFile} from './temporary-folder.ts';

const bodySchema = z.object({
	start_epoch_millis: z.number(),
	end_epoch_millis: z.number(),
	step_seconds: z.number().optional(),
});

/** Intercepts a request to the simulation: returns a failure, or undefined to let the simulation respond. */
export type Interfere = (request: ApiRequest, nowMs: number) => Failure | undefined;

export function status(code: number): Failure {
	return {kind: 'status', status: code, message: '', retryAfterMs: undefined};
}

/** Returns a transport that responds as the demo does, with a clock that the test controls. */
function simulatedTransport(scenario: ScenarioName, interfere: Interfere): Transport {
	const setting = {scenario, seed: 1, startedAtMs: recordedAt, nodes: 4, gpusPerNode: 8};
	const simulation = createSimulation(setting);
	const reply = (request: ApiRequest, nowMs: number): object | Failure => {
		const failure = interfere(request, nowMs);
		if (failure !== undefined) {
			return failure;
		}

		const [path = '', query] = request.path.split('?');
		const asked = new URLSearchParams(query);
		if (path.startsWith('/v1/models/') || path.endsWith('/logs')) {
			const isLogs = path.endsWith('/logs');
			const logs = path.startsWith('/v1/models/') ? samplerLogs(setting) : trainerLogs(simulation);
			const {status: code, body} = isLogs ? logsReply(logs, asked, nowMs) : samplerReply(setting, asked, nowMs);
			return code === 200 ? body : status(code);
		}

		if (path === '/v1/loops/checkpoints') {
			return checkpointsBody(setting, nowMs);
		}

		if (path.startsWith('/v1/loops/runs/')) {
			return {run: runBody(setting, nowMs, {id: 'k4q95w5-run', deploymentId: 'k4q95w5'})};
		}

		if (path === '/v1/instance_type_prices') {
			return pricesBody(setting.gpusPerNode);
		}

		if (!request.path.endsWith('/metrics')) {
			return {deployment: deploymentBody(setting, nowMs)};
		}

		const {
			start_epoch_millis: startMs,
			end_epoch_millis: endMs,
			step_seconds: step = 60,
		} = bodySchema.parse(request.body);
		return statusAt(setting, nowMs) === 'DEPLOYING'
			? status(404)
			: metricsBody(simulation, {startMs, endMs, stepMs: step * 1000}, nowMs);
	};
	return async (request, signal): Promise<Result<unknown>> => {
		const tookMs = 20 + (Date.now() % 300);
		await new Promise<void>((resolve, reject) => {
			setTimeout(resolve, tookMs);
			signal.addEventListener('abort', () => reject(signal.reason));
		});
		const said = reply(request, Date.now());
		return 'kind' in said
			? {ok: false, failure: said, tookMs}
			: {ok: true, value: JSON.parse(JSON.stringify(said)), tookMs};
	};
}

export type Session = {
	/** Advances time in steps of 50 ms, and lets the event loop run before and after each step. */
	readonly pass: (milliseconds: number) => Promise<void>;
	readonly press: (action: UserAction) => void;
	readonly state: () => State;
};

export type Recorded = {
	readonly responses: readonly ResponseRecord[];
	/** The state after each change. */
	readonly states: readonly State[];
};

/** Runs the poller on a simulated deployment, in simulated time, and records the responses. */
export async function recordSession(
	context: TestContext,
	{
		scenario = 'straggler',
		interfere = () => undefined,
	}: {readonly scenario?: ScenarioName; readonly interfere?: Interfere},
	use: (session: Session) => Promise<void>,
): Promise<Recorded> {
	mock.timers.enable({apis: ['setTimeout', 'Date'], now: recordedAt});
	context.after(() => mock.timers.reset());
	const beginning = {
		target: session.target,
		host: session.host,
		window: defaultWindow,
		intervalMs: 10_000,
		nowMs: recordedAt,
	};
	const store = createStore(initialState(beginning));
	const responses: ResponseRecord[] = [];
	const states: State[] = [];
	store.subscribe(() => states.push(store.getState()));
	const transport = recordingTransport(
		simulatedTransport(scenario, interfere),
		{keep: read => void responses.push(read())},
		{now: () => Date.now(), elapsed: () => Date.now(), window: () => selectedWindow(store.getState()).name},
	);
	const stopping = new AbortController();
	const polling = poll(
		{
			client: createClient(transport),
			store,
			renewKey: async () => undefined,
			clock: {now: () => Date.now(), elapsed: () => Date.now()},
			random: () => 0.5,
		},
		stopping.signal,
	);
	await use({
		async pass(milliseconds) {
			for (let passed = 0; passed < milliseconds; passed += 50) {
				await turnEventLoop(3);
				mock.timers.tick(Math.min(50, milliseconds - passed));
				await turnEventLoop(3);
			}
		},
		press: action => store.dispatch(action),
		state: store.getState,
	});
	stopping.abort();
	await turnEventLoop(3);
	await polling;
	mock.timers.reset();
	return {responses, states};
}

/** Writes a recording of these responses to a file, and returns its path. */
export function writeRecording(responses: readonly ResponseRecord[], name = 'night.jsonl'): string {
	const file = temporaryFile(name);
	writeFileSync(file, encodeSession(session) + responses.map(encodeResponse).join(''));
	return file;
}
