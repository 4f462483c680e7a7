import {roundedMs, withNoun} from './format.ts';

/** The word for unknown numbers. In text for reading aloud, units are whole words, not abbreviations. */
const unknown = 'unknown';

function isKnown(value: number | undefined): value is number {
	return value !== undefined && !Number.isNaN(value);
}

/**
 * Formats a number with three significant digits, at most three decimals, and all digits before the decimal point:
 * `0.042`, `12.3`, `1890`; 12.0 is `12`. Numbers of 10¹⁵ or more have an exponent.
 */
function threeDigits(value: number): string {
	const size = Math.abs(value);
	if (size >= 1e15) {
		return value.toExponential(1).replace('e+', ' times ten to the ');
	}

	const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
	return String(Number(value.toFixed(digits)));
}

/** Formats a number for reading aloud: `12.3`. A positive number is never rounded to zero. */
export function sayCount(value: number | undefined): string {
	if (!isKnown(value)) {
		return unknown;
	}

	return value > 0 && value < 0.0005 ? 'less than 0.001' : threeDigits(value);
}

/** Formats a rate for reading aloud: `12.3 per second`. */
export function sayRate(value: number | undefined): string {
	return isKnown(value) ? `${sayCount(value)} per second` : unknown;
}

/**
 * Formats a latency (given in milliseconds) for reading aloud, in seconds if it is 10 s or more: `123 milliseconds`,
 * `12.5 seconds`.
 */
export function sayLatency(milliseconds: number | undefined): string {
	if (!isKnown(milliseconds)) {
		return unknown;
	}

	if (Math.abs(milliseconds) >= 9999.5) {
		return `${sayCount(milliseconds / 1000)} seconds`;
	}

	return withNoun(sayCount(milliseconds), 'millisecond');
}

/**
 * Formats a percentage near 0 or 100 with one decimal, so that `0` always means exactly none and `100` exactly all.
 * Returns undefined for any other percentage.
 */
function nearEnd(percent: number): string | undefined {
	const isNear = (percent > 0 && percent < 0.95) || (percent >= 98.95 && percent < 100);
	if (!isNear) {
		return undefined;
	}

	const text = percent.toFixed(1);
	return text === '100.0' ? 'more than 99.9' : text === '0.0' ? 'less than 0.1' : String(Number(text));
}

/** Formats a fraction 0–1 as a whole percentage for reading aloud, `88 percent`, but with one decimal near the ends. */
export function sayPercent(fraction: number | undefined): string {
	return isKnown(fraction) ? `${nearEnd(fraction * 100) ?? threeDigits(Math.round(fraction * 100))} percent` : unknown;
}

/** Formats a share, a fraction 0–1, with more digits if it is small: `95.9 percent`, `less than 0.01 percent`. */
export function sayShare(fraction: number | undefined): string {
	if (!isKnown(fraction)) {
		return unknown;
	}

	const percent = fraction * 100;
	if (percent >= 99.95 && percent < 100) {
		return 'more than 99.9 percent';
	}

	if (percent > 0 && percent < 0.01) {
		return 'less than 0.01 percent';
	}

	return `${Number(percent.toFixed(percent < 0.095 ? 2 : 1))} percent`;
}

const units = [
	[86_400, 'day'],
	[3600, 'hour'],
	[60, 'minute'],
	[1, 'second'],
] as const;

/**
 * Formats a duration, given in milliseconds, in its two largest nonzero units: `3 minutes and 20 seconds`, `2 hours`.
 * If the duration rounds to 0 seconds or is negative, returns `0 seconds`.
 */
export function sayDuration(milliseconds: number): string {
	let rest = Math.max(0, Math.round(milliseconds / 1000));
	const parts: string[] = [];
	for (const [seconds, unit] of units) {
		const amount = Math.floor(rest / seconds);
		rest %= seconds;
		if (amount > 0) {
			parts.push(withNoun(amount, unit));
		}
	}

	return parts.length === 0 ? '0 seconds' : parts.slice(0, 2).join(' and ');
}

/**
 * Rounds a remaining time in milliseconds as `formatTimeLeft` does, and formats it: `1 hour and 15 minutes`, `4 hours`.
 */
export function sayTimeLeft(milliseconds: number): string {
	return sayDuration(roundedMs(milliseconds));
}

const bytesUnits = [
	[1024 ** 4, 'tebibyte'],
	[1024 ** 3, 'gibibyte'],
	[1024 ** 2, 'mebibyte'],
	[1024, 'kibibyte'],
] as const;

/** Formats a size given in bytes, in the largest unit in which it is at least 1: `302 gibibytes`, `512 bytes`. */
export function sayBytes(bytes: number | undefined): string {
	if (!isKnown(bytes)) {
		return unknown;
	}

	const [size, unit] = bytesUnits.find(([least]) => bytes >= least) ?? [1, 'byte'];
	return withNoun(sayCount(bytes / size), unit);
}
