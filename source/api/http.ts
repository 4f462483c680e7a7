import {cleanText} from './clean-text.ts';
import {readErrorBody, readRetryAfter} from './error-body.ts';
import type {Failure, Result} from './failure.ts';
import type {Secret} from './secret.ts';

/** The largest answer that is read. 64 nodes of 8 GPUs with 180 points a series are about 20 MiB. */
export const maximumAnswerBytes = 64 * 1024 ** 2;

/** An error's body is only read for its message. */
const maximumErrorBytes = 64 * 1024;

/** What is sent. `path` begins with a slash and is already URL-encoded; a body is sent as JSON with POST. */
export type HttpRequest = {
	readonly apiUrl: URL;
	readonly path: string;
	readonly body?: unknown;
	readonly secret: Secret;
	readonly userAgent: string;
	readonly timeoutMs: number;
	readonly signal: AbortSignal;
};

/** Thrown while a body is read, to be told apart from what the network throws. */
class TooLarge extends Error {}

async function readBody(response: Response, limitBytes: number): Promise<string> {
	const decoder = new TextDecoder();
	let text = '';
	let size = 0;
	if (response.body === null) {
		return text;
	}

	// Leaving the loop early cancels the stream and with it the connection.
	for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
		size += chunk.byteLength;
		if (size > limitBytes) {
			throw new TooLarge();
		}

		text += decoder.decode(chunk, {stream: true});
	}

	return text + decoder.decode();
}

async function readError(response: Response): Promise<Failure> {
	const {status} = response;
	const location = response.headers.get('location');
	if (status >= 300 && status < 400) {
		await response.body?.cancel();
		return {kind: 'redirect', status, host: hostOf(location, response.url)};
	}

	const text = await readBody(response, maximumErrorBytes).catch(() => '');
	const {message, retryAfterMs} = readErrorBody(text);
	return {kind: 'status', status, message, retryAfterMs: retryAfterMs ?? readRetryAfter(response.headers, Date.now())};
}

function hostOf(location: string | null, base: string): string {
	const url = location !== null && URL.canParse(location, base) ? new URL(location, base) : undefined;
	return url === undefined ? 'nowhere' : cleanText(url.host, 80);
}

/** The deepest code in a chain of causes: fetch wraps what the socket said in "fetch failed". */
function codeOf(error: unknown): string {
	let code = '';
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
		if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string') {
			code = inner.code;
		}
	}

	return code === '' ? 'unknown' : cleanText(code, 60);
}

function parseJson(text: string, contentType: string | null): Result<unknown> {
	try {
		return {ok: true, value: JSON.parse(text), tookMs: 0};
	} catch {
		const named = cleanText((contentType ?? '').split(';')[0] ?? '', 40);
		const isJson = named.includes('json');
		const kind = text === '' ? 'empty' : isJson || named === '' ? 'unreadable' : named;
		return {ok: false, failure: {kind: 'not-json', contentType: kind}, tookMs: 0};
	}
}

/**
 * Sends one request and reads its answer as JSON. Redirects are not followed, so that the key goes to no other host.
 * Every fault of the network or the server is a `Failure`.
 *
 * @throws the reason of `signal` when it was aborted
 */
export async function requestJson(request: HttpRequest): Promise<Result<unknown>> {
	const {apiUrl, path, body, secret, userAgent, timeoutMs, signal} = request;
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

	let answered = false;
	try {
		const response = await fetch(new URL(apiUrl.pathname.replace(/\/$/, '') + path, apiUrl), {
			method: body === undefined ? 'GET' : 'POST',
			headers: {
				authorization: `Bearer ${secret.reveal()}`,
				accept: 'application/json',
				'user-agent': userAgent,
				...(body === undefined ? {} : {'content-type': 'application/json'}),
			},
			...(body === undefined ? {} : {body: JSON.stringify(body)}),
			redirect: 'manual',
			signal: limit.signal,
		});
		answered = true;
		if (!response.ok) {
			const failure = await readError(response);
			signal.throwIfAborted();
			return {ok: false, failure, tookMs: took()};
		}

		const text = await readBody(response, maximumAnswerBytes);
		const parsed = parseJson(text, response.headers.get('content-type'));
		return {...parsed, tookMs: took()};
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
			return {kind: 'too-large', limitBytes: maximumAnswerBytes};
		}

		return answered ? {kind: 'cut-off'} : {kind: 'network', code: codeOf(error), host: apiUrl.host};
	}
}
