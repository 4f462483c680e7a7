import {type Level, levels} from '../api/logs.ts';
import {createLogEvents, type LogEvent, tickMs} from './log-events.ts';
import type {Simulation} from './simulation.ts';

/** The requested entries. Times are epoch milliseconds; the end is exclusive. */
export type LogSpan = {
	readonly startMs: number;
	readonly endMs: number;
	readonly direction: 'asc' | 'desc';
	readonly limit: number;
	readonly minLevel: Level;
};

/**
 * The delay until an entry reaches the collector. It grows with each node, so entries don't arrive in order of their
 * times.
 */
const lateMs = 400;
const laterByNodeMs = 350;

/** Returns the response of the logs route as of `nowMs`. */
export function logsBody(simulation: Simulation, span: LogSpan, nowMs: number): object {
	const {startMs, endMs, direction, limit, minLevel} = span;
	const eventsOf = createLogEvents(simulation);
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
		logs.push(...inOrder.map(event => entry(tick, event)));
	}

	return {logs: logs.slice(0, limit)};
}

/** Nanoseconds are more than a number can hold exactly: the whole part and the rest are joined as text. */
function entry(tick: number, {afterMs, level, node, requestId, message}: LogEvent): object {
	const nanoseconds = Math.floor((afterMs % 1) * 1_000_000);
	return {
		timestamp: `${tick + Math.floor(afterMs)}${String(nanoseconds).padStart(6, '0')}`,
		message: message(),
		replica: `loops-trainer-${node}`,
		request_id: requestId ?? null,
		level,
	};
}
