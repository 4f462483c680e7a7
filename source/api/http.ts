import {cleanText} from './clean-text.ts';
import {errorCodeOf, type Failure, type Result, readErrorBody, readRetryAfter} from './failure.ts';
import {type MayRepeat, type Network, ProxyFault} from './network.ts';
import {parseInSteps} from './parse-response.ts';
import {type HttpResponse, maxResponseBytes, readBody, TooComplex, TooLarge} from './read-body.ts';
import type {Secret} from './secret.ts';
import {direct} from './send-request.ts';
import {inSlices} from './slices.ts';

/**
 * The maximum size of an error response's body, in bytes. Only the message and the wait that the body contains are
 * used; a larger body is ignored.
 */
const maxErrorBytes = 64 * 1024;

/** A request. `path` starts with a slash and is URL-encoded; a body is sent as JSON with POST. */
type HttpRequest = {
	readonly apiUrl: URL;
	readonly path: string;
	readonly body?: unknown;
	readonly secret: Secret;
	readonly userAgent: string;
	readonly timeoutMs: number;
	readonly signal: AbortSignal;
	/** The maximum size of the response, in bytes: 8 MiB by default. */
	readonly limitBytes?: number | undefined;
	/** Returns the replacement for an item of a large list. */
	readonly readItem?: ((item: unknown) => unknown) | undefined;
	/** Decides whether the request can be sent again, on another connection; by default, it can. */
	readonly mayRepeat?: MayRepeat | undefined;
	/** The network to use; direct connections by default. */
	readonly network?: Network;
};

async function readError(response: HttpResponse, secret: Secret): Promise<Failure> {
	const {status, headers} = response;
	if (status >= 300 && status < 400) {
		await response.body?.cancel();
		return {kind: 'redirect', status, host: hostOf(headers.get('location'), response.url, secret)};
	}

	const text = await readBody(response, maxErrorBytes).catch(() => '');
	const {message, retryAfterMs} = readErrorBody(text, secret);
	const nowMs = readServerTime(headers) ?? Date.now();
	return {kind: 'status', status, message, retryAfterMs: longer(retryAfterMs, readRetryAfter(headers, nowMs))};
}

/** Returns the longer of two waits, either or both of which can be undefined. */
function longer(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

/**
 * Returns the time of the response by the server's clock (RFC 9110, section 6.6.1), in epoch milliseconds; undefined if
 * the response doesn't contain a readable one.
 */
function readServerTime(headers: HttpResponse['headers']): number | undefined {
	const time = Date.parse(headers.get('date') ?? '');
	return Number.isNaN(time) ? undefined : time;
}

function hostOf(location: string | null, base: string, secret: Secret): string {
	const url = location !== null && URL.canParse(location, base) ? new URL(location, base) : undefined;
	return url === undefined ? 'nowhere' : cleanText(secret.hideIn(url.host), 80);
}

/**
 * Sends one request and parses its response as JSON. Redirects aren't followed, so that the key is never sent to
 * another host. Every failure of the network or the server is returned as a `Failure`. The key is redacted from
 * everything that is returned, even if the server echoes it.
 *
 * @throws the reason of `signal` if it was aborted
 */
export async function requestJson(request: HttpRequest): Promise<Result<unknown>> {
	const {apiUrl, path, body, secret, userAgent, timeoutMs, signal, mayRepeat} = request;
	const {limitBytes = maxResponseBytes, network = direct, readItem} = request;
	const startedAt = performance.now();
	const took = (): number => performance.now() - startedAt;
	const limit = new AbortController();
	const abort = (): void => limit.abort(signal.reason);
	signal.throwIfAborted();
	signal.addEventListener('abort', abort, {once: true});
	let timedOut = false;
	const timer = setTimeout(() => {
		timedOut = true;
		limit.abort();
	}, timeoutMs);

	let isReceived = false;
	try {
		const response = await network.send(new URL(apiUrl.pathname.replace(/\/$/, '') + path, apiUrl), {
			method: body === undefined ? 'GET' : 'POST',
			headers: {
				authorization: `Bearer ${secret.reveal()}`,
				accept: 'application/json',
				'user-agent': userAgent,
				...(body === undefined ? {} : {'content-type': 'application/json'}),
			},
			...(body === undefined ? {} : {body: JSON.stringify(body)}),
			signal: limit.signal,
			mayRepeat,
		});
		isReceived = true;
		if (!response.ok) {
			const failure = await readError(response, secret);
			signal.throwIfAborted();
			return {ok: false, failure, tookMs: took()};
		}

		const text = await readBody(response, limitBytes);
		const contentType = response.headers.get('content-type');
		const parsed = await inSlices(parseInSteps(text, contentType, secret, {readItem}), signal);
		return 'kind' in parsed
			? {ok: false, failure: parsed, tookMs: took()}
			: {
					ok: true,
					value: parsed.value,
					tookMs: took(),
					serverMs: readServerTime(response.headers),
					bytes: text.length,
				};
	} catch (error) {
		signal.throwIfAborted();
		return {ok: false, failure: failureOf(error), tookMs: took()};
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', abort);
	}

	function failureOf(error: unknown): Failure {
		if (timedOut) {
			return {kind: 'timeout', afterMs: timeoutMs};
		}

		if (error instanceof TooLarge) {
			return {kind: 'too-large', limitBytes};
		}

		if (error instanceof TooComplex) {
			return {kind: 'wrong-shape', problem: error.message};
		}

		if (error instanceof ProxyFault) {
			const {problem, host} = error;
			return 'status' in problem
				? {kind: 'proxy-refusal', host, ...problem}
				: {kind: 'proxy-network', host, ...problem};
		}

		return isReceived ? {kind: 'cut-off'} : {kind: 'network', code: errorCodeOf(error), host: apiUrl.host};
	}
}

/**
 * A request: `path` starts with a slash and is URL-encoded; a body is sent as JSON with POST. `limitBytes` is the
 * maximum size of the response, 8 MiB by default.
 */
export type ApiRequest = Pick<HttpRequest, 'path' | 'body' | 'limitBytes' | 'readItem' | 'mayRepeat'>;

/** Sends a request, and returns the JSON of the response, or the failure. Throws only if the signal is aborted. */
export type Transport = (request: ApiRequest, signal: AbortSignal) => Promise<Result<unknown>>;

/**
 * The options of `createTransport`. `secret` is called before every request, so that a renewed key is used immediately.
 * `timeoutMs` applies to the request and its whole response.
 */
type TransportOptions = {
	readonly apiUrl: URL;
	readonly secret: () => Secret;
	readonly userAgent: string;
	readonly timeoutMs: number;
	/** The network to use; direct connections by default. */
	readonly network?: Network;
};

/** Creates a transport that sends requests to the API at `apiUrl`, authorized by the key. */
export function createTransport({secret, ...options}: TransportOptions): Transport {
	return async (request, signal) => requestJson({...options, ...request, secret: secret(), signal});
}
