import * as z from 'zod/mini';
import {type Level, levels} from '../api/logs.ts';
import {createLogEvents, type LogEvent, type LogEvents, tickMs} from './log-events.ts';
import {isSamplerRunningAt, replicaNames, replicasAt, samplerBody, unknownMetrics} from './sampler.ts';
import type {Simulation} from './simulation.ts';
import {createNoise, type SimulationSettings} from './troubles.ts';

/** A response from the simulated API. */
export type DemoReply = {readonly status: number; readonly body: object};

/** Returns an error in the API's format. */
export function refuse(status: number, code: string, message: string): DemoReply {
	return {status, body: {code, message}};
}

/** The maximum length of a time range that can be requested, in milliseconds. */
export const longestSpanMs = 7 * 86_400_000;

/** The requested entries. Times are epoch milliseconds; the end is exclusive. */
export type LogSpan = {
	readonly startMs: number;
	readonly endMs: number;
	readonly direction: 'asc' | 'desc';
	readonly limit: number;
	readonly minLevel: Level;
};

/**
 * The delay until an entry of the first node reaches the collector, and the additional delay of each further node, in
 * milliseconds. Because of these delays, entries don't arrive in chronological order.
 */
const lateMs = 400;
const laterByNodeMs = 350;

/** The log entries of a component, and the name of the replica for each node number. */
type LogSource = {readonly eventsOf: LogEvents; readonly replicaOf: (node: number) => string};

/** Returns the log entries of a simulation's trainer. */
export function trainerLogs(simulation: Simulation): LogSource {
	return {eventsOf: createLogEvents(simulation), replicaOf: node => `loops-trainer-${node}`};
}

/** Returns the response of the logs route as of `nowMs`. */
export function logsBody({eventsOf, replicaOf}: LogSource, span: LogSpan, nowMs: number): object {
	const {startMs, endMs, direction, limit, minLevel} = span;
	const logs: object[] = [];
	const firstTick = Math.floor(startMs / tickMs) * tickMs;
	const lastTick = Math.floor(Math.min(endMs, nowMs) / tickMs) * tickMs;
	const hasPassed = (tick: number): boolean => (direction === 'asc' ? tick > lastTick : tick < firstTick);
	const forth = direction === 'asc' ? tickMs : -tickMs;
	for (let tick = direction === 'asc' ? firstTick : lastTick; !hasPassed(tick) && logs.length < limit; tick += forth) {
		const events = eventsOf(tick).filter(({level, node, afterMs}) => {
			const timeMs = tick + afterMs;
			const isKnown = timeMs + lateMs + node * laterByNodeMs <= nowMs;
			return isKnown && timeMs >= startMs && timeMs < endMs && levels.indexOf(level) >= levels.indexOf(minLevel);
		});
		const inOrder = direction === 'asc' ? events : events.reverse();
		logs.push(...inOrder.map(event => entry(tick, event, replicaOf(event.node))));
	}

	return {logs: logs.slice(0, limit)};
}

/**
 * Returns an entry as the API sends it. A number can't represent the time in nanoseconds exactly, so the milliseconds
 * and the rest are joined as strings.
 */
function entry(tick: number, {afterMs, level, requestId, message}: LogEvent, replica: string): object {
	const nanoseconds = Math.floor((afterMs % 1) * 1_000_000);
	return {
		timestamp: `${tick + Math.floor(afterMs)}${String(nanoseconds).padStart(6, '0')}`,
		message: message(),
		replica,
		request_id: requestId ?? null,
		level,
	};
}

const defaultSpanMs = 30 * 60_000;

const epochMillis = z.optional(z.coerce.number().check(z.int(), z.nonnegative()));
const logsQuery = z.object({
	start_epoch_millis: epochMillis,
	end_epoch_millis: epochMillis,
	direction: z._default(z.enum(['asc', 'desc']), 'desc'),
	limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000)), 500),
	min_level: z._default(z.enum(levels), 'DEBUG'),
});

/** Returns the response to a request for logs. */
export function logsReply(source: LogSource, asked: URLSearchParams, nowMs: number): DemoReply {
	const parsed = logsQuery.safeParse(Object.fromEntries(asked));
	if (!parsed.success) {
		return refuse(400, 'VALIDATION_ERROR', 'The query is not valid.');
	}

	const {direction, limit, min_level: minLevel} = parsed.data;
	const endMs = parsed.data.end_epoch_millis ?? nowMs;
	const startMs = parsed.data.start_epoch_millis ?? endMs - defaultSpanMs;
	if (startMs >= endMs || endMs - startMs > longestSpanMs) {
		return refuse(400, 'VALIDATION_ERROR', 'The start must be before the end, by at most seven days.');
	}

	return {status: 200, body: logsBody(source, {startMs, endMs, direction, limit, minLevel}, nowMs)};
}

const hour = 3_600_000;
const samplesOfHour = 30_000;
const stepsOfLonger = 120;
const samplerQuery = z.object({
	mode: z.literal('SERIES'),
	start_epoch_millis: epochMillis,
	end_epoch_millis: epochMillis,
});

/** Returns the server's step: half a minute for ranges of up to an hour, and whole minutes for longer ranges. */
function stepOf(lengthMs: number): number {
	return lengthMs <= hour ? samplesOfHour : Math.ceil(lengthMs / stepsOfLonger / 60_000) * 60_000;
}

/** Returns the response to a request for the sampler's metrics. Only series are simulated. */
export function samplerReply(setting: SimulationSettings, asked: URLSearchParams, nowMs: number): DemoReply {
	const parsed = samplerQuery.safeParse(Object.fromEntries(asked));
	if (!parsed.success) {
		return refuse(400, 'VALIDATION_ERROR', 'The query is not valid.');
	}

	const names = asked.getAll('metrics');
	const [unknown] = unknownMetrics(setting, names);
	if (unknown !== undefined) {
		return refuse(400, 'VALIDATION_ERROR', `There is no metric ${unknown}.`);
	}

	const endMs = parsed.data.end_epoch_millis ?? nowMs;
	const startMs = parsed.data.start_epoch_millis ?? endMs - hour;
	if (startMs >= endMs || endMs - startMs > longestSpanMs) {
		return refuse(400, 'VALIDATION_ERROR', 'The start must be before the end, by at most seven days.');
	}

	const span = {startMs, endMs, stepMs: stepOf(endMs - startMs)};
	return {status: 200, body: samplerBody(setting, span, names, nowMs)};
}

/** The noise keys, which differ from those of the metrics and of the trainer's logs. */
const keys = {when: 30_000, tokens: 31_000, failed: 32_000} as const;

/** The interval at which the sampler loads the trainer's new weights, in milliseconds. */
const weightsEveryMs = 60_000;

/**
 * Returns the log entries of the replicas of a simulation's sampler: generated tokens, new weights, timeouts, and a
 * replica that starts and stops.
 */
export function samplerLogs(setting: SimulationSettings): LogSource {
	return {eventsOf: createEvents(setting), replicaOf: node => replicaNames[node] ?? ''};
}

function createEvents(setting: SimulationSettings): LogEvents {
	const noise = createNoise(setting.seed);
	return timeMs => {
		const tick = timeMs / tickMs;
		const running = isSamplerRunningAt(setting, timeMs) ? replicasAt(timeMs) : 0;
		return replicaNames
			.flatMap((_, node): readonly LogEvent[] => {
				const afterMs = ((node + noise(keys.when + node, tick)) / replicaNames.length) * tickMs;
				const share = noise(keys.tokens + node, tick);
				const say = (level: LogEvent['level'], text: string): LogEvent => ({afterMs, level, node, message: () => text});
				if (node >= running) {
					return running > 0 && replicasAt(timeMs - tickMs) > node
						? [say('INFO', 'replica is shutting down: no requests left')]
						: [];
				}

				const starting = replicasAt(timeMs - tickMs) <= node ? [say('INFO', 'engine is ready, 2 GPUs')] : [];
				const weights = timeMs % weightsEveryMs < tickMs ? [say('INFO', `loaded weights ${Math.floor(tick)}`)] : [];
				const failed =
					noise(keys.failed + node, tick) > 0.97 ? [say('WARNING', 'request timed out in the queue after 30 s')] : [];
				const tokens = Math.round(900 + 2400 * share);
				const hits = Math.round(40 + 50 * share);
				return [
					...starting,
					...weights,
					...failed,
					say('INFO', `generated ${tokens} tokens in ${Math.round(2 + 6 * share)} requests, KV cache hits ${hits}%`),
				];
			})
			.sort((a, b) => a.afterMs - b.afterMs);
	};
}
