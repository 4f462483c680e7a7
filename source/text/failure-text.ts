import type {Failure} from '../api/failure.ts';
import {describeCode, describeErrorStatus, describeProxyStatus} from './failure-codes.ts';

/** What is wrong, in a few words that fit a header: no full stop, no line break, and never the key. */
export function describeFailure(failure: Failure): string {
	switch (failure.kind) {
		case 'status': {
			// It goes on as a part of a sentence, which has a full stop of its own.
			const message = failure.message.replace(/[\s.,;:]+$/, '');
			return `${failure.status} ${describeErrorStatus(failure.status)}${message === '' ? '' : `: ${message}`}`;
		}

		case 'redirect':
			return `${failure.status} redirect to ${failure.host}, not followed`;
		case 'network':
			return `${failure.host} ${describeCode(failure.code)}`;
		case 'proxy-refusal':
			return `the proxy ${failure.host} ${describeProxyStatus(failure)} (${failure.status})`;
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
