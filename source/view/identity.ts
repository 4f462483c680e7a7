import type {Deployment} from '../api/deployment.ts';
import {nameWatched} from '../api/watched.ts';
import {activeView} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {formatWhole} from '../text/format.ts';
import {describeStatus} from '../text/status-text.ts';
import {type Span, span} from './line.ts';

type Part = readonly Span[];

/** What is looked at, in the parts that the header is made of. An empty part is not known. */
export type Identity = {
	readonly id: Part;
	readonly status: Part;
	/** How large it is: the trainer's nodes and GPUs, or how many replicas of the sampler are active. */
	readonly size: Part;
	/** The least that tells what it is and how it stands. */
	readonly narrow: readonly Part[];
};

function statusSpans(status: string | undefined): Part {
	const {mark, tone} = describeStatus(status);
	return status === undefined ? [] : [span(`${mark} ${status}`, tone)];
}

/** The mark of a status alone. */
function markOf(status: Part): Part {
	return status.map(({text, tone}) => span(text.slice(0, 1), tone));
}

/** Nodes × GPUs and their type: `4×8 H100`. */
function sizeText(deployment: Deployment | undefined): string {
	const {gpusPerNode, gpuType} = deployment?.instance ?? {};
	const counts = [deployment?.nodeCount, gpusPerNode].filter(count => count !== undefined).join('×');
	return gpusPerNode === undefined ? '' : `${counts} ${gpuType ?? 'GPU'}`;
}

function replicasText(active: number | undefined): string {
	return active === undefined ? '' : `${formatWhole(active)} ${active === 1 ? 'replica' : 'replicas'}`;
}

/** The component that is looked at: where that is the sampler, it says so. */
export function identityOf(state: State): Identity {
	const {deployment, snapshot} = activeView(state);
	const id = [span(nameWatched(state.watched), 'strong')];
	const known = (text: string): Part => (text === '' ? [] : [span(text)]);
	if (state.component === 'trainer') {
		const status = statusSpans(deployment?.status);
		return {id, status, size: known(sizeText(deployment)), narrow: [id, markOf(status)]};
	}

	const status = statusSpans(deployment?.sampler?.status);
	const component = [span('sampler', 'selected')];
	return {
		id,
		status: status.length === 0 ? component : [...component, span(' '), ...status],
		size: known(replicasText(snapshot.replicas.active)),
		narrow: [component, markOf(status)],
	};
}
