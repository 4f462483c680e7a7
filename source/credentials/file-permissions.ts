import type {HostEnvironment} from './environment.ts';
import {showPath} from './stored-file.ts';

/** All POSIX permissions of the group and of others. */
const anythingForOthers = 0o077;

/**
 * Returns a warning if other users of this machine can read or change a key file. Returns undefined if they can't, if
 * the mode can't be read, and on Windows, whose permissions are of another kind.
 */
export function warnOfOpenFile(path: string, sources: HostEnvironment): string | undefined {
	const mode = sources.platform === 'win32' ? undefined : modeOf(path, sources);
	if (mode === undefined || (mode & anythingForOthers) === 0) {
		return undefined;
	}

	const shown = showPath(path, sources);
	// Escaped, so that a shell takes it for one word; it expands a tilde at the start.
	const word = shown.replace(/[^\w@%+=:,./~-]/g, String.raw`\$&`);
	return `${shown} holds an API key and other users of this machine can open it. Run \`chmod 600 ${word}\`.`;
}

function modeOf(path: string, {fileMode}: HostEnvironment): number | undefined {
	try {
		return fileMode(path);
	} catch {
		return undefined;
	}
}
