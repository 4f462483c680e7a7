import * as http from 'node:http';
import * as https from 'node:https';
import {PassThrough, pipeline, type Readable} from 'node:stream';
import {createSecureContext, type SecureContext} from 'node:tls';
import * as zlib from 'node:zlib';
import {cleanText} from './clean-text.ts';
import {errorCodeOf} from './failure.ts';
import {type HttpRequestInit, lookup, type Network} from './network.ts';
import {type HttpResponse, TooComplex} from './read-body.ts';

/** The requested encoding, which every version of Node.js can decode and practically every server can produce. */
const acceptedEncoding = 'gzip';

/** The maximum number of encodings: more than one is unusual, and each can turn a small body into a large one. */
const maxEncodings = 2;

type Decode = (body: Readable) => Readable;

function through(create: () => zlib.Gunzip): Decode {
	// Errors are handled by the reader of the result.
	return body => pipeline(body, create(), () => undefined);
}

/** Creates a decompressor for zstd; undefined in versions of Node.js without one, such as those before 22.15. */
const createZstd = 'createZstdDecompress' in zlib ? zlib.createZstdDecompress : undefined;

const decoders: Readonly<Record<string, Decode | undefined>> = {
	identity: body => body,
	gzip: through(zlib.createGunzip),
	'x-gzip': through(zlib.createGunzip),
	deflate: inflate,
	br: through(zlib.createBrotliDecompress),
	zstd: createZstd === undefined ? undefined : through(createZstd),
};

/**
 * Returns a body decoded according to its `content-encoding` header, which a proxy might have added even though only
 * gzip was requested. The body is decoded while it is read.
 *
 * @throws TooComplex for an encoding that this version of Node.js can't decode, or for more than two encodings
 */
function decodeBody(body: Readable, encodings: string): Readable {
	const names = encodings
		.toLowerCase()
		.split(',')
		.map(name => name.trim())
		.filter(name => name !== '');
	if (names.length > maxEncodings) {
		throw new TooComplex('encoded too many times');
	}

	// The last encoding in the header was applied last, so it is removed first.
	return names.reduceRight((encoded, name) => decoderOf(name)(encoded), body);
}

function decoderOf(name: string): Decode {
	const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
	if (decode === undefined) {
		throw new TooComplex(`encoded as ${cleanText(name, 20)}, which Node.js ${process.versions.node} can't decode`);
	}

	return decode;
}

/** Decodes deflate in the zlib format (RFC 9110, section 8.4.1.2), or without its header, as some servers send it. */
function inflate(body: Readable): Readable {
	const decoded = new PassThrough();
	const end = (): void => void decoded.end();
	body.once('error', error => decoded.destroy(error));
	body.once('end', end);
	body.once('data', (first: Buffer) => {
		body.off('end', end);
		body.pause();
		body.unshift(first);
		const hasHeader = ((first[0] ?? 0) & 0x0f) === 8;
		pipeline(body, hasHeader ? zlib.createInflate() : zlib.createInflateRaw(), decoded, () => undefined);
	});
	return decoded;
}

let context: SecureContext | undefined;

/**
 * Returns a context with the certificates that Node.js trusts. All connections share it: otherwise, each would create
 * its own, whose memory outside the heap is freed only by garbage collection.
 */
export function tlsContext(): SecureContext {
	context ??= createSecureContext();
	return context;
}

/** The timeout for connecting to a server or a proxy, in milliseconds; the same as in `fetch`. */
export const defaultTimeoutMs = 10_000;

/** The connection that a request uses: one from an agent, or one created only for the request. */
type ConnectionOptions = Pick<https.RequestOptions, 'agent' | 'createConnection' | 'defaultPort'> & {
	/** The timeout for establishing the connection, including name lookup and the TLS handshake. */
	readonly timeoutMs: number;
};

/**
 * Sends a request over a connection, and resolves with the head of its response, whose body is decoded while it is
 * read. Redirects aren't followed. Rejects with network errors, with `TooComplex` for a successful response that
 * can't be decoded, and with an `AbortError` if the signal is aborted.
 */
export async function sendRequest(url: URL, sent: HttpRequestInit, way: ConnectionOptions): Promise<HttpResponse> {
	const {timeoutMs, ...connection} = way;
	const {body, headers, method, signal} = sent;
	const {request: open} = url.protocol === 'https:' ? https : http;
	const request = open(url, {
		...connection,
		method,
		signal,
		headers: {...headers, 'accept-encoding': acceptedEncoding},
	});
	limitConnecting(request, url.protocol === 'https:' ? 'secureConnect' : 'connect', timeoutMs);
	request.end(body);
	try {
		return toHttpResponse(await responseTo(request), url);
	} catch (error) {
		// The server closed the kept-alive connection before it got the request. All requests are read-only, so they
		// can be repeated.
		const wasClosed = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(errorCodeOf(error));
		if (wasClosed && (await (sent.mayRepeat?.(signal) ?? true))) {
			return sendRequest(url, sent, way);
		}

		throw error;
	}
}

function limitConnecting(request: http.ClientRequest, event: 'connect' | 'secureConnect', timeoutMs: number): void {
	const timer = setTimeout(() => request.destroy(withCode('ETIMEDOUT')), timeoutMs);
	const stop = (): void => clearTimeout(timer);
	request.once('close', stop);
	request.once('socket', socket => {
		if (request.reusedSocket) {
			stop();
		} else {
			socket.once(event, stop);
		}
	});
}

/** Returns a network error with this code, as Node.js would throw it. */
function withCode(code: string): Error {
	return Object.assign(new Error(code), {code});
}

async function responseTo(request: http.ClientRequest): Promise<http.IncomingMessage> {
	return new Promise((resolve, reject) => {
		request.once('response', resolve);
		// Errors after the response began also break its body, where they are handled.
		request.on('error', reject);
		// For a response that changes the protocol (101), Node.js reports nothing and closes the connection.
		request.once('close', () => reject(withCode('ECONNRESET')));
	});
}

function toHttpResponse(response: http.IncomingMessage, url: URL): HttpResponse {
	const {statusCode: status = 0, headers} = response;
	const ok = status >= 200 && status < 300;
	let body: Readable;
	try {
		body = decodeBody(response, headers['content-encoding'] ?? '');
	} catch (error) {
		if (ok) {
			response.destroy();
			throw error;
		}

		// For an error, the status is sufficient.
		body = response;
	}

	return {
		ok,
		status,
		url: url.href,
		headers: {get: name => headers[name]?.toString() ?? null},
		body: {
			[Symbol.asyncIterator]: () => body[Symbol.asyncIterator](),
			cancel: async () => void body.destroy(),
		},
	};
}

/**
 * The time after which idle connections are closed, in milliseconds; the same as in `fetch`. Requests of one poll share
 * a connection, but a connection that died silently (for example, while a laptop slept) would look like an unresponsive
 * server.
 */
const defaultIdleMs = 4000;

/**
 * Returns a network that connects to the API directly. Connections that are kept alive don't prevent the program from
 * exiting.
 */
export function openDirect({timeoutMs = defaultTimeoutMs, idleMs = defaultIdleMs} = {}): Network {
	const agents = new Map<string, http.Agent>();
	return {
		async send(url, sent) {
			const {protocol} = url;
			const agent = agents.get(protocol) ?? openAgent(protocol, idleMs);
			agents.set(protocol, agent);
			return sendRequest(url, sent, {agent, timeoutMs});
		},
	};
}

function openAgent(protocol: string, timeout: number): http.Agent {
	const options = {keepAlive: true, timeout, ...(lookup === undefined ? {} : {lookup})};
	return protocol === 'https:' ? new https.Agent({...options, secureContext: tlsContext()}) : new http.Agent(options);
}

/** The network without a proxy. */
export const direct: Network = openDirect();
