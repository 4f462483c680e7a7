import {once} from 'node:events';
import {createServer, type Server} from 'node:http';
import {type ListenAddress, showListenAddress} from '../command-line/listen-address.ts';
import {exitCodes, UserError} from '../errors/user-error.ts';
import type {Store} from '../state/store.ts';
import {expose, expositionType} from './exposition.ts';
import {gaugesOf} from './gauges.ts';

/** Serves the values to Prometheus. `url` is where. */
export type MetricsServer = {readonly url: string; close(): Promise<void>};

/** Whoever connects and says nothing, or more than a scrape has to say, is shown out. */
const limits = {
	headersTimeout: 5000,
	requestTimeout: 10_000,
	keepAliveTimeout: 5000,
	connectionsCheckingInterval: 2000,
	maxHeaderSize: 8192,
} as const;
const mostConnections = 64;

type Reply = {readonly status: number; readonly type: string; readonly text: string};

const plain = 'text/plain; charset=utf-8';

/**
 * Begins to serve what the store holds at /metrics, at the time of `now` in epoch milliseconds. It only ever reads: nothing that is asked changes anything, and there
 * is no key in what it has.
 *
 * @throws UserError where it can't listen there
 */
export async function serveMetrics(address: ListenAddress, store: Store, now: () => number): Promise<MetricsServer> {
	const server = createServer(limits, (request, response) => {
		void answer(request.method, request.url, () => gaugesOf(store.getState(), now()))
			.catch((): Reply => ({status: 500, type: plain, text: 'internal error\n'}))
			.then(({status, type, text}) => {
				const headers = {'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff'};
				const more = status === 405 ? {allow: 'GET'} : {};
				// What comes after a request that isn't one is not waited for.
				const ending = status === 200 ? {} : {connection: 'close'};
				response.writeHead(status, {...headers, ...more, ...ending}).end(text);
			});
	});
	server.maxConnections = mostConnections;
	await listen(server, address);
	// Such as too many open files: that ends a connection, not the program.
	server.on('error', () => undefined);
	const bound = server.address();
	const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
	return {
		url: `http://${showListenAddress({host: address.host, port})}/metrics`,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

async function answer(
	method: string | undefined,
	url: string | undefined,
	gauges: () => ReturnType<typeof gaugesOf>,
): Promise<Reply> {
	if (method !== 'GET') {
		return {status: 405, type: plain, text: 'only GET is answered\n'};
	}

	switch (url?.split('?')[0]) {
		case '/metrics':
			return {status: 200, type: expositionType, text: await expose(gauges())};
		case '/':
			return {status: 200, type: 'text/html; charset=utf-8', text: '<a href="/metrics">metrics</a> of loops-top\n'};
		default:
			return {status: 404, type: plain, text: 'only /metrics is here\n'};
	}
}

async function listen(server: Server, address: ListenAddress): Promise<void> {
	try {
		server.listen(address.port, address.host);
		await once(server, 'listening');
	} catch (error) {
		throw refusal(error, address);
	}
}

function refusal(error: unknown, address: ListenAddress): UserError {
	const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
	const where = showListenAddress(address);
	switch (code) {
		case 'EADDRINUSE':
			return new UserError(`${where} is already in use. Choose another port with --listen.`, exitCodes.other);
		case 'EACCES':
			return new UserError(
				`Listening on ${where} isn't allowed. Choose a port from 1024 on with --listen.`,
				exitCodes.other,
			);
		case 'EADDRNOTAVAIL':
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return new UserError(
				`${where} isn't an address of this machine. Choose one that is with --listen.`,
				exitCodes.usage,
			);
		default:
			return new UserError(
				`Listening on ${where} failed (${code}). Choose another address with --listen.`,
				exitCodes.other,
			);
	}
}
