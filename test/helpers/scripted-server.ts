import {once} from 'node:events';
import {createServer, type IncomingHttpHeaders, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {eventually} from './eventually.ts';

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

/** A server on this machine that does what the test says, and remembers what it was asked. */
export async function startScriptedServer(respond: Respond): Promise<ScriptedServer> {
	const requests: SeenRequest[] = [];
	let underWay = 0;
	const listeners = new Set<() => void>();
	const server = createServer((request, response) => {
		const {method = '', url: path = '', headers} = request;
		const atMs = Date.now();
		underWay++;
		response.on('close', () => underWay--);
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

			send(response, await scripted.respond(seen));
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const scripted: ScriptedServer = {
		url: `http://127.0.0.1:${port}`,
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
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
	return scripted;
}
