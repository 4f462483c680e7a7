import {createClient} from '../api/client.ts';
import type {Deployment, Prices} from '../api/deployment.ts';
import type {Result} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import type {Checkpoints, Run} from '../api/run.ts';
import type {SamplerExtrasResponse} from '../api/sampler-extras.ts';
import type {RecordedResponse, ResponseHead} from '../recording/format.ts';
import type {LoadedLogs} from '../state/logs.ts';
import {type Route, readLogsResponse, routeOf} from './route.ts';

type Of<Kind extends Route['kind'], Value> = ResponseHead &
	Extract<Route, {readonly kind: Kind}> & {readonly result: Result<Value>};

/** A recorded response, by its route, as the client parses it. */
export type DecodedResponse =
	| Of<'trainer' | 'sampler', MetricsResponse>
	| Of<'samplerExtras', SamplerExtrasResponse>
	| Of<'logs', LoadedLogs>
	| Of<'deployment', Deployment>
	| Of<'deployments', readonly Deployment[]>
	| Of<'run', Run>
	| Of<'checkpoints', Checkpoints>
	| Of<'prices', Prices>;

/** The result of a route. */
export type DecodedOf<Kind extends DecodedResponse['kind']> = Extract<DecodedResponse, {readonly kind: Kind}>;

const neverAborted = new AbortController().signal;

/**
 * Parses a response with the client itself, over a transport that returns the recorded response. Undefined if it has no
 * meaning.
 */
export async function decodeResponse(answer: RecordedResponse): Promise<DecodedResponse | undefined> {
	const route = routeOf(answer);
	const recorded = route === undefined ? undefined : answer.readResult();
	if (route === undefined || recorded === undefined) {
		return undefined;
	}

	const {sentMs, receivedMs, window, request} = answer;
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
