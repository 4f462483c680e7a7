import {exitCodes, UserError} from './user-error.ts';

/** Returns an error for an invalid option or setting (exit code 2), with a pointer to --help. */
export function usageError(sentence: string): UserError {
	return new UserError(`${sentence} See loops-top --help.`, exitCodes.usage);
}
