import type {Deployment} from '../api/deployment.ts';
import {targetName} from '../api/target.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import {activeView} from '../state/selectors.ts';
import {shownCost} from '../state/shown-cost.ts';
import type {State} from '../state/state.ts';
import {rateWords} from '../text/cost-text.ts';
import {formatPercent, formatWhole} from '../text/format.ts';
import {describeSamplerStatus} from '../text/status-text.ts';
import {symbols} from '../theme/theme.ts';
import {busyWords} from './age-words.ts';
import {type Span, span} from './line.ts';
import {type Verdict, verdict} from './verdict.ts';

type Part = readonly Span[];

/** The parts of the header about what is watched. Unknown parts are empty. */
export type DeploymentSummary = {
	readonly id: Part;
	readonly status: Verdict;
	/** The size: the trainer's nodes and GPUs, or the number of active sampler replicas. */
	readonly size: Part;
	/** What an hour costs by the list price or the user's own. */
	readonly cost: Part;
	/** How busy its GPUs are, over the window and now, in forms from long to short. */
	readonly busy: readonly Part[];
	/** The shortest form that still says what it is and how it is doing. */
	readonly narrow: readonly Part[];
};

function statusSpans(status: string | undefined): Part {
	const {mark, tone} = describeSamplerStatus(status);
	return status === undefined ? [] : [span(`${mark} ${status}`, tone)];
}

/** Formats nodes × GPUs and their type: `4×8 H100`. */
function sizeText(deployment: Deployment | undefined): string {
	const {gpusPerNode, gpuType} = deployment?.instance ?? {};
	const counts = [deployment?.nodeCount, gpusPerNode].filter(count => count !== undefined).join('×');
	return gpusPerNode === undefined ? '' : `${counts} ${gpuType ?? 'GPU'}`;
}

function replicasText(active: number | undefined): string {
	return active === undefined ? '' : `${formatWhole(active)} ${active === 1 ? 'replica' : 'replicas'}`;
}

/** `busy 52% of 1h · now 86%`; if not all GPUs report, over how many of them. Nothing if no sample is known. */
function busySpans({totals, window, atMs}: Snapshot): readonly Part[] {
	const {busy, utilization, gpusReporting, gpusExpected} = totals;
	if (busy === undefined) {
		return [];
	}

	const now = span(formatPercent(utilization), utilization === undefined ? 'dim' : 'strong');
	const isPartial = gpusReporting > 0 && gpusReporting < gpusExpected;
	const over = isPartial ? [span(` (${gpusReporting} of ${gpusExpected} GPUs)`, 'warn')] : [];
	const word = atMs === undefined ? 'now' : 'then';
	const mean = [span('busy ', 'dim'), span(busyWords(busy, window), 'strong')];
	const long = [...mean, span(` ${symbols.dot} ${word} `, 'dim'), now];
	return [[...long, ...over], long, mean];
}

/** Returns the parts for the component on the screen. The sampler is named as such. */
export function summarizeDeployment(state: State): DeploymentSummary {
	const {deployment, snapshot} = activeView(state);
	const id = [span(targetName(state.target), 'strong')];
	const known = (text: string): Part => (text === '' ? [] : [span(text)]);
	const busy = busySpans(snapshot);
	const spent = shownCost(state);
	const cost = spent?.perHour === undefined ? [] : known(rateWords(spent.perHour, spent.price.source));
	if (state.component === 'trainer') {
		const status = verdict(state);
		return {id, status, size: known(sizeText(deployment)), cost, busy, narrow: [status.mark, id]};
	}

	const own = statusSpans(deployment?.sampler?.status);
	const component = [span('sampler', 'selected')];
	const full = own.length === 0 ? component : [...component, span(' '), ...own];
	const mark = own.map(({text, tone}) => span(text.slice(0, 1), tone));
	return {
		id,
		status: {full, brief: full, mark},
		size: known(replicasText(snapshot.replicas.active)),
		cost,
		busy,
		narrow: [component, mark],
	};
}
