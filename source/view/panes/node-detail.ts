import {metricKinds} from '../../api/sampler-units.ts';
import {formatBytes, formatCount, formatPercent, formatTimeLeft, trimZeros} from '../../text/format.ts';
import {symbols} from '../../theme/theme.ts';
import {byteAxis, shareAxis, valueAxis} from '../axis.ts';
import {type ChartPart, chartStack} from '../chart-stack.ts';
import {differenceWords, withDifference} from '../difference.ts';
import {type Line, span} from '../line.ts';
import {summaryTable} from '../metric-line.ts';
import {centered, type PaneContent, type PaneInput, staleForms, whyEmpty} from '../pane-content.ts';
import {timeToFullNow} from './node-columns.ts';

/** Draws one node over time: CPU, RAM, and ephemeral storage, with the time until it is full if storage grows steadily. */
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
	const cpu: ChartPart = {
		title: node.cpuTotal === undefined ? 'CPU cores in use' : `CPU cores in use, of ${formatCount(node.cpuTotal)}`,
		series: [{points: series.cpu, tone: 'first', reference: earlier?.cpu}],
		summary: 'extremes',
		axis: valueAxis,
		format: value => trimZeros(formatCount(value)),
		what: 'CPU usage',
		fields: ['cpu_usage', 'per_node_metrics', metricKinds.cpu.name],
	};
	const ram: ChartPart = {
		title: node.ramTotal === undefined ? 'RAM' : `RAM, of ${formatBytes(node.ramTotal)}`,
		series: [{points: series.ram, tone: 'second', reference: earlier?.ram}],
		summary: 'extremes',
		axis: byteAxis,
		format: formatBytes,
		what: 'RAM usage',
		fields: ['cpu_memory_usage_bytes', 'per_node_metrics', metricKinds.ram.name],
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
		fields: ['ephemeral_storage', 'per_node_metrics'],
	};
	const usage = [
		{label: 'CPU cores', now: node.cpu, points: series.cpu, format: formatCount},
		{label: 'RAM', now: node.ram, points: series.ram, format: formatBytes},
	];
	const storage = [
		{label: 'storage', now: node.disk, points: series.disk, format: formatBytes},
		{label: 'storage share', now: node.diskShare, points: series.diskShare, format: formatPercent},
	];
	// The API doesn't report the storage of replicas.
	const isReplica = input.component === 'sampler';
	const table = summaryTable(input, isReplica ? usage : [...usage, ...storage]);
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
		body: [...chartStack(input, isReplica ? [cpu, ram] : [cpu, ram, disk], input.height - table.length), ...table],
	};
}
