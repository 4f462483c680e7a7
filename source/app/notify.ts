import {nameWatched} from '../api/watched.ts';
import type {Store} from '../state/store.ts';
import {bellFor} from '../terminal/bell.ts';
import {describeFinding, ruleNames} from '../text/finding-text.ts';

/** Rings, and tells the worst, whenever something new is found. `name` is that of the terminal, as TERM has it. */
export function ringForFindings(store: Store, stdout: NodeJS.WritableStream, name: string | undefined): void {
	let {appeared} = store.getState().findings;
	store.subscribe(() => {
		const {findings, watched} = store.getState();
		const [worst] = findings.current;
		if (findings.appeared > appeared && worst !== undefined) {
			const {what} = describeFinding(worst);
			stdout.write(bellFor(`loops-top ${nameWatched(watched)}: ${ruleNames[worst.rule]}: ${what}`, name));
		}

		({appeared} = findings);
	});
}
