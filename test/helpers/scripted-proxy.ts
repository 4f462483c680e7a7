import {once} from 'node:events';
import {createServer, type IncomingHttpHeaders} from 'node:http';
import {type AddressInfo, connect, type Socket} from 'node:net';
import {eventually} from './eventually.ts';

/** What the proxy does with a CONNECT: it opens the tunnel, answers with a status instead, closes the connection, or nothing. */
export type Behavior = 'tunnel' | 'reset' | 'silence' | {readonly status: number};

/** A CONNECT as it came. */
export type SeenConnect = {readonly target: string; readonly headers: IncomingHttpHeaders};

export type ScriptedProxy = {
	/** With its port; a user and password may be put in front of the host. */
	readonly url: URL;
	readonly connects: readonly SeenConnect[];
	/** All that went through it so far, in both directions, as far as it can read it. */
	readonly passed: () => string;
	/** May be set at any time. */
	behavior: Behavior;
	/** Resolves once no connection is open. */
	idle(): Promise<void>;
	/** Resets the connections that there are. */
	cut(): void;
	/** Refuses connections, and ends those that there are, until it is up again. */
	down(): Promise<void>;
	up(): Promise<void>;
	close(): Promise<void>;
};

/** A proxy on this machine whose tunnels lead to `port` of this machine, whatever host they are asked for. */
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
