import packageJson from '../../package.json' with {type: 'json'};
import {newestCheckpoint} from '../api/run.ts';
import {hourlyCost, nodePriceOf} from '../metrics/cost.ts';
import {activeFindings, type Findings, nodeOf, ranksOf} from '../metrics/findings.ts';
import {takeSnapshot} from '../metrics/snapshot.ts';
import {idleBelow} from '../metrics/thresholds.ts';
import {memberState, watchedIds} from '../state/overview.ts';
import {canHaveNewerCheckpoints, shownActivity} from '../state/selectors.ts';
import {findingsWindow, type Live, receivedMs, type State} from '../state/state.ts';
import {formatPercent} from '../text/format.ts';
import {samplerGauges} from './sampler-metrics.ts';
import {type Gauge, valueGauges} from './value-gauges.ts';

/**
 * The minimum time for which the sampler's values are served without a new response, in milliseconds: they are
 * requested at most once a minute, and a single failed request shouldn't end their series.
 */
const samplerSilenceMs = 150_000;

/** The number of consecutive polls that can fail before values are no longer served. */
const pollsMissed = 2;

/**
 * Returns the current values as Prometheus gauges. They come from the window of the last hour, regardless of the window
 * on the screen. Unknown and stale values have no sample. If there was no response within the stale limit or two
 * polling intervals, whichever is longer, only the gauges about loops-top itself remain.
 */
export function gaugesOf(state: State, nowMs: number): readonly Gauge[] {
	const {target, live, findings} = state;
	const received = receivedMs(live.links.trainer);
	const longestSilenceMs = longestSilenceOf(state);
	const hasValues = received !== undefined && isCurrent(state, nowMs);
	const gauges: readonly Gauge[] = [
		...monitorGauges(live),
		...(hasValues
			? [
					deploymentGauge(live),
					costGauge(state),
					...checkpointGauges(state, nowMs),
					findingGauge(findings),
					fullGauge(findings),
				]
			: []),
		...(hasValues ? currentValues(state, received) : []),
		...(hasValues ? [waitingGauge(state, received)] : []),
		...(hasValues ? samplerGauges(state, nowMs, Math.max(longestSilenceMs, samplerSilenceMs)) : []),
	];
	const deployment = target.kind === 'deployment' ? target.id : '';
	return gauges
		.filter(({samples}) => samples.length > 0)
		.map(({name, help, samples}) => ({
			name,
			help,
			samples: samples.map(({labels, value}) => ({labels: {deployment, ...labels}, value})),
		}));
}

/**
 * Returns the gauges of all watched deployments, each with its own label. With --all, live deployments that haven't
 * been polled yet have none, and before the list is known, there are only the gauges about loops-top itself.
 */
export function allGauges(state: State, nowMs: number): readonly Gauge[] {
	if (!state.overview.isAlways || state.deployments.list === undefined) {
		return gaugesOf(state, nowMs);
	}

	const byName = new Map<string, Gauge>();
	for (const id of watchedIds(state)) {
		const alone = memberState(state, id);
		for (const gauge of alone === undefined ? [] : gaugesOf(alone, nowMs)) {
			const samples = byName.get(gauge.name)?.samples ?? [];
			byName.set(gauge.name, {...gauge, samples: [...samples, ...gauge.samples]});
		}
	}

	return [...byName.values()];
}

/**
 * Returns the gauges of one deployment, for a probe of it; `unknown` if it isn't one of the watched ones, and `silent`
 * if there is no response about it yet, or if the last one is too old to serve.
 */
export function probedGauges(state: State, id: string, nowMs: number): readonly Gauge[] | 'unknown' | 'silent' {
	const alone = watchedIds(state).includes(id) ? memberState(state, id) : undefined;
	if (alone === undefined) {
		return watchedIds(state).includes(id) ? 'silent' : 'unknown';
	}

	return isCurrent(alone, nowMs) ? gaugesOf(alone, nowMs) : 'silent';
}

/** Returns the time for which values are served without a new response, in milliseconds. */
function longestSilenceOf({thresholds, intervalMs}: State): number {
	return Math.max(thresholds.staleMs, pollsMissed * intervalMs);
}

function isCurrent(state: State, nowMs: number): boolean {
	const received = receivedMs(state.live.links.trainer);
	return received !== undefined && nowMs - received <= longestSilenceOf(state);
}

/** Returns the values at the time of the last response, without those that were stale by then. */
function currentValues({components, live: {links, deployment}, thresholds}: State, received: number): readonly Gauge[] {
	const history = components.trainer.histories.find(({window}) => window.name === findingsWindow.name);
	const hasValues = history !== undefined && links.trainer.kind !== 'no-metrics';
	return hasValues
		? valueGauges(takeSnapshot(history, deployment, {nowMs: received, staleMs: thresholds.staleMs}))
		: [];
}

/** Returns the gauge that says whether the trainer is waiting for its client; without a sample if that is unknown. */
function waitingGauge(state: State, received: number): Gauge {
	const {views, run, components, live, thresholds} = state;
	const history = components.trainer.histories.find(({window}) => window.name === findingsWindow.name);
	if (history === undefined || live.links.trainer.kind === 'no-metrics') {
		return waiting([]);
	}

	const snapshot = takeSnapshot(history, live.deployment, {nowMs: received, staleMs: thresholds.staleMs});
	const trainer = {...views.trainer, deployment: live.deployment, snapshot};
	const activity = shownActivity({views: {...views, trainer}, run});
	return waiting(activity === undefined ? [] : [{labels: {}, value: activity === 'waiting' ? 1 : 0}]);
}

function waiting(samples: Gauge['samples']): Gauge {
	return {
		name: 'loops_trainer_waiting',
		help: `Whether the trainer is waiting for its client: all GPUs under ${formatPercent(idleBelow)} and no request in progress.`,
		samples,
	};
}

/** Returns the gauges about loops-top itself. */
function monitorGauges({links}: Live): readonly Gauge[] {
	const {trainer: link} = links;
	const received = receivedMs(link);
	const isUp = link.kind === 'ok' || link.kind === 'no-metrics';
	return [
		{
			name: 'loops_top_build_info',
			help: 'Always 1, with the version of loops-top as a label.',
			samples: [{labels: {version: packageJson.version}, value: 1}],
		},
		{
			name: 'loops_top_up',
			help: 'Whether the last request for metrics succeeded.',
			samples: [{labels: {}, value: isUp ? 1 : 0}],
		},
		{
			name: 'loops_top_last_success_timestamp_seconds',
			help: 'Time of the last successful response.',
			samples: received === undefined ? [] : [{labels: {}, value: received / 1000}],
		},
	];
}

function deploymentGauge({deployment}: Live): Gauge {
	const {baseModel: model = '', status = '', instance} = deployment ?? {};
	return {
		name: 'loops_deployment_info',
		help: "Always 1, with the deployment's model, status, and GPU type as labels.",
		samples: deployment === undefined ? [] : [{labels: {model, status, gpu_type: instance?.gpuType ?? ''}, value: 1}],
	};
}

/**
 * Returns gauges about the run's newest checkpoint; without samples if there is none, or if a newer one might exist.
 */
function checkpointGauges({checkpoints}: State, nowMs: number): readonly Gauge[] {
	const isCurrent = checkpoints !== undefined && !canHaveNewerCheckpoints({checkpoints}, nowMs);
	const last = isCurrent ? newestCheckpoint(checkpoints, nowMs) : undefined;
	const samples = (value: number | undefined): Gauge['samples'] => (value === undefined ? [] : [{labels: {}, value}]);
	return [
		{
			name: 'loops_last_checkpoint_timestamp_seconds',
			help: 'Time at which the newest checkpoint of the run was created.',
			samples: samples(last && last.createdAtMs / 1000),
		},
		{
			name: 'loops_last_checkpoint_size_bytes',
			help: 'Size of the newest checkpoint of the run.',
			samples: samples(last?.bytes),
		},
	];
}

/** Returns the gauge of the cost of the trainer's nodes. If the source of the price changes, a new series begins. */
function costGauge({prices, live}: State): Gauge {
	const price = nodePriceOf(live.deployment, prices);
	const perHour = hourlyCost(live.deployment, price);
	return {
		name: 'loops_cost_dollars_per_hour',
		help: "Cost of the trainer's nodes at the list price or your own price; not a bill.",
		samples: perHour === undefined || price === undefined ? [] : [{labels: {source: price.source}, value: perHour}],
	};
}

function findingGauge(findings: Findings): Gauge {
	return {
		name: 'loops_top_finding',
		help: 'An active finding (always 1), by rule. An empty `node` means the whole deployment.',
		samples: activeFindings(findings).flatMap(finding => {
			const node = nodeOf(finding) ?? '';
			const ranks = ranksOf(finding);
			return (ranks.length === 0 ? [''] : ranks).map(gpu => ({labels: {rule: finding.rule, node, gpu}, value: 1}));
		}),
	};
}

function fullGauge(findings: Findings): Gauge {
	return {
		name: 'loops_ephemeral_storage_full_seconds',
		help: 'Time until the ephemeral storage is full at the rate of the last hour, while disk-growth has an active finding.',
		samples: activeFindings(findings).flatMap(finding =>
			finding.rule === 'disk-growth' ? [{labels: {node: nodeOf(finding) ?? ''}, value: finding.fullInMs / 1000}] : [],
		),
	};
}
