import type {Target} from '../api/target.ts';
import {targetName} from '../api/target.ts';
import type {Store} from '../state/store.ts';

/**
 * Returns the title that `ps` and `top` show of the process: the program, and what it watches if that is known.
 *
 * On Linux, Node sets both the command line (cut to the length that it had) and the name of 15 characters that `pgrep` and
 * `killall` match. The options aren't in the title, so that an address in `--on-finding` doesn't stay visible to others.
 */
export function processTitle(name: string): string {
	return name === '' ? 'loops-top' : `loops-top ${name}`;
}

/** Names the process after the deployment whenever another one is watched: a run's, or one chosen on the screen. */
export function followTarget(store: Store, named: Pick<NodeJS.Process, 'title'>): void {
	let shown: Target = store.getState().target;
	store.subscribe(() => {
		const {target} = store.getState();
		if (target !== shown) {
			shown = target;
			named.title = processTitle(targetName(target));
		}
	});
}
