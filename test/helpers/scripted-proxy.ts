import {once} from 'node:events';
import {createServer, type IncomingHttpHeaders} from 'node:http';
import {type AddressInfo, connect, type Socket} from 'node:net';
import {eventually} from './eventually.ts';

/**
 * The proxy's reaction to a CONNECT: it opens the tunnel, responds with a status, closes the connection, or does
 * nothing.
 */
export type Behavior = 'tunnel' | 'reset' | 'silence' | {readonly status: number};

/** A CONNECT request as received. */
export type SeenConnect = {readonly target: string; readonly headers: IncomingHttpHeaders};

export type ScriptedProxy = {
	/** The proxy's URL, with its port. A test can add a username and a password to it. */
	readonly url: URL;
	readonly connects: readonly SeenConnect[];
	/**
	 * All data that has passed through the tunnels in both directions, and the heads of requests other than CONNECT.
	 */
	readonly passed: () => string;
	/** The reaction to CONNECT requests, which can be set at any time. */
	behavior: Behavior;
	/** Resolves when no connections are open. */
	idle(): Promise<void>;
	/** Resets the open connections. */
	cut(): void;
	/** Closes the open connections, and refuses new ones until `up` is called. */
	down(): Promise<void>;
	up(): Promise<void>;
	close(): Promise<void>;
};

/** Starts a local proxy whose tunnels lead to `port` on this machine, regardless of the requested host. */
export async function startScriptedProxy(port: number): Promise<ScriptedProxy> {
	const connects: SeenConnect[] = [];
	const sockets = new Set<Socket>();
	const listeners = new Set<() => void>();
	let passed = '';
	const keep = (socket: Socket): void => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => {
			sockets.delete(socket);
			for (const listener of [...listeners]) {
				listener();
			}
		});
	};
	const tap = (chunk: Buffer): void => {
		passed += chunk.toString('latin1');
	};
	const server = createServer((request, response) => {
		passed += `${request.method} ${request.url} ${JSON.stringify(request.headers)}`;
		response.writeHead(405).end();
	});
	server.on('connection', keep);
	server.on('connect', ({url: target = '', headers}, client: Socket) => {
		connects.push({target, headers});
		const {behavior} = proxy;
		if (behavior === 'reset') {
			client.destroy();
		} else if (typeof behavior === 'object') {
			client.end(`HTTP/1.1 ${behavior.status} No\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\n<html/>`);
		} else if (behavior === 'tunnel') {
			const api = connect(port, '127.0.0.1');
			keep(api);
			client.write('HTTP/1.1 200 Connection established\r\n\r\n');
			client.on('data', tap).pipe(api).on('data', tap).pipe(client);
			client.on('close', () => api.destroy());
			api.on('close', () => client.destroy());
		} else {
			client.resume().on('end', () => client.destroy());
		}
	});
	const listen = async (at: number): Promise<number> => {
		server.listen(at, '127.0.0.1');
		await once(server, 'listening');
		return (server.address() as AddressInfo).port;
	};
	const down = async (): Promise<void> => {
		const closed = once(server, 'close');
		server.close();
		for (const socket of sockets) {
			socket.destroy();
		}

		await closed;
	};
	const ownPort = await listen(0);
	const proxy: ScriptedProxy = {
		url: new URL(`http://127.0.0.1:${ownPort}`),
		connects,
		passed: () => passed,
		behavior: 'tunnel',
		idle: async () =>
			void (await eventually(
				() => (sockets.size === 0 ? true : undefined),
				listener => {
					listeners.add(listener);
					return () => listeners.delete(listener);
				},
				() => `${sockets.size} connections are open`,
			)),
		cut() {
			for (const socket of sockets) {
				socket.resetAndDestroy();
			}
		},
		down,
		up: async () => void (await listen(ownPort)),
		async close() {
			if (server.listening) {
				await down();
			}
		},
	};
	return proxy;
}
