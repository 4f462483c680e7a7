import type {Client} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import type {Level, LogsResponse} from '../api/logs.ts';
import {mergeLogs} from '../metrics/log-buffer.ts';
import {type LoadedLogs, toMs, toNs} from '../state/logs.ts';

/** Who is asked for which logs: of a deployment, none below a level. */
export type LogsSource = {
	readonly client: Client;
	readonly deploymentId: string;
	readonly level: Level;
	/** So many entries in an answer. */
	readonly limit: number;
	readonly signal: AbortSignal;
};

async function askPage(
	{client, deploymentId, level, limit, signal}: LogsSource,
	query: {readonly startMs: number; readonly endMs: number | undefined; readonly direction: 'asc' | 'desc'},
): Promise<Result<LogsResponse>> {
	// An entry without a level is below none, but a server that is told a level may leave it out.
	return client.logs(deploymentId, {...query, limit, minLevel: level === 'DEBUG' ? undefined : level}, signal);
}

/** A part of the logs, backwards from before `endMs`, or from now where that is undefined, to `startMs`. */
type Backwards = {
	readonly startMs: number;
	readonly endMs: number | undefined;
	/** So many answers at most. */
	readonly pages: number;
	/** Until then all is known, whenever the newest entry was. */
	readonly untilNs: bigint;
};

/**
 * Loads logs backwards, the newest first. The stretch begins where the last answer does; once there was one, a failure
 * ends it as well.
 */
export async function loadBack(source: LogsSource, wanted: Backwards, known?: LoadedLogs): Promise<Result<LoadedLogs>> {
	const {startMs, endMs, pages} = wanted;
	const result = await askPage(source, {startMs, endMs, direction: 'desc'});
	if (!result.ok) {
		return known === undefined ? result : {ok: true, value: known, tookMs: result.tookMs};
	}

	const {loaded, nextEndMs} = addBefore(known, result.value, {...wanted, limit: source.limit});
	return nextEndMs === undefined || pages <= 1
		? {...result, value: loaded}
		: loadBack(source, {...wanted, endMs: nextEndMs, pages: pages - 1}, loaded);
}

/** What was loaded with the answer before it, and before when the next one begins: undefined where it was the last. */
function addBefore(
	known: LoadedLogs | undefined,
	{lines, received, dropped}: LogsResponse,
	{startMs, endMs, untilNs, limit}: Backwards & Pick<LogsSource, 'limit'>,
): {readonly loaded: LoadedLogs; readonly nextEndMs: number | undefined} {
	const [oldest] = lines;
	const before = known?.range ?? {toNs: later(untilNs, lines.at(-1)?.timeNs), lines: [], truncatedAt: []};
	const range = {...before, lines: mergeLogs(before.lines, lines)};
	const told = (fromNs: bigint, truncatedAt = range.truncatedAt): LoadedLogs => ({
		range: {...range, fromNs, truncatedAt},
		dropped: (known?.dropped ?? 0) + dropped,
	});
	if (received < limit || oldest === undefined) {
		return {loaded: told(toNs(startMs)), nextEndMs: undefined};
	}

	const oldestMs = toMs(oldest.timeNs);
	if (endMs === undefined || oldestMs + 1 < endMs) {
		return {loaded: told(oldest.timeNs), nextEndMs: oldestMs + 1};
	}

	// All of the answer is of one millisecond: what else there is of it can't be had.
	const nextEndMs = Math.min(oldestMs, endMs - 1);
	return {loaded: told(toNs(nextEndMs) - 1n, [...range.truncatedAt, toNs(oldestMs)]), nextEndMs};
}

function later(a: bigint, b: bigint | undefined): bigint {
	return b === undefined || a > b ? a : b;
}

/** Loads one answer of logs forwards, from `fromNs` to before `endMs`. The stretch ends where the answer does. */
export async function loadForth(
	source: LogsSource,
	{fromNs, endMs}: {readonly fromNs: bigint; readonly endMs: number},
): Promise<Result<LoadedLogs>> {
	const startMs = toMs(fromNs);
	const result = await askPage(source, {startMs, endMs, direction: 'asc'});
	if (!result.ok) {
		return result;
	}

	const {received, dropped} = result.value;
	// What is of the same millisecond but before the stretch is known.
	const lines = result.value.lines.filter(({timeNs}) => timeNs >= fromNs);
	const newest = result.value.lines.at(-1);
	if (received < source.limit || newest === undefined) {
		const untilNs = later(later(toNs(endMs) - 1n, fromNs), newest?.timeNs);
		return {...result, value: {range: {fromNs, toNs: untilNs, lines, truncatedAt: []}, dropped}};
	}

	// All of the answer is of one millisecond: what else there is of it can't be had.
	const isOverfull = toMs(newest.timeNs) <= startMs;
	const untilNs = isOverfull ? toNs(startMs + 1) : newest.timeNs;
	const truncatedAt = isOverfull ? [untilNs] : [];
	return {...result, value: {range: {fromNs, toNs: untilNs, lines, truncatedAt}, dropped}};
}
