import {costOf} from '../../state/shown-cost.ts';
import type {State} from '../../state/state.ts';
import {sayCount} from '../../text/spoken-format.ts';

/** What is known besides the metrics, in clauses by what they are about. Each is said again as soon as it reads differently. */
export type Facts = ReadonlyMap<string, string>;

/** The facts of a state, the most important first. */
export function factsOf(state: State): Facts {
	const facts = new Map<string, string>();
	const cost = costOf(state, 'trainer', state.views.trainer);
	if (cost?.perHour !== undefined) {
		const by = cost.price.source === 'list' ? 'the list price' : 'your own price';
		facts.set('cost', `an hour costs ${sayCount(cost.perHour)} dollars by ${by}`);
	}

	return facts;
}
