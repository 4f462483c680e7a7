import {createClient} from '../api/client.ts';
import type {Deployment, Prices} from '../api/deployment.ts';
import type {Result} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import {mapRecord, type Points} from '../api/points.ts';
import type {Checkpoints, Run} from '../api/run.ts';
import type {SamplerExtrasResponse} from '../api/sampler-extras.ts';
import type {NodePoints} from '../api/series-table.ts';
import {computeOf, ratesOf} from '../metrics/history.ts';
import {positionOf} from '../metrics/series.ts';
import {toAction} from '../polling/fetch-metrics.ts';
import type {RecordedResponse, ResponseHead} from '../recording/format.ts';
import type {Action} from '../state/actions.ts';
import type {LoadedLogs} from '../state/logs.ts';
import {findingsWindow, type State} from '../state/state.ts';
import {type Route, readLogsResponse, routeOf} from './route.ts';

type Of<Kind extends Route['kind'], Value> = ResponseHead &
	Extract<Route, {readonly kind: Kind}> & {readonly result: Result<Value>};

/** A recorded response as the client parses it, with the kind of its route. */
export type DecodedResponse =
	| Of<'trainer' | 'sampler', MetricsResponse>
	| Of<'samplerExtras', SamplerExtrasResponse>
	| Of<'logs', LoadedLogs>
	| Of<'deployment', Deployment>
	| Of<'deployments', readonly Deployment[]>
	| Of<'run', Run>
	| Of<'checkpoints', Checkpoints>
	| Of<'prices', Prices>;

/** A decoded response of one kind of route. */
export type DecodedOf<Kind extends DecodedResponse['kind']> = Extract<DecodedResponse, {readonly kind: Kind}>;

const neverAborted = new AbortController().signal;

/**
 * Parses a response with the client itself, over a transport that returns the recorded response. Returns undefined for
 * an unknown route or an unreadable response.
 */
export async function decodeResponse(response: RecordedResponse): Promise<DecodedResponse | undefined> {
	const route = routeOf(response);
	const recorded = route === undefined ? undefined : response.readResult();
	if (route === undefined || recorded === undefined) {
		return undefined;
	}

	const {sentMs, receivedMs, window, request} = response;
	const head: ResponseHead = {sentMs, receivedMs, window, request};
	const client = createClient(async () => recorded);
	switch (route.kind) {
		case 'trainer': {
			const {startMs, endMs} = route.query.range;
			const result = await client.metrics(route.id, {startMs, endMs, stepMs: undefined}, neverAborted);
			return {...head, ...route, result};
		}

		case 'sampler': {
			const {startMs, endMs} = route.query.range;
			const result = await client.samplerMetrics(route.sampler, {startMs, endMs, metrics: []}, neverAborted);
			return {...head, ...route, result};
		}

		case 'samplerExtras': {
			const {startMs, endMs} = route.query.range;
			const result = await client.samplerExtras(route.sampler, {startMs, endMs, metrics: []}, neverAborted);
			return {...head, ...route, result};
		}

		case 'logs': {
			const result = await readLogsResponse(route.query, {client, of: route.of, sentMs});
			return {...head, ...route, result};
		}

		case 'deployment':
			return {...head, ...route, result: await client.deployment(route.id, neverAborted)};
		case 'deployments':
			return {...head, ...route, result: await client.deployments(route.scope, neverAborted)};
		case 'run':
			return {...head, ...route, result: await client.run(route.id, neverAborted)};
		case 'checkpoints':
			return {...head, ...route, result: await client.checkpoints(route.runId, neverAborted)};
		case 'prices':
			return {...head, ...route, result: await client.prices(neverAborted)};
	}
}

type Change = (points: Points) => Points;

function mapNode(node: NodePoints, change: Change): NodePoints {
	const ranks = [...node.gpus].map(([rank, gpu]) => [rank, mapRecord(gpu, change)] as const);
	return {...node, gpus: new Map(ranks), ...mapRecord(computeOf(node), change)};
}

/** Returns the response with each of its series changed. */
function mapPoints(response: MetricsResponse, change: Change): MetricsResponse {
	const {latency, status} = response.requests;
	return {
		...response,
		requests: {
			...mapRecord(ratesOf(response.requests), change),
			latency: mapRecord(latency, change),
			status: mapRecord(status, change),
		},
		replicas: change(response.replicas),
		leader: mapNode(response.leader, change),
		nodes: response.nodes.map(node => mapNode(node, change)),
	};
}

/** The minimum spacing of samples, in milliseconds. If a step isn't longer than this, no samples are omitted. */
const sampleMs = 30_000;

/** A time range, in epoch milliseconds, and the target spacing of points in it. */
type Buckets = {readonly startMs: number; readonly endMs: number; readonly stepMs: number};

/**
 * Returns the samples of a time range: the first one in each step, or all of them if a step is no longer than
 * `sampleMs`. No samples are interpolated.
 */
export function downsample(response: MetricsResponse, buckets: Buckets): MetricsResponse {
	return mapPoints(response, points => downsamplePoints(points, buckets));
}

function downsamplePoints(points: Points, {startMs, endMs, stepMs}: Buckets): Points {
	const first = positionOf(points, startMs);
	const end = positionOf(points, endMs + 1);
	const times = points.times.slice(first, end);
	const values = points.values.slice(first, end);
	if (stepMs <= sampleMs) {
		return {times, values};
	}

	const stepOf = (time: number): number => Math.floor(time / stepMs);
	// The first point might follow others in its step that aren't in the response, unless it is at the start of the
	// step.
	const isFirst = (index: number): boolean =>
		stepOf(times[index] ?? 0) !== stepOf(index === 0 ? (times[0] ?? 0) - sampleMs : (times[index - 1] ?? 0));
	const kept = [...times.keys()].filter(isFirst);
	return {
		times: Float64Array.from(kept, index => times[index] ?? 0),
		values: Float64Array.from(kept, index => values[index] ?? Number.NaN),
	};
}

/**
 * Returns the actions for a response: the one for its own window and, for a live response with the findings' window,
 * those for recently shown windows whose data wasn't requested at the time of the recording.
 */
export function replayMetrics(
	{query, receivedMs: atMs, window: recordedWindow}: DecodedOf<'trainer'>,
	{value: response, tookMs}: Extract<Result<MetricsResponse>, {ok: true}>,
	{components}: State,
): readonly Action[] {
	const {kind, window, range} = query;
	const own = toAction({kind: 'metrics', response, tookMs}, {kind, window: window.name, range}, atMs);
	if (kind === 'past' || window.name !== findingsWindow.name) {
		return [own];
	}

	const unasked = components.trainer.histories.filter(
		({complete, window: {name}}) => complete && name !== recordedWindow && name !== findingsWindow.name,
	);
	const others = unasked.map(({window: {name, stepMs}}): Action => {
		const part = {startMs: range.startMs, endMs: Math.ceil(range.endMs / stepMs) * stepMs};
		const known = downsample(response, {...part, stepMs});
		return {
			type: 'metricsReceived',
			kind: 'live',
			window: name,
			response: known,
			range: {...part, whole: false},
			atMs,
			tookMs,
		};
	});
	return [own, ...others];
}
