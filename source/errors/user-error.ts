import {cleanText} from '../api/clean-text.ts';
import type {Secret} from '../api/secret.ts';

/**
 * The exit codes, which are the same as those of the `baseten` CLI, except for `finding`, which means that a rule named
 * by --fail-on has an active finding. `client` is any 4xx other than 401, 403, and 404; `server` is a 5xx, or no
 * response at all.
 */
export const exitCodes = {
	ok: 0,
	other: 1,
	usage: 2,
	authentication: 3,
	notFound: 4,
	client: 5,
	server: 6,
	finding: 10,
	interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * An expected error, such as an invalid option, a rejected key, or an unreachable server. Its message is the text
 * written to stderr: the problem, and what to do. Any other thrown error is a bug in loops-top, unless it is about too
 * many open files.
 */
export class UserError extends Error {
	override readonly name = 'UserError';
	readonly exitCode: ExitCode;

	constructor(message: string, exitCode: ExitCode) {
		super(message);
		this.exitCode = exitCode;
	}
}

/** Returns an error for an invalid option or setting (exit code 2), with a pointer to --help. */
export function usageError(sentence: string): UserError {
	return new UserError(`${sentence} See loops-top --help.`, exitCodes.usage);
}

/** Returns an error for a missing or unusable key (exit code 3). */
export function keyError(sentence: string): UserError {
	return new UserError(sentence, exitCodes.authentication);
}

/** A bug in loops-top, with the text to include in a report. */
export class InternalError extends Error {
	override readonly name = 'InternalError';
}

/** Returns a thrown value as text, with its stack trace if it has one. */
function describe(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Converts a thrown value to an error that can be shown: a `UserError` or an `InternalError` is returned unchanged, an
 * error about too many open files becomes a `UserError`, and anything else becomes an `InternalError`, in which the key
 * is redacted.
 */
export function toReportableError(error: unknown, secret: Secret | undefined): UserError | InternalError {
	if (error instanceof UserError || error instanceof InternalError) {
		return error;
	}

	if (error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE')) {
		return new UserError('Too many files are open. Raise the limit with `ulimit -n`.', exitCodes.other);
	}

	const described = describe(error);
	return new InternalError(secret?.hideIn(described) ?? described);
}

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
 * Returns a clause that says why a file can't be read or written, based on an error from node:fs. For any other error,
 * the clause is `it failed`, with the error's code if it has one.
 */
export function describeFileFault(error: unknown): string {
	const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
	return code === undefined ? 'it failed' : (words[code] ?? `it failed (${code})`);
}

/** Returns the error for an unusable file that an option names. `problem` is the rest of the sentence. */
export function rejectFile(
	flag: string,
	file: string,
	problem: string,
	exitCode: ExitCode = exitCodes.usage,
): UserError {
	return new UserError(`--${flag} ${cleanText(file, 200)} ${problem}`, exitCode);
}
