import {once} from 'node:events';
import {createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse} from 'node:http';
import {createServer as createSecureServer} from 'node:https';
import type {AddressInfo, Socket} from 'node:net';
import {eventually} from './eventually.ts';
import {type Certificate, secureContextOf} from './tls-files.ts';

/**
 * A request as received. `together` is the number of requests in flight at that time, including this one. The request
 * is `repeatable` if its connection had an earlier request and was closed without a response, in which case the client
 * sends the request again on another connection.
 */
export type SeenRequest = {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: unknown;
	readonly atMs: number;
	readonly together: number;
	readonly repeatable: () => boolean;
};

/** The server's reaction to a request: a response, or a function that writes to the connection itself. */
export type Reply =
	| {readonly status?: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>>}
	| {readonly status?: number; readonly text: string; readonly headers?: Readonly<Record<string, string>>}
	| ((response: ServerResponse) => void);

export type Respond = (request: SeenRequest) => Reply | Promise<Reply>;

export type ScriptedServer = {
	readonly url: string;
	readonly requests: readonly SeenRequest[];
	/** The reaction to requests, which can be set at any time. */
	respond: Respond;
	/** Resolves with the first matching request at or after the position `from`, even if it hasn't arrived yet. */
	waitForRequest(fits: (request: SeenRequest) => boolean, from?: number): Promise<SeenRequest>;
	/** Closes the open connections, and refuses new ones until `up` is called. */
	down(): Promise<void>;
	up(): Promise<void>;
	/** The number of connections so far. */
	readonly connections: () => number;
	/**
	 * Closes the open connections. If `always` is true, each new connection is also closed before any data is sent,
	 * until `hangUp(false)` is called.
	 */
	hangUp(always: boolean): void;
	/** Closes the open connections. */
	dropConnections(): void;
	/** Closes the open connections, and presents a different certificate from now on. */
	present(certificate: Certificate): void;
	close(): Promise<void>;
};

/** Closes the connection without a response. */
export const reset: Reply = response => {
	response.destroy();
};

/** Never responds. */
export const hang: Reply = () => undefined;

function send(response: ServerResponse, reply: Reply): void {
	if (typeof reply === 'function') {
		reply(response);
		return;
	}

	const [type, text] = 'json' in reply ? ['application/json', JSON.stringify(reply.json)] : ['text/plain', reply.text];
	response.writeHead(reply.status ?? 200, {'content-type': type, ...reply.headers}).end(text);
}

function parse(text: string): unknown {
	return text === '' ? undefined : JSON.parse(text);
}

/**
 * Starts a server on this machine that does what the test specifies, and stores the requests. With a certificate, it
 * uses HTTPS.
 */
export async function startScriptedServer(respond: Respond, certificate?: Certificate): Promise<ScriptedServer> {
	const requests: SeenRequest[] = [];
	let underWay = 0;
	const used = new WeakSet<Socket>();
	const listeners = new Set<() => void>();
	const listener: RequestListener = (request, response) => {
		const {method = '', url: path = '', headers} = request;
		const atMs = Date.now();
		underWay++;
		let isUnderWay = true;
		/**
		 * Counts the request as finished. This happens when the response is closed, and also before a whole response
		 * is written, because the client can send its next request before the server notices that the response ended.
		 */
		const end = (): void => {
			underWay -= isUnderWay ? 1 : 0;
			isUnderWay = false;
		};
		response.on('close', end);
		const together = underWay;
		const isKept = used.has(request.socket);
		const repeatable = (): boolean => isKept && response.destroyed && !response.headersSent;
		used.add(request.socket);
		let text = '';
		request.setEncoding('utf8').on('data', chunk => {
			text += chunk;
		});
		request.on('end', async () => {
			const seen: SeenRequest = {method, path, headers, body: parse(text), atMs, together, repeatable};
			requests.push(seen);
			for (const listener of [...listeners]) {
				listener();
			}

			const reply = await scripted.respond(seen);
			if (typeof reply !== 'function') {
				end();
			}

			send(response, reply);
		});
	};
	const secure = certificate === undefined ? undefined : createSecureServer(secureContextOf(certificate), listener);
	const server = secure ?? createServer(listener);
	// A client that doesn't trust the certificate closes the connection, which isn't a server error.
	server.on('tlsClientError', () => undefined);
	const listen = async (at: number): Promise<number> => {
		server.listen(at, '127.0.0.1');
		await once(server, 'listening');
		return (server.address() as AddressInfo).port;
	};
	const down = async (): Promise<void> => {
		const closed = once(server, 'close');
		server.close();
		server.closeAllConnections();
		await closed;
	};
	let connections = 0;
	let hangsUp = false;
	server.prependListener('connection', (socket: Socket) => {
		connections++;
		if (hangsUp) {
			socket.destroy();
		}
	});
	const port = await listen(0);
	const scripted: ScriptedServer = {
		url: `${secure === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
		requests,
		respond,
		waitForRequest: async (fits, from = 0) =>
			eventually(
				() => requests.slice(from).find(fits),
				listener => {
					listeners.add(listener);
					return () => listeners.delete(listener);
				},
				() => `requests so far: ${requests.map(({method, path}) => `${method} ${path}`).join(', ')}`,
			),
		down,
		up: async () => void (await listen(port)),
		connections: () => connections,
		hangUp(always) {
			hangsUp = always;
			server.closeAllConnections();
		},
		dropConnections: () => server.closeAllConnections(),
		present(name) {
			secure?.setSecureContext(secureContextOf(name));
			server.closeAllConnections();
		},
		async close() {
			if (server.listening) {
				await down();
			}
		},
	};
	return scripted;
}
