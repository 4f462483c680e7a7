import type {Points} from '../../api/points.ts';
import {type Gpu, type Node, share} from '../../metrics/node.ts';
import {formatMoment} from '../../text/clock-time.ts';
import {formatBytes, formatMemory, formatPercent, formatPercentIn} from '../../text/format.ts';
import {laggingTone, symbols, type Tone, utilizationTone} from '../../theme/theme.ts';
import {rankText, rankWidth} from '../distinct-name.ts';
import {
	cutNameStart,
	firstFitting,
	fitLine,
	type Line,
	lineWidth,
	padStart,
	type Span,
	spaceBetween,
	span,
	textWidth,
} from '../line.ts';
import {centered, type PaneContent, type PaneInput, whyEmpty} from '../pane-content.ts';
import {bar, type ToneOf, trend} from '../sparkline.ts';
import {gpuDetailPane, gpuFields, gpuValues} from './gpu-detail.ts';
import {heatMapPane} from './heat-map.ts';

/** The minimum width of one of two columns of GPUs. */
const leastColumnWidth = 13;

/** The space between two columns. */
const gutter = 3;

/** Draws the GPUs of the selected node: utilization and memory of each, now and over the window. */
export function gpusPane(input: PaneInput): PaneContent {
	if (input.variant === 'full') {
		return input.zoom === 'detail' ? gpuDetailPane(input) : heatMapPane(input);
	}

	const {nodes} = input.view;
	const node = nodes[input.selected];
	const position = nodes.length > 1 ? ` (${input.selected + 1} of ${nodes.length})` : '';
	const title = {title: 'GPUs', subtitles: node === undefined ? [] : [`${node.id}${position}`, node.id]};
	const values = gpuValues(node, input);
	if (input.variant === 'bare') {
		const height = input.height - 1;
		return {...title, values, body: [headLine(node?.id ?? '', values, input), ...gpuLines(node, {...input, height})]};
	}

	return {...title, values, body: gpuLines(node, input)};
}

/** Returns the title of the section if it has no frame: the node's whole name, if it fits, then its values. */
function headLine(name: string, values: readonly Line[], {focused, width}: PaneInput): Line {
	const room = width - 7;
	const value = firstFitting(values.slice(values.length > 5 ? 2 : 0), Math.max(room - textWidth(name) - 1, 4));
	const left: Line = [
		span(focused ? symbols.pointer : ' ', 'accent'),
		span('GPUs '),
		span(cutNameStart(name, room - lineWidth(value) - 1), 'dim'),
	];
	return spaceBetween(left, [...value, span(' ')], width);
}

function emptyReason(node: Node | undefined, input: PaneInput): string {
	const {snapshot} = input.view;
	if (node === undefined && snapshot.nodes.length > 0) {
		return `no node matches ${input.filter.text}`;
	}

	return node === undefined || snapshot.problems.length > 0
		? whyEmpty(input, 'GPU metrics', gpuFields)
		: `${node.id} has no GPU metrics`;
}

/** Returns the rows in one or two columns, with one or two lines per GPU. */
function gpuLines(node: Node | undefined, input: PaneInput): readonly Line[] {
	const {width, height} = input;
	if (node === undefined || node.gpus.length === 0) {
		return centered(emptyReason(node, input), width, height);
	}

	const {gpus} = node;
	const lines = Array.from({length: Math.ceil(gpus.length / 2)}, (_, row) => row);
	if (height >= 2 * gpus.length) {
		return gpus.flatMap(gpu => twoLines(gpu, node, input));
	}

	if (gpus.length <= height || width < 2 * leastColumnWidth + gutter) {
		const shown = gpus.length <= height ? gpus : gpus.slice(0, Math.max(height - 1, 0));
		const hidden = gpus.length - shown.length;
		return [...shown.map(gpu => oneLine(gpu, node, input, width)), ...(hidden > 0 ? [moreLine(hidden)] : [])];
	}

	const rows = Math.min(lines.length, lines.length <= height ? height : height - 1);
	const columnWidth = Math.floor((width - gutter) / 2);
	const pairs = lines.slice(0, rows).map((row): Line => {
		const other = gpus[row + lines.length];
		const first = gpus[row];
		return [
			...(first === undefined ? [] : fitLine(oneLine(first, node, input, columnWidth), columnWidth)),
			span(' '.repeat(gutter)),
			...(other === undefined ? [] : oneLine(other, node, input, columnWidth)),
		];
	});
	const hidden = gpus.length - 2 * rows;
	return hidden > 0 && rows < lines.length ? [...pairs, moreLine(hidden)] : pairs;
}

function moreLine(hidden: number): Line {
	return [span(` ${symbols.below} ${hidden} more`, 'dim')];
}

const percentWidth = 5;
const leastSparkline = 6;

type Measures = {readonly rank: number; readonly memory: string};

function measure(gpu: Gpu, node: Node, short: boolean): Measures {
	const rank = rankWidth(node.gpus.map(other => other.rank)) + 1;
	const total = gpu.memoryTotal;
	const memory = short || total === undefined ? formatBytes(gpu.memory) : formatMemory(gpu.memory, total);
	const widest = short || total === undefined ? 5 : textWidth(formatMemory(total, total)) + 2;
	return {rank, memory: padStart(memory, widest)};
}

/** Returns the tones of a GPU's values: bad if a finding is about them, otherwise by the value. */
function tonesOf(
	{rank, utilization}: Gpu,
	{id}: Node,
	{markers}: PaneInput,
): {readonly utilization: Tone; readonly trend: ToneOf; readonly memory: Tone} {
	const lags = markers.hasGpu(id, rank, 'utilization');
	return {
		utilization: lags ? 'bad' : utilizationTone(utilization),
		trend: lags ? laggingTone : utilizationTone,
		memory: markers.hasGpu(id, rank, 'gpu memory') ? 'bad' : 'plain',
	};
}

/** Draws the trend of a series over the window, from zero to `top`. */
function trendOf(points: Points, look: {top: number | undefined; tone: ToneOf}, input: PaneInput, width: number): Line {
	return trend(points, width, {snapshot: input.view.snapshot, summary: 'extremes', ...look});
}

/** Returns when the GPU was last seen, for the place of its bar; empty if it has a current sample or if that is too long. */
function lastHeard({freshness, utilization}: Gpu, node: Node, {view, zone}: PaneInput, width: number): string {
	const {newestMs} = freshness;
	if (utilization !== undefined || !node.reporting || freshness.isFresh || view.snapshot.atMs !== undefined) {
		return '';
	}

	const words = newestMs === undefined ? 'no samples' : `last seen ${formatMoment(newestMs, view.nowMs, zone)}`;
	return textWidth(words) <= width ? words : '';
}

/** Returns the bar of the utilization, or when the GPU was last seen. */
function utilizationBar(gpu: Gpu, node: Node, input: PaneInput, width: number, tone: Tone): Line {
	const words = lastHeard(gpu, node, input, width);
	return words === '' ? bar(gpu.utilization, width, {tone}) : [span(words.padEnd(width), 'warn')];
}

/** Returns the mean utilization of the window, in `busyWidth` cells. */
function busyOf({busy}: Gpu): Line {
	return [span(' busy ', 'dim'), span(padStart(formatPercentIn(busy?.mean, 4), 4))];
}

const busyWidth = 10;

/** Returns the last cell of a row: a mark if a finding is about the GPU. */
function markOf(gpu: Gpu, node: Node, {markers}: PaneInput): Line[number] {
	return span(markers.hasGpu(node.id, gpu.rank) ? symbols.mark : ' ', 'bad');
}

/** Draws rank, bar, percentage and, as far as there is space, memory, sparkline and a bar for memory. */
function oneLine(gpu: Gpu, node: Node, input: PaneInput, width: number): Line {
	const isRoomy = width >= 56;
	const {rank, memory} = measure(gpu, node, !isRoomy);
	const hasMemory = width >= 24;
	const used = share(gpu.memory, gpu.memoryTotal);
	const tones = tonesOf(gpu, node, input);
	const memoryBar = isRoomy && gpu.memoryTotal !== undefined ? 9 : 0;
	const memoryWidth = hasMemory ? textWidth(memory) + 2 : 0;
	const hasBusy = width >= 76;
	const room = width - 1 - rank - percentWidth - memoryWidth - memoryBar - 1 - (hasBusy ? busyWidth : 0);
	const sparkWidth = room >= 2 * leastSparkline + 4 ? Math.floor((room - 2) * 0.4) : 0;
	const barWidth = Math.max(room - (sparkWidth > 0 ? sparkWidth + 2 : 0), 1);
	return [
		rankSpan(gpu, node, rank),
		...utilizationBar(gpu, node, input, barWidth, tones.utilization),
		span(
			padStart(formatPercentIn(gpu.utilization, percentWidth - 1), percentWidth),
			tones.utilization === 'plain' ? 'strong' : tones.utilization,
		),
		...(sparkWidth > 0
			? [span('  '), ...trendOf(gpu.series.utilization, {top: 1, tone: tones.trend}, input, sparkWidth)]
			: []),
		...(hasBusy && sparkWidth > 0 ? busyOf(gpu) : []),
		...(hasMemory ? [span(`  ${memory}`, tones.memory)] : []),
		...(memoryBar > 0
			? [
					span(' '),
					...bar(used, memoryBar - 1, {
						tone: tones.memory === 'bad' ? 'bad' : 'accent',
						track: true,
					}),
				]
			: []),
		markOf(gpu, node, input),
	];
}

/** The rank of a GPU with a space on both sides, shortened to `width` cells with the one before it. */
function rankSpan({rank}: Gpu, {gpus}: Node, width: number): Span {
	const text = rankText(
		rank,
		width - 1,
		gpus.map(other => other.rank),
	);
	return span(` ${text} `, 'dim');
}

/** Draws a GPU in two lines: utilization with bar and trend, and memory with its bar. */
function twoLines(gpu: Gpu, node: Node, input: PaneInput): readonly Line[] {
	const {width} = input;
	const {rank, memory} = measure(gpu, node, false);
	const used = share(gpu.memory, gpu.memoryTotal);
	const tones = tonesOf(gpu, node, input);
	const numbers = Math.max(textWidth(memory), percentWidth) + 1;
	const room = width - 1 - rank - numbers - 1;
	const barWidth = room < 24 ? Math.max(room, 1) : Math.floor((room - 2) * 0.55);
	const hasBusy = room >= 48;
	const sparkWidth = room < 24 ? 0 : room - 2 - barWidth - (hasBusy ? busyWidth : 0);
	const upper: Line = [
		rankSpan(gpu, node, rank),
		...utilizationBar(gpu, node, input, barWidth, tones.utilization),
		span(
			padStart(formatPercent(gpu.utilization), numbers),
			tones.utilization === 'plain' ? 'strong' : tones.utilization,
		),
		...(sparkWidth > 0
			? [span('  '), ...trendOf(gpu.series.utilization, {top: 1, tone: tones.trend}, input, sparkWidth)]
			: []),
		...(hasBusy ? busyOf(gpu) : []),
		markOf(gpu, node, input),
	];
	const lower: Line = [
		span(' '.repeat(rank + 1)),
		...bar(used, barWidth, {
			tone: tones.memory === 'bad' ? 'bad' : 'accent',
			track: true,
		}),
		span(padStart(memory, numbers), tones.memory),
		...(sparkWidth > 0
			? [span('  '), ...trendOf(gpu.series.memory, {top: gpu.memoryTotal, tone: 'accent'}, input, sparkWidth)]
			: []),
	];
	return [upper, lower];
}
