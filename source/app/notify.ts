import {targetName} from '../api/target.ts';
import type {Store} from '../state/store.ts';
import {bellFor} from '../terminal/bell.ts';
import {describeFinding, ruleNames} from '../text/finding-text.ts';

/**
 * Rings the bell and sends a notification about the worst finding when a new one appears. `name` is the terminal's
 * name, as in TERM.
 */
export function ringForFindings(store: Store, stdout: NodeJS.WritableStream, name: string | undefined): void {
	let {appeared} = store.getState().findings;
	store.subscribe(() => {
		const {findings, target} = store.getState();
		const [worst] = findings.current;
		if (findings.appeared > appeared && worst !== undefined) {
			const {what} = describeFinding(worst);
			stdout.write(bellFor(`loops-top ${targetName(target)}: ${ruleNames[worst.rule]}: ${what}`, name));
		}

		({appeared} = findings);
	});
}
