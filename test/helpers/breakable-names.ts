import dns from 'node:dns';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {pathToFileURL} from 'node:url';
import type {Environment} from './real-terminal.ts';
import type {Resolver} from './test-network.ts';

/** Returns the name resolution of this process, which a test can break. */
export function breakableNames(): Resolver {
	const {lookup} = dns;
	const fail = (...given: readonly unknown[]): void => {
		const callback = given.at(-1) as (error: Error) => void;
		process.nextTick(callback, Object.assign(new Error('getaddrinfo ENOTFOUND'), {code: 'ENOTFOUND'}));
	};
	return {
		lose() {
			dns.lookup = Object.assign(fail, {__promisify__: lookup.__promisify__}) as typeof lookup;
		},
		find() {
			dns.lookup = lookup;
		},
	};
}

/**
 * Returns the name resolution of a program that is started with the variables in `env`. A test can break
 * the resolution, which fails as long as the file `names-are-lost` is in the folder.
 */
export function breakableNamesOf(folder: string): Resolver & {readonly env: Environment} {
	const file = path.join(folder, 'names-are-lost');
	const preload = pathToFileURL(path.join(import.meta.dirname, 'lose-names.mjs'));
	const searched = process.env['PATH'] ?? '';
	const tools = path.join(folder, 'breakable-tools');
	mkdirSync(tools);
	// On Linux, with Node.js versions before 22.15, the program looks up names with this tool.
	const script = '#!/bin/sh\n[ -e "$LOOPS_TOP_TEST_NAMES" ] && exit 2\nPATH="$LOOPS_TOP_TEST_PATH" exec getent "$@"\n';
	writeFileSync(path.join(tools, 'getent'), script, {mode: 0o755});
	return {
		env: {
			LOOPS_TOP_TEST_NAMES: file,
			NODE_OPTIONS: `--import=${preload.href}`,
			LOOPS_TOP_TEST_PATH: searched,
			PATH: `${tools}${path.delimiter}${searched}`,
		},
		lose: () => writeFileSync(file, ''),
		find: () => rmSync(file, {force: true}),
	};
}
