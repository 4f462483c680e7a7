import type {GpuPoints, NodeSeries} from '../../api/metrics-response.ts';
import type {Points} from '../../api/points.ts';
import {gpuSeriesFields, nodeSeriesFields} from '../../api/response-reader.ts';
import {metricKinds, samplerGpuMetrics, samplerNodeMetrics} from '../../api/sampler-response.ts';
import type {Gpu, Node} from '../../metrics/node.ts';
import {nodeSeriesOf} from '../../state/component.ts';
import {formatBytes, formatCount, formatMemory, formatPercent, formatTimeLeft, trimZeros} from '../../text/format.ts';
import {symbols} from '../../theme/theme.ts';
import {byteAxis, linearAxis, shareAxis} from '../axis.ts';
import type {ChartSeries} from '../chart.ts';
import {type ChartPart, chartStack} from '../chart-stack.ts';
import {differenceWords, nodeDifference, withDifference} from '../difference.ts';
import {type Line, span} from '../line.ts';
import {type SummaryRow, summaryTable} from '../metric-line.ts';
import {
	busyWords,
	centered,
	type PaneContent,
	type PaneInput,
	staleForms,
	timeWord,
	whyEmpty,
} from '../pane-content.ts';
import {timeToFullNow} from './node-columns.ts';

/**
 * Draws one node over time: CPU, RAM, and ephemeral storage, with the time until it is full if storage grows steadily.
 */
export function nodeDetailPane(input: PaneInput): PaneContent {
	const node = input.view.nodes[input.selected];
	if (node === undefined) {
		const why = whyEmpty(input, 'node metrics', ['per_node_metrics']);
		return {title: 'Node', subtitles: [], values: [[]], body: centered(why, input.width, input.height)};
	}

	const {series} = node;
	const earlier = input.reference?.node(node.id);
	const toFull = timeToFullNow(node, input);
	const full = toFull === undefined ? '' : `, full in ${formatTimeLeft(toFull)}`;
	const fieldsOf = (name: NodeSeries): readonly string[] => {
		const kind = samplerNodeMetrics[name];
		return [nodeSeriesFields[name], 'per_node_metrics', ...(kind === undefined ? [] : [metricKinds[kind].name])];
	};
	const cpu: ChartPart = {
		title: node.cpuTotal === undefined ? 'CPU cores in use' : `CPU cores in use, of ${formatCount(node.cpuTotal)}`,
		series: [{points: series.cpu, tone: 'first', reference: earlier?.cpu}],
		summary: 'extremes',
		axis: linearAxis,
		format: value => trimZeros(formatCount(value)),
		what: 'CPU usage',
		fields: fieldsOf('cpu'),
	};
	const ram: ChartPart = {
		title: node.ramTotal === undefined ? 'RAM' : `RAM, of ${formatBytes(node.ramTotal)}`,
		series: [{points: series.ram, tone: 'second', reference: earlier?.ram}],
		summary: 'extremes',
		axis: byteAxis,
		format: formatBytes,
		what: 'RAM usage',
		fields: fieldsOf('ram'),
	};
	const disk: ChartPart = {
		title: `storage${full}`,
		summary: 'extremes',
		...(series.diskShare.times.length > 0
			? {
					series: [{points: series.diskShare, tone: 'third', reference: earlier?.diskShare}],
					axis: shareAxis,
					format: formatPercent,
				}
			: {
					series: [{points: series.disk, tone: 'third', reference: earlier?.disk}],
					axis: byteAxis,
					format: formatBytes,
				}),
		what: 'storage usage',
		fields: fieldsOf('diskShare'),
	};
	const charts: Readonly<Record<NodeSeries, readonly ChartPart[]>> = {
		cpu: [cpu],
		ram: [ram],
		disk: [],
		diskShare: [disk],
	};
	const rows: Readonly<Record<NodeSeries, SummaryRow>> = {
		cpu: {label: 'CPU cores', now: node.cpu, points: series.cpu, format: formatCount},
		ram: {label: 'RAM', now: node.ram, points: series.ram, format: formatBytes},
		disk: {label: 'storage', now: node.disk, points: series.disk, format: formatBytes},
		diskShare: {label: 'storage share', now: node.diskShare, points: series.diskShare, format: formatPercent},
	};
	const names = nodeSeriesOf(input.component);
	const table = summaryTable(
		input,
		names.map(name => rows[name]),
	);
	const isReplica = input.component === 'sampler';
	const words = differenceWords(input, {
		points: series.diskShare,
		now: node.diskShare,
		reference: earlier?.diskShare,
		format: formatPercent,
		isShare: true,
	});
	const values: readonly Line[] =
		staleForms(node.lastSeenMs, input) ??
		(isReplica
			? [[span(`${formatCount(node.cpu)} cores`, 'strong'), span(` ${symbols.dot} ${formatBytes(node.ram)}`)]]
			: withDifference(input, words, difference => [
					[span(`storage ${formatPercent(node.diskShare)}`, 'strong'), ...difference, span(full)],
					[span(formatPercent(node.diskShare), 'strong'), ...difference],
				]));
	return {
		title: isReplica ? 'Replica' : 'Node',
		subtitles: [node.id],
		values,
		body: [
			...chartStack(
				input,
				names.flatMap(name => charts[name]),
				input.height - table.length,
				node.id,
			),
			...table,
		],
	};
}

/** The API's fields about GPUs, for the trainer and the sampler. */
export const gpuFields: readonly string[] = [
	'per_node_metrics',
	...Object.values(gpuSeriesFields),
	...Object.values(samplerGpuMetrics).flatMap(kind => (kind === undefined ? [] : metricKinds[kind].name)),
];

/**
 * Returns the past and current utilization of a node's GPUs, the number of those that report, and their memory, in
 * forms from long to short.
 */
export function gpuValues(node: Node | undefined, input: PaneInput): readonly Line[] {
	if (node === undefined) {
		return [[]];
	}

	const old = staleForms(node.lastSeenMs, input);
	if (old !== undefined) {
		return old;
	}

	const {window} = input.view.snapshot;
	const {busy, gpusReporting, gpusExpected} = node;
	const percent = span(formatPercent(node.utilization), 'strong');
	const isPartial = gpusReporting > 0 && gpusReporting < gpusExpected;
	const now: Line = isPartial ? [percent, span(` over ${gpusReporting} of ${gpusExpected}`, 'warn')] : [percent];
	const named: Line = [span(`${timeWord(input)} `, 'dim'), ...now];
	const memory = formatMemory(node.gpuMemory, node.gpuMemoryTotal);
	const wasBusy: Line =
		busy === undefined
			? []
			: [span('busy ', 'dim'), span(busyWords(busy, window)), span(` ${symbols.dot} `, 'dim'), ...named];
	return withDifference(input, nodeDifference(input, node), difference => [
		...(busy === undefined
			? []
			: [
					[...wasBusy, ...difference, span(` ${symbols.dot} ${memory}`)],
					[...wasBusy, ...difference],
				]),
		[...now, ...difference, span(` ${symbols.dot} ${memory}`)],
		[...now, ...difference, span(` ${symbols.dot} ${formatBytes(node.gpuMemory)}`)],
		[...now, ...difference],
		[percent, ...difference],
	]);
}

/** The usual number of columns of a chart; with more samples, several share one column. */
const usualColumns = 100;

/**
 * Returns the utilization over time. In a long window, several samples share a column, and their mean says little about
 * a GPU that alternates between busy and idle, so the lowest and highest of each column are drawn, too.
 */
function utilizationSeries(
	{series: {utilization}}: Gpu,
	reference: Points | undefined,
	{width}: PaneInput,
): readonly ChartSeries[] {
	const mean: ChartSeries = {points: utilization, tone: 'first', reference};
	const isShared = utilization.times.length > Math.min(width, usualColumns);
	return isShared
		? [
				{points: utilization, tone: 'dim', summary: 'low', label: 'low'},
				{points: utilization, tone: 'dim', summary: 'peak', label: 'high'},
				{...mean, label: 'mean'},
			]
		: [mean];
}

/** Draws one GPU over time: utilization and memory. */
export function gpuDetailPane(input: PaneInput): PaneContent {
	const row = input.gpus.rows[input.gpus.selected];
	if (row === undefined) {
		const why = whyEmpty(input, 'GPU metrics', gpuFields);
		return {title: 'GPU', subtitles: [], values: [[]], body: centered(why, input.width, input.height)};
	}

	const {gpu, node} = row;
	const earlier = input.reference?.node(node.id)?.gpus.get(gpu.rank);
	const charts: Readonly<Record<keyof GpuPoints, ChartPart>> = {
		utilization: {
			title: 'utilization',
			series: utilizationSeries(gpu, earlier?.utilization, input),
			summary: 'mean',
			axis: shareAxis,
			format: formatPercent,
			what: 'utilization',
			fields: gpuFields,
		},
		memory: {
			title: gpu.memoryTotal === undefined ? 'memory' : `memory, of ${formatBytes(gpu.memoryTotal)}`,
			series: [{points: gpu.series.memory, tone: 'second', reference: earlier?.memory}],
			summary: 'peak',
			axis: byteAxis,
			format: formatBytes,
			what: 'memory',
			fields: gpuFields,
		},
	};
	const rows: Readonly<Record<keyof GpuPoints, SummaryRow>> = {
		utilization: {label: 'utilization', now: gpu.utilization, points: gpu.series.utilization, format: formatPercent},
		memory: {label: 'memory', now: gpu.memory, points: gpu.series.memory, format: formatBytes},
	};
	const table = summaryTable(input, Object.values(rows));
	const percent = span(formatPercent(gpu.utilization), 'strong');
	const amount = formatMemory(gpu.memory, gpu.memoryTotal);
	const isBusy: Line =
		gpu.busy === undefined
			? []
			: [span('busy ', 'dim'), span(busyWords(gpu.busy, input.view.snapshot.window)), span(` ${symbols.dot} `, 'dim')];
	const words = differenceWords(input, {
		points: gpu.series.utilization,
		now: gpu.utilization,
		reference: earlier?.utilization,
		format: formatPercent,
		isShare: true,
	});
	const values: readonly Line[] =
		staleForms(gpu.freshness.newestMs, input) ??
		withDifference(input, words, difference => [
			[...isBusy, span(`${timeWord(input)} `, 'dim'), percent, ...difference, span(` ${symbols.dot} ${amount}`)],
			[percent, ...difference, span(` ${symbols.dot} ${amount}`)],
			[percent, ...difference],
		]);
	return {
		title: `GPU ${gpu.rank}`,
		subtitles: [node.id],
		values,
		body: [...chartStack(input, Object.values(charts), input.height - table.length, node.id), ...table],
	};
}
