import type {CredentialSources} from './environment.ts';
import {showPath} from './stored-file.ts';

/** What users other than the owner may do with a file: POSIX permissions of its group and of all others. */
const anythingForOthers = 0o077;

/**
 * The sentence for a file that a key is in, where others on this machine may read or change it; undefined where they may
 * not, and where that can't be told: not on Windows, whose permissions are of another kind.
 */
export function warnOfOpenFile(path: string, sources: CredentialSources): string | undefined {
	const mode = sources.platform === 'win32' ? undefined : modeOf(path, sources);
	if (mode === undefined || (mode & anythingForOthers) === 0) {
		return undefined;
	}

	const shown = showPath(path, sources);
	// So that a shell takes it for one word; a tilde at the start is the home folder to it.
	const word = shown.replace(/[^\w@%+=:,./~-]/g, String.raw`\$&`);
	return `Others on this machine may open ${shown}, which a key is in: close it with \`chmod 600 ${word}\`.`;
}

function modeOf(path: string, {fileMode}: CredentialSources): number | undefined {
	try {
		return fileMode(path);
	} catch {
		return undefined;
	}
}
