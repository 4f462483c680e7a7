/** In which zone times are told: the terminal's own, or UTC. */
export type Zone = 'local' | 'utc';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** By how much the zone is ahead of UTC at a time, in milliseconds. */
export function zoneOffsetMs(timeMs: number, zone: Zone): number {
	return zone === 'utc' ? 0 : -new Date(timeMs).getTimezoneOffset() * 60_000;
}

/** The same moment as a date whose UTC fields are the zone's. */
function shifted(timeMs: number, zone: Zone): Date {
	return new Date(timeMs + zoneOffsetMs(timeMs, zone));
}

function two(value: number): string {
	return String(value).padStart(2, '0');
}

/** Hours and minutes: `09:05`. */
export function formatMinute(timeMs: number, zone: Zone): string {
	const date = shifted(timeMs, zone);
	return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/** Hours, minutes and seconds: `09:05:30`. */
export function formatSecond(timeMs: number, zone: Zone): string {
	return `${formatMinute(timeMs, zone)}:${two(shifted(timeMs, zone).getUTCSeconds())}`;
}

/** Month and day: `Nov 23`. */
export function formatDay(timeMs: number, zone: Zone): string {
	const date = shifted(timeMs, zone);
	return `${months[date.getUTCMonth()] ?? ''} ${date.getUTCDate()}`;
}

/** A time of the last day by the clock, an older or later one with its date: `09:05:30`, `Nov 21 09:05`. */
export function formatMoment(timeMs: number, nowMs: number, zone: Zone): string {
	const isNear = Math.abs(nowMs - timeMs) < 20 * 3_600_000;
	return isNear ? formatSecond(timeMs, zone) : `${formatDay(timeMs, zone)} ${formatMinute(timeMs, zone)}`;
}

/** Whether a day begins in the zone: at midnight as a rule, and later where summer time begins at midnight. */
export function isStartOfDay(timeMs: number, zone: Zone): boolean {
	return formatDay(timeMs, zone) !== formatDay(timeMs - 1, zone);
}

/**
 * When the clocks of a zone show a local time, which is given as the milliseconds since its own 1970. Of two such times,
 * where summer time ends, it is the first or the second; of none, where it begins, the one when the clocks go on.
 */
export function timeOfLocal(localMs: number, zone: Zone): number {
	const near = localMs - zoneOffsetMs(localMs, zone);
	const time = localMs - zoneOffsetMs(near, zone);
	const offset = zoneOffsetMs(time, zone);
	return time + offset === localMs ? time : localMs - Math.min(offset, zoneOffsetMs(near, zone));
}
