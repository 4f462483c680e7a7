import {cleanText} from '../api/clean-text.ts';
import {type Parsed, quote} from './parse-value.ts';

const minimumMs = 2000;
const maximumMs = 3_600_000;

/**
 * Parses a duration to milliseconds: `10` and `10s` are ten seconds, `1m30s` ninety. Returns undefined for anything
 * else.
 */
export function parseDuration(text: string): number | undefined {
	const withUnit = /^\d+$/.test(text) ? `${text}s` : text;
	const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(withUnit);
	if (match === null || text === '') {
		return undefined;
	}

	const [, hours = '0', minutes = '0', seconds = '0'] = match;
	return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** Formats milliseconds, a whole number of seconds, as the shortest text that `parseDuration` reads. */
export function showDuration(milliseconds: number): string {
	const seconds = milliseconds / 1000;
	const parts = [
		[Math.floor(seconds / 3600), 'h'],
		[Math.floor(seconds / 60) % 60, 'm'],
		[seconds % 60, 's'],
	] as const;
	const text = parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
	return text === '' ? '0s' : text;
}

/** Parses a polling interval, 2 s to 1 h, to milliseconds. */
export function parseInterval(text: string): Parsed<number> {
	const value = parseDuration(text);
	if (value === undefined) {
		return {mistake: `${quote(text)} isn't a duration. Use one such as 10, 10s, 1m or 1m30s.`};
	}

	if (value < minimumMs || value > maximumMs) {
		return {mistake: `${cleanText(text, 60)} is out of range. Use 2s to 1h.`};
	}

	return {value};
}
