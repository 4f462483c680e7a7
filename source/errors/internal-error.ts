import type {Secret} from '../api/secret.ts';
import {UserError} from './user-error.ts';

/** A bug in loops-top, in the words that it is to be reported with. */
export class InternalError extends Error {
	override readonly name = 'InternalError';
}

/** What was thrown, as a developer wants it: with its stack. */
function describe(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What ends the program, fit to be told: what the user can mend as it is, anything else as a bug, without the key. */
export function toTell(error: unknown, secret: Secret | undefined): UserError | InternalError {
	if (error instanceof UserError || error instanceof InternalError) {
		return error;
	}

	const described = describe(error);
	return new InternalError(secret?.hideIn(described) ?? described);
}
