import {type Deployment, readDeployment, readDeployments} from './deployment.ts';
import type {Result} from './failure.ts';
import {requestJson} from './http.ts';
import {type MetricsAnswer, readMetricsAnswer} from './metrics-answer.ts';
import type {Secret} from './secret.ts';

/** What part of time to ask for, in epoch milliseconds; without a step the server chooses one. */
export type MetricsQuery = {readonly startMs: number; readonly endMs: number; readonly stepMs: number | undefined};

/** The three routes that the monitor needs. Each throws only when its signal is aborted. */
export type Client = {
	metrics(id: string, query: MetricsQuery, signal: AbortSignal): Promise<Result<MetricsAnswer>>;
	deployment(id: string, signal: AbortSignal): Promise<Result<Deployment>>;
	deployments(signal: AbortSignal): Promise<Result<readonly Deployment[]>>;
};

/** `secret` is asked before every request, so that a renewed key is used at once. `timeoutMs` bounds a whole answer. */
export type ClientOptions = {
	readonly apiUrl: URL;
	readonly secret: () => Secret;
	readonly userAgent: string;
	readonly timeoutMs: number;
};

function readAs<Value>(
	result: Result<unknown>,
	read: (body: unknown) => Value | undefined,
	what: string,
): Result<Value> {
	if (!result.ok) {
		return result;
	}

	const value = read(result.value);
	return value === undefined
		? {ok: false, failure: {kind: 'wrong-shape', problem: `it has no ${what}`}, tookMs: result.tookMs}
		: {...result, value};
}

/** A client of the Loops API. */
export function createClient(options: ClientOptions): Client {
	const {apiUrl, userAgent, timeoutMs} = options;
	const request = async (path: string, signal: AbortSignal, body?: unknown): Promise<Result<unknown>> =>
		requestJson({apiUrl, path, body, secret: options.secret(), userAgent, timeoutMs, signal});
	const route = (id: string): string => `/v1/loops/deployments/${encodeURIComponent(id)}`;

	return {
		async metrics(id, {startMs, endMs, stepMs}, signal) {
			const result = await request(`${route(id)}/metrics`, signal, {
				start_epoch_millis: startMs,
				end_epoch_millis: endMs,
				...(stepMs === undefined ? {} : {step_seconds: stepMs / 1000}),
			});
			if (!result.ok) {
				return result;
			}

			const read = readMetricsAnswer(result.value);
			return 'answer' in read
				? {...result, value: read.answer}
				: {ok: false, failure: {kind: 'wrong-shape', problem: read.problem}, tookMs: result.tookMs};
		},
		async deployment(id, signal) {
			return readAs(await request(route(id), signal), readDeployment, 'deployment');
		},
		async deployments(signal) {
			return readAs(await request('/v1/loops/deployments', signal), readDeployments, 'deployments');
		},
	};
}
