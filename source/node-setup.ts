import {lstatSync, mkdirSync, statSync} from 'node:fs';
import * as module from 'node:module';
import {homedir} from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** Permissions that let users other than the owner do anything, and let others than the owner change what is in a folder. */
const anythingForOthers = 0o077;
const changesByOthers = 0o022;

/** A folder in which only the owner of a file may move or delete it, such as /tmp. */
const sticky = 0o1000;

/**
 * Lets Node.js keep compiled code, with which it starts faster, in a folder that only this user can open: `$XDG_CACHE_HOME/loops-top` or
 * `~/.cache/loops-top`. If there is no such folder and none can be made, nothing is kept. Node's own default is a folder for temporary files,
 * where another user may have put code of their own.
 */
export function enableOwnCompileCache(): void {
	const folder = findCacheFolder();
	if (folder !== undefined) {
		module.enableCompileCache?.(folder);
	}
}

/** Returns the folder, which is made if it isn't there; undefined if it, or the folder that it is in, is open to others, and on Windows. */
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
		// Of the folder itself: a link leads elsewhere.
		const stats = lstatSync(folder);
		const around = statSync(home);
		const isOwn = stats.isDirectory() && stats.uid === user && (stats.mode & anythingForOthers) === 0;
		const isSafe = (around.mode & changesByOthers) === 0 || (around.mode & sticky) !== 0;
		return isOwn && isSafe && (around.uid === user || around.uid === 0) ? folder : undefined;
	} catch {
		return undefined;
	}
}

/** The space for new objects would grow to 32 MiB, for a program that makes little at a time and runs all day. */
const smallYoung = '--semi-space-growth-factor=1';

/** V8 would collect garbage twice more after each collection of a program that then does little, which is a fifth of its CPU time. */
const onceOnly = '--gc-memory-reducer-start-delay-ms=2000000000';

/**
 * What is drawn a few times a minute is not worth to be optimised: that takes more time than it saves, and 10 MB. What runs
 * ten times as often as would do otherwise is, by the quicker of the two compilers.
 */
const patient = [
	'--no-opt',
	'--liftoff-only',
	'--invocation-count-for-maglev=4000',
	'--invocation-count-for-maglev-osr=1000',
];

/** How V8 is set for this program. Before Node.js 22 it has one compiler alone, which is left as it is. */
export function engineFlags(nodeMajor: number): readonly string[] {
	return nodeMajor < 22 ? [smallYoung, onceOnly] : [smallYoung, onceOnly, ...patient];
}
