import {once} from 'node:events';
import {createServer as createHttpServer, type ServerResponse} from 'node:http';
import {createServer, isIP, type Server, type Socket} from 'node:net';
import {Duplex} from 'node:stream';
import {lookup} from '../api/network.ts';
import {type ListenAddress, showListenAddress} from '../command-line/parse-value.ts';
import {exitCodes, UserError} from '../errors/user-error.ts';
import type {Store} from '../state/store.ts';
import {createExposition, createProbe, type HttpReply, makeReply, text} from './metrics-reply.ts';

/** The end of a request's header. */
const headerEnd = Buffer.from('\r\n\r\n');

/** The size of the requests buffered behind an unanswered one, in bytes, above which nothing more is read. */
const maxHeldBytes = 16 * 1024;

/** The minimum interval between two requests on a connection, in milliseconds; no scraper is faster. */
const apartMs = 100;

/** The time that a client has to send a header, to read a response, or to start the next request, in milliseconds. */
const limitMs = 10_000;

/**
 * A connection that passes requests to a server one at a time, each after the response to the previous one. Without it,
 * Node.js would read and answer thousands of requests that arrive at once, even if nobody reads the responses.
 */
class ConnectionGate extends Duplex {
	readonly #socket: Socket;
	#held = Buffer.alloc(0);
	/** The last bytes that were passed on, which can contain the beginning of a header's end. */
	#last = Buffer.alloc(0);
	/** Whether the next request can be passed on. */
	#state: 'open' | 'answering' = 'open';
	#givenAtMs = 0;
	#pause: NodeJS.Timeout | undefined;
	readonly #timer = setTimeout(() => this.destroy(), limitMs).unref();

	constructor(socket: Socket) {
		super();
		this.#socket = socket;
		socket.on('data', (chunk: Buffer) => {
			this.#held = Buffer.concat([this.#held, chunk]);
			this.#give();
		});
		socket.once('end', () => this.push(null));
		socket.on('error', () => this.destroy());
		socket.once('close', () => this.destroy());
	}

	/** Notes that the request was answered, and passes on the next one when it is time. */
	next(): void {
		const leftMs = Math.max(this.#givenAtMs + apartMs - performance.now(), 0);
		this.#pause = setTimeout(() => {
			this.#state = 'open';
			this.#timer.refresh();
			this.#socket.resume();
			this.#give();
		}, leftMs);
	}

	#give(): void {
		if (this.#state === 'answering') {
			if (this.#held.length > maxHeldBytes) {
				this.#socket.pause();
			}

			return;
		}

		if (this.#held.length === 0 || this.destroyed) {
			return;
		}

		const seen = Buffer.concat([this.#last, this.#held]);
		const at = seen.indexOf(headerEnd);
		const length = at < 0 ? this.#held.length : at + headerEnd.length - this.#last.length;
		const given = this.#held.subarray(0, length);
		this.#held = this.#held.subarray(length);
		this.#last = at < 0 ? seen.subarray(-(headerEnd.length - 1)) : Buffer.alloc(0);
		if (at >= 0) {
			this.#state = 'answering';
			this.#givenAtMs = performance.now();
			this.#timer.refresh();
		}

		this.push(given);
	}

	override _read(): void {
		// Input is passed on when it arrives.
	}

	override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
		this.#socket.write(chunk, encoding, error => done(error));
	}

	override _final(done: () => void): void {
		this.#socket.end(done);
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		clearTimeout(this.#timer);
		clearTimeout(this.#pause);
		this.#socket.destroy();
		done(error);
	}
}

/** A running metrics server and its URL. */
export type MetricsServer = {readonly url: string; close(): Promise<void>};

/** The maximum number of connections. Each additional one closes the oldest, so that no client can block a scrape. */
const maxConnections = 64;

/**
 * Starts serving the values of the store at /metrics and /probe, with `now` as the current time in epoch milliseconds.
 * The server is read-only: no request changes anything, and it has no access to the API key.
 *
 * @throws UserError if it can't listen on the address
 */
export async function serveMetrics(address: ListenAddress, store: Store, now: () => number): Promise<MetricsServer> {
	const exposition = createExposition(store, now);
	const probe = createProbe(store, now);
	const answering = createHttpServer({maxHeaderSize: 8192}, (request, response) => {
		const {method, url, headers, socket} = request;
		response.once('close', () => {
			if (socket instanceof ConnectionGate) {
				socket.next();
			}
		});
		void makeReply({method, url, host: headers.host}, address.host, exposition, probe)
			.catch(() => text(500, 'Internal error.\n'))
			.then(reply => send(reply, method, response));
	});
	const connections = new Set<ConnectionGate>();
	const server = createServer(socket => {
		const [oldest] = connections;
		if (connections.size >= maxConnections) {
			oldest?.destroy();
		}

		const connection = new ConnectionGate(socket);
		connections.add(connection);
		connection.once('close', () => connections.delete(connection));
		answering.emit('connection', connection);
	});
	await listen(server, address);
	// An error such as too many open files ends a connection, not the program.
	server.on('error', () => undefined);
	const bound = server.address();
	const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
	return {
		url: `http://${showListenAddress({host: address.host, port})}/metrics`,
		async close() {
			for (const connection of connections) {
				connection.destroy();
			}

			server.close();
			await once(server, 'close');
		},
	};
}

function send({status, type, body}: HttpReply, method: string | undefined, response: ServerResponse): void {
	response.writeHead(status, {
		'content-type': type,
		'content-length': body.length,
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
		...(status === 405 ? {allow: 'GET, HEAD'} : {}),
		// After a response other than 200, no further input is read.
		...(status === 200 ? {} : {connection: 'close'}),
	});
	response.end(method === 'HEAD' ? undefined : body);
}

async function listen(server: Server, address: ListenAddress): Promise<void> {
	try {
		server.listen(address.port, await findHost(address.host));
		await once(server, 'listening');
	} catch (error) {
		throw refusal(error, address);
	}
}

/**
 * Resolves a name without Node.js's own lookup if that would keep the program from exiting; otherwise returns the host
 * unchanged.
 */
async function findHost(host: string): Promise<string> {
	if (lookup === undefined || isIP(host) > 0) {
		return host;
	}

	return new Promise((resolve, reject) => {
		lookup?.(host, {}, (error, address) => (error === null ? resolve(String(address)) : reject(error)));
	});
}

function refusal(error: unknown, address: ListenAddress): UserError {
	const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
	const where = showListenAddress(address);
	switch (code) {
		case 'EADDRINUSE':
			return new UserError(`${where} is already in use. Choose another port with --listen.`, exitCodes.other);
		case 'EACCES':
			return new UserError(
				`Listening on ${where} isn't allowed. Choose port 1024 or higher with --listen.`,
				exitCodes.other,
			);
		case 'EADDRNOTAVAIL':
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return new UserError(`${where} isn't an address of this machine. Choose another with --listen.`, exitCodes.usage);
		default:
			return new UserError(
				`Listening on ${where} failed (${code}). Choose another address with --listen.`,
				exitCodes.other,
			);
	}
}
