import {cleanText} from './clean-text.ts';

/** Returns the error code of what Node.js threw; if several addresses were tried, that of the first. */
export function errorCodeOf(error: unknown): string {
	const first = error instanceof AggregateError ? error.errors[0] : error;
	return first instanceof Error && 'code' in first && typeof first.code === 'string'
		? cleanText(first.code, 60)
		: 'unknown';
}
