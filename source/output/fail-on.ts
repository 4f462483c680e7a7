import {exitCodes, UserError} from '../errors/user-error.ts';
import type {Finding, RuleName} from '../metrics/findings.ts';
import {findingSentence} from '../text/finding-text.ts';

/**
 * Returns the active findings of these rules as the error that ends the program; undefined if there are none. An
 * unknown finding doesn't end it: `stale`, `missing-node`, and `missing-gpu` say why it is unknown.
 */
export function failOnError(findings: readonly Finding[], failOn: readonly RuleName[]): UserError | undefined {
	const [worst, ...others] = findings.filter(({rule, state}) => state === 'active' && failOn.includes(rule));
	if (worst === undefined) {
		return undefined;
	}

	const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
	return new UserError(`Found ${findingSentence(worst)}${more}.`, exitCodes.finding);
}
