/**
 * Loaded before the program (`node --import`): when it wants to exit it must wait until nothing keeps it. Then it is written
 * into the file in the variable LEFTOVERS who still listens to what.
 */
import {writeFileSync} from 'node:fs';

process.exit = code => {
	process.exitCode = code;
};

process.once('beforeExit', () => {
	const {stdin, stdout} = process;
	const count = emitter =>
		Object.fromEntries(emitter.eventNames().map(name => [String(name), emitter.listenerCount(name)]));
	const left = {
		listeners: {stdin: count(stdin), stdout: count(stdout)},
		isRaw: stdin.isRaw,
	};
	writeFileSync(process.env['LEFTOVERS'], JSON.stringify(left));
});
