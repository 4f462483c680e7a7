import {cleanText} from '../api/clean-text.ts';
import {usageError} from './usage-error.ts';

const minimumMs = 2000;
const maximumMs = 3_600_000;

/** A length of time in milliseconds: `10` and `10s` are ten seconds, `1m30s` ninety. Undefined for anything else. */
export function parseDuration(text: string): number | undefined {
	const withUnit = /^\d+$/.test(text) ? `${text}s` : text;
	const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(withUnit);
	if (match === null || text === '') {
		return undefined;
	}

	const [, hours = '0', minutes = '0', seconds = '0'] = match;
	return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/**
 * The poll interval in milliseconds, two seconds to an hour.
 *
 * @throws UserError for what is no duration, or outside of that range
 */
export function parseInterval(text: string): number {
	const intervalMs = parseDuration(text);
	if (intervalMs === undefined) {
		throw usageError(`--interval "${cleanText(text, 60)}" is not a length of time: write 10, 10s, 1m or 1m30s.`);
	}

	if (intervalMs < minimumMs || intervalMs > maximumMs) {
		throw usageError(`--interval ${cleanText(text, 60)} is out of range: give 2s to 1h.`);
	}

	return intervalMs;
}
