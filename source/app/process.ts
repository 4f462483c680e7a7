import {once} from 'node:events';
import {existsSync} from 'node:fs';
import process from 'node:process';
import {type Target, targetName} from '../api/target.ts';
import {type ExitCode, exitCodes} from '../errors/user-error.ts';
import type {Store} from '../state/store.ts';

/**
 * Returns the title that `ps` and `top` show of the process: the program, and what it watches if that is known.
 *
 * On Linux, Node sets both the command line (cut to the length that it had) and the name of 15 characters that `pgrep` and
 * `killall` match. The options aren't in the title, so that an address in `--on-finding` doesn't stay visible to others.
 */
export function processTitle(name: string): string {
	return name === '' ? 'loops-top' : `loops-top ${name}`;
}

/** Names the process after the deployment whenever another one is watched: a run's, or one chosen on the screen. */
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
function leave(exitCode: number): never {
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

/** What is to be done before a signal ends the program, the last first. */
const acts: Array<() => Promise<void>> = [];
let isEnding = false;

/**
 * Ends the process as SIGHUP does, also if only the terminal itself reported that it is gone. Uses the signal, because
 * Node.js 20 crashes on exit if there is no terminal to restore.
 */
export function endHungUp(): void {
	endBy('SIGHUP', () => process.exit(129));
}

/** Runs `act` before a signal ends the program. A second signal ends it at once. */
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

/** Does what is to be done first, and then lets a signal have its own effect. `otherwise` is done if it has none. */
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

/** A process that wasn't stopped by then won't be: stopping takes well under a millisecond. */
const stopLimitMs = 200;

/**
 * Stops the whole process group, as a terminal does at ctrl-z: a shell waits for npm or npx, and not for the program that
 * they run. Resolves once the shell lets it continue, with true; or, if nothing was stopped after 200 ms, with false. The
 * kernel stops no group that has no shell with job control above it: a pane's own command, `ssh -t host loops-top`, the
 * first process of a container.
 */
export async function suspend(): Promise<boolean> {
	const continued = once(process, 'SIGCONT').then(() => true);
	process.kill(0, 'SIGTSTP');
	const wasStopped = await Promise.race([continued, afterSignals(stopLimitMs)]);
	readSizeAgain();
	return wasStopped;
}

/** Resolves with false after a time, and after signals that came while the process was stopped have been handled. */
async function afterSignals(ms: number): Promise<false> {
	await new Promise(resolve => setTimeout(resolve, ms));
	await new Promise(resolve => setImmediate(resolve));
	await new Promise(resolve => setImmediate(resolve));
	return false;
}

/** Has Node ask for the size of the terminal: a process that is stopped gets no SIGWINCH. */
function readSizeAgain(): void {
	process.emit('SIGWINCH', 'SIGWINCH');
}

/** Calls the listener whenever the process continues after a stop, whoever stopped it. Returns the function that ends this. */
export function onContinued(listener: () => void): () => void {
	const handle = (): void => {
		readSizeAgain();
		listener();
	};
	process.on('SIGCONT', handle);
	return () => process.off('SIGCONT', handle);
}

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
