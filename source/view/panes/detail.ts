import {type Points, typedKeys} from '../../api/points.ts';
import {metricKinds, samplerGpuMetrics, samplerNodeMetrics} from '../../api/sampler-response.ts';
import {type GpuSeries, gpuSeriesPaths, isAbsent, type NodeSeries, nodeSeriesPaths} from '../../api/series-table.ts';
import {gpuMetrics, limitOfGpu, limitOfNode, nodeMetrics, type Unit} from '../../metrics/metric-table.ts';
import type {Gpu, Node} from '../../metrics/node.ts';
import {nodeSeriesOf} from '../../state/component.ts';
import {formatBytes, formatCount, formatMemory, formatPercent, formatTimeLeft} from '../../text/format.ts';
import {chartTitle, formatOf} from '../../text/unit-format.ts';
import {symbols, type Tone} from '../../theme/theme.ts';
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
import {axisOf} from '../unit-axis.ts';
import {timeToFullNow} from './node-columns.ts';

/**
 * How a node's charts differ from the default: in the title, the name in the text of an empty chart, and the color.
 */
const nodeCharts: Readonly<Partial<Record<NodeSeries, {title?: string; what?: string; tone?: Tone}>>> = {
	cpu: {title: 'CPU cores in use', what: 'CPU usage'},
	ram: {what: 'RAM usage', tone: 'second'},
	diskShare: {title: 'storage', what: 'storage usage', tone: 'third'},
};

/** Returns the title of a chart with the limit of its values, if that is known. */
function withTotal(title: string, unit: Unit, total: number | undefined): string {
	return total === undefined ? title : `${title}, of ${formatOf[unit](total)}`;
}

/** Returns the API fields that contain a series of a node, for the trainer and the sampler. */
function nodeFields(name: NodeSeries): readonly string[] {
	const kind = samplerNodeMetrics[name];
	return [nodeSeriesPaths[name].field, 'per_node_metrics', ...(kind === undefined ? [] : [metricKinds[kind].name])];
}

/**
 * Draws one node, or one replica of the sampler, over time: CPU, RAM, and, for a node, ephemeral storage, with the time
 * until it is full if its use grows steadily.
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
	const chartOf = (name: NodeSeries): readonly ChartPart[] => {
		// If the share is unknown, the chart of `diskShare` shows the bytes instead.
		if (name === 'disk' || isAbsent(nodeSeriesPaths[name], series[name])) {
			return [];
		}

		const shown = name === 'diskShare' && series.diskShare.times.length === 0 ? 'disk' : name;
		const {label, unit} = nodeMetrics[shown];
		const {title = chartTitle(label, unit), what = label, tone = 'first'} = nodeCharts[name] ?? {};
		const total = limitOfNode(node, shown);
		return [
			{
				title: name === 'diskShare' ? `${title}${full}` : withTotal(title, unit, total),
				series: [{points: series[shown], tone, reference: earlier?.[shown]}],
				summary: 'extremes',
				...axisOf(unit),
				what,
				fields: nodeFields(name),
			},
		];
	};
	const names = nodeSeriesOf(input.component);
	const table = summaryTable(
		input,
		names.map((name): SummaryRow => {
			const {label, unit} = nodeMetrics[name];
			const shown = name === 'cpu' ? 'CPU cores' : label;
			return {label: shown, now: node[name], points: series[name], format: formatOf[unit]};
		}),
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
		body: [...chartStack(input, names.flatMap(chartOf), input.height - table.length, node.id), ...table],
	};
}

/** The API fields that contain metrics of GPUs, for the trainer and the sampler. */
export const gpuFields: readonly string[] = [
	'per_node_metrics',
	...Object.values(gpuSeriesPaths).map(({field}) => field),
	...Object.values(samplerGpuMetrics).flatMap(kind => (kind === undefined ? [] : metricKinds[kind].name)),
];

/**
 * Returns the past and current utilization of a node's GPUs, the number of those that report if not all do, and their
 * memory, in forms from long to short; or, if these values are old, the age of the newest sample.
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
	const chartOf = (name: GpuSeries): ChartPart => {
		const {label, unit} = gpuMetrics[name];
		const points = gpu.series[name];
		const reference = earlier?.[name];
		const isUtilization = name === 'utilization';
		return {
			title: withTotal(chartTitle(label, unit), unit, limitOfGpu(gpu, name)),
			series: isUtilization ? utilizationSeries(gpu, reference, input) : [{points, tone: 'second', reference}],
			summary: isUtilization ? 'mean' : 'peak',
			...axisOf(unit),
			what: label,
			fields: gpuFields,
		};
	};
	const charts = typedKeys(gpuMetrics)
		.filter(name => !isAbsent(gpuSeriesPaths[name], gpu.series[name]))
		.map(chartOf);
	const table = summaryTable(
		input,
		typedKeys(gpuMetrics).map((name): SummaryRow => {
			const {label, unit} = gpuMetrics[name];
			return {label, now: gpu[name], points: gpu.series[name], format: formatOf[unit]};
		}),
	);
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
		body: [...chartStack(input, charts, input.height - table.length, node.id), ...table],
	};
}
