import type {Unit} from './measures.ts';

/** Formats a number with at least three significant digits, but at most three decimals, without an exponent. */
export function threeDigits(value: number): string {
	const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
	return value.toFixed(Math.min(digits, 3));
}

/** Formats a value in its unit; `–` for a value that couldn't be measured, which is undefined or NaN. */
export function formatValue(value: number | undefined, unit: Unit): string {
	if (value === undefined || Number.isNaN(value)) {
		return '–';
	}

	switch (unit) {
		case 'ms':
			return `${threeDigits(value)} ms`;
		case 'bytes':
			return value < 100_000 ? `${Math.round(value)} B` : `${threeDigits(value / 1e6)} MB`;
		case 'bytes/s':
		case 'bytes/poll':
			return `${Math.round(value)} ${unit === 'bytes/s' ? 'B/s' : 'B/poll'}`;
		case 's/min':
			return `${value.toFixed(2)} s/min`;
		case 'count':
			return String(value);
	}
}

/** Formats a multiple of Node.js's value: with two decimals below 1, one below 10, and none otherwise. */
export function formatRatio(ratio: number): string {
	return `${ratio.toFixed(ratio < 1 ? 2 : ratio < 10 ? 1 : 0)} ×`;
}
