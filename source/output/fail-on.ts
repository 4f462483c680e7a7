import {exitCodes, UserError} from '../errors/user-error.ts';
import type {Finding, RuleName} from '../metrics/findings.ts';
import {findingSentence} from '../text/finding-text.ts';

/** What is amiss by one of these rules, as the error that ends the program; undefined where nothing is. */
export function failureOf(findings: readonly Finding[], failOn: readonly RuleName[]): UserError | undefined {
	const [worst, ...others] = findings.filter(({rule}) => failOn.includes(rule));
	if (worst === undefined) {
		return undefined;
	}

	const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
	return new UserError(`Found ${findingSentence(worst)}${more}.`, exitCodes.finding);
}
