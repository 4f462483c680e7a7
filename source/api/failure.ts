import {describeCode, describeErrorStatus, describeProxyStatus} from './failure-words.ts';

/**
 * Why a request brought no usable answer. A status carries what the server said of it (already cleaned) and, where the
 * server named a wait, that wait in milliseconds.
 */
export type Failure =
	| {
			readonly kind: 'status';
			readonly status: number;
			readonly message: string;
			readonly retryAfterMs: number | undefined;
	  }
	| {readonly kind: 'redirect'; readonly status: number; readonly host: string}
	| {readonly kind: 'network'; readonly code: string; readonly host: string}
	/** The proxy answered, and gave no tunnel. */
	| {readonly kind: 'proxy-refusal'; readonly status: number; readonly host: string}
	/** The proxy itself could not be reached. */
	| {readonly kind: 'proxy-network'; readonly code: string; readonly host: string}
	| {readonly kind: 'timeout'; readonly afterMs: number}
	| {readonly kind: 'too-large'; readonly limitBytes: number}
	| {readonly kind: 'cut-off'}
	| {readonly kind: 'not-json'; readonly contentType: string}
	| {readonly kind: 'wrong-shape'; readonly problem: string};

/** What came of a request: an answer or a failure, and how long it took in milliseconds. */
export type Result<Value> =
	| {readonly ok: true; readonly value: Value; readonly tookMs: number}
	| {readonly ok: false; readonly failure: Failure; readonly tookMs: number};

/** The failure with this status, whatever else it says. */
export function hasStatus(failure: Failure, ...statuses: readonly number[]): boolean {
	return failure.kind === 'status' && statuses.includes(failure.status);
}

/** What is wrong, in a few words that fit a header: no full stop, no line break, and never the key. */
export function describeFailure(failure: Failure): string {
	switch (failure.kind) {
		case 'status': {
			const said = failure.message === '' ? '' : `: ${failure.message}`;
			return `${failure.status} ${describeErrorStatus(failure.status)}${said}`;
		}

		case 'redirect':
			return `${failure.status} redirect to ${failure.host}, not followed`;
		case 'network':
			return `${failure.host} ${describeCode(failure.code)}`;
		case 'proxy-refusal':
			return `the proxy ${failure.host} ${describeProxyStatus(failure.status)} (${failure.status})`;
		case 'proxy-network':
			return `the proxy ${failure.host} ${describeCode(failure.code)}`;
		case 'timeout':
			return `no answer within ${Math.round(failure.afterMs / 1000)}s`;
		case 'too-large':
			return `the answer is larger than ${Math.round(failure.limitBytes / 1024 ** 2)} MiB`;
		case 'cut-off':
			return 'the answer was cut off';
		case 'not-json':
			return `the answer is ${failure.contentType}, not JSON`;
		case 'wrong-shape':
			return `the answer has another shape: ${failure.problem}`;
	}
}

/** The same in very few words, where a line is short. */
export function nameFailure(failure: Failure): string {
	switch (failure.kind) {
		case 'status':
			return `${failure.status}`;
		case 'redirect':
			return `${failure.status} redirect`;
		case 'network':
			return failure.code === 'ENOTFOUND' || failure.code === 'EAI_AGAIN' ? 'no DNS' : 'no connection';
		case 'proxy-refusal':
			return `proxy ${failure.status}`;
		case 'proxy-network':
			return 'no proxy';
		case 'timeout':
			return 'no answer';
		case 'too-large':
			return 'too large';
		case 'cut-off':
			return 'cut off';
		case 'not-json':
			return 'not JSON';
		case 'wrong-shape':
			return 'wrong shape';
	}
}
