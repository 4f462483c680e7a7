import {changesBetween} from '../metrics/findings.ts';
import type {Store} from '../state/store.ts';
import {describeEnd} from '../text/finding-end.ts';
import {findingSentence} from '../text/finding-text.ts';
import {describeAction} from './action-words.ts';
import type {DebugLog} from './debug-log.ts';

/** A store that notes every action, and what becomes of findings by it. */
export function loggedStore(store: Store, log: Pick<DebugLog, 'note'>): Store {
	return {
		...store,
		dispatch(...actions) {
			const before = store.getState().findings;
			for (const {event, text} of actions.map(describeAction)) {
				log.note(event, text);
			}

			store.dispatch(...actions);
			const after = store.getState().findings;
			if (before !== after) {
				const {appeared, worsened, knownAgain, becameUnknown, resolved} = changesBetween(before, after);
				for (const finding of [...appeared, ...worsened, ...knownAgain]) {
					log.note('found', findingSentence(finding));
				}

				for (const finding of becameUnknown) {
					log.note('unknown', findingSentence(finding));
				}

				for (const finding of resolved) {
					log.note('over', describeEnd(finding));
				}
			}
		},
	};
}
