import {isIPv6} from 'node:net';
import {type Parsed, quote} from './parse-value.ts';

/** Where to listen: a name, or an address without brackets, and a port; 0 is any free port. */
export type ListenAddress = {readonly host: string; readonly port: number};

const loopback = '127.0.0.1';
const largestPort = 65_535;

/** Parses `9464` (this port, loopback only), or `0.0.0.0:9464`, `[::1]:9464` and `name:9464`. */
export function parseListenAddress(text: string): Parsed<ListenAddress> {
	const match = /^(?:([\w.-]+|\[[\d.:a-f]+\]):)?(\d{1,5})$/i.exec(text);
	const [, written = loopback, digits = ''] = match ?? [];
	const host = written.replace(/^\[(.*)\]$/, '$1');
	if (match === null || (host !== written && !isIPv6(host))) {
		return {
			mistake: `${quote(text)} isn't an address. Use a port such as 9464, or a host and a port such as ${loopback}:9464.`,
		};
	}

	const port = Number(digits);
	return port > largestPort
		? {mistake: `${quote(text)} isn't a valid port. Use 0 to ${largestPort}.`}
		: {value: {host, port}};
}

/** Formats an address as in a URL. */
export function showListenAddress({host, port}: ListenAddress): string {
	return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
