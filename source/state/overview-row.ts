import type {Deployment} from '../api/deployment.ts';
import {hourlyCost, type KnownPrices, nodePriceOf} from '../metrics/cost.ts';
import type {CurrentFinding} from '../metrics/findings.ts';
import {type History, nodesOf} from '../metrics/history.ts';
import {takeSnapshot} from '../metrics/snapshot.ts';
import {idleBelow} from '../metrics/thresholds.ts';
import {findingsWindow, type Link, type State} from './state.ts';

/** The number of columns of the utilization trend over the last hour, one per minute. */
const trendColumns = 60;

/**
 * The current values derived from a deployment's samples of the last hour. Values without a current sample are
 * undefined.
 */
type Measures = {
	/** The number of GPUs, and how many of them are known to be idle (under `idleBelow`) or busy. */
	readonly gpus: number;
	readonly idleGpus: number;
	readonly busyGpus: number;
	/** The mean utilization of all GPUs, now and over the hour: fractions 0–1. */
	readonly utilization: number | undefined;
	readonly busy: number | undefined;
	/** The mean utilization of all GPUs in each minute of the hour, oldest first; undefined without a sample. */
	readonly trend: ReadonlyArray<number | undefined>;
	/** Requests per second. */
	readonly requests: number | undefined;
	/** Milliseconds. */
	readonly p99: number | undefined;
	/** The share of the hour's requests that failed (5xx), as in findings, a fraction 0–1. */
	readonly failed: number | undefined;
	/** The time of the newest sample, in epoch milliseconds. */
	readonly newestMs: number | undefined;
};

/** One row of the overview. */
export type OverviewRow = {
	readonly deployment: Deployment;
	readonly link: Link;
	/** Undefined until the deployment's metrics are received. */
	readonly measures: Measures | undefined;
	/** The findings that are active or unknown, worst first; undefined until the rules have been evaluated. */
	readonly findings: readonly CurrentFinding[] | undefined;
	/** The cost per hour, in US dollars; undefined if it is unknown, or if the deployment isn't running. */
	readonly perHour: number | undefined;
};

type Made = {
	readonly deployment: Deployment;
	readonly fromMs: number;
	readonly untilMs: number;
	readonly measures: Measures;
};

/**
 * The time after which unchanged samples are evaluated again, in milliseconds, so that the trend advances. Most
 * deployments have newer samples by then.
 */
const keptMs = 90_000;

const made = new WeakMap<History, Made>();

/**
 * Returns the measures of a history at `nowMs`. They are computed again when the deployment changes, when one of the
 * values becomes stale, or after 90 s.
 */
function measuresOf(history: History, deployment: Deployment, nowMs: number, staleMs: number): Measures {
	const known = made.get(history);
	if (known?.deployment === deployment && nowMs >= known.fromMs && nowMs <= known.untilMs) {
		return known.measures;
	}

	const {totals, requests, newestMs, validUntilMs} = takeSnapshot(history, deployment, {nowMs, staleMs});
	const {shares} = requests;
	const {idleGpus, trend} = trendOf(history, nowMs, staleMs);
	const measures: Measures = {
		gpus: totals.gpusExpected,
		idleGpus,
		busyGpus: totals.gpusReporting - idleGpus,
		utilization: totals.utilization,
		busy: totals.busy?.mean,
		trend,
		requests: requests.volume,
		p99: requests.latency.p99,
		failed: shares?.['5xx'],
		newestMs,
	};
	made.set(history, {deployment, fromMs: nowMs, untilMs: Math.min(validUntilMs, nowMs + keptMs), measures});
	return measures;
}

/**
 * Returns the mean utilization in each minute up to now, and how many GPUs are idle according to their newest samples.
 */
function trendOf(history: History, nowMs: number, staleMs: number): Pick<Measures, 'idleGpus' | 'trend'> {
	const sums = new Float64Array(trendColumns);
	const counts = new Uint32Array(trendColumns);
	const columnMs = history.window.lengthMs / trendColumns;
	const startMs = nowMs - history.window.lengthMs;
	let idleGpus = 0;
	// The GPUs of a node have their samples at the same times.
	let lastTimes: Float64Array | undefined;
	let columns = new Int32Array(0);
	for (const {gpus} of nodesOf(history)) {
		for (const {utilization} of gpus.values()) {
			const {times, values} = utilization;
			if (times !== lastTimes) {
				columns = Int32Array.from(times, time => Math.min(Math.floor((time - startMs) / columnMs), trendColumns - 1));
				lastTimes = times;
			}

			for (let index = 0; index < values.length; index++) {
				const value = values[index] ?? Number.NaN;
				const column = columns[index] ?? -1;
				if (column >= 0 && !Number.isNaN(value)) {
					sums[column] = (sums[column] ?? 0) + value;
					counts[column] = (counts[column] ?? 0) + 1;
				}
			}

			const isFresh = nowMs - (times.at(-1) ?? Number.NEGATIVE_INFINITY) <= staleMs;
			idleGpus += isFresh && (values.at(-1) ?? Number.NaN) < idleBelow ? 1 : 0;
		}
	}

	return {
		idleGpus,
		trend: Array.from(sums, (sum, column) => {
			const count = counts[column] ?? 0;
			return count === 0 ? undefined : sum / count;
		}),
	};
}

/** Returns the row of a deployment. `known` is its state; undefined if only its description is known. */
export function overviewRowOf(
	deployment: Deployment,
	known: Pick<State, 'components' | 'live' | 'findings' | 'thresholds'> | undefined,
	{nowMs, prices}: {readonly nowMs: number; readonly prices: KnownPrices},
): OverviewRow {
	const perHour = hourlyCost(deployment, nodePriceOf(deployment, prices));
	const history = known?.components.trainer.histories.find(({window}) => window.name === findingsWindow.name);
	return {
		deployment,
		link: known?.live.links.trainer ?? {kind: 'connecting'},
		measures:
			known === undefined || history?.complete !== true
				? undefined
				: measuresOf(history, deployment, nowMs, known.thresholds.staleMs),
		findings: known?.findings.isEvaluated === true ? known.findings.current : undefined,
		perHour,
	};
}
