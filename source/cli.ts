#!/usr/bin/env node
import {setFlagsFromString} from 'node:v8';
import {enableOwnCompileCache, engineFlags, refuseDebugger} from './node-setup.ts';

// This check runs before the rest of the program is loaded, and uses only syntax that old versions can parse.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) {
	process.stderr.write(
		`loops-top requires Node.js 20 or later, but this is ${process.version}. See https://nodejs.org.\n`,
	);
	process.exitCode = 1;
} else {
	for (const flag of engineFlags(major)) {
		setFlagsFromString(flag);
	}

	refuseDebugger();
	enableOwnCompileCache();
	const {main} = await import('./app/main.ts');
	await main();
}
