import {findingsWithout} from '../metrics/findings.ts';
import type {Store} from '../state/store.ts';
import {findingSentence} from '../text/finding-text.ts';
import {describeAction} from './action-words.ts';
import type {DebugLog} from './debug-log.ts';

/** A store that notes every action, and what is found and no longer found after it. */
export function loggedStore(store: Store, log: Pick<DebugLog, 'note'>): Store {
	return {
		...store,
		dispatch(...actions) {
			const before = store.getState().findings.current;
			for (const {event, text} of actions.map(describeAction)) {
				log.note(event, text);
			}

			store.dispatch(...actions);
			const after = store.getState().findings.current;
			if (before !== after) {
				for (const finding of findingsWithout(after, before)) {
					log.note('found', findingSentence(finding));
				}

				for (const finding of findingsWithout(before, after)) {
					log.note('over', findingSentence(finding));
				}
			}
		},
	};
}
