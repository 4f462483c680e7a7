/** The time zone that times are shown in: the terminal's own, or UTC. */
export type Zone = 'local' | 'utc';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/**
 * Returns the zone's offset from UTC at a given time (epoch milliseconds), in milliseconds; negative west of Greenwich.
 */
export function zoneOffsetMs(timeMs: number, zone: Zone): number {
	return zone === 'utc' ? 0 : -new Date(timeMs).getTimezoneOffset() * 60_000;
}

/** Returns a date whose UTC fields are the zone's local ones. */
function shifted(timeMs: number, zone: Zone): Date {
	return new Date(timeMs + zoneOffsetMs(timeMs, zone));
}

function two(value: number): string {
	return String(value).padStart(2, '0');
}

/** Formats epoch milliseconds as hours and minutes: `09:05`. */
export function formatMinute(timeMs: number, zone: Zone): string {
	const date = shifted(timeMs, zone);
	return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/** Formats epoch milliseconds as hours, minutes, and seconds: `09:05:30`. */
export function formatSecond(timeMs: number, zone: Zone): string {
	return `${formatMinute(timeMs, zone)}:${two(shifted(timeMs, zone).getUTCSeconds())}`;
}

/** Formats epoch milliseconds as month and day: `Nov 23`. */
export function formatDay(timeMs: number, zone: Zone): string {
	const date = shifted(timeMs, zone);
	return `${months[date.getUTCMonth()] ?? ''} ${date.getUTCDate()}`;
}

/** Returns the suffix for the time in a header: ` UTC`, or nothing if the zone is the terminal's own. */
export function zoneMark(zone: Zone): string {
	return zone === 'utc' ? ' UTC' : '';
}

/**
 * Formats a time within 20 hours of `nowMs` as `09:05:30`, and any other with its date: `Nov 21 09:05`. `timeMs` and
 * `nowMs` are epoch milliseconds.
 */
export function formatMoment(timeMs: number, nowMs: number, zone: Zone): string {
	const isNear = Math.abs(nowMs - timeMs) < 20 * 3_600_000;
	return isNear ? formatSecond(timeMs, zone) : `${formatDay(timeMs, zone)} ${formatMinute(timeMs, zone)}`;
}

/**
 * Returns whether a new day begins at this time in the zone: usually at midnight, later if daylight saving time begins
 * at midnight.
 */
export function isStartOfDay(timeMs: number, zone: Zone): boolean {
	return formatDay(timeMs, zone) !== formatDay(timeMs - 1, zone);
}

/**
 * Converts a local time, given as milliseconds since 1970-01-01 00:00 local, to epoch milliseconds.
 *
 * If the local time occurs twice (daylight saving time ends), returns one of the two. If it doesn't occur (daylight
 * saving time begins), returns it shifted by the amount the clocks are set forward.
 */
export function timeOfLocal(localMs: number, zone: Zone): number {
	const near = localMs - zoneOffsetMs(localMs, zone);
	const time = localMs - zoneOffsetMs(near, zone);
	const offset = zoneOffsetMs(time, zone);
	return time + offset === localMs ? time : localMs - Math.min(offset, zoneOffsetMs(near, zone));
}

/**
 * Returns the epoch milliseconds at which the clocks of a zone show a local time (given as milliseconds since
 * 1970-01-01 00:00 local), in ascending order: one, or two if the clocks are set back. If the clocks skip the time,
 * returns it shifted by the amount they are set forward, as Date does.
 */
export function timesOfLocal(localMs: number, zone: Zone): readonly number[] {
	const dayMs = 86_400_000;
	const before = zoneOffsetMs(localMs - dayMs, zone);
	const after = zoneOffsetMs(localMs + dayMs, zone);
	const times = [localMs - before, localMs - after].filter(time => time + zoneOffsetMs(time, zone) === localMs);
	return times.length === 0 ? [localMs - before] : [...new Set(times)].sort((a, b) => a - b);
}
