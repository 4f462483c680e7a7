import * as z from 'zod';
import type {Client} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import {type Level, type LogsQuery, levels} from '../api/logs.ts';
import {loadBack, loadForth} from '../polling/fetch-logs.ts';
import {type LoadedLogs, toNs} from '../state/logs.ts';

const querySchema = z
	.object({
		start_epoch_millis: z.coerce.number().int(),
		end_epoch_millis: z.coerce.number().int().optional(),
		direction: z.enum(['asc', 'desc']),
		limit: z.coerce.number().int().positive(),
		min_level: z.enum(levels).optional(),
	})
	.transform(
		(query): LogsQuery => ({
			startMs: query.start_epoch_millis,
			endMs: query.end_epoch_millis,
			direction: query.direction,
			limit: query.limit,
			minLevel: query.min_level,
		}),
	);

/** Returns the logs that a query requested; undefined if it is another query. */
export function readLogsQuery(query: string | undefined): LogsQuery | undefined {
	return querySchema.safeParse(Object.fromEntries(new URLSearchParams(query))).data;
}

/** Parses a response with logs as of `askedMs`, as a range of its own. */
export async function readLogsAnswer(
	{startMs, endMs, direction, limit, minLevel}: LogsQuery,
	{client, deploymentId, askedMs}: {readonly client: Client; readonly deploymentId: string; readonly askedMs: number},
): Promise<Result<LoadedLogs>> {
	const {signal} = new AbortController();
	const source = {client, deploymentId, level: minLevel ?? 'DEBUG', limit, signal};
	const untilNs = endMs === undefined ? toNs(askedMs) : toNs(endMs) - 1n;
	return direction === 'asc'
		? loadForth(source, {fromNs: toNs(startMs), endMs: endMs ?? askedMs})
		: loadBack(source, {startMs, endMs, pages: 1, untilNs});
}

/** Returns logs without entries below a level; undefined if some of that level may be missing. */
export function logsAtLevel({range, dropped}: LoadedLogs, from: Level, to: Level): LoadedLogs | undefined {
	const least = levels.indexOf(to);
	if (levels.indexOf(from) > least) {
		return undefined;
	}

	const lines =
		from === to ? range.lines : range.lines.filter(({level}) => level !== undefined && levels.indexOf(level) >= least);
	return {range: {...range, lines}, dropped};
}
