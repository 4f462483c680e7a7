import * as z from 'zod';
import {levels} from '../api/logs.ts';
import {logsBody} from './logs.ts';
import {longestSpanMs, type Reply, refuse} from './reply.ts';
import type {Simulation} from './simulation.ts';

const defaultSpanMs = 30 * 60_000;

const epochMillis = z.coerce.number().int().nonnegative().optional();
const query = z.object({
	start_epoch_millis: epochMillis,
	end_epoch_millis: epochMillis,
	direction: z.enum(['asc', 'desc']).default('desc'),
	limit: z.coerce.number().int().min(1).max(1000).default(500),
	min_level: z.enum(levels).default('DEBUG'),
});

/** Returns the response to a request for logs. */
export function logsReply(simulation: Simulation, asked: URLSearchParams, nowMs: number): Reply {
	const parsed = query.safeParse(Object.fromEntries(asked));
	if (!parsed.success) {
		return refuse(400, 'VALIDATION_ERROR', 'The query is not valid.');
	}

	const {direction, limit, min_level: minLevel} = parsed.data;
	const endMs = parsed.data.end_epoch_millis ?? nowMs;
	const startMs = parsed.data.start_epoch_millis ?? endMs - defaultSpanMs;
	if (startMs >= endMs || endMs - startMs > longestSpanMs) {
		return refuse(400, 'VALIDATION_ERROR', 'The start must be before the end, by seven days at most.');
	}

	return {status: 200, body: logsBody(simulation, {startMs, endMs, direction, limit, minLevel}, nowMs)};
}
