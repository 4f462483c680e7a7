import {once} from 'node:events';
import {createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse} from 'node:http';
import {createServer as createSecureServer} from 'node:https';
import type {AddressInfo, Socket} from 'node:net';
import {eventually} from './eventually.ts';
import {type Certificate, secureContextOf} from './tls-files.ts';

/** A request as it came. `together` is how many were under way when it came, itself included. */
export type SeenRequest = {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: unknown;
	readonly atMs: number;
	readonly together: number;
};

/** What the server does with a request: it answers, now or later, or it deals with the response as it likes. */
export type Reply =
	| {readonly status?: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>>}
	| {readonly status?: number; readonly text: string; readonly headers?: Readonly<Record<string, string>>}
	| ((response: ServerResponse) => void);

export type Respond = (request: SeenRequest) => Reply | Promise<Reply>;

export type ScriptedServer = {
	readonly url: string;
	readonly requests: readonly SeenRequest[];
	/** May be set at any time. */
	respond: Respond;
	/** The first request, of those from `from` on, that fits; it may still have to come. */
	waitForRequest(fits: (request: SeenRequest) => boolean, from?: number): Promise<SeenRequest>;
	/** Refuses connections, and ends those that there are, until it is up again. */
	down(): Promise<void>;
	up(): Promise<void>;
	/** How many connections there were until now. */
	readonly connections: () => number;
	/** Closes each new connection before anything is said, and those that there are, or stops to. */
	hangUp(always: boolean): void;
	/** Ends the connections that there are. */
	dropConnections(): void;
	/** Presents another certificate from now on, where it has one. */
	present(certificate: Certificate): void;
	close(): Promise<void>;
};

/** Closes the connection without an answer. */
export const reset: Reply = response => {
	response.destroy();
};

/** Never answers. */
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

/** A server on this machine that does what the test says, and remembers what it was asked; with a certificate by https. */
export async function startScriptedServer(respond: Respond, certificate?: Certificate): Promise<ScriptedServer> {
	const requests: SeenRequest[] = [];
	let underWay = 0;
	const listeners = new Set<() => void>();
	const listener: RequestListener = (request, response) => {
		const {method = '', url: path = '', headers} = request;
		const atMs = Date.now();
		underWay++;
		let isUnderWay = true;
		/** Before a response is written: its end is noticed here later than the client may send the next request. */
		const end = (): void => {
			underWay -= isUnderWay ? 1 : 0;
			isUnderWay = false;
		};
		response.on('close', end);
		const together = underWay;
		let text = '';
		request.setEncoding('utf8').on('data', chunk => {
			text += chunk;
		});
		request.on('end', async () => {
			const seen: SeenRequest = {method, path, headers, body: parse(text), atMs, together};
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
	// A client that does not trust the certificate ends the connection: that is not a fault of the server.
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
