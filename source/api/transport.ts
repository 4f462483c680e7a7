import type {Result} from './failure.ts';
import {requestJson} from './http.ts';
import type {Network} from './network.ts';
import type {Secret} from './secret.ts';

/**
 * A request: `path` starts with a slash and is URL-encoded; a body is sent as JSON with POST. `limitBytes` is the
 * largest response that is read, 8 MiB by default.
 */
export type ApiRequest = {readonly path: string; readonly body?: unknown; readonly limitBytes?: number | undefined};

/** Sends a request, and returns the JSON of the response or why there is none. Throws only if the signal is aborted. */
export type Transport = (request: ApiRequest, signal: AbortSignal) => Promise<Result<unknown>>;

/**
 * `secret` is read before every request, so that a renewed key is used at once. `timeoutMs` limits the whole response.
 */
export type TransportOptions = {
	readonly apiUrl: URL;
	readonly secret: () => Secret;
	readonly userAgent: string;
	readonly timeoutMs: number;
	/** The network to use; direct connections by default. */
	readonly network?: Network;
};

/** Creates a transport to the API at a URL, with a key. */
export function createTransport({secret, ...options}: TransportOptions): Transport {
	return async (request, signal) => requestJson({...options, ...request, secret: secret(), signal});
}
