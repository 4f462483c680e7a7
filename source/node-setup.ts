import {lstatSync, mkdirSync, statSync} from 'node:fs';
import * as module from 'node:module';
import {homedir} from 'node:os';
import path from 'node:path';
import process from 'node:process';

/**
 * The permission bits that give other users any access, and those that let them change the contents of a folder.
 */
const anythingForOthers = 0o077;
const changesByOthers = 0o022;

/** The permission bit of a folder, such as /tmp, in which only the owner of a file can move or delete it. */
const sticky = 0o1000;

/**
 * Makes the program start faster: lets Node.js cache compiled code in a folder that only this user can open,
 * `$XDG_CACHE_HOME/loops-top` or `~/.cache/loops-top`. If that folder doesn't exist and can't be created, or if other
 * users have access to it, nothing is cached. By default, Node.js uses a folder for temporary files, where another user
 * might have put their own code.
 */
export function enableOwnCompileCache(): void {
	const folder = findCacheFolder();
	if (folder !== undefined) {
		module.enableCompileCache?.(folder);
	}
}

/**
 * Ignores SIGUSR1. By default, Node.js responds to it by opening a debugger on a local port, through which every user
 * of the machine could read the API key and run code.
 */
export function refuseDebugger(): void {
	process.on('SIGUSR1', () => undefined);
}

/**
 * Returns the cache folder, and creates it if it doesn't exist. Returns undefined on Windows, or if the folder can't be
 * created, is a link, belongs to another user, or can be opened or replaced by other users.
 */
export function findCacheFolder(
	{XDG_CACHE_HOME: chosen}: NodeJS.ProcessEnv = process.env,
	findHome: () => string = homedir,
): string | undefined {
	const user = process.getuid?.();
	try {
		const home = chosen !== undefined && path.isAbsolute(chosen) ? chosen : path.join(findHome(), '.cache');
		if (user === undefined || !path.isAbsolute(home)) {
			return undefined;
		}

		const folder = path.join(home, 'loops-top');
		mkdirSync(folder, {recursive: true, mode: 0o700});
		// `lstat` doesn't follow a link, which can lead anywhere.
		const stats = lstatSync(folder);
		const around = statSync(home);
		const isOwn = stats.isDirectory() && stats.uid === user && (stats.mode & anythingForOthers) === 0;
		const isSafe = (around.mode & changesByOthers) === 0 || (around.mode & sticky) !== 0;
		return isOwn && isSafe && (around.uid === user || around.uid === 0) ? folder : undefined;
	} catch {
		return undefined;
	}
}

/**
 * Keeps the space for new objects small. Otherwise, it would grow to 32 MiB, which a program that allocates little at a
 * time doesn't need.
 */
const smallYoung = '--semi-space-growth-factor=1';

/**
 * Collects new objects on a single thread. Several threads would take more CPU time for a space this small: a sixth of
 * the CPU time of the whole startup. With many nodes, `settleAfterStart` allows several threads again, because garbage
 * collection then delays keystrokes less.
 */
const oneThread = '--no-parallel-scavenge';

/**
 * Prevents further garbage collections. After each collection, V8 would collect garbage two more times in a program
 * that then does little, which would take a fifth of its CPU time.
 */
const onceOnly = '--gc-memory-reducer-start-delay-ms=2000000000';

/**
 * Delays optimization: code that runs a few times a minute isn't worth optimizing, because optimizing it takes more
 * time than it saves, and takes 10 MB of memory. Of the two optimizing compilers, only the faster one is used, after
 * ten times the usual number of calls. Once startup is complete, that compiler is used only with many nodes
 * (`settleAfterStart` in app/settle.ts). Without it, startup takes 50% longer.
 */
const patient = [
	'--no-opt',
	'--liftoff-only',
	'--invocation-count-for-maglev=4000',
	'--invocation-count-for-maglev-osr=1000',
];

/**
 * Returns the V8 flags for this program. Before Node.js 22, V8 has only one optimizing compiler, so its settings and
 * the number of threads aren't changed.
 */
export function engineFlags(nodeMajor: number): readonly string[] {
	return nodeMajor < 22 ? [smallYoung, onceOnly] : [smallYoung, onceOnly, oneThread, ...patient];
}
