// Longer than 250 lines because each kind of value is formatted in one place, so that it looks the same everywhere.

import {symbols} from '../theme/theme.ts';

const {unknown} = symbols;

function isKnown(value: number | undefined): value is number {
	return value !== undefined && !Number.isNaN(value);
}

/**
 * Formats a number with three significant digits, at most three decimals, all digits before the decimal point, and no
 * exponent: `0.042`, `1.23`, `12.3`, `123`, `1234`.
 */
function threeDigits(value: number): string {
	const size = Math.abs(value);
	if (size >= 99.95 || value === 0) {
		return String(Math.round(value));
	}

	const digits = size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
	return value.toFixed(digits);
}

/**
 * Formats a number with a suffix for thousands: `12.3`, `1.23k`, `4.56M`. Numbers of 10¹² or more have an exponent;
 * undefined and NaN are `–`.
 */
export function formatCount(value: number | undefined): string {
	if (!isKnown(value)) {
		return unknown;
	}

	const size = Math.abs(value);
	if (size >= 999.5e9) {
		return value.toExponential(1);
	}

	for (const [unit, letter] of [
		[1e9, 'G'],
		[1e6, 'M'],
		[1e3, 'k'],
	] as const) {
		if (size >= unit * 0.9995) {
			return threeDigits(value / unit) + letter;
		}
	}

	return size > 0 && size < 0.0005 ? (value > 0 ? '<0.001' : '>-0.001') : threeDigits(value);
}

/** Formats a rate per second: `12.3/s`. Undefined and NaN are `–`. */
export function formatRate(value: number | undefined): string {
	return isKnown(value) ? `${formatCount(value)}/s` : unknown;
}

/**
 * Formats a whole number with a comma between groups of three digits: `1,204`. `toLocaleString` would load 5 MB of ICU
 * data, most of which stays in memory.
 */
export function formatGrouped(value: number): string {
	return value.toFixed(0).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Adds a noun to a number, with a plural `s` unless the number is 1: `1 node`, `4 nodes`, `1,204 bytes`. */
export function withNoun(shown: number | string, noun: string): string {
	return `${shown} ${noun}${String(shown) === '1' ? '' : 's'}`;
}

/**
 * Formats a count of requests: whole numbers below 1000 unchanged, others (such as means over a step) as `formatCount`
 * does.
 */
export function formatWhole(value: number | undefined): string {
	return isKnown(value) && Number.isInteger(value) && Math.abs(value) < 1000 ? String(value) : formatCount(value);
}

/** Formats a latency in milliseconds: `4.2ms`, `123ms`, `1.89s`, `2m05s`, `1h30m`. Undefined and NaN are `–`. */
export function formatLatency(milliseconds: number | undefined): string {
	if (!isKnown(milliseconds)) {
		return unknown;
	}

	const size = Math.abs(milliseconds);
	if (size < 9.95) {
		return `${milliseconds === 0 ? 0 : milliseconds.toFixed(1)}ms`;
	}

	if (size < 999.5) {
		return `${Math.round(milliseconds)}ms`;
	}

	if (size < 99_950) {
		return `${(milliseconds / 1000).toFixed(size < 9995 ? 2 : 1)}s`;
	}

	return formatLong(milliseconds);
}

function formatLong(milliseconds: number): string {
	const seconds = Math.round(milliseconds / 1000);
	const sign = seconds < 0 ? '-' : '';
	const size = Math.abs(seconds);
	if (size < 3600) {
		return `${sign}${Math.floor(size / 60)}m${String(size % 60).padStart(2, '0')}s`;
	}

	const minutes = Math.round(size / 60);
	return size < 360_000
		? `${sign}${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`
		: `${sign}${formatCount(Math.round(size / 3600))}h`;
}

/**
 * Formats a percentage near 0 or 100 with one decimal: `99.5%`, `>99.9%`, `0.4%`, and `fewest` for less than 0.05%.
 * Returns undefined if a whole percentage is precise enough.
 */
function nearEnd(percent: number, fewest: string): string | undefined {
	if (percent > 0 && percent < 0.95) {
		const text = percent.toFixed(1);
		return text === '0.0' ? fewest : `${text}%`;
	}

	if (percent >= 98.95 && percent < 100) {
		const text = percent.toFixed(1);
		return text === '100.0' ? '>99.9%' : `${text}%`;
	}

	return undefined;
}

/**
 * Formats a fraction 0–1 as a whole percentage, `88%`, but with one decimal near the ends, so that `0%` always means
 * exactly none and `100%` exactly all. Fractions outside 0–1 aren't clamped; undefined and NaN are `–`.
 */
export function formatPercent(fraction: number | undefined): string {
	if (!isKnown(fraction)) {
		return unknown;
	}

	const percent = fraction * 100;
	return nearEnd(percent, '<0.1%') ?? `${Math.abs(percent) < 9999.5 ? Math.round(percent) : formatCount(percent)}%`;
}

/** Formats a fraction as `formatPercent` does, but as `<1%` or `>99%` if a decimal doesn't fit into `width` cells. */
export function formatPercentIn(fraction: number | undefined, width: number): string {
	const text = formatPercent(fraction);
	return text.length <= width || !isKnown(fraction) ? text : fraction < 0.5 ? '<1%' : fraction < 1 ? '>99%' : text;
}

/** Formats a share, a fraction 0–1, with more digits if it is small: `95.9%`, `0.8%`, `0.02%`, `<0.01%`, `>99.9%`. */
export function formatShare(fraction: number | undefined): string {
	if (!isKnown(fraction)) {
		return unknown;
	}

	const percent = fraction * 100;
	if (percent === 0 || percent === 100) {
		return `${percent}%`;
	}

	if (percent > 0 && percent < 0.095) {
		const text = percent.toFixed(2);
		return text === '0.00' ? '<0.01%' : `${text}%`;
	}

	return nearEnd(percent, '<0.1%') ?? `${percent.toFixed(1)}%`;
}

const binaryUnits = ['', 'K', 'M', 'G', 'T', 'P'] as const;

function binary(bytes: number): {readonly size: number; readonly power: number} {
	let power = 0;
	let size = bytes;
	while (Math.abs(size) >= 999.5 && power < binaryUnits.length - 1) {
		size /= 1024;
		power++;
	}

	return {size, power};
}

/** Formats bytes with a one-letter binary unit (`G` is GiB = 1024³): `302G`, `61.2G`, `1.2T`, `512M`, `0`. */
export function formatBytes(bytes: number | undefined): string {
	if (!isKnown(bytes)) {
		return unknown;
	}

	const {size, power} = binary(bytes);
	const digits = power === 0 || Math.abs(size) >= 99.95 ? 0 : 1;
	return Math.abs(size) >= 1e6 ? formatCount(bytes) : `${size.toFixed(digits)}${binaryUnits[power] ?? ''}`;
}

/** Formats an exceeded limit in bytes, rounded down, in at most 5 characters: `>94G`, `>1.2T`. */
export function formatMoreThan(bytes: number | undefined): string {
	if (!isKnown(bytes)) {
		return unknown;
	}

	const {size, power} = binary(bytes);
	const step = power > 0 && size < 10 ? 10 : 1;
	return `>${Math.floor(size * step) / step}${binaryUnits[power] ?? ''}`;
}

const gibibyte = 1024 ** 3;

/** Formats bytes as GiB without the unit, for pairs of numbers that share a unit: `61.2`, `486`, `0.5`. */
export function formatGibibytes(bytes: number | undefined): string {
	if (!isKnown(bytes)) {
		return unknown;
	}

	const size = bytes / gibibyte;
	return Math.abs(size) >= 1e5 ? formatCount(size) : size.toFixed(Math.abs(size) >= 99.95 ? 0 : 1);
}

/** Formats used and total bytes in GiB: `61.2/80 GiB`; only the used amount if the total is unknown. */
export function formatMemory(used: number | undefined, total: number | undefined): string {
	return total === undefined
		? `${formatGibibytes(used)} GiB`
		: `${formatGibibytes(used)}/${trimZeros(formatGibibytes(total))} GiB`;
}

/** Formats a duration in milliseconds: `2s`, `10s`, `1m30s`, `5m`, `1h`. */
export function formatInterval(milliseconds: number): string {
	const seconds = Math.round(milliseconds / 1000);
	const parts = [
		[Math.floor(seconds / 3600), 'h'],
		[Math.floor((seconds % 3600) / 60), 'm'],
		[seconds % 60, 's'],
	] as const;
	const text = parts.flatMap(([amount, unit]) => (amount > 0 ? `${amount}${unit}` : [])).join('');
	return text === '' ? '0s' : text;
}

/** Formats an age in milliseconds, rounded down to one unit: `40s`, `3m`, `2h`, `5d`. Negative ages are `0s`. */
export function formatAge(milliseconds: number): string {
	const seconds = Math.max(0, Math.floor(milliseconds / 1000));
	if (seconds < 60) {
		return `${seconds}s`;
	}

	if (seconds < 3600) {
		return `${Math.floor(seconds / 60)}m`;
	}

	return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** Formats an age with seconds if it is below ten minutes, otherwise in one unit: `59s`, `2m59s`, `12m`, `3h`. */
export function formatFineAge(milliseconds: number): string {
	return milliseconds < 600_000
		? formatInterval(Math.floor(Math.max(0, milliseconds) / 1000) * 1000)
		: formatAge(milliseconds);
}

/**
 * Formats a length of time, rounded down (`40s`, `35m`, `2h40m`, `5d`): in hours and minutes if it is from one hour to
 * two days, and otherwise as `formatAge` does.
 */
export function formatLength(milliseconds: number): string {
	const isCoarse = milliseconds < 3_600_000 || milliseconds >= 172_800_000;
	return isCoarse ? formatAge(milliseconds) : formatInterval(Math.floor(milliseconds / 60_000) * 60_000);
}

/** Removes trailing zeros from a formatted number, for axis labels: `2.50s` becomes `2.5s`, `10.0` becomes `10`. */
export function trimZeros(text: string): string {
	return text.replace(/(\.\d*?)0+(?!\d)/, '$1').replace(/\.(?!\d)/, '');
}

/**
 * Rounds a remaining time, in milliseconds: to minutes below 15 minutes, but to at least one minute; to quarter hours
 * below 90 minutes; and to hours otherwise.
 */
export function roundedMs(milliseconds: number): number {
	const unitMs = milliseconds < 900_000 ? 60_000 : milliseconds < 5_400_000 ? 900_000 : 3_600_000;
	return Math.max(unitMs, Math.round(milliseconds / unitMs) * unitMs);
}

/** Rounds a remaining time, and formats it in a few characters: `75m`, `4h`. */
export function formatTimeLeft(milliseconds: number): string {
	const minutes = roundedMs(milliseconds) / 60_000;
	return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
