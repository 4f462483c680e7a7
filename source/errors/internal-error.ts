import type {Secret} from '../api/secret.ts';
import {UserError} from './user-error.ts';

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
export function toTell(error: unknown, secret: Secret | undefined): UserError | InternalError {
	if (error instanceof UserError || error instanceof InternalError) {
		return error;
	}

	const described = describe(error);
	return new InternalError(secret?.hideIn(described) ?? described);
}
