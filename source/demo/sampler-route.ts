import * as z from 'zod';
import {longestSpanMs, type Reply, refuse} from './reply.ts';
import {samplerBody, unknownMetrics} from './sampler.ts';
import type {Setting} from './setting.ts';

const hour = 3_600_000;
const samplesOfHour = 30_000;
const stepsOfLonger = 120;

const epochMillis = z.coerce.number().int().nonnegative().optional();
const query = z.object({
	mode: z.literal('SERIES'),
	start_epoch_millis: epochMillis,
	end_epoch_millis: epochMillis,
});

/** The step that the server chooses: half a minute up to an hour, then whole minutes. */
function stepOf(lengthMs: number): number {
	return lengthMs <= hour ? samplesOfHour : Math.ceil(lengthMs / stepsOfLonger / 60_000) * 60_000;
}

/** Returns the response to a request for the sampler's metrics. Only series are simulated. */
export function samplerReply(setting: Setting, asked: URLSearchParams, nowMs: number): Reply {
	const parsed = query.safeParse(Object.fromEntries(asked));
	if (!parsed.success) {
		return refuse(400, 'VALIDATION_ERROR', 'The query is not valid.');
	}

	const names = asked.getAll('metrics');
	const [unknown] = unknownMetrics(names);
	if (unknown !== undefined) {
		return refuse(400, 'VALIDATION_ERROR', `There is no metric ${unknown}.`);
	}

	const endMs = parsed.data.end_epoch_millis ?? nowMs;
	const startMs = parsed.data.start_epoch_millis ?? endMs - hour;
	if (startMs >= endMs || endMs - startMs > longestSpanMs) {
		return refuse(400, 'VALIDATION_ERROR', 'The start must be before the end, by seven days at most.');
	}

	const span = {startMs, endMs, stepMs: stepOf(endMs - startMs)};
	return {status: 200, body: samplerBody(setting, span, names, nowMs)};
}
