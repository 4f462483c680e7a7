/**
 * Loaded before the program (`node --import`): instead of exiting immediately, the program waits until nothing keeps it
 * running. The remaining listeners and the terminal's mode are then written to the file that the environment variable
 * LEFTOVERS names.
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
