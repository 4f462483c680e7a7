import {gzipSync} from 'node:zlib';
import type {Failure} from '../../source/api/failure.ts';
import {maxResponseBytes} from '../../source/api/read-body.ts';
import type {Behavior} from './scripted-proxy.ts';
import {hang, type Reply, reset, type SeenRequest} from './scripted-server.ts';
import {healthy, isMetrics} from './served.ts';
import type {Route, TestNetwork} from './test-network.ts';

/** The parts of a failure that depend on where it happens. */
export type Place = {
	readonly host: string;
	readonly proxyHost: string;
	readonly elsewhere: string;
	readonly timeoutMs: number;
	readonly limitBytes: number;
};

/** The example location in docs/failures.md. */
export const examplePlace: Place = {
	host: 'api.baseten.co',
	proxyHost: 'proxy.example:3128',
	elsewhere: 'login.example',
	timeoutMs: 30_000,
	limitBytes: maxResponseBytes,
};

/** A failure while the program runs. The tests and a table in docs/failures.md are derived from `faults`. */
export type Fault = {
	/** The event, as described in the documentation. */
	readonly what: string;
	readonly way: Route;
	/** The resulting failure. */
	readonly failure: (place: Place) => Failure;
	/** The maximum number of requests for metrics that reach the server per poll. */
	readonly requests: number;
	/** Whether the failure becomes visible only after the request timeout. */
	readonly isSlow?: boolean;
	/** Causes the failure in a healthy network. */
	readonly begin: (network: TestNetwork) => void | Promise<void>;
	/** Restores what a healthy network needs besides the server's responses and the proxy's tunnels. */
	readonly end?: (network: TestNetwork) => void | Promise<void>;
};

/** How the server reacts to a request for metrics. */
type Misbehave = (request: SeenRequest, network: TestNetwork) => Reply;

/** Returns a function that begins a fault: requests for metrics get this response; everything else is healthy. */
function metrics(misbehave: Misbehave): Fault['begin'] {
	return network => {
		network.server.respond = request => (isMetrics(request) ? misbehave(request, network) : healthy()(request));
	};
}

function direct(what: string, failure: Failure | Fault['failure'], misbehave: Misbehave): Fault {
	const failureAt = typeof failure === 'function' ? failure : (): Failure => failure;
	return {what, way: 'direct', failure: failureAt, requests: 1, begin: metrics(misbehave)};
}

function status(what: string, code: number, message: string): Fault {
	const failure: Failure = {kind: 'status', status: code, message, retryAfterMs: undefined};
	return direct(`${what} (${code})`, failure, () => ({status: code, json: {message}}));
}

/** The wait that the server specifies, in seconds. */
const namedSeconds = 40;

function tooMany(how: string, misbehave: Misbehave): Fault {
	const failure = {kind: 'status', status: 429, message: 'slow down', retryAfterMs: namedSeconds * 1000} as const;
	return direct(`too many requests (429), with the wait time ${how}`, failure, misbehave);
}

function network(what: string, code: string, changes: Omit<Fault, 'what' | 'way' | 'failure'>): Fault {
	return {what, way: 'direct', failure: ({host}) => ({kind: 'network', code, host}), ...changes};
}

function proxy(
	what: string,
	problem: {readonly status: number} | {readonly code: string},
	behavior: Behavior,
	changes: Partial<Fault> = {},
): Fault {
	return {
		what: `the proxy ${what}`,
		way: 'proxy',
		failure: ({proxyHost: host, host: api}) =>
			'status' in problem
				? {kind: 'proxy-refusal', host, api, passwordFrom: undefined, ...problem}
				: {kind: 'proxy-network', host, ...problem},
		requests: 0,
		begin(network) {
			network.proxy.behavior = behavior;
		},
		...changes,
	};
}

const json = {'content-type': 'application/json'};

/** Sends only the first bytes of a response whose announced length is 1000, and then closes the connection. */
const half: Reply = response => {
	response.writeHead(200, {...json, 'content-length': '1000'}).write('{"metrics": ', () => response.destroy());
};

/** Sends about half of the compressed data, and then closes the connection. */
const halfPacked: Reply = response => {
	const packed = gzipSync(JSON.stringify({metrics: 'x'.repeat(1000)}));
	response.writeHead(200, {...json, 'content-encoding': 'gzip', 'content-length': packed.length});
	response.write(packed.subarray(0, 20), () => response.destroy());
};

/** Sends a response that never ends, as fast as it is read. */
const endless: Reply = response => {
	const chunk = Buffer.alloc(256 * 1024, ' ');
	response.writeHead(200, json);
	const write = (): void => {
		while (!response.destroyed && response.write(chunk)) {
			// This continues until the buffer is full, and begins again when the buffer is empty (`drain`).
		}
	};
	response.on('drain', write).on('error', () => undefined);
	write();
};

/** Sends part of a response, and then nothing more. */
const stalled: Reply = response => {
	response.writeHead(200, json).write('{"metrics": ');
};

export const faults: readonly Fault[] = [
	network('connections are refused', 'ECONNREFUSED', {
		requests: 0,
		begin: async ({server}) => server.down(),
		end: async ({server}) => server.up(),
	}),
	network('connections are closed immediately', 'ECONNRESET', {
		requests: 0,
		begin: ({server}) => server.hangUp(true),
		end: ({server}) => server.hangUp(false),
	}),
	network('the connection is reset while the request is sent', 'ECONNRESET', {
		requests: 1,
		begin: metrics(() => reset),
	}),
	network("the hostname can't be resolved, for example because there is no network connection", 'ENOTFOUND', {
		requests: 0,
		async begin({names, server}) {
			names.lose();
			// A connection that is still open requires no name lookup.
			server.dropConnections();
		},
		end: ({names}) => names.find(),
	}),
	network("the certificate isn't trusted", 'DEPTH_ZERO_SELF_SIGNED_CERT', {
		requests: 0,
		begin: ({server}) => server.present('stranger'),
		end: ({server}) => server.present('trusted'),
	}),
	{
		...direct(
			'there is no response',
			({timeoutMs: afterMs}) => ({kind: 'timeout', afterMs}),
			() => hang,
		),
		isSlow: true,
	},
	{
		...direct(
			'a response begins, and then stalls',
			({timeoutMs: afterMs}) => ({kind: 'timeout', afterMs}),
			() => stalled,
		),
		isSlow: true,
	},
	direct('the response is cut off', {kind: 'cut-off'}, () => half),
	direct('a compressed response is cut off', {kind: 'cut-off'}, () => halfPacked),
	{
		...direct(
			'the response never ends',
			({limitBytes}) => ({kind: 'too-large', limitBytes}),
			() => endless,
		),
		// The second request is for a piece of the range.
		requests: 2,
	},
	direct('the response is HTML', {kind: 'not-json', contentType: 'text/html'}, ({headers}) => ({
		text: `<html><body>Sign in. You sent ${headers.authorization}</body></html>`,
		headers: {'content-type': 'text/html'},
	})),
	direct('the response is malformed JSON', {kind: 'not-json', contentType: 'unreadable'}, () => ({
		text: '{"metrics": {',
		headers: json,
	})),
	direct('the response is empty', {kind: 'not-json', contentType: 'empty'}, () => ({text: '', headers: json})),
	direct('the response is JSON, but has no metrics', {kind: 'wrong-shape', problem: 'no metrics'}, ({headers}) => ({
		json: {hello: headers.authorization},
	})),
	direct(
		'the API redirects to another host (307)',
		({elsewhere: host}) => ({kind: 'redirect', status: 307, host}),
		({path}, {elsewhere}) => ({status: 307, text: '', headers: {location: `${elsewhere.url}${path}`}}),
	),
	{...status('the request is refused', 400, 'no such window'), requests: 2},
	direct(
		'the key expires, and the server echoes it (401)',
		{kind: 'status', status: 401, message: 'expired: Bearer [redacted]', retryAfterMs: undefined},
		({headers}) => ({status: 401, json: {message: `expired: ${headers.authorization}`}}),
	),
	status('the key loses access', 403, 'not yours'),
	{
		...status('the deployment is deleted', 404, 'no such deployment'),
		begin({server}) {
			server.respond = () => ({status: 404, json: {message: 'no such deployment'}});
		},
	},
	status("a proxy that you didn't configure requires a password", 407, ''),
	tooMany('in the body', () => ({status: 429, json: {error: 'slow down', retry_after: namedSeconds}})),
	tooMany('in a header', () => ({
		status: 429,
		text: 'slow down',
		headers: {'retry-after': String(namedSeconds)},
	})),
	tooMany('in a header, as a date', () => ({
		status: 429,
		text: 'slow down',
		headers: {'retry-after': new Date(Date.now() + namedSeconds * 1000).toUTCString()},
	})),
	status('the server fails', 500, 'oops'),
	status('a gateway gets no valid response from the server', 502, ''),
	status('the service is down', 503, 'no healthy upstream'),
	status('a gateway times out', 504, ''),
	proxy('refuses connections', {code: 'ECONNREFUSED'}, 'tunnel', {
		begin: async ({proxy}) => proxy.down(),
		end: async ({proxy}) => proxy.up(),
	}),
	proxy('closes the connection', {code: 'ECONNRESET'}, 'reset'),
	proxy("doesn't respond", {code: 'ETIMEDOUT'}, 'silence', {isSlow: true}),
	proxy('requires a password (407)', {status: 407}, {status: 407}),
	proxy("doesn't allow the connection (403)", {status: 403}, {status: 403}),
	proxy("can't reach the API (502)", {status: 502}, {status: 502}),
	proxy("can't reach the API (500 from squid and tinyproxy)", {status: 500}, {status: 500}),
	proxy("can't reach the API (404 from privoxy)", {status: 404}, {status: 404}),
	proxy('is a web server instead (405)', {status: 405}, {status: 405}),
	proxy('is a captive portal (302)', {status: 302}, {status: 302}),
	{
		...proxy("connects to a server whose certificate isn't trusted", {status: 200}, 'tunnel'),
		failure: ({host}) => ({kind: 'network', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', host}),
		begin: ({server}) => server.present('stranger'),
		end: ({server}) => server.present('trusted'),
	},
];

/** Ends a failure: everything is healthy again, and the server sends this response. */
export async function repair(fault: Fault, network: TestNetwork, respond = healthy()): Promise<void> {
	network.server.respond = respond;
	network.proxy.behavior = 'tunnel';
	await fault.end?.(network);
}
