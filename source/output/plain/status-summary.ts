// Longer than 250 lines because it gathers everything that is announced about the current status.
import {cleanText} from '../../api/clean-text.ts';
import type {Points} from '../../api/points.ts';
import {newestCheckpoint} from '../../api/run.ts';
import type {Findings} from '../../metrics/findings.ts';
import {hasEndedRun} from '../../metrics/rules/status.ts';
import {responseProblems, type Snapshot, type StatusShares} from '../../metrics/snapshot.ts';
import {canHaveNewerCheckpoints, costOf, idleClause, type MissingPart, missingParts} from '../../state/selectors.ts';
import type {State} from '../../state/state.ts';
import {lastErrorText} from '../../state/timeline.ts';
import {describeMissing, nameFailure, sayFailure} from '../../text/failure-text.ts';
import {sayCount} from '../../text/spoken-format.ts';
import {describeSamplerStatus, endedRunWords} from '../../text/status-text.ts';
import {shownExtras} from '../sampler-metrics.ts';

/** Facts other than metrics: a clause for each topic. A fact is announced whenever its text changes. */
type Facts = ReadonlyMap<string, string>;

/** The maximum length of the text of an error, in UTF-16 code units. */
const longestError = 300;

/** Returns the facts of a state, in the order in which they are announced. */
function factsOf(state: State): Facts {
	const facts = new Map<string, string>();
	const cost = costOf(state, 'trainer', state.views.trainer);
	if (cost?.perHour !== undefined) {
		const by = cost.price.source === 'list' ? 'the list price' : 'your own price';
		facts.set('cost', `the cost is ${sayCount(cost.perHour)} dollars per hour at ${by}`);
	}

	const {live, run, checkpoints} = state;
	if (hasEndedRun(live.deployment, run?.run)) {
		facts.set('run', endedRunWords);
	} else if (run?.run.status !== undefined) {
		facts.set('run', `the run ${run.run.name ?? run.run.id} is ${run.run.status}`);
	}

	const {sampler} = live.deployment ?? {};
	if (sampler !== undefined) {
		const {active} = state.views.sampler.snapshot.replicas;
		const replicas = active === undefined ? '' : `, active replicas: ${sayCount(Math.round(active))}`;
		facts.set('sampler', `the sampler ${describeSamplerStatus(sampler.status).clause}${replicas}`);
	}

	const last = checkpoints && newestCheckpoint(checkpoints, live.nowMs);
	if (last !== undefined) {
		const size = last.bytes === undefined ? '' : `, ${sayCount(last.bytes / 1e6)} megabytes`;
		const known = canHaveNewerCheckpoints(state, live.nowMs) ? ' known' : '';
		facts.set('checkpoint', `the last${known} checkpoint is ${last.name}${size}`);
	}

	const error = cleanText(lastErrorText(state), longestError);
	if (error !== '') {
		facts.set('error', `the last error in the trainer's logs: ${error}`);
	}

	return facts;
}

/**
 * The reasons why parts other than the trainer's metrics are missing or old: a clause for each part. The server's
 * message can differ each time, so a reason is announced again only when its `kind` changes.
 */
type Missing = ReadonlyMap<string, {readonly kind: string; readonly clause: string}>;

const partNames: Readonly<Record<MissingPart['part'], string>> = {
	cost: 'the list price is',
	run: 'the description of the run is',
	checkpoints: 'the checkpoints are',
	extras: "the sampler's tokens and queues are",
};

function missingOf(state: State): Missing {
	const missing = new Map<string, {readonly kind: string; readonly clause: string}>();
	const add = (name: string, failure: MissingPart['failure'], isOld: boolean): void => {
		const isUnlisted = failure === 'unlisted';
		const why = isUnlisted ? describeMissing(failure) : sayFailure(failure);
		missing.set(name, {
			kind: isUnlisted ? failure : nameFailure(failure),
			clause: `${name} ${isOld ? 'out of date' : 'unknown'}: ${why}`,
		});
	};
	const {link} = state.views.sampler;
	if (state.live.deployment?.sampler !== undefined && 'failure' in link) {
		add("the sampler's values are", link.failure, false);
	}

	const {logErrors: errorsFault} = state.sideFailures;
	if (state.live.deployment?.status === 'FAILED' && errorsFault !== undefined) {
		add("the errors in the trainer's logs are", errorsFault.failure, state.logErrors !== undefined);
	}

	for (const {part, failure, atMs} of missingParts(state)) {
		add(partNames[part], failure, atMs !== undefined);
	}

	return missing;
}

/**
 * The time for which a change in a rate, the requests in progress, a latency, or the number of busy GPUs must last
 * before it is announced, in milliseconds. RL training alternates between full load and none every few minutes.
 */
const recentMs = 600_000;

/** The lowest and highest known values of the last ten minutes; undefined if none is known. */
export type RecentRange = {readonly low: number; readonly high: number} | undefined;

/** The ranges, over the last ten minutes, of the numbers whose changes are announced. */
type RecentValues = {
	readonly volume: RecentRange;
	readonly inProgress: RecentRange;
	readonly latency: Readonly<Record<'p50' | 'p95' | 'p99', RecentRange>>;
	/** The number of GPUs that were at or above the idle limit at any time, and the number with a known sample. */
	readonly gpus: {readonly busy: number; readonly known: number};
};

function recentOf({times, values}: Points, nowMs: number): RecentRange {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (let position = times.length - 1; position >= 0 && (times[position] ?? 0) > nowMs - recentMs; position--) {
		const value = values[position] ?? Number.NaN;
		if (!Number.isNaN(value)) {
			low = Math.min(low, value);
			high = Math.max(high, value);
		}
	}

	return low > high ? undefined : {low, high};
}

/** Returns the ranges of the numbers in the ten minutes up to `nowMs` (epoch milliseconds). */
function recentValues({requests: {series}, nodes}: Snapshot, nowMs: number, idle: number): RecentValues {
	const of = (points: Points): RecentRange => recentOf(points, nowMs);
	const present = nodes.filter(({presence}) => presence !== 'gone');
	const gpus = present.flatMap(node => node.gpus.flatMap(gpu => of(gpu.series.utilization) ?? []));
	return {
		volume: of(series.volume),
		inProgress: of(series.inProgress),
		latency: {p50: of(series.latency.p50), p95: of(series.latency.p95), p99: of(series.latency.p99)},
		gpus: {busy: gpus.filter(({high}) => high >= idle).length, known: gpus.length},
	};
}

export const percentiles = ['p50', 'p95', 'p99'] as const;

/** The numbers of GPUs (all, busy, and known), and the GPU with the lowest known utilization (a fraction 0–1). */
type Gpus = {
	readonly all: number;
	/** The number of busy GPUs among those whose utilization is known. */
	readonly busy: number;
	readonly known: number;
	readonly lowest: {readonly name: string; readonly utilization: number} | undefined;
};

/** The parts of a deployment's state that are announced. Rates are per second, latencies in milliseconds. */
export type StatusSummary = {
	readonly status: string | undefined;
	readonly hasMetrics: boolean;
	readonly volume: number | undefined;
	readonly inProgress: number | undefined;
	readonly latency: Snapshot['requests']['latency'];
	readonly shares: StatusShares;
	readonly gpus: Gpus;
	readonly nodes: {readonly reporting: number; readonly expected: number};
	/** Excludes the status of the deployment, which has a sentence of its own. */
	readonly findings: Findings;
	/** Problems with the response itself, as clauses. */
	readonly responseProblems: readonly string[];
	readonly facts: Facts;
	readonly missing: Missing;
	/**
	 * The cost of the current idle time, and the command that ends the run. A change in the cost isn't announced on its
	 * own, because the cost keeps growing.
	 */
	readonly idle: string | undefined;
	readonly recent: RecentValues;
	readonly sampler: SamplerSummary;
};

/**
 * The values of the sampler that are announced; undefined while both its request rate and its number of requests in
 * progress are unknown.
 */
export type SamplerSummary =
	| (Pick<StatusSummary, 'volume' | 'inProgress' | 'latency'> & {
			readonly outputTokens: number | undefined;
			readonly recent: RecentRange;
	  })
	| undefined;

/** Summarizes the state as of the newest response. */
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
			...(dropped > 0 ? [`points left out because they are unreadable or in the future: ${dropped}`] : []),
			...(views.sampler.snapshot.dropped > 0
				? ["points in the sampler's response are left out because they are unreadable or in the future"]
				: []),
		],
		facts: factsOf(state),
		missing: missingOf(state),
		idle: idleClause(state),
		recent: recentValues(snapshot, views.trainer.nowMs, thresholds.idleGpus),
		sampler: summarizeSampler(state),
	};
}

function summarizeSampler(state: State): SamplerSummary {
	const {snapshot, nowMs} = state.views.sampler;
	const {volume, inProgress, latency, series} = snapshot.requests;
	return volume === undefined && inProgress === undefined
		? undefined
		: {
				volume,
				inProgress,
				latency,
				outputTokens: shownExtras(state).values.outputTokens,
				recent: recentOf(series.volume, nowMs),
			};
}

/**
 * Counts the busy GPUs, and all GPUs that the deployment should have, and finds the least busy one. A GPU is busy if it
 * isn't below the idle limit.
 */
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
