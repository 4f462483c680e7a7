import type {HttpResponse} from './read-body.ts';
import type {Secret} from './secret.ts';

/** A proxy that requests go through. Its address is without user and password; `from` names the variable it is from. */
export type ProxyServer = {readonly url: URL; readonly from: string; readonly authorization?: Secret};

/** A request without its address. */
export type HttpRequestInit = {
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	readonly signal: AbortSignal;
};

/** A connection to the API. `send` doesn't follow redirects, and throws what the network throws, or a `ProxyFault`. */
export type Network = {readonly send: (url: URL, sent: HttpRequestInit) => Promise<HttpResponse>};

/** The status that a proxy answered CONNECT with, or the code of the network's error on the way to it. */
export type ProxyProblem =
	| {readonly status: number; readonly api: string; readonly passwordFrom: string | undefined}
	| {readonly code: string};

/** Thrown if a proxy can't be reached, or gives no tunnel. */
export class ProxyFault extends Error {
	override readonly name = 'ProxyFault';
	/** Of the proxy, with its port. */
	readonly host: string;
	readonly problem: ProxyProblem;

	constructor(host: string, problem: ProxyProblem) {
		super(`the proxy ${host} failed`);
		this.host = host;
		this.problem = problem;
	}
}
