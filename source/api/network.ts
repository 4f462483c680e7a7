import type {HttpResponse} from './read-body.ts';
import type {Secret} from './secret.ts';

/**
 * A proxy that requests go through. Its address excludes the username and password; `from` names the variable it comes
 * from.
 */
export type ProxyServer = {readonly url: URL; readonly from: string; readonly authorization?: Secret};

/** A request without its address. */
export type HttpRequestInit = {
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	readonly signal: AbortSignal;
	/**
	 * Resolves with whether the request can be sent a second time, after the server closed the kept-alive connection
	 * that was used for it; by default, it can.
	 */
	readonly mayRepeat?: MayRepeat | undefined;
};

/** Resolves when it is a repeated request's turn, with whether it can be sent. Rejects if the signal is aborted. */
export type MayRepeat = (signal: AbortSignal) => Promise<boolean>;

/** A connection to the API. `send` doesn't follow redirects, and throws network errors and `ProxyFault`. */
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
