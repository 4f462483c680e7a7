import {existsSync} from 'node:fs';
import process from 'node:process';

/** The resources of Node.js that a thread of its pool works on: it can't be interrupted. */
const threaded = /^(?:GetAddrInfoReq|GetNameInfoReq|FSReq|FileHandle\w*Req|FSReqPromise)/;

const shell = '/bin/sh';

let isHung = false;

/** Notes that a write to a file doesn't return. Before Node.js 22.15 only a signal ends the process then. */
export function noteHungWrite(): void {
	isHung = true;
}

/**
 * Ends the process at once with an exit code. `process.exit` waits for the threads of Node's pool, and one that looks up
 * a name with a resolver that doesn't answer, or writes to a file system that hangs, is busy for seconds or without end. If
 * there is one, the process replaces itself by one that does nothing but end, which Node.js can from 22.15 on, except on
 * Windows.
 */
export function leave(exitCode: number): never {
	const isBusy = process.getActiveResourcesInfo().some(resource => threaded.test(resource));
	if (isBusy && 'execve' in process && process.platform !== 'win32' && existsSync(shell)) {
		process.exitCode = exitCode;
		process.emit('exit', exitCode);
		process.execve?.(shell, ['sh', '-c', `exit ${exitCode}`], {});
	}

	if (isHung) {
		process.kill(process.pid, 'SIGKILL');
	}

	process.exit(exitCode);
}
