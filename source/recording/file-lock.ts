import {spawnSync} from 'node:child_process';

/** The timeout for a file system that doesn't respond, so that it doesn't delay startup. */
const timeoutMs = 3000;

/** The number that `flock` finds the file under. */
const descriptor = 3;

/**
 * Takes an advisory lock on an open file for as long as it is open in this process, however the process ends; false if another process has it.
 *
 * The lock is that of flock(2), by the program of that name (util-linux and BusyBox), which locks the open file that it inherits. Without that
 * program, as on macOS and Windows, nothing is locked, and the result is true.
 */
export function takeLock(fileDescriptor: number): boolean {
	const {status} = spawnSync('flock', ['-n', '-x', String(descriptor)], {
		stdio: ['ignore', 'ignore', 'ignore', fileDescriptor],
		env: {PATH: process.env['PATH']},
		timeout: timeoutMs,
	});
	// Both programs end with 1 if the lock is taken, and with others for a file system without locks.
	return status !== 1;
}
