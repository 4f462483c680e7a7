/**
 * Loaded before the program (`node --import`): when the program is about to exit, it must wait until nothing keeps it
 * running. The remaining listeners are then written to the file named by the variable LEFTOVERS.
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
