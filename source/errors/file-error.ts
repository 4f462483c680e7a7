import {cleanText} from '../api/clean-text.ts';
import {exitCodes, UserError} from './user-error.ts';

const words: Readonly<Record<string, string>> = {
	ENOENT: 'there is no such file or folder',
	ENOTDIR: 'a part of its path is not a folder',
	EISDIR: 'it is a folder',
	EACCES: 'it is not allowed',
	EPERM: 'it is not allowed',
	EROFS: 'the disk is read-only',
	ENOSPC: 'the disk is full',
	EDQUOT: 'the quota of the disk is used up',
	EFBIG: 'the file is too large',
	EIO: 'the disk fails',
	EMFILE: 'too many files are open',
};

/** Why a file can't be read or written, in a clause. */
export function describeFileFault(error: unknown): string {
	const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
	return code === undefined ? 'it failed' : (words[code] ?? `it failed (${code})`);
}

/** The sentence for a file that a flag names and that won't do. */
export function refuseFile(flag: string, file: string, problem: string): UserError {
	return new UserError(`--${flag} ${cleanText(file, 200)} ${problem}`, exitCodes.usage);
}
