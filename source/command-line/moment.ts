import {parseTime} from '../api/points.ts';
import {parseDuration} from './duration.ts';
import {type Parsed, quote} from './parse-value.ts';

/** A time in a recording: an offset from its start, a time of day, a date and time, or epoch milliseconds. */
export type Moment =
	| {readonly kind: 'after'; readonly ms: number}
	| {readonly kind: 'clock'; readonly clock: Clock}
	| {readonly kind: 'date'; readonly date: readonly [year: number, month: number, day: number]; readonly clock: Clock}
	| {readonly kind: 'instant'; readonly timeMs: number};

type Clock = readonly [hours: number, minutes: number, seconds: number];

const clockPattern = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const datePattern = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{1,2}:\d{2}(?::\d{2})?)$/;

/** Parses a time such as `14:03`, `14:03:20`, `2026-11-23 14:03`, `2026-11-23T14:03:20Z` or `+90m`. */
export function parseMoment(text: string): Parsed<Moment> {
	const afterMs = text.startsWith('+') ? parseDuration(text.slice(1)) : undefined;
	if (afterMs !== undefined) {
		return {value: {kind: 'after', ms: afterMs}};
	}

	const clock = parseClock(text);
	if (clock !== undefined) {
		return {value: {kind: 'clock', clock}};
	}

	const [, year = '', month = '', day = '', time = ''] = datePattern.exec(text) ?? [];
	const ofDate = parseClock(time);
	if (ofDate !== undefined && !Number.isNaN(parseTime(`${year}-${month}-${day}T00:00Z`))) {
		return {value: {kind: 'date', date: [Number(year), Number(month), Number(day)], clock: ofDate}};
	}

	const timeMs = parseTime(text);
	return Number.isNaN(timeMs)
		? {mistake: `${quote(text)} isn't a time. Use one such as 14:03, 14:03:20, "2026-11-23 14:03" or +90m.`}
		: {value: {kind: 'instant', timeMs}};
}

function parseClock(text: string): Clock | undefined {
	const [whole, hours = '', minutes = '', seconds = '0'] = clockPattern.exec(text) ?? [];
	const clock = [Number(hours), Number(minutes), Number(seconds)] as const;
	return whole !== undefined && clock[0] < 24 && clock[1] < 60 && clock[2] < 60 ? clock : undefined;
}

/** A time of day without seconds covers a minute, and the recording may start within it. */
const minuteMs = 60_000;

/**
 * Returns the time in epoch milliseconds, in a recording that starts at `startMs`. A time of day is its first
 * occurrence.
 */
export function resolveMoment(moment: Moment, startMs: number, zone: 'local' | 'utc'): number {
	switch (moment.kind) {
		case 'after':
			return startMs + moment.ms;
		case 'instant':
			return moment.timeMs;
		case 'date':
			return timeOf(moment.date, moment.clock, zone);
		case 'clock': {
			const [year, month, day] = dateOf(startMs, zone);
			const first = timeOf([year, month, day], moment.clock, zone);
			return first > startMs - minuteMs ? first : timeOf([year, month, day + 1], moment.clock, zone);
		}
	}
}

function dateOf(timeMs: number, zone: 'local' | 'utc'): readonly [year: number, month: number, day: number] {
	const date = new Date(timeMs);
	return zone === 'utc'
		? [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
		: [date.getFullYear(), date.getMonth() + 1, date.getDate()];
}

function timeOf(
	[year, month, day]: readonly [year: number, month: number, day: number],
	[hours, minutes, seconds]: Clock,
	zone: 'local' | 'utc',
): number {
	return zone === 'utc'
		? Date.UTC(year, month - 1, day, hours, minutes, seconds)
		: new Date(year, month - 1, day, hours, minutes, seconds).getTime();
}
