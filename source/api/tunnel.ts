import {once} from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import {isIP, type Socket} from 'node:net';
import {pipeline} from 'node:stream';
import * as tls from 'node:tls';
import {createGunzip} from 'node:zlib';
import {errorCodeOf} from './error-code.ts';
import {type Network, ProxyFault, type ProxyServer, type Sent} from './network.ts';
import type {Answer} from './read-body.ts';

/** A proxy that does not answer for so long is given up. fetch has the same patience with a server. */
const usualPatienceMs = 10_000;

/**
 * Sends each https request through a tunnel of its own (CONNECT, RFC 9110, section 9.3.6). The proxy learns the host and
 * the port; all else, and the key with it, is encrypted from here to the API.
 */
export function openTunnel(proxy: ProxyServer, patienceMs = usualPatienceMs): Network {
	return {
		async send(url, sent) {
			const target = `${url.hostname}:${url.port === '' ? 443 : url.port}`;
			const socket = await connect(proxy, target, patienceMs, sent.signal);
			return sendThrough(socket, url, sent);
		},
	};
}

/** A connection to the target through the proxy, or a `ProxyFault`. */
async function connect(
	{url, authorization}: ProxyServer,
	target: string,
	patienceMs: number,
	signal: AbortSignal,
): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const {request: open} = url.protocol === 'https:' ? https : http;
		const request = open(url, {
			method: 'CONNECT',
			path: target,
			agent: false,
			headers: {
				host: target,
				...(authorization === undefined ? {} : {'proxy-authorization': authorization.reveal()}),
			},
		});
		const abort = (): void => void request.destroy();
		const fail = (told: ProxyFault['told']): void => {
			reject(new ProxyFault(url.host, told));
			request.destroy();
		};
		const timer = setTimeout(() => fail({code: 'ETIMEDOUT'}), patienceMs);
		signal.addEventListener('abort', abort, {once: true});
		request.on('error', error => fail({code: errorCodeOf(error)}));
		request.once('connect', ({statusCode = 0}, socket: Socket) => {
			if (statusCode >= 200 && statusCode < 300) {
				resolve(socket);
			} else {
				socket.destroy();
				fail({status: statusCode});
			}
		});
		request.once('close', () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', abort);
		});
		request.end();
	});
}

async function sendThrough(socket: Socket, url: URL, {body, headers, ...sent}: Sent): Promise<Answer> {
	const host = url.hostname.replace(/^\[|\]$/g, '');
	const request = https.request(url, {
		...sent,
		// Without an agent, https would take 80 for its own port, and name it in the host header.
		defaultPort: 443,
		headers: {...headers, 'accept-encoding': 'gzip'},
		createConnection: () => tls.connect({socket, host, ...(isIP(host) === 0 ? {servername: host} : {})}),
	});
	request.end(body);
	const [response] = (await once(request, 'response')) as [http.IncomingMessage];
	// What breaks from now on breaks the body too, and is seen there.
	request.on('error', () => undefined);
	const isPacked = response.headers['content-encoding'] === 'gzip';
	const unpacked = isPacked ? pipeline(response, createGunzip(), () => undefined) : response;
	const {statusCode: status = 0} = response;
	return {
		ok: status >= 200 && status < 300,
		status,
		url: url.href,
		headers: {get: name => response.headers[name]?.toString() ?? null},
		body: {
			[Symbol.asyncIterator]: () => unpacked[Symbol.asyncIterator](),
			cancel: async () => void unpacked.destroy(),
		},
	};
}
