import {cleanText} from '../api/clean-text.ts';
import {type ExitCode, exitCodes, UserError} from './user-error.ts';

const words: Readonly<Record<string, string>> = {
	ENOENT: 'no such file or directory',
	ENOTDIR: "part of its path isn't a directory",
	EISDIR: 'it is a directory',
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	EROFS: 'the disk is read-only',
	ENOSPC: 'the disk is full',
	EDQUOT: 'the disk quota is exceeded',
	EFBIG: 'the file is too large',
	EIO: 'disk error',
	EMFILE: 'too many open files',
};

/**
 * Explains in a clause why a file can't be read or written, based on an error of node:fs. Other errors become `it
 * failed`.
 */
export function describeFileFault(error: unknown): string {
	const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
	return code === undefined ? 'it failed' : (words[code] ?? `it failed (${code})`);
}

/** Returns the error for a file given by an option that can't be used. `problem` is the rest of the sentence. */
export function rejectFile(
	flag: string,
	file: string,
	problem: string,
	exitCode: ExitCode = exitCodes.usage,
): UserError {
	return new UserError(`--${flag} ${cleanText(file, 200)} ${problem}`, exitCode);
}
