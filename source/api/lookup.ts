import {execFile} from 'node:child_process';
import * as dns from 'node:dns';
import type {LookupFunction} from 'node:net';
import process from 'node:process';

/** The timeout of a lookup: longer than the C library waits for two servers that don't respond. */
const limitMs = 30_000;

/** A process that can be replaced is never held up by a thread: see `leave` in app/process.ts. */
const isNeeded = process.platform === 'linux' && !('execve' in process);

/**
 * Returns the lookup function for names, or undefined for Node.js's own, which keeps a thread busy until the
 * resolver responds. Before Node.js 22.15, the program can't exit before its threads. On Linux, getent is used instead:
 * it asks the same C library, and is stopped with the program.
 */
export const lookup: LookupFunction | undefined = isNeeded ? lookupByTool : undefined;

/**
 * Looks up a name like `dns.lookup`, with the tool `getent`, or with `dns.lookup` itself if the tool or the name
 * doesn't exist.
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
			// A name that failed quickly fails quickly again, with the correct code.
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

/** The addresses in lines such as `93.184.215.14  STREAM example.com`, each once, in their order. */
function readAddresses(text: string): dns.LookupAddress[] {
	const addresses = [...text.matchAll(/^(\S+)\s+STREAM\b/gm)].map(([, address = '']) => address);
	return [...new Set(addresses)].map(address => ({address, family: address.includes(':') ? 6 : 4}));
}
