import type {Secret} from '../api/secret.ts';
import {exitCodes, UserError} from './user-error.ts';

/** A bug in loops-top, with the text to include in a report. */
export class InternalError extends Error {
	override readonly name = 'InternalError';
}

/** Returns what was thrown with its stack trace. */
function describe(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Converts what was thrown to an error that can be shown: user errors as they are, anything else as a bug. The key is
 * redacted.
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
