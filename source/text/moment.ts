import {parseTime} from '../api/points.ts';
import {timesOfLocal, type Zone, zoneOffsetMs} from './clock-time.ts';

/**
 * A time as a user writes it, before its reference point is known: an offset before now or after the start of a
 * recording, a time of day, a date, or an instant.
 */
export type Moment =
	/** `ms` before the end of the data; for live data, the end is now. */
	| {readonly kind: 'before-end'; readonly ms: number}
	/** `ms` after the start of a recording. */
	| {readonly kind: 'after-start'; readonly ms: number}
	/** A time of day in milliseconds since midnight. */
	| {readonly kind: 'clock'; readonly clockMs: number; readonly isUtc: boolean}
	/** A date (without a year if none was given) and a time of day. `month` is 0 to 11. */
	| {
			readonly kind: 'date';
			readonly year: number | undefined;
			readonly month: number;
			readonly day: number;
			readonly clockMs: number;
			readonly isUtc: boolean;
	  }
	| {readonly kind: 'instant'; readonly timeMs: number};

/**
 * The reference points of a moment, in epoch milliseconds: the start (`startMs`) and the end of a recording; for live
 * data, undefined and now.
 */
export type MomentContext = {readonly startMs: number | undefined; readonly endMs: number; readonly zone: Zone};

/** Examples of valid times, for messages. */
export const momentExamples = '14:03, -9h, "Nov 27 03:10", or 2026-11-27T03:10Z';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const dayMs = 86_400_000;

const months = [
	'january',
	'february',
	'march',
	'april',
	'may',
	'june',
	'july',
	'august',
	'september',
	'october',
	'november',
	'december',
];
const spanPattern = /^(?=.)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s?)?$/;
const clockPattern = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const monthFirst = /^([a-z]{3,9}) (\d{1,2})(?:,? (\d{4}))?(?:,? (\d\S*))?$/;
const dayFirst = /^(\d{1,2}) ([a-z]{3,9})(?:,? (\d{4}))?(?:,? (\d\S*))?$/;
const isoPattern = /^(\d{4})-(\d{2})-(\d{2})(?:[t ](\d\S*))?$/;

/**
 * Parses `14:03`, `14:03:20`, `-9h` and `-1h30m` (before now, or before the end of a recording), `+90m` (after the
 * start of a recording), `now`, `Nov 27 03:10`, `27 November 2026`, `2026-11-27 14:03`, and
 * `2026-11-27T14:03:20+02:00`. A date without a time of day means midnight; an offset without a unit is in seconds. A
 * `Z` or ` UTC` at the end of a time of day or a date makes it UTC. Letter case and additional spaces don't matter.
 * Returns undefined for anything else.
 */
export function parseMoment(text: string): Moment | undefined {
	const plain = text.trim().replaceAll(/\s+/g, ' ').toLowerCase();
	if (plain === 'now') {
		return {kind: 'before-end', ms: 0};
	}

	const spanMs = /^[+-]/.test(plain) ? parseSpan(plain.slice(1)) : undefined;
	if (spanMs !== undefined) {
		return {kind: plain.startsWith('+') ? 'after-start' : 'before-end', ms: spanMs};
	}

	const timeMs = parseTime(plain);
	if (!Number.isNaN(timeMs)) {
		return {kind: 'instant', timeMs};
	}

	const local = plain.replace(/ ?utc$|(?<=\d)z$/, '');
	const isUtc = local !== plain;
	const clockMs = parseClock(local);
	return clockMs === undefined ? parseDate(local, isUtc) : {kind: 'clock', clockMs, isUtc};
}

function parseSpan(text: string): number | undefined {
	const parts = spanPattern.exec(text)?.slice(1);
	const [days, hours, minutes, seconds] = parts?.map(part => Number(part ?? 0)) ?? [];
	return days === undefined || hours === undefined || minutes === undefined || seconds === undefined
		? undefined
		: days * dayMs + hours * 60 * minuteMs + minutes * minuteMs + seconds * secondMs;
}

function parseClock(text: string): number | undefined {
	const [whole, hours = '', minutes = '', seconds = '0'] = clockPattern.exec(text) ?? [];
	const isClock = whole !== undefined && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;
	return isClock ? ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * secondMs : undefined;
}

function parseDate(text: string, isUtc: boolean): Moment | undefined {
	const iso = isoPattern.exec(text);
	const named = monthFirst.exec(text);
	const [, year, monthText = '', dayText = '', clock = '0:00'] =
		iso ?? (named === null ? reorder(dayFirst.exec(text), [3, 2, 1, 4]) : reorder(named, [3, 1, 2, 4]));
	const month = iso === null ? monthOf(monthText) : Number(monthText) - 1;
	const day = Number(dayText);
	const clockMs = parseClock(clock);
	// Without a year, February 29 is possible.
	const exists = dayOf(year === undefined ? 2000 : Number(year), month, day) !== undefined;
	return exists && clockMs !== undefined
		? {kind: 'date', year: year === undefined ? undefined : Number(year), month, day, clockMs, isUtc}
		: undefined;
}

function reorder(match: RegExpExecArray | null, groups: readonly number[]): ReadonlyArray<string | undefined> {
	return [undefined, ...groups.map(group => match?.[group])];
}

/** Returns 0 to 11 for the name of a month, or for at least its first three letters; -1 for anything else. */
function monthOf(text: string): number {
	return text.length < 3 ? -1 : months.findIndex(name => name.startsWith(text));
}

/** Returns midnight UTC of a date in epoch milliseconds, or undefined if there is no such day. */
function dayOf(year: number, month: number, day: number): number | undefined {
	const date = new Date(Date.UTC(year, month, day));
	const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month && date.getUTCDate() === day;
	return exists ? date.getTime() : undefined;
}

/**
 * Resolves a moment to epoch milliseconds.
 *
 * A time of day, or a date without a year, means the most recent one; in a recording, a time of day means the first one
 * after the start, and a date means the one nearest to the start. If the clocks were set back and a time occurs twice,
 * the same rule decides; for a date with a year, the first one is used. A time that the clocks skipped is shifted by
 * the amount they were set forward. Returns undefined for an offset after the start if there is no recording, and for a
 * date that has no year and doesn't occur within 8 years.
 */
export function resolveMoment(moment: Moment, {startMs, endMs, zone}: MomentContext): number | undefined {
	switch (moment.kind) {
		case 'before-end':
			return endMs - moment.ms;
		case 'after-start':
			return startMs === undefined ? undefined : startMs + moment.ms;
		case 'instant':
			return moment.timeMs;
		case 'clock': {
			const {clockMs} = moment;
			const near = moment.isUtc ? 'utc' : zone;
			const fromMs = startMs ?? endMs;
			const midnightMs = Math.floor((fromMs + zoneOffsetMs(fromMs, near)) / dayMs) * dayMs;
			// Days are local: a day can be 23 hours long, or be skipped where the date line was moved.
			const times = [-2, -1, 0, 1].flatMap(days => timesOfLocal(midnightMs + days * dayMs + clockMs, near));
			// A time of day without seconds covers a minute, and a recording can start within it.
			return startMs === undefined
				? Math.max(...times.filter(time => time <= endMs))
				: Math.min(...times.filter(time => time > startMs - minuteMs));
		}
		case 'date':
			return resolveDate(moment, {startMs, endMs, zone: moment.isUtc ? 'utc' : zone});
	}
}

function resolveDate(
	{year, month, day, clockMs}: Extract<Moment, {kind: 'date'}>,
	{startMs, endMs, zone}: MomentContext,
): number | undefined {
	const timesIn = (inYear: number): readonly number[] => {
		const midnightMs = dayOf(inYear, month, day);
		return midnightMs === undefined ? [] : timesOfLocal(midnightMs + clockMs, zone);
	};
	if (year !== undefined) {
		return timesIn(year)[0];
	}

	const nearYear = new Date(startMs ?? endMs).getUTCFullYear();
	const times = Array.from({length: 17}, (_, index) => timesIn(nearYear - 8 + index)).flat();
	const known = startMs === undefined ? times.filter(time => time <= endMs) : times;
	const goalMs = startMs ?? endMs;
	return known.toSorted((a, b) => Math.abs(a - goalMs) - Math.abs(b - goalMs))[0];
}
