import {targetName} from '../api/target.ts';
import {type Findings, noFindings} from '../metrics/findings.ts';
import {changesBetween} from '../metrics/known-findings.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {describeEnd} from '../text/finding-sentence.ts';
import {describeFinding} from '../text/finding-text.ts';
import {isPlainTerminal} from '../theme/theme.ts';

/** Called with the earlier and the current findings of a deployment, and the state whose target is that deployment. */
type OnFindings = (before: Findings, after: Findings, state: State) => void;

/**
 * Calls the listener whenever the findings of a deployment change, whether it is the watched deployment or another one
 * that is polled. Findings of one deployment are never compared with those of another, regardless of which is watched.
 *
 * Returns a function that removes the listener.
 */
export function followFindings(store: Store, onFindings: OnFindings): () => void {
	const known = new Map<string, Findings>();
	let last = store.getState();
	for (const {id, state} of statesOf(last)) {
		known.set(id, state.findings);
	}

	return store.subscribe(() => {
		const now = store.getState();
		const isSame =
			now.findings === last.findings && now.target === last.target && now.overview.members === last.overview.members;
		last = now;
		if (isSame) {
			return;
		}

		const all = statesOf(now);
		const ids = new Set(all.map(({id}) => id));
		for (const id of [...known.keys()].filter(other => !ids.has(other))) {
			known.delete(id);
		}

		for (const {id, state} of all) {
			const before = known.get(id) ?? noFindings;
			if (state.findings !== before) {
				known.set(id, state.findings);
				onFindings(before, state.findings, state);
			}
		}
	});
}

/** Returns the state of each deployment with its ID; for the watched deployment, this is the whole state. */
function statesOf(state: State): ReadonlyArray<{readonly id: string; readonly state: State}> {
	const watched = targetName(state.target);
	const others = [...state.overview.members].filter(([id]) => id !== watched);
	return [{id: watched, state}, ...others.map(([id, member]) => ({id, state: member}))];
}

/**
 * Returns the sequence that rings the bell and, on terminals that support OSC 9 (iTerm2, kitty, WezTerm, Ghostty, and
 * Windows Terminal), shows a notification outside the window. For a terminal that would print OSC 9 as text
 * (`isPlainTerminal`), it only rings the bell.
 */
export function bellFor(text: string, terminal: string | undefined): string {
	return isPlainTerminal(terminal) ? '\u0007' : `\u0007\u001B]9;${text}\u0007`;
}

/**
 * Rings when findings of any polled deployment appear, get worse, become unknown, or are resolved. The notification
 * names the most urgent new finding or, if none is new, the most urgent of the others. `name` is the terminal's name,
 * as in TERM. Doesn't ring for the findings of the first evaluation, because they are on the screen from the start.
 */
export function ringForFindings(store: Store, stdout: NodeJS.WritableStream, name: string | undefined): void {
	followFindings(store, (before, after, {target}) => {
		const [first, ...others] = before.isEvaluated ? newsOf(before, after) : [];
		if (first !== undefined) {
			const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
			stdout.write(bellFor(`loops-top ${targetName(target)}: ${first}${more}`, name));
		}
	});
}

/** Returns the changes as clauses: new findings first, then those that are worse, unknown now, or resolved. */
function newsOf(before: Findings, after: Findings): readonly string[] {
	const {appeared, worsened, becameUnknown, resolved} = changesBetween(before, after);
	return [
		...[...appeared, ...worsened].map(finding => `${finding.rule}: ${describeFinding(finding).what}`),
		...becameUnknown.map(finding => `unknown now: ${finding.rule}: ${describeFinding(finding).what}`),
		...resolved.map(finding => `resolved: ${describeEnd(finding)}`),
	];
}
