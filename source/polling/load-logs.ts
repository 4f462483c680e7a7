import type {Client, SamplerId} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import type {Level, LogsResponse} from '../api/logs.ts';
import {mergeLogs} from '../metrics/log-buffer.ts';
import {type LoadedLogs, toMs, toNs} from '../state/logs.ts';

/** The source of logs: the ID of a deployment or of a sampler, a minimum level, and a client. */
export type LogsSource = {
	readonly client: Client;
	readonly of: string | SamplerId;
	readonly level: Level;
	/** The number of entries per response. */
	readonly limit: number;
	readonly signal: AbortSignal;
};

async function requestPage(
	{client, of, level, limit, signal}: LogsSource,
	query: {readonly startMs: number; readonly endMs: number | undefined; readonly direction: 'asc' | 'desc'},
): Promise<Result<LogsResponse>> {
	// Entries without a level aren't below any level, but a server can omit them if a minimum level is requested.
	return client.logs(of, {...query, limit, minLevel: level === 'DEBUG' ? undefined : level}, signal);
}

/** A part of the logs, backward from just before `endMs` (now if undefined) to `startMs`. */
type Backwards = {
	readonly startMs: number;
	readonly endMs: number | undefined;
	/** The maximum number of responses. */
	readonly pages: number;
	/** Everything up to this time is known, regardless of the time of the newest entry. */
	readonly untilNs: bigint;
};

/**
 * Loads logs backward, newest first. The range begins where the last response does; after the first response, a failure
 * also ends it.
 */
export async function loadEarlier(
	source: LogsSource,
	wanted: Backwards,
	known?: LoadedLogs,
): Promise<Result<LoadedLogs>> {
	const {startMs, endMs, pages} = wanted;
	const result = await requestPage(source, {startMs, endMs, direction: 'desc'});
	if (!result.ok) {
		return known === undefined ? result : {ok: true, value: known, tookMs: result.tookMs};
	}

	const {loaded, nextEndMs} = addBefore(known, result.value, {...wanted, limit: source.limit});
	return nextEndMs === undefined || pages <= 1
		? {...result, value: loaded}
		: loadEarlier(source, {...wanted, endMs: nextEndMs, pages: pages - 1}, loaded);
}

/**
 * Returns the loaded logs with an earlier response added, and the end of the next request's range; undefined if there
 * are no earlier entries.
 */
function addBefore(
	known: LoadedLogs | undefined,
	{lines, received, dropped}: LogsResponse,
	{startMs, endMs, untilNs, limit}: Backwards & Pick<LogsSource, 'limit'>,
): {readonly loaded: LoadedLogs; readonly nextEndMs: number | undefined} {
	const [oldest] = lines;
	const before = known?.range ?? {toNs: later(untilNs, lines.at(-1)?.timeNs), lines: [], truncatedAt: []};
	const range = {...before, lines: mergeLogs(before.lines, lines)};
	const loadedFrom = (fromNs: bigint, truncatedAt = range.truncatedAt): LoadedLogs => ({
		range: {...range, fromNs, truncatedAt},
		dropped: (known?.dropped ?? 0) + dropped,
	});
	if (received < limit || oldest === undefined) {
		return {loaded: loadedFrom(toNs(startMs)), nextEndMs: undefined};
	}

	const oldestMs = toMs(oldest.timeNs);
	if (endMs === undefined || oldestMs + 1 < endMs) {
		return {loaded: loadedFrom(oldest.timeNs), nextEndMs: oldestMs + 1};
	}

	// The whole response is from one millisecond, whose other entries can't be requested.
	const nextEndMs = Math.min(oldestMs, endMs - 1);
	return {loaded: loadedFrom(toNs(nextEndMs) - 1n, [...range.truncatedAt, toNs(oldestMs)]), nextEndMs};
}

function later(a: bigint, b: bigint | undefined): bigint {
	return b === undefined || a > b ? a : b;
}

/** Loads one response of logs forward, from `fromNs` to just before `endMs`. The range ends where the response does. */
export async function loadLater(
	source: LogsSource,
	{fromNs, endMs}: {readonly fromNs: bigint; readonly endMs: number},
): Promise<Result<LoadedLogs>> {
	const startMs = toMs(fromNs);
	const result = await requestPage(source, {startMs, endMs, direction: 'asc'});
	if (!result.ok) {
		return result;
	}

	const {received, dropped} = result.value;
	// Entries of the same millisecond before the range are known.
	const lines = result.value.lines.filter(({timeNs}) => timeNs >= fromNs);
	const newest = result.value.lines.at(-1);
	if (received < source.limit || newest === undefined) {
		const untilNs = later(later(toNs(endMs) - 1n, fromNs), newest?.timeNs);
		return {...result, value: {range: {fromNs, toNs: untilNs, lines, truncatedAt: []}, dropped}};
	}

	// The whole response is from one millisecond, whose other entries can't be requested.
	const isOverfull = toMs(newest.timeNs) <= startMs;
	const untilNs = isOverfull ? toNs(startMs + 1) : newest.timeNs;
	const truncatedAt = isOverfull ? [untilNs] : [];
	return {...result, value: {range: {fromNs, toNs: untilNs, lines, truncatedAt}, dropped}};
}
