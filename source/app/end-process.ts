import process from 'node:process';
import {type ExitCode, exitCodes} from '../errors/user-error.ts';
import {leave} from './leave.ts';
import {endHungUp} from './signals.ts';

/** Ends the process with this exit code once standard output is written. Idle keep-alive connections would hold it for some seconds. */
export async function endProcess(exitCode: ExitCode): Promise<never> {
	await new Promise<void>(resolve => {
		process.stdout.write('', () => resolve());
	});
	return leave(exitCode);
}

/**
 * Handles errors of stdout. A closed pipe (`| head`) isn't an error. If the terminal is gone, there is nowhere to
 * report to.
 */
export function endOnWriteError(error: NodeJS.ErrnoException): void {
	if (error.code === 'EPIPE') {
		leave(exitCodes.ok);
	}

	if (error.code === 'EIO') {
		endHungUp();
		return;
	}

	process.stderr.write(`loops-top: can't write to standard output: ${describeSystemError(error)}.\n`);
	leave(exitCodes.other);
}

/** Returns `no space left on device` of `ENOSPC: no space left on device, write`. */
function describeSystemError({message}: Error): string {
	return /^[A-Z\d]+: (.*), \w+$/.exec(message)?.[1] ?? message;
}
