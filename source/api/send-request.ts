import * as http from 'node:http';
import * as https from 'node:https';
import type {Readable} from 'node:stream';
import {acceptedEncoding, decodeBody} from './decode-body.ts';
import {errorCodeOf} from './error-code.ts';
import type {HttpRequestInit} from './network.ts';
import type {HttpResponse} from './read-body.ts';

/** The timeout for connecting to a server or a proxy, the same as fetch's. */
export const defaultTimeoutMs = 10_000;

/** The connection of a request: from its agent, or one made for it only. */
export type ConnectionOptions = Pick<https.RequestOptions, 'agent' | 'createConnection' | 'defaultPort'> & {
	/** How long the connection may take to be there, with the name that is looked up and the handshake of TLS. */
	readonly timeoutMs: number;
};

/**
 * Sends a request over a connection, and resolves with the head of its response, whose body is decoded while it is
 * read. No redirect is followed. Throws what the network throws, and the reason of the signal if it is aborted.
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
		return answerOf(await responseTo(request), url);
	} catch (error) {
		// The server had closed the connection before the request. All requests only read, so they can be repeated.
		if (request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(errorCodeOf(error))) {
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

/** As Node.js would throw it. */
function withCode(code: string): Error {
	return Object.assign(new Error(code), {code});
}

async function responseTo(request: http.ClientRequest): Promise<http.IncomingMessage> {
	return new Promise((resolve, reject) => {
		request.once('response', resolve);
		// Errors after the response began break its body too, and are seen there.
		request.on('error', reject);
		// For a response that changes the protocol (101), Node.js reports nothing and closes the connection.
		request.once('close', () => reject(withCode('ECONNRESET')));
	});
}

function answerOf(response: http.IncomingMessage, url: URL): HttpResponse {
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

		// The status says enough.
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
