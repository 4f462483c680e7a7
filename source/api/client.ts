import {cleanText} from './clean-text.ts';
import {type Deployment, type Prices, readDeployment, readDeployments, readPrices} from './deployment.ts';
import type {Result} from './failure.ts';
import type {ApiRequest, Transport} from './http.ts';
import {type LogsQuery, type LogsResponse, readLogEntry, readLogs} from './logs.ts';
import {createNodeReader, type MetricsResponse, type ReadMetrics, readMetricsInSteps} from './metrics-response.ts';
import {isRecord} from './points.ts';
import {maxResponseBytes} from './read-body.ts';
import {type Checkpoints, type Run, readCheckpointsInSteps, readRun, readRuns} from './run.ts';
import {readSamplerExtras, type SamplerExtrasResponse} from './sampler-extras.ts';
import {readSamplerResponse} from './sampler-response.ts';
import {inSlices, type Steps} from './slices.ts';

/** The requested time range, in epoch milliseconds; without a step, the server chooses one. */
export type MetricsQuery = {readonly startMs: number; readonly endMs: number; readonly stepMs: number | undefined};

/** The IDs of a Loops deployment's sampler: those of the model and of the model's deployment. */
export type SamplerId = {readonly modelId: string; readonly deploymentId: string};

/** The time range, in epoch milliseconds, and the names of the metrics; without names, the server chooses metrics. */
export type SamplerQuery = {
	readonly startMs: number;
	readonly endMs: number;
	readonly metrics: readonly string[];
};

/** The owner of the listed deployments or runs: the user, or the whole organization. */
export type Scope = 'own' | 'org';

/** The API routes that the monitor uses. Each method rejects only if its signal is aborted. */
export type Client = {
	metrics(id: string, query: MetricsQuery, signal: AbortSignal): Promise<Result<MetricsResponse>>;
	samplerMetrics(id: SamplerId, query: SamplerQuery, signal: AbortSignal): Promise<Result<MetricsResponse>>;
	/** The extra metrics of a sampler, as named by the query. */
	samplerExtras(id: SamplerId, query: SamplerQuery, signal: AbortSignal): Promise<Result<SamplerExtrasResponse>>;
	deployment(id: string, signal: AbortSignal): Promise<Result<Deployment>>;
	/** The user's own deployments, or those of the whole organization; at most 5,000. */
	deployments(scope: Scope, signal: AbortSignal): Promise<Result<readonly Deployment[]>>;
	run(id: string, signal: AbortSignal): Promise<Result<Run>>;
	/** The user's own runs, or those of the whole organization; at most 5,000. */
	runs(scope: Scope, signal: AbortSignal): Promise<Result<readonly Run[]>>;
	/** The checkpoints of a run, newest first. */
	checkpoints(runId: string, signal: AbortSignal): Promise<Result<Checkpoints>>;
	/** The list prices of the instance types. */
	prices(signal: AbortSignal): Promise<Result<Prices>>;
	/** The logs of a trainer (`id` is the ID of its deployment) or of a sampler. */
	logs(id: string | SamplerId, query: LogsQuery, signal: AbortSignal): Promise<Result<LogsResponse>>;
};

function wrongShape(problem: string, tookMs: number): Result<never> {
	return {ok: false, failure: {kind: 'wrong-shape', problem}, tookMs};
}

function readAs<Value>(
	result: Result<unknown>,
	read: (body: unknown) => Value | undefined,
	what: string,
): Result<Value> {
	if (!result.ok) {
		return result;
	}

	const value = read(result.value);
	return value === undefined ? wrongShape(`no ${what}`, result.tookMs) : {...result, value};
}

/** Rejects a response whose ID isn't the requested one: a cache or a proxy might mix up two responses. */
function readAbout<Value extends {readonly id: string}>(
	id: string,
	result: Result<unknown>,
	read: (body: unknown) => Value | undefined,
	what: string,
): Result<Value> {
	const about = readAs(result, read, what);
	return about.ok && about.value.id !== id ? wrongShape(`about ${what} ${about.value.id}`, about.tookMs) : about;
}

function readResponse<Response>(
	result: Result<unknown>,
	read: (body: unknown) => {readonly response: Response} | {readonly problem: string},
): Result<Response> {
	return result.ok ? withOutcome(result, read(result.value)) : result;
}

function withOutcome<Response>(
	result: Extract<Result<unknown>, {ok: true}>,
	outcome: {readonly response: Response} | {readonly problem: string},
): Result<Response> {
	return 'response' in outcome ? {...result, value: outcome.response} : wrongShape(outcome.problem, result.tookMs);
}

/**
 * Reads metrics, and rejects those of another deployment. A response without an ID is assumed to be for the requested
 * deployment.
 */
function* readMetricsOf(id: string, body: unknown): Steps<ReadMetrics> {
	const about = isRecord(body) ? body['deployment_id'] : undefined;
	return typeof about === 'string' && about !== id
		? {problem: `about deployment ${cleanText(about, 60)}`}
		: yield* readMetricsInSteps(body);
}

/**
 * The size limits for one step of a response, and for everything else in it, in bytes. A step for 1,024 nodes with 8
 * GPUs each takes 1.3 MiB, and a response can contain more points than requested.
 */
const bytesPerStep = 1.5 * 1024 ** 2;
const otherBytes = 4 * 1024 ** 2;

/**
 * Returns the size limit for the response to a query, in bytes; undefined for the default limit, if that is lower or if
 * the server chooses the step.
 */
function limitOf({startMs, endMs, stepMs}: MetricsQuery): number | undefined {
	const points = stepMs === undefined ? Number.POSITIVE_INFINITY : (endMs - startMs) / stepMs;
	const limitBytes = otherBytes + points * bytesPerStep;
	return limitBytes < maxResponseBytes ? limitBytes : undefined;
}

function samplerRoute({modelId, deploymentId}: SamplerId): string {
	return `/v1/models/${encodeURIComponent(modelId)}/deployments/${encodeURIComponent(deploymentId)}`;
}

function samplerParameters({startMs, endMs, metrics}: SamplerQuery): URLSearchParams {
	const query = new URLSearchParams({
		mode: 'SERIES',
		start_epoch_millis: String(startMs),
		end_epoch_millis: String(endMs),
	});
	for (const name of metrics) {
		query.append('metrics', name);
	}

	return query;
}

/** The limit for a response with logs, in bytes: a thousand entries of 16 KiB each. */
const logsBytes = 16 * 1024 ** 2;

function logsParameters({startMs, endMs, direction, limit, minLevel}: LogsQuery): URLSearchParams {
	return new URLSearchParams({
		start_epoch_millis: String(startMs),
		...(endMs === undefined ? {} : {end_epoch_millis: String(endMs)}),
		direction,
		limit: String(limit),
		...(minLevel === undefined ? {} : {min_level: minLevel}),
	});
}

/**
 * Returns a client for the Loops API that sends its requests through `transport`. `transport` calls `requestJson` in
 * http.ts once `RequestGate` in polling/retry.ts lets the request pass; in a replay, it returns the recorded response.
 * `onServerTime` is called with the server's time, if known, in epoch milliseconds: for valid responses from the API
 * itself (except lists of runs, checkpoints, and prices), but never for errors, login pages, or a proxy's responses.
 */
export function createClient(transport: Transport, onServerTime?: (serverMs: number) => void): Client {
	const request = async (
		path: string,
		signal: AbortSignal,
		sent?: Omit<ApiRequest, 'path'>,
	): Promise<Result<unknown>> => transport({path, ...sent}, signal);
	const accept = <Value>(result: Result<Value>): Result<Value> => {
		if (result.ok && result.serverMs !== undefined) {
			onServerTime?.(result.serverMs);
		}

		return result;
	};
	const route = (id: string): string => `/v1/loops/deployments/${encodeURIComponent(id)}`;

	return {
		async metrics(id, {startMs, endMs, stepMs}, signal) {
			const body = {
				start_epoch_millis: startMs,
				end_epoch_millis: endMs,
				...(stepMs === undefined ? {} : {step_seconds: stepMs / 1000}),
			};
			const limitBytes = limitOf({startMs, endMs, stepMs});
			const result = await request(`${route(id)}/metrics`, signal, {
				body,
				limitBytes,
				readItem: createNodeReader(),
			});
			return accept(result.ok ? withOutcome(result, await inSlices(readMetricsOf(id, result.value), signal)) : result);
		},
		async samplerMetrics(id, query, signal) {
			const path = `${samplerRoute(id)}/metrics?${samplerParameters(query)}`;
			return accept(readResponse(await request(path, signal), readSamplerResponse));
		},
		async samplerExtras(id, query, signal) {
			const path = `${samplerRoute(id)}/metrics?${samplerParameters(query)}`;
			return accept(readResponse(await request(path, signal), readSamplerExtras));
		},
		async deployment(id, signal) {
			return accept(readAbout(id, await request(route(id), signal), readDeployment, 'deployment'));
		},
		async deployments(scope, signal) {
			const path = `/v1/loops/deployments${scope === 'org' ? '?scope=org' : ''}`;
			return accept(readAs(await request(path, signal), readDeployments, 'deployments'));
		},
		async run(id, signal) {
			return accept(readAs(await request(`/v1/loops/runs/${encodeURIComponent(id)}`, signal), readRun, 'run'));
		},
		async runs(scope, signal) {
			return readAs(await request(`/v1/loops/runs${scope === 'org' ? '?scope=org' : ''}`, signal), readRuns, 'runs');
		},
		async checkpoints(runId, signal) {
			const path = `/v1/loops/checkpoints?${new URLSearchParams({run_id: runId})}`;
			const result = await request(path, signal);
			const checkpoints = result.ok ? await inSlices(readCheckpointsInSteps(result.value), signal) : undefined;
			return readAs(result, () => checkpoints, 'checkpoints');
		},
		async prices(signal) {
			return readAs(await request('/v1/instance_type_prices', signal), readPrices, 'prices');
		},
		async logs(id, query, signal) {
			const path = typeof id === 'string' ? route(id) : samplerRoute(id);
			const result = await request(`${path}/logs?${logsParameters(query)}`, signal, {
				limitBytes: logsBytes,
				readItem: readLogEntry,
			});
			return accept(readAs(result, body => readLogs(body, query.direction), 'logs'));
		},
	};
}
