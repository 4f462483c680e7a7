import type {Finding} from '../metrics/findings.ts';
import {costOf} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {idleCostWords} from '../text/cost-text.ts';

/**
 * Returns a clause with what the current idle time has cost and the command that ends the run; undefined if neither is
 * known.
 */
export function idleClause({findings, prices, views, live}: State): string | undefined {
	return idleCostWords(findings.current, {
		cost: costOf({prices}, 'trainer', views.trainer),
		runId: live.deployment?.runId,
		nowMs: live.nowMs,
	});
}

/** Returns the text after the sentence of a finding: for an active `idle-deployment`, the cost and the command. */
export function idleSuffix({rule, state}: Finding, clause: string | undefined): string {
	return rule === 'idle-deployment' && state === 'active' && clause !== undefined ? `; ${clause}` : '';
}
