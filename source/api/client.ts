import {type Deployment, readDeployment, readDeployments} from './deployment.ts';
import type {Result} from './failure.ts';
import {type LogsAnswer, type LogsQuery, readLogs} from './logs.ts';
import {type MetricsAnswer, readMetricsAnswer} from './metrics-answer.ts';
import {type Run, readRun} from './run.ts';
import {readSamplerAnswer} from './sampler-answer.ts';
import type {Transport} from './transport.ts';

/** What part of time to ask for, in epoch milliseconds; without a step the server chooses one. */
export type MetricsQuery = {readonly startMs: number; readonly endMs: number; readonly stepMs: number | undefined};

/** The model and its deployment that are the sampler of a Loops deployment. */
export type SamplerId = {readonly modelId: string; readonly deploymentId: string};

/** The part of time, in epoch milliseconds, and the metrics that are wanted: the server's own choice where none is named. */
export type SamplerQuery = {
	readonly startMs: number;
	readonly endMs: number;
	readonly metrics: readonly string[];
};
/** Whose deployments are listed. */
export type Scope = 'own' | 'org';

/** The routes that the monitor needs. Each throws only when its signal is aborted. */
export type Client = {
	metrics(id: string, query: MetricsQuery, signal: AbortSignal): Promise<Result<MetricsAnswer>>;
	samplerMetrics(id: SamplerId, query: SamplerQuery, signal: AbortSignal): Promise<Result<MetricsAnswer>>;
	deployment(id: string, signal: AbortSignal): Promise<Result<Deployment>>;
	/** The user's own deployments, or those of the whole organisation. */
	deployments(scope: Scope, signal: AbortSignal): Promise<Result<readonly Deployment[]>>;
	run(id: string, signal: AbortSignal): Promise<Result<Run>>;
	logs(id: string, query: LogsQuery, signal: AbortSignal): Promise<Result<LogsAnswer>>;
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
		? {ok: false, failure: {kind: 'wrong-shape', problem: `no ${what}`}, tookMs: result.tookMs}
		: {...result, value};
}

function readAnswer(
	result: Result<unknown>,
	read: (body: unknown) => {readonly answer: MetricsAnswer} | {readonly problem: string},
): Result<MetricsAnswer> {
	if (!result.ok) {
		return result;
	}

	const {tookMs} = result;
	const told = read(result.value);
	return 'answer' in told
		? {ok: true, value: told.answer, tookMs}
		: {ok: false, failure: {kind: 'wrong-shape', problem: told.problem}, tookMs};
}

function logsParameters({startMs, endMs, direction, limit, minLevel}: LogsQuery): URLSearchParams {
	return new URLSearchParams({
		start_epoch_millis: String(startMs),
		...(endMs === undefined ? {} : {end_epoch_millis: String(endMs)}),
		direction,
		limit: String(limit),
		...(minLevel === undefined ? {} : {min_level: minLevel}),
	});
}

/** A client of the Loops API that asks by `transport`. */
export function createClient(transport: Transport): Client {
	const request = async (path: string, signal: AbortSignal, body?: unknown): Promise<Result<unknown>> =>
		transport({path, body}, signal);
	const route = (id: string): string => `/v1/loops/deployments/${encodeURIComponent(id)}`;

	return {
		async metrics(id, {startMs, endMs, stepMs}, signal) {
			const result = await request(`${route(id)}/metrics`, signal, {
				start_epoch_millis: startMs,
				end_epoch_millis: endMs,
				...(stepMs === undefined ? {} : {step_seconds: stepMs / 1000}),
			});
			return readAnswer(result, readMetricsAnswer);
		},
		async samplerMetrics({modelId, deploymentId}, {startMs, endMs, metrics}, signal) {
			const query = new URLSearchParams({
				mode: 'SERIES',
				start_epoch_millis: String(startMs),
				end_epoch_millis: String(endMs),
			});
			for (const name of metrics) {
				query.append('metrics', name);
			}

			const path = `/v1/models/${encodeURIComponent(modelId)}/deployments/${encodeURIComponent(deploymentId)}/metrics`;
			return readAnswer(await request(`${path}?${query}`, signal), readSamplerAnswer);
		},
		async deployment(id, signal) {
			return readAs(await request(route(id), signal), readDeployment, 'deployment');
		},
		async deployments(scope, signal) {
			const path = `/v1/loops/deployments${scope === 'org' ? '?scope=org' : ''}`;
			return readAs(await request(path, signal), readDeployments, 'deployments');
		},
		async run(id, signal) {
			return readAs(await request(`/v1/loops/runs/${encodeURIComponent(id)}`, signal), readRun, 'run');
		},
		async logs(id, query, signal) {
			const result = await request(`${route(id)}/logs?${logsParameters(query)}`, signal);
			return readAs(result, body => readLogs(body, query.direction), 'logs');
		},
	};
}
