import {activeComponent, activeView} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {describeFailure} from '../text/failure-text.ts';

/** Says why there is no sampler to show; undefined if there is one, or if that isn't known yet. */
export function whyNoSampler(state: State): string | undefined {
	if (state.component === 'trainer') {
		return undefined;
	}

	const {deployment} = state.live;
	if (deployment === undefined) {
		return 'waiting for sampler details';
	}

	if (deployment.sampler === undefined) {
		return 'this deployment has no sampler';
	}

	const {link} = activeView(state);
	const isKnown = activeComponent(state).histories.some(({complete}) => complete);
	return link.kind === 'refused' && !isKnown
		? `the server refuses the sampler's metrics: ${describeFailure(link.failure)}`
		: undefined;
}
