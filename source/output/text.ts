import {mapRecord, type Points, typedKeys} from '../api/points.ts';
import {newestCheckpoint} from '../api/run.ts';
import type {ExtraKind} from '../api/sampler-extras.ts';
import type {NodeSeries} from '../api/series-table.ts';
import {targetName} from '../api/target.ts';
import {gpuMetrics, limitOfGpu, limitOfNode, nodeMetrics, requestMetrics} from '../metrics/metric-table.ts';
import type {Gpu, Node} from '../metrics/node.ts';
import {statistics} from '../metrics/series.ts';
import {responseProblems, statusClasses} from '../metrics/snapshot.ts';
import type {Window} from '../metrics/windows.ts';
import {type Component, nodeSeriesOf} from '../state/component.ts';
import {restartsIn} from '../state/sampler-extras.ts';
import {canHaveNewerCheckpoints, costOf, idleClause, type ShownCost, shownActivity} from '../state/selectors.ts';
import type {State, ViewModel} from '../state/state.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {rateWords, windowCostWords} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {datedSentence, sinceWords} from '../text/finding-sentence.ts';
import {
	formatAge,
	formatGibibytes,
	formatLatency,
	formatMemory,
	formatPercent,
	formatRate,
	formatShare,
	formatWhole,
	withNoun,
} from '../text/format.ts';
import {lastCheckpointWords, noSamplesWords, runWords} from '../text/status-text.ts';
import {type Format, formatAmount, formatOf} from '../text/unit-format.ts';
import {partProblems, samplerProblems} from './problems.ts';
import {shownExtras} from './sampler-metrics.ts';

const labelWidth = 14;

function row(label: string, text: string): string {
	return `${label.padEnd(labelWidth - 1)} ${text}`;
}

function overWindow(points: Points, format: Format, window: string): string {
	const {mean, peak} = statistics(points);
	return `(in ${window}: mean ${format(mean)}, peak ${format(peak)})`;
}

/** Returns the values of a GPU as one string. */
function gpuWords(gpu: Gpu): string {
	const values = mapRecord(gpuMetrics, ({unit}, name) => formatAmount(unit, gpu[name], limitOfGpu(gpu, name)));
	return Object.values({...values, utilization: values.utilization.padStart(4)}).join('  ');
}

function nodeRows(
	node: Node,
	{snapshot, nowMs}: ViewModel,
	zone: Zone,
	component: Component = 'trainer',
): readonly string[] {
	const kind = component === 'trainer' ? 'node' : 'replica';
	if (!node.reporting) {
		const heard =
			node.lastSeenMs === undefined
				? noSamplesWords(snapshot)
				: `last seen ${formatMoment(node.lastSeenMs, nowMs, zone)}`;
		return ['', row(kind, `${node.id}  ${heard}`)];
	}

	const width = Math.max(0, ...node.gpus.map(({rank}) => rank.length));
	const used = mapRecord(nodeMetrics, ({label, unit}, name) => [
		row(`  ${label}`, formatAmount(unit, node[name], limitOfNode(node, name))),
	]);
	// Both storage values are in one row.
	const rows: Readonly<Record<NodeSeries, readonly string[]>> = {
		...used,
		disk: [row('  disk', `${formatGibibytes(node.disk)} GiB (${formatPercent(node.diskShare)})`)],
		diskShare: [],
	};
	return [
		'',
		row(kind, node.id),
		row(
			'  GPUs',
			`${formatPercent(node.utilization)} mean utilization, memory ${formatMemory(node.gpuMemory, node.gpuMemoryTotal)}`,
		),
		...nodeSeriesOf(component).flatMap(name => rows[name]),
		...node.gpus.map(gpu => row(`  GPU ${gpu.rank.padStart(width)}`, gpuWords(gpu))),
	];
}

function runRows(state: State, nowMs: number): readonly string[] {
	const {live, run, checkpoints} = state;
	const words = runWords(live.deployment, run?.run).map(clause => clause.replace(/^run /, ''));
	const last = checkpoints && newestCheckpoint(checkpoints, nowMs);
	const idle = idleClause(state);
	return [
		...(words.length === 0 ? [] : [row('run', words.join(', '))]),
		...(idle === undefined ? [] : [row('idle', idle)]),
		...(last === undefined
			? []
			: [row('checkpoint', lastCheckpointWords(last, nowMs, canHaveNewerCheckpoints(state, nowMs)))]),
	];
}

function costRows(cost: ShownCost | undefined, window: Window, label = 'cost'): readonly string[] {
	if (cost === undefined) {
		return [];
	}

	const {price, perHour, window: spent} = cost;
	const rate = perHour === undefined ? [] : [rateWords(perHour, price.source)];
	const all = [...rate, ...(spent === undefined ? [] : [windowCostWords(window, spent, price.source)])];
	return all.length === 0 ? [] : [row(label, all.join(', '))];
}

/**
 * Returns the rows of the sampler; no rows if the deployment has no sampler. Metrics that the sampler's server doesn't
 * report have no row.
 */
function samplerRows(state: State, zone: Zone): readonly string[] {
	const {sampler} = state.live.deployment ?? {};
	if (sampler === undefined) {
		return [];
	}

	const {snapshot, link, nowMs, window} = state.views.sampler;
	const {requests, replicas} = snapshot;
	const {values, series} = shownExtras(state);
	const restarts = restartsIn({series});
	const changes = [
		`${formatWhole(replicas.active)} active`,
		...(values.replicasDesired === undefined ? [] : [`${formatWhole(values.replicasDesired)} desired`]),
		...(values.replicasStarting === undefined ? [] : [`${formatWhole(values.replicasStarting)} starting`]),
		...(restarts === undefined ? [] : [`${withNoun(formatWhole(Math.round(restarts)), 'restart')} in ${window.name}`]),
	];
	const {gpusPerNode, gpuType} = sampler.instance ?? {};
	const size =
		gpusPerNode === undefined
			? ''
			: ` of ${gpuType === undefined ? withNoun(gpusPerNode, 'GPU') : `${gpusPerNode} ${gpuType}`}`;
	const head = ['', row('sampler', `${sampler.status ?? 'no status'}, replicas${size}: ${changes.join(', ')}`)];
	const {newestMs} = snapshot;
	if (newestMs === undefined) {
		return [
			...head,
			'failure' in link ? row('  failure', describeFailure(link.failure)) : row('  samples', noSamplesWords(snapshot)),
		];
	}

	const value = (label: string, now: number | undefined, points: Points, format: Format): readonly string[] =>
		points.times.length === 0 ? [] : [row(`  ${label}`, `${format(now)} ${overWindow(points, format, window.name)}`)];
	const {latency, series: own} = requests;
	return [
		...head,
		row('  samples', `to ${formatMoment(newestMs, nowMs, zone)} (${formatAge(nowMs - newestMs)} old)`),
		...typedKeys(requestMetrics).flatMap(name => {
			const {label, unit} = requestMetrics[name];
			return value(label, requests[name], own[name], formatOf[unit]);
		}),
		...(['p50', 'p95', 'p99'] as const).flatMap(name =>
			value(`latency ${name}`, latency[name], own.latency[name], formatLatency),
		),
		...extraFormats.flatMap(([kind, label, format]) => value(label, values[kind], series[kind], format)),
		...costRows(costOf(state, 'sampler', state.views.sampler), window, '  cost'),
		...(snapshot.hasBreakdown
			? snapshot.nodes.flatMap(node => nodeRows(node, state.views.sampler, zone, 'sampler'))
			: []),
	];
}

const extraFormats: ReadonlyArray<readonly [kind: ExtraKind, label: string, format: Format]> = [
	['firstByteP50', 'TTFB p50', formatLatency],
	['firstByteP95', 'TTFB p95', formatLatency],
	['queueSize', 'queue', formatWhole],
	['queueTimeP95', 'queue p95', formatLatency],
	['inputTokens', 'tokens in', formatRate],
	['outputTokens', 'tokens out', formatRate],
	['cacheHits', 'KV hits', formatShare],
	['engineRequests', 'in engine', formatWhole],
];

function activityRows(state: State): readonly string[] {
	const activity = shownActivity(state);
	return activity === undefined ? [] : [row('activity', activity === 'busy' ? 'busy' : 'waiting for its client')];
}

/**
 * Formats the state as the text of a snapshot: a row for each value of the panes, except that a node has one row for
 * its storage, and each GPU has one row for all its values. Findings and problems have rows of their own.
 */
export function textSnapshot(state: State, zone: Zone): string {
	const {target, views, findings} = state;
	const {snapshot, deployment, link, nowMs, window} = views.trainer;
	const {requests, newestMs, nodes} = snapshot;
	const {latency, series, shares} = requests;
	const {gpusPerNode, gpuType} = deployment?.instance ?? {};
	const size =
		gpusPerNode === undefined
			? []
			: [row('size', `${deployment?.nodeCount ?? 1} × ${gpusPerNode} ${gpuType ?? 'GPU'}`)];
	const age =
		newestMs === undefined
			? noSamplesWords(snapshot)
			: `to ${formatMoment(newestMs, nowMs, zone)} (${formatAge(nowMs - newestMs)} old)`;
	const cost = costOf(state, 'trainer', views.trainer);
	const fault = link.kind === 'failing' ? [row('failure', describeFailure(link.failure))] : [];
	return [
		row('deployment', targetName(target)),
		...(deployment?.baseModel === undefined ? [] : [row('model', deployment.baseModel)]),
		...(deployment?.status === undefined ? [] : [row('state', deployment.status)]),
		...size,
		...activityRows(state),
		...costRows(cost, window),
		...runRows(state, nowMs),
		row('window', `${window.name} ${age}`),
		...fault,
		...typedKeys(requestMetrics).map(name => {
			const {label, unit} = requestMetrics[name];
			return row(label, `${formatOf[unit](requests[name])} ${overWindow(series[name], formatOf[unit], window.name)}`);
		}),
		...(['p50', 'p95', 'p99'] as const).map(name =>
			row(
				`latency ${name}`,
				`${formatLatency(latency[name])} ${overWindow(series.latency[name], formatLatency, window.name)}`,
			),
		),
		...statusClasses.map(name => row(`status ${name}`, `${formatShare(shares?.[name])} of ${window.name}`)),
		...findings.current.map(finding =>
			row(
				finding.state === 'active' ? 'finding' : 'unknown now',
				datedSentence(finding, sinceWords(finding, nowMs, zone)),
			),
		),
		...nodes.flatMap(node => nodeRows(node, views.trainer, zone)),
		...samplerRows(state, zone),
		...[...responseProblems(snapshot), ...partProblems(state), ...samplerProblems(state)].map(({field, problem}) =>
			row('problem', `${field} ${problem}`),
		),
		...(snapshot.dropped > 0
			? [row('problem', `${withNoun(snapshot.dropped, 'point')} left out: unreadable, or in the future`)]
			: []),
		'',
	].join('\n');
}
