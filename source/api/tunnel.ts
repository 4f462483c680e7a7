import * as http from 'node:http';
import * as https from 'node:https';
import {isIP, type Socket} from 'node:net';
import * as tls from 'node:tls';
import {errorCodeOf} from './failure.ts';
import {lookup, type Network, ProxyFault, type ProxyProblem, type ProxyServer} from './network.ts';
import {defaultTimeoutMs, sendRequest, tlsContext} from './send-request.ts';

/**
 * Returns a network that sends each HTTPS request through its own tunnel (CONNECT, RFC 9110, section 9.3.6). The proxy
 * sees the host and the port; everything else, including the key, is encrypted.
 */
export function openTunnel(proxy: ProxyServer, timeoutMs = defaultTimeoutMs): Network {
	return {
		async send(url, sent) {
			const socket = await connect(proxy, url, timeoutMs, sent.signal);
			return sendRequest(url, sent, {
				// Without an agent, the `https` module would default to port 80, and add it to the Host header.
				defaultPort: 443,
				createConnection: () => encrypt(socket, url),
				timeoutMs,
			});
		},
	};
}

/** Opens a connection to the host of `api` through the proxy. Rejects with a `ProxyFault` if the proxy fails. */
async function connect(
	{url, authorization, from}: ProxyServer,
	api: URL,
	timeoutMs: number,
	signal: AbortSignal,
): Promise<Socket> {
	const target = `${api.hostname}:${api.port === '' ? 443 : api.port}`;
	return new Promise((resolve, reject) => {
		const {request: open} = url.protocol === 'https:' ? https : http;
		const request = open(url, {
			method: 'CONNECT',
			path: target,
			agent: false,
			...(lookup === undefined ? {} : {lookup}),
			headers: {
				host: target,
				...(authorization === undefined ? {} : {'proxy-authorization': authorization.reveal()}),
			},
		});
		const abort = (): void => void request.destroy();
		const fail = (problem: ProxyProblem): void => {
			reject(new ProxyFault(url.host, problem));
			request.destroy();
		};
		const timer = setTimeout(() => fail({code: 'ETIMEDOUT'}), timeoutMs);
		signal.addEventListener('abort', abort, {once: true});
		request.on('error', error => fail({code: errorCodeOf(error)}));
		request.once('connect', ({statusCode = 0}, socket: Socket) => {
			if (statusCode >= 200 && statusCode < 300) {
				resolve(socket);
			} else {
				socket.destroy();
				const passwordFrom = authorization === undefined ? undefined : from;
				fail({status: statusCode, api: api.host, passwordFrom});
			}
		});
		request.once('close', () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', abort);
		});
		request.end();
	});
}

/** Starts TLS through a tunnel, and verifies that the server's certificate is for the host. */
function encrypt(socket: Socket, {hostname}: URL): tls.TLSSocket {
	const host = hostname.replace(/^\[|\]$/g, '');
	return tls.connect({socket, host, secureContext: tlsContext(), ...(isIP(host) === 0 ? {servername: host} : {})});
}
