import * as z from 'zod';
import {type Level, levels} from '../../source/api/logs.ts';
import type {Reply, Respond, SeenRequest} from './scripted-server.ts';
import {healthy} from './served.ts';

/** An entry as stored by a server: the time in epoch milliseconds, and the additional nanoseconds. */
export type KeptLog = {
	readonly timeMs: number;
	readonly nanoseconds?: number;
	readonly message: string;
	readonly replica?: string | null;
	readonly level?: Level | null;
	readonly requestId?: string | null;
};

const asked = z.strictObject({
	start_epoch_millis: z.coerce.number().int(),
	end_epoch_millis: z.coerce.number().int().optional(),
	direction: z.enum(['asc', 'desc']),
	limit: z.coerce.number().int().min(1).max(1000),
	min_level: z.enum(levels).optional(),
});

export type LogsQueried = z.infer<typeof asked>;

export function isLogs({path}: SeenRequest): boolean {
	return path.split('?')[0]?.endsWith('/logs') === true;
}

/** Parses a request for logs; throws if it doesn't conform to the API. */
export function logsQueryOf({path}: SeenRequest): LogsQueried {
	return asked.parse(Object.fromEntries(new URL(path, 'http://x').searchParams));
}

/** Returns the response from the logs route, for entries in chronological order. */
export function servedLogs(request: SeenRequest, kept: readonly KeptLog[]): Reply {
	const {
		start_epoch_millis: startMs,
		end_epoch_millis: endMs,
		direction,
		limit,
		min_level: least,
	} = logsQueryOf(request);
	const isLeast = ({level}: KeptLog): boolean =>
		least === undefined || (level != null && levels.indexOf(level) >= levels.indexOf(least));
	const fitting = kept.filter(log => log.timeMs >= startMs && log.timeMs < (endMs ?? Number.POSITIVE_INFINITY));
	const inOrder = direction === 'asc' ? fitting : [...fitting].reverse();
	const logs = inOrder.filter(isLeast).slice(0, limit);
	return {
		json: {
			logs: logs.map(({timeMs, nanoseconds = 0, message, replica = null, level = null, requestId = null}) => ({
				timestamp: `${timeMs}${String(nanoseconds).padStart(6, '0')}`,
				message,
				replica,
				level,
				request_id: requestId,
			})),
		},
	};
}

/** Returns a healthy server with these logs, to which entries can be added. */
export function logging(kept: readonly KeptLog[]): Respond {
	const others = healthy();
	return request => (isLogs(request) ? servedLogs(request, kept) : others(request));
}
