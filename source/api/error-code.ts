import {cleanText} from './clean-text.ts';

/** The deepest code in a chain of causes: fetch wraps what the socket said in "fetch failed". */
export function errorCodeOf(error: unknown): string {
	let code = '';
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
		if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string') {
			code = inner.code;
		}
	}

	return code === '' ? 'unknown' : cleanText(code, 60);
}
