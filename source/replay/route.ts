import * as z from 'zod/mini';
import {cleanText} from '../api/clean-text.ts';
import type {Client, SamplerId, Scope} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import {type Level, type LogsQuery, levels} from '../api/logs.ts';
import {extraMetricNames} from '../api/sampler-extras.ts';
import {findWindow, type Window} from '../metrics/windows.ts';
import type {CoveredQuery} from '../polling/fetch-metrics.ts';
import {loadEarlier, loadLater} from '../polling/logs-requests.ts';
import type {ResponseHead} from '../recording/format.ts';
import type {SamplerMetrics} from '../state/actions.ts';
import {type LoadedLogs, toNs} from '../state/logs.ts';
import {findingsWindow} from '../state/state.ts';

/**
 * A recorded query for metrics: whether it was live or for an earlier range, its window, and its time range.
 */
export type RecordedQuery = Pick<CoveredQuery, 'kind' | 'range'> & {
	readonly window: Window;
	/** Whether the query had a step. */
	readonly withStep: boolean;
};

const bodySchema = z.object({
	start_epoch_millis: z.coerce.number(),
	end_epoch_millis: z.coerce.number(),
	step_seconds: z.optional(z.number()),
});

/** The maximum time between planning a query and sending it, in milliseconds. */
const momentMs = 10_000;

/**
 * Returns the query to a trainer; undefined if it isn't one that loops-top sends, or if it was planned with a fast
 * clock. Queries are either for the window on the screen or for the findings' window. The two windows differ in their
 * steps or, for queries without a step, in their lengths.
 */
function trainerQuery({sentMs, window, request}: ResponseHead): RecordedQuery | undefined {
	const body = bodySchema.safeParse(request.body).data;
	if (body === undefined) {
		return undefined;
	}

	const {start_epoch_millis: startMs, end_epoch_millis: endMs, step_seconds: step} = body;
	const lengthMs = endMs - startMs;
	const isAsked = (candidate: Window | undefined): boolean =>
		step === undefined ? lengthMs === candidate?.lengthMs : step * 1000 === candidate?.stepMs;
	const asked = [findWindow(window), findingsWindow].find(isAsked);
	// A live query ends at the next step. A query that ends later was planned with a clock that its own response then
	// corrected, so the query was repeated.
	return asked === undefined || endMs > sentMs + asked.stepMs + momentMs
		? undefined
		: {
				kind: endMs < sentMs - momentMs ? 'past' : 'live',
				window: asked,
				withStep: step !== undefined,
				range: {startMs, endMs, whole: lengthMs === asked.lengthMs},
			};
}

/**
 * Returns the query to a sampler; undefined if it isn't one that loops-top sends, or if it was planned with a fast
 * clock. Queries are for the window on the screen; live ones can also be for the findings' window if the sampler isn't
 * visible. The two windows differ in their lengths.
 */
function samplerQuery(
	{sentMs, window}: ResponseHead,
	query: Readonly<Record<string, string>>,
): RecordedQuery | undefined {
	const body = bodySchema.safeParse(query).data;
	const shown = findWindow(window);
	if (body === undefined || shown === undefined || body.end_epoch_millis > sentMs + shown.stepMs + momentMs) {
		return undefined;
	}

	const {start_epoch_millis: startMs, end_epoch_millis: endMs} = body;
	// A live query ends with the last completed step.
	const kind = endMs < sentMs - shown.stepMs - momentMs ? 'past' : 'live';
	return {
		kind,
		window: kind === 'live' && endMs - startMs === findingsWindow.lengthMs ? findingsWindow : shown,
		withStep: false,
		range: {startMs, endMs, whole: true},
	};
}

const querySchema = z.pipe(
	z.object({
		start_epoch_millis: z.coerce.number().check(z.int()),
		end_epoch_millis: z.optional(z.coerce.number().check(z.int())),
		direction: z.enum(['asc', 'desc']),
		limit: z.coerce.number().check(z.int(), z.positive()),
		min_level: z.optional(z.enum(levels)),
	}),
	z.transform(
		(query): LogsQuery => ({
			startMs: query.start_epoch_millis,
			endMs: query.end_epoch_millis,
			direction: query.direction,
			limit: query.limit,
			minLevel: query.min_level,
		}),
	),
);

/** Parses a query for logs; undefined if it isn't one that loops-top sends. */
function readLogsQuery(query: string | undefined): LogsQuery | undefined {
	return querySchema.safeParse(Object.fromEntries(new URLSearchParams(query))).data;
}

/**
 * Parses a response with logs. The entries form a range of their own, which ends at `sentMs` if the query has no end.
 */
export async function readLogsResponse(
	{startMs, endMs, direction, limit, minLevel}: LogsQuery,
	{client, of, sentMs}: {readonly client: Client; readonly of: string | SamplerId; readonly sentMs: number},
): Promise<Result<LoadedLogs>> {
	const {signal} = new AbortController();
	const source = {client, of, level: minLevel ?? 'DEBUG', limit, signal};
	const untilNs = endMs === undefined ? toNs(sentMs) : toNs(endMs) - 1n;
	return direction === 'asc'
		? loadLater(source, {fromNs: toNs(startMs), endMs: endMs ?? sentMs})
		: loadEarlier(source, {startMs, endMs, pages: 1, untilNs});
}

/**
 * Returns logs without entries below a level; undefined if entries of the new level might be missing. If the level is
 * higher than before, entries without a level are also left out.
 */
export function logsAtLevel({range, dropped}: LoadedLogs, from: Level, to: Level): LoadedLogs | undefined {
	const least = levels.indexOf(to);
	if (levels.indexOf(from) > least) {
		return undefined;
	}

	const lines =
		from === to ? range.lines : range.lines.filter(({level}) => level !== undefined && levels.indexOf(level) >= least);
	return {range: {...range, lines}, dropped};
}

/** A request: the kind of its route, and its parameters. */
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
	| {
			readonly kind: 'logs';
			/** The trainer's deployment, or a sampler. */
			readonly of: string | SamplerId;
			readonly query: LogsQuery;
			readonly level: Level;
	  }
	| {readonly kind: 'deployment'; readonly id: string}
	| {readonly kind: 'deployments'; readonly scope: Scope}
	| {readonly kind: 'run'; readonly id: string}
	| {readonly kind: 'checkpoints'; readonly runId: string}
	| {readonly kind: 'prices'};

type Parts = readonly (string | undefined)[];

/** The pattern of each route's path, and the function that parses its parts. */
const routes: ReadonlyArray<readonly [pattern: RegExp, read: (parts: Parts, head: ResponseHead) => Route | undefined]> =
	[
		[/^\/v1\/loops\/deployments\/([^/?]+)\/metrics$/, readTrainer],
		[/^\/v1\/models\/([^/?]+)\/deployments\/([^/?]+)\/metrics\?(.*)$/, readSampler],
		[/^\/v1\/loops\/deployments\/([^/?]+)\/logs\?(.*)$/, ([id, text]) => readLogs(decode(id), text)],
		[
			/^\/v1\/models\/([^/?]+)\/deployments\/([^/?]+)\/logs\?(.*)$/,
			([modelId, id, text]) => readLogs({modelId: decode(modelId), deploymentId: decode(id)}, text),
		],
		[/^\/v1\/loops\/deployments\/([^/?]+)$/, ([id]) => ({kind: 'deployment', id: decode(id)})],
		[/^\/v1\/loops\/deployments(\?scope=org)?$/, ([org]) => ({kind: 'deployments', scope: org ? 'org' : 'own'})],
		[/^\/v1\/loops\/runs\/([^/?]+)$/, ([id]) => ({kind: 'run', id: decode(id)})],
		[
			/^\/v1\/loops\/checkpoints\?(.*)$/,
			([query]) => ({kind: 'checkpoints', runId: decode(new URLSearchParams(query).get('run_id') ?? '')}),
		],
		[/^\/v1\/instance_type_prices$/, () => ({kind: 'prices'})],
	];

/**
 * Returns the route of a response; undefined if the route is unknown, or if its query isn't one that loops-top sends.
 */
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

function readLogs(of: string | SamplerId, text: string | undefined): Route | undefined {
	const query = readLogsQuery(text);
	return query === undefined ? undefined : {kind: 'logs', of, query, level: query.minLevel ?? 'DEBUG'};
}

function decode(part: string | undefined): string {
	const text = part ?? '';
	try {
		return cleanText(decodeURIComponent(text), 200);
	} catch {
		return cleanText(text, 200);
	}
}
