import {activeComponent, activeView} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {describeFailure} from '../text/failure-text.ts';

/** Why there is nothing to see of the sampler that one looks at; undefined where there is, or may yet come. */
export function whyNoSampler(state: State): string | undefined {
	if (state.component === 'trainer') {
		return undefined;
	}

	const {deployment} = state.live;
	if (deployment === undefined) {
		return 'the server has not told yet what sampler this deployment has';
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
