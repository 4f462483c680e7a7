import {once} from 'node:events';
import {existsSync} from 'node:fs';
import process from 'node:process';
import {type Target, targetName} from '../api/target.ts';
import {type ExitCode, exitCodes} from '../errors/user-error.ts';
import type {Store} from '../state/store.ts';

/**
 * Returns the title that `ps` and `top` show for the process: the program and, if known, what it watches.
 *
 * On Linux, the title replaces both the command line (up to its original length) and the name of up to 15 characters
 * that `pgrep` and `killall` match. The title excludes the options, so that other users can't see what they contain,
 * such as a webhook URL in `--on-finding`.
 */
export function processTitle(name: string): string {
	return name === '' ? 'loops-top' : `loops-top ${name}`;
}

/**
 * Names the process after the deployment whenever a different one is watched: the deployment of a run, or one chosen on
 * the screen.
 */
export function followTarget(store: Store, named: Pick<NodeJS.Process, 'title'>): void {
	let shown: Target = store.getState().target;
	store.subscribe(() => {
		const {target} = store.getState();
		if (target !== shown) {
			shown = target;
			named.title = processTitle(targetName(target));
		}
	});
}

/**
 * Matches the names of Node.js resources that occupy a thread of the thread pool: such threads can't be interrupted.
 */
const threaded = /^(?:GetAddrInfoReq|GetNameInfoReq|FSReq|FileHandle\w*Req|FSReqPromise)/;

const shell = '/bin/sh';

let isHung = false;

/** Notes that a write to a file hangs. Before Node.js 22.15, only a signal can then end the process. */
export function noteHungWrite(): void {
	isHung = true;
}

/**
 * Ends the process immediately with an exit code. `process.exit` waits for the threads of the thread pool, and a thread
 * that looks up a name with an unresponsive resolver, or writes to a file system that hangs, stays busy for seconds or
 * forever. If there is such a thread, the process replaces itself with one that only exits. Node.js has supported this
 * since 22.15, except on Windows. If that isn't possible and a write hangs (`noteHungWrite`), the process kills itself.
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

const endingSignals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;
type EndingSignal = (typeof endingSignals)[number];

/** The actions to take before a signal ends the program, most recently registered first. */
const acts: Array<() => Promise<void>> = [];
let isEnding = false;

/**
 * Ends the process as SIGHUP would; called if the terminal is gone but no signal arrived. Sends the signal instead of
 * exiting, because Node.js 20 crashes on exit if there is no terminal to restore.
 */
export function endHungUp(): void {
	endBy('SIGHUP', () => process.exit(129));
}

/** Runs `act` before a signal ends the program. A second signal ends it immediately. */
export function beforeEnding(act: () => Promise<void>, signals: readonly EndingSignal[] = endingSignals): void {
	acts.unshift(act);
	for (const signal of signals) {
		if (process.listeners(signal).every(listener => listener !== onSignal)) {
			process.on(signal, onSignal);
		}
	}
}

function onSignal(signal: EndingSignal): void {
	endBy(signal, () => undefined);
}

/**
 * Runs the registered actions, and then sends the signal again with its default effect. `otherwise` runs if that
 * doesn't end the process.
 */
function endBy(signal: EndingSignal, otherwise: () => void): void {
	const end = (): void => {
		process.removeAllListeners(signal);
		process.kill(process.pid, signal);
		otherwise();
	};
	if (isEnding) {
		end();
		return;
	}

	isEnding = true;
	void Promise.allSettled(acts.map(async act => act())).finally(end);
}

/**
 * The time in milliseconds after which a process that is still running counts as one that can't be stopped. Stopping
 * takes well under a millisecond.
 */
const stopLimitMs = 200;

/**
 * Stops the whole process group, as a terminal does on ctrl-z, because a shell waits for npm or npx, not for the
 * program that they run. Resolves with true once the shell continues it, or with false if it wasn't stopped after 200
 * ms. The kernel doesn't stop a group that has no job-control shell above it: for example, if the program is a pane's
 * own command, the command of `ssh -t host loops-top`, or the first process of a container.
 */
export async function suspend(): Promise<boolean> {
	const continued = once(process, 'SIGCONT').then(() => true);
	process.kill(0, 'SIGTSTP');
	const wasStopped = await Promise.race([continued, afterSignals(stopLimitMs)]);
	readSizeAgain();
	return wasStopped;
}

/**
 * Resolves with false after `ms` milliseconds, once the signals that arrived while the process was stopped have been
 * handled.
 */
async function afterSignals(ms: number): Promise<false> {
	await new Promise(resolve => setTimeout(resolve, ms));
	await new Promise(resolve => setImmediate(resolve));
	await new Promise(resolve => setImmediate(resolve));
	return false;
}

/** Makes Node.js read the size of the terminal, because a stopped process gets no SIGWINCH. */
function readSizeAgain(): void {
	process.emit('SIGWINCH', 'SIGWINCH');
}

/**
 * Calls the listener whenever the terminal might no longer show the screen: when the process continues after a stop,
 * regardless of what stopped it, and at each SIGWINCH after which the size is the same. dtach sends such a signal when
 * another terminal is attached, and so does a terminal that is resized and then resized back. Returns a function that
 * removes the listener.
 */
export function onRedrawNeeded(listener: () => void): () => void {
	const {stdout} = process;
	let [columns, rows] = [stdout.columns, stdout.rows];
	const resized = (): void => {
		const isSame = columns === stdout.columns && rows === stdout.rows;
		({columns, rows} = stdout);
		if (isSame) {
			listener();
		}
	};
	const continued = (): void => {
		readSizeAgain();
		listener();
	};
	process.on('SIGWINCH', resized);
	process.on('SIGCONT', continued);
	return () => {
		process.off('SIGWINCH', resized);
		process.off('SIGCONT', continued);
	};
}

/**
 * Ends the process with this exit code once standard output is flushed, even if connections or timers would keep it
 * running.
 */
export async function endProcess(exitCode: ExitCode): Promise<never> {
	await new Promise<void>(resolve => {
		process.stdout.write('', () => resolve());
	});
	return leave(exitCode);
}

/**
 * Handles write errors on standard output. A closed pipe (`| head`) isn't an error. If the terminal is gone, there is
 * nowhere to report to.
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

/** Extracts `no space left on device` from `ENOSPC: no space left on device, write`. */
function describeSystemError({message}: Error): string {
	return /^[A-Z\d]+: (.*), \w+$/.exec(message)?.[1] ?? message;
}
