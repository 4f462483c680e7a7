import {hasEndedRun} from '../../metrics/rules/status.ts';
import {costOf} from '../../state/shown-cost.ts';
import type {State} from '../../state/state.ts';
import {endedRunWords} from '../../text/run-text.ts';
import {sayCount} from '../../text/spoken-format.ts';

/** Facts besides metrics, in clauses by topic. A fact is announced whenever its text changes. */
export type Facts = ReadonlyMap<string, string>;

/** Returns the facts of a state, the most important first. */
export function factsOf(state: State): Facts {
	const facts = new Map<string, string>();
	const cost = costOf(state, 'trainer', state.views.trainer);
	if (cost?.perHour !== undefined) {
		const by = cost.price.source === 'list' ? 'the list price' : 'your own price';
		facts.set('cost', `an hour costs ${sayCount(cost.perHour)} dollars by ${by}`);
	}

	const {live, run, checkpoints} = state;
	if (hasEndedRun(live.deployment, run?.run)) {
		facts.set('run', endedRunWords);
	} else if (run?.run.status !== undefined) {
		facts.set('run', `the run ${run.run.name ?? run.run.id} is ${run.run.status}`);
	}

	const [last] = checkpoints?.list ?? [];
	if (last !== undefined) {
		const size = last.bytes === undefined ? '' : `, ${sayCount(last.bytes / 1e6)} megabytes`;
		facts.set('checkpoint', `the last checkpoint is ${last.name}${size}`);
	}

	return facts;
}
