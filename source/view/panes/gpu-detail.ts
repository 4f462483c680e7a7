import type {Points} from '../../api/points.ts';
import {formatBytes, formatCount, formatMemory, formatPercent, trimZeros} from '../../text/format.ts';
import {symbols} from '../../theme/theme.ts';
import {linearAxis} from '../axis.ts';
import {type ChartPart, chartStack} from '../chart-stack.ts';
import {type Line, span} from '../line.ts';
import {centered, type PaneContent, type PaneInput, whyEmpty} from '../pane-content.ts';
import {summaryTable} from '../summary-table.ts';
import {gpuFields} from './gpu-fields.ts';

const gibibyte = 1024 ** 3;

/** Bytes as GiB, so that an axis has round numbers. */
export function inGibibytes({times, values}: Points): Points {
	return {times, values: values.map(value => value / gibibyte)};
}

/** A label of an axis in GiB. */
export function gibibyteTick(value: number): string {
	return value === 0 ? '0' : `${trimZeros(formatCount(value))}G`;
}

/** One GPU over time: its utilization and its memory. */
export function gpuDetailPane(input: PaneInput): PaneContent {
	const row = input.gpus.rows[input.gpus.selected];
	if (row === undefined) {
		const why = whyEmpty(input, 'GPU metrics', gpuFields);
		return {title: 'GPU', subtitles: [], values: [[]], body: centered(why, input.width, input.height)};
	}

	const {gpu, node} = row;
	const utilization: ChartPart = {
		title: 'utilization',
		series: [{points: gpu.series.utilization, tone: 'first'}],
		summary: 'mean',
		axis: (peak, rows) => linearAxis(Math.max(peak ?? 0, 1), rows),
		format: formatPercent,
		what: 'utilization',
		fields: gpuFields,
	};
	const memory: ChartPart = {
		title: gpu.memoryTotal === undefined ? 'memory' : `memory, of ${formatBytes(gpu.memoryTotal)}`,
		series: [{points: inGibibytes(gpu.series.memory), tone: 'second'}],
		summary: 'peak',
		axis: (peak, rows) => linearAxis(Math.max(peak ?? 0, (gpu.memoryTotal ?? 0) / gibibyte), rows),
		format: gibibyteTick,
		what: 'memory',
		fields: gpuFields,
	};
	const table = summaryTable(input, [
		{label: 'utilization', now: gpu.utilization, points: gpu.series.utilization, format: formatPercent},
		{label: 'memory', now: gpu.memory, points: gpu.series.memory, format: formatBytes},
	]);
	const percent = span(formatPercent(gpu.utilization), 'strong');
	const amount = formatMemory(gpu.memory, gpu.memoryTotal);
	const values: readonly Line[] = [[percent, span(` ${symbols.dot} ${amount}`)], [percent]];
	return {
		title: `GPU ${gpu.rank}`,
		subtitles: [node.id],
		values,
		body: [...chartStack(input, [utilization, memory], input.height - table.length), ...table],
	};
}
