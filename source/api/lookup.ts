import {execFile} from 'node:child_process';
import * as dns from 'node:dns';
import type {LookupFunction} from 'node:net';
import process from 'node:process';

/** Longer than the C library waits for two servers that don't answer. */
const limitMs = 30_000;

/** A process that can be replaced is never held by a thread: see `leave` in app/leave.ts. */
const isNeeded = process.platform === 'linux' && !('execve' in process);

/**
 * How the API's name becomes an address, or undefined for the usual way of Node.js: that keeps a thread busy until the
 * resolver answers, and before Node.js 22.15 the program can't end before its threads. On Linux it is then done by getent,
 * which asks the same C library, and is ended with the program.
 */
export const lookup: LookupFunction | undefined = isNeeded ? lookupByTool : undefined;

/** As `dns.lookup`, by the tool `getent`; by `dns.lookup` itself if there is no such tool, or no such name. */
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
			// What failed soon fails soon again, with the right code.
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

/** The addresses of lines such as `93.184.215.14  STREAM example.com`, each once, in their order. */
function readAddresses(text: string): dns.LookupAddress[] {
	const addresses = [...text.matchAll(/^(\S+)\s+STREAM\b/gm)].map(([, address = '']) => address);
	return [...new Set(addresses)].map(address => ({address, family: address.includes(':') ? 6 : 4}));
}
