import type {Result} from './failure.ts';
import {requestJson} from './http.ts';
import type {Network} from './network.ts';
import type {Secret} from './secret.ts';

/** What is asked for: `path` begins with a slash and is already URL-encoded; a body is sent as JSON with POST. `limitBytes` is the largest response that is read, at most 24 MiB. */
export type ApiRequest = {readonly path: string; readonly body?: unknown; readonly limitBytes?: number | undefined};

/** Asks, and gives the JSON of the answer or why there is none. Throws only when the signal is aborted. */
export type Transport = (request: ApiRequest, signal: AbortSignal) => Promise<Result<unknown>>;

/** `secret` is asked before every request, so that a renewed key is used at once. `timeoutMs` bounds a whole answer. */
export type TransportOptions = {
	readonly apiUrl: URL;
	readonly secret: () => Secret;
	readonly userAgent: string;
	readonly timeoutMs: number;
	/** The way out: the direct one, where nothing else is said. */
	readonly network?: Network;
};

/** Asks the API at an address with a key. */
export function createTransport({secret, ...options}: TransportOptions): Transport {
	return async (request, signal) => requestJson({...options, ...request, secret: secret(), signal});
}
