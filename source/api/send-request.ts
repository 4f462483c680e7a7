import * as http from 'node:http';
import * as https from 'node:https';
import type {Readable} from 'node:stream';
import {acceptedEncoding, decodeBody} from './decode-body.ts';
import {errorCodeOf} from './error-code.ts';
import type {HttpRequestInit} from './network.ts';
import type {HttpResponse} from './read-body.ts';

/** Who does not let himself be connected to for so long is given up: a server, or a proxy. fetch has the same patience. */
export const defaultTimeoutMs = 10_000;

/** Which connection a request takes: one that its agent has, or one that is made for it alone. */
export type ConnectionOptions = Pick<https.RequestOptions, 'agent' | 'createConnection' | 'defaultPort'> & {
	/** How long the connection may take to be there, with the name that is looked up and the handshake of TLS. */
	readonly timeoutMs: number;
};

/**
 * Sends a request over a connection, and resolves as soon as the head of its answer is there, whose body is unpacked while
 * it is read. No redirect is followed. Throws what the network throws, and the reason of the signal when it is aborted.
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
		// The server had closed it already, before it was asked. All that is sent only reads, and may be sent again.
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
		// What breaks after the answer has begun breaks its body too, and is seen there.
		request.on('error', reject);
		// Of an answer that changes the protocol (101) Node.js says nothing, and closes the connection.
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
