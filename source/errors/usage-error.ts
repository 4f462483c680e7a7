import {exitCodes, UserError} from './user-error.ts';

/** A mistake on the command line or in a setting, exit code 2. */
export function usageError(sentence: string): UserError {
	return new UserError(`${sentence} See loops-top --help.`, exitCodes.usage);
}
