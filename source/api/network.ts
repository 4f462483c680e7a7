import type {Answer} from './read-body.ts';
import type {Secret} from './secret.ts';

/** A proxy that requests go through. Its address is without user and password; `from` names the variable it is from. */
export type ProxyServer = {readonly url: URL; readonly from: string; readonly authorization?: Secret};

/** What is sent, but for the address. */
export type Sent = {
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	readonly signal: AbortSignal;
};

/** The way out to the API: `send` follows no redirect, and throws what the network throws, or a `ProxyFault`. */
export type Network = {readonly send: (url: URL, sent: Sent) => Promise<Answer>};

/** What a proxy has done wrong: the status it refused the tunnel with, or the code of what the network said. */
export class ProxyFault extends Error {
	override readonly name = 'ProxyFault';
	/** Of the proxy, with its port. */
	readonly host: string;
	readonly told: {readonly status: number} | {readonly code: string};

	constructor(host: string, told: ProxyFault['told']) {
		super(`the proxy ${host} failed`);
		this.host = host;
		this.told = told;
	}
}
