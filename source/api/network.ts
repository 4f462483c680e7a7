import {execFile} from 'node:child_process';
import * as dns from 'node:dns';
import type {LookupFunction} from 'node:net';
import process from 'node:process';
import type {HttpResponse} from './read-body.ts';
import type {Secret} from './secret.ts';

/**
 * The timeout for a lookup, in milliseconds. The C library waits less than this for two unresponsive name servers.
 */
const limitMs = 30_000;

/**
 * Whether `lookupByTool` is needed: on Linux, unless the process can be replaced on exit. If it can, busy threads don't
 * delay the exit: see `leave` in app/process.ts.
 */
const isNeeded = process.platform === 'linux' && !('execve' in process);

/**
 * The function that looks up host names, or undefined for Node.js's own. The latter keeps a thread busy until the
 * resolver responds, and in versions before 22.15, the program can't exit until its threads do. On Linux with
 * those versions, the program runs `getent` instead, which uses the same C library and can be killed on exit.
 */
export const lookup: LookupFunction | undefined = isNeeded ? lookupByTool : undefined;

/**
 * Looks up a name as `dns.lookup` does, but with the tool `getent`. Falls back to `dns.lookup` if `getent` doesn't
 * exist, fails, or finds no address. If `getent` takes too long, the lookup fails with `EAI_AGAIN`.
 */
export function lookupByTool(...given: Parameters<LookupFunction>): void {
	const [hostname, options, callback] = given;
	const {all = false, family} = options;
	const kind =
		family === 4 || family === 'IPv4' ? 'ahostsv4' : family === 6 || family === 'IPv6' ? 'ahostsv6' : 'ahosts';
	const tool = execFile('getent', [kind, hostname], {timeout: limitMs, encoding: 'utf8'}, (error, stdout) => {
		process.off('exit', end);
		const addresses = readAddresses(stdout);
		const [first] = addresses;
		if (error?.killed === true) {
			callback(Object.assign(new Error('getent timed out'), {code: 'EAI_AGAIN'}), all ? [] : '');
		} else if (error !== null || first === undefined) {
			// A lookup that failed quickly also fails quickly the second time, with the correct error code.
			dns.lookup(...given);
		} else if (all) {
			callback(null, addresses);
		} else {
			callback(null, first.address, first.family);
		}
	});
	const end = (): void => void tool.kill();
	process.once('exit', end);
	tool.unref();
}

/** Returns the distinct addresses in lines such as `93.184.215.14 STREAM example.com`, in order of appearance. */
function readAddresses(text: string): dns.LookupAddress[] {
	const addresses = [...text.matchAll(/^(\S+)\s+STREAM\b/gm)].map(([, address = '']) => address);
	return [...new Set(addresses)].map(address => ({address, family: address.includes(':') ? 6 : 4}));
}

/**
 * A proxy that requests go through. `url` excludes the username and password; `from` is the environment variable that
 * specifies the proxy.
 */
export type ProxyServer = {readonly url: URL; readonly from: string; readonly authorization?: Secret};

/** A request without its URL. */
export type HttpRequestInit = {
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	readonly signal: AbortSignal;
	/**
	 * Decides whether the request can be sent again after the server closed the kept-alive connection that was used for
	 * it; by default, it can.
	 */
	readonly mayRepeat?: MayRepeat | undefined;
};

/**
 * Waits until it is the repeated request's turn, and resolves to whether the request can be sent. Rejects if the signal
 * is aborted.
 */
export type MayRepeat = (signal: AbortSignal) => Promise<boolean>;

/**
 * A way of connecting to the API. `send` doesn't follow redirects. It rejects with a network error, a `ProxyFault`, or
 * a `TooComplex` (see `sendRequest`), and also rejects if its signal is aborted.
 */
export type Network = {readonly send: (url: URL, sent: HttpRequestInit) => Promise<HttpResponse>};

/**
 * The status with which a proxy rejected CONNECT, or the code of the network error that occurred on the connection to
 * the proxy.
 */
export type ProxyProblem =
	| {readonly status: number; readonly api: string; readonly passwordFrom: string | undefined}
	| {readonly code: string};

/** Thrown if a proxy can't be reached or doesn't open a tunnel. */
export class ProxyFault extends Error {
	override readonly name = 'ProxyFault';
	/** The proxy's host, with its port. */
	readonly host: string;
	readonly problem: ProxyProblem;

	constructor(host: string, problem: ProxyProblem) {
		super(`the proxy ${host} failed`);
		this.host = host;
		this.problem = problem;
	}
}
