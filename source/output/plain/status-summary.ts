import {cleanText} from '../../api/clean-text.ts';
import type {Findings} from '../../metrics/findings.ts';
import {responseProblems, type Snapshot} from '../../metrics/snapshot.ts';
import type {StatusShares} from '../../metrics/status-shares.ts';
import type {State} from '../../state/state.ts';
import {idleClause} from '../idle-clause.ts';
import {type Facts, factsOf} from './facts.ts';
import {type RecentValues, recentValues} from './recent.ts';

export const percentiles = ['p50', 'p95', 'p99'] as const;

/** How many GPUs are busy, and which one has the lowest utilization (a fraction 0–1). */
export type Gpus = {
	readonly all: number;
	/** The number of busy GPUs among those whose utilization is known. */
	readonly busy: number;
	readonly known: number;
	readonly lowest: {readonly name: string; readonly utilization: number} | undefined;
};

/**
 * The state of a deployment as far as it is announced. Rates are per second, latencies in milliseconds; undefined is
 * unknown.
 */
export type StatusSummary = {
	readonly status: string | undefined;
	readonly hasMetrics: boolean;
	readonly volume: number | undefined;
	readonly inProgress: number | undefined;
	readonly latency: Snapshot['requests']['latency'];
	readonly shares: StatusShares;
	readonly gpus: Gpus;
	readonly nodes: {readonly reporting: number; readonly expected: number};
	/** Without the status of the deployment, which has a sentence of its own. */
	readonly findings: Findings;
	/** What is wrong with the response itself, in clauses. */
	readonly responseProblems: readonly string[];
	readonly facts: Facts;
	/** What the current idle time has cost and which command ends the run. Not announced by itself, as it grows. */
	readonly idle: string | undefined;
	readonly recent: RecentValues;
};

/** Returns the state as of the newest response. */
export function summarizeStatus(state: State): StatusSummary {
	const {views, findings, thresholds} = state;
	const {snapshot, deployment, link} = views.trainer;
	const {requests, totals, dropped} = snapshot;
	const {volume, inProgress, latency, shares} = requests;
	return {
		status: deployment?.status,
		hasMetrics: link.kind !== 'no-metrics',
		volume,
		inProgress,
		latency,
		shares,
		gpus: gpusOf(snapshot, thresholds.idleGpus),
		nodes: {reporting: totals.nodesReporting, expected: totals.nodesExpected},
		findings: {
			...findings,
			current: findings.current.filter(({rule}) => rule !== 'status'),
			resolved: findings.resolved.filter(({rule}) => rule !== 'status'),
		},
		responseProblems: [
			...responseProblems(snapshot).map(({field, problem}) => `the server's ${cleanText(field)} ${problem}`),
			...(dropped > 0 ? [`${dropped} points are left out: unreadable, or in the future`] : []),
		],
		facts: factsOf(state),
		idle: idleClause(state),
		recent: recentValues(snapshot, views.trainer.nowMs, thresholds.idleGpus),
	};
}

/** Counts busy GPUs, of all that the deployment should have. A GPU is busy if it isn't idle enough to be a straggler. */
function gpusOf({nodes, totals}: Snapshot, idle: number): Gpus {
	const all = nodes.flatMap(({id, gpus}) => gpus.map(gpu => ({name: `${id} GPU ${gpu.rank}`, ...gpu})));
	const known = all.flatMap(({name, utilization}) => (utilization === undefined ? [] : [{name, utilization}]));
	const [first, ...others] = known;
	return {
		all: totals.gpusExpected,
		busy: known.filter(({utilization}) => utilization >= idle).length,
		known: known.length,
		lowest: first && others.reduce((a, b) => (b.utilization < a.utilization ? b : a), first),
	};
}
