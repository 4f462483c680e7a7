import type {Failure} from '../api/failure.ts';
import {describeCode, describeErrorStatus, describeProxyStatus} from './failure-codes.ts';

/** Describes a failure in a few words for the header: no full stop, no line break, and never the key. */
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
			return `no response within ${Math.round(failure.afterMs / 1000)}s`;
		case 'too-large':
			return `the response is larger than ${Math.round(failure.limitBytes / 1024 ** 2)} MiB`;
		case 'cut-off':
			return 'the response was cut off';
		case 'not-json':
			return `the response is ${failure.contentType}, not JSON`;
		case 'wrong-shape':
			return `unexpected response: ${failure.problem}`;
	}
}

/** Describes a failure in one or two words, for short lines. */
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
			return 'no response';
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
