import {cleanText} from '../api/clean-text.ts';
import type {SamplerId, Scope} from '../api/client.ts';
import type {Level, LogsQuery} from '../api/logs.ts';
import {extraMetricNames} from '../api/sampler-extras.ts';
import type {ResponseHead} from '../recording/format.ts';
import type {SamplerMetrics} from '../state/side-response.ts';
import {readLogsQuery} from './recorded-logs-query.ts';
import {type RecordedQuery, samplerQuery, trainerQuery} from './recorded-query.ts';

/** A request, by its route. */
export type Route =
	| {readonly kind: 'trainer'; readonly id: string; readonly query: RecordedQuery}
	| {
			readonly kind: 'sampler';
			readonly sampler: SamplerId;
			readonly query: RecordedQuery;
			readonly metrics: SamplerMetrics;
	  }
	| {
			readonly kind: 'samplerExtras';
			readonly sampler: SamplerId;
			readonly query: RecordedQuery;
			readonly names: readonly string[];
	  }
	| {readonly kind: 'logs'; readonly id: string; readonly query: LogsQuery; readonly level: Level}
	| {readonly kind: 'deployment'; readonly id: string}
	| {readonly kind: 'deployments'; readonly scope: Scope}
	| {readonly kind: 'run'; readonly id: string}
	| {readonly kind: 'checkpoints'; readonly runId: string}
	| {readonly kind: 'prices'};

type Parts = readonly (string | undefined)[];

/** The path of each route, and how its parts are read. */
const routes: ReadonlyArray<readonly [pattern: RegExp, read: (parts: Parts, head: ResponseHead) => Route | undefined]> =
	[
		[/^\/v1\/loops\/deployments\/([^/?]+)\/metrics$/, readTrainer],
		[/^\/v1\/models\/([^/?]+)\/deployments\/([^/?]+)\/metrics\?(.*)$/, readSampler],
		[/^\/v1\/loops\/deployments\/([^/?]+)\/logs\?(.*)$/, readLogs],
		[/^\/v1\/loops\/deployments\/([^/?]+)$/, ([id]) => ({kind: 'deployment', id: decode(id)})],
		[/^\/v1\/loops\/deployments(\?scope=org)?$/, ([org]) => ({kind: 'deployments', scope: org ? 'org' : 'own'})],
		[/^\/v1\/loops\/runs\/([^/?]+)$/, ([id]) => ({kind: 'run', id: decode(id)})],
		[
			/^\/v1\/loops\/checkpoints\?(.*)$/,
			([query]) => ({kind: 'checkpoints', runId: decode(new URLSearchParams(query).get('run_id') ?? '')}),
		],
		[/^\/v1\/instance_type_prices$/, () => ({kind: 'prices'})],
	];

/** Returns the route of a response; undefined if it has no meaning. */
export function routeOf(head: ResponseHead): Route | undefined {
	for (const [pattern, read] of routes) {
		const match = pattern.exec(head.request.path);
		if (match !== null) {
			return read(match.slice(1), head);
		}
	}

	return undefined;
}

function readTrainer([id]: Parts, head: ResponseHead): Route | undefined {
	const query = trainerQuery(head);
	return query === undefined ? undefined : {kind: 'trainer', id: decode(id), query};
}

function readSampler([modelId, deploymentId, search]: Parts, head: ResponseHead): Route | undefined {
	const parameters = new URLSearchParams(search);
	const query = samplerQuery(head, Object.fromEntries(parameters));
	const sampler = {modelId: decode(modelId), deploymentId: decode(deploymentId)};
	const names = parameters.getAll('metrics');
	if (query !== undefined && names.length > 0 && names.every(name => extraMetricNames.includes(name))) {
		return {kind: 'samplerExtras', sampler, query, names};
	}

	return query && {kind: 'sampler', sampler, query, metrics: names.length > 0 ? 'all' : 'usual'};
}

function readLogs([id, text]: Parts): Route | undefined {
	const query = readLogsQuery(text);
	return query === undefined ? undefined : {kind: 'logs', id: decode(id), query, level: query.minLevel ?? 'DEBUG'};
}

function decode(part: string | undefined): string {
	const text = part ?? '';
	try {
		return cleanText(decodeURIComponent(text), 200);
	} catch {
		return cleanText(text, 200);
	}
}
