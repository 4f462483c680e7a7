import {targetName} from '../api/target.ts';
import {changesBetween, type Findings} from '../metrics/findings.ts';
import type {Store} from '../state/store.ts';
import {describeEnd} from '../text/finding-end.ts';
import {describeFinding} from '../text/finding-text.ts';
import {isPlainTerminal} from '../theme/theme.ts';
import {followFindings} from './follow-findings.ts';

/**
 * Returns the sequence that rings the bell and, on terminals that support OSC 9 (iTerm2, kitty, WezTerm, Ghostty and
 * Windows Terminal), shows a notification outside the window.
 */
export function bellFor(text: string, terminal: string | undefined): string {
	return isPlainTerminal(terminal) ? '\u0007' : `\u0007\u001B]9;${text}\u0007`;
}

/**
 * Rings when a finding of any deployment that is polled appears, gets worse, becomes unknown or is resolved, and says which: the most urgent of those that
 * appeared, or else of the others. `name` is that of the terminal, as TERM has it. What is found at the first look is on
 * the screen already.
 */
export function ringForFindings(store: Store, stdout: NodeJS.WritableStream, name: string | undefined): void {
	followFindings(store, (before, after, {target}) => {
		const [first, ...others] = before.hasLooked ? newsOf(before, after) : [];
		if (first !== undefined) {
			const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
			stdout.write(bellFor(`loops-top ${targetName(target)}: ${first}${more}`, name));
		}
	});
}

/** What happened to findings in clauses, the most urgent first. */
function newsOf(before: Findings, after: Findings): readonly string[] {
	const {appeared, worsened, becameUnknown, resolved} = changesBetween(before, after);
	return [
		...[...appeared, ...worsened].map(finding => `${finding.rule}: ${describeFinding(finding).what}`),
		...becameUnknown.map(finding => `unknown now: ${finding.rule}: ${describeFinding(finding).what}`),
		...resolved.map(finding => `over: ${describeEnd(finding)}`),
	];
}
