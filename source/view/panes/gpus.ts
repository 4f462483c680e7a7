import type {Points} from '../../api/points.ts';
import type {Gpu, Node} from '../../metrics/snapshot.ts';
import {memoryTone, symbols, utilizationTone} from '../../theme.ts';
import {bar} from '../bar.ts';
import {formatBytes, formatMemory, formatPercent} from '../format.ts';
import {cells, cutNameStart, firstFitting, fitLine, type Line, lineCells, padStart, span, spread} from '../line.ts';
import {centered, type PaneContent, type PaneInput, whyEmpty} from '../pane-content.ts';
import {resample} from '../resample.ts';
import {sparkline} from '../sparkline.ts';

/** Two columns of GPUs, where one would not do and there is this much room for each. */
const leastColumnWidth = 13;

/** Between two columns. */
const gutter = 3;

/** The GPUs of the selected node: utilization and memory of each, now and over the window. */
export function gpusPane(input: PaneInput): PaneContent {
	const {nodes} = input.picture.snapshot;
	const node = nodes[input.selected];
	const position = nodes.length > 1 ? ` (${input.selected + 1} of ${nodes.length})` : '';
	const title = {title: 'GPUs', subtitles: node === undefined ? [] : [`${node.id}${position}`, node.id]};
	const values = valuesOf(node);
	if (input.form === 'bare') {
		const height = input.height - 1;
		return {...title, values, body: [headLine(node?.id ?? '', values, input), ...gpuLines(node, {...input, height})]};
	}

	return {...title, values, body: gpuLines(node, input)};
}

/** The title of the section where it has no frame: the node's name whole, if that can be, and then its values. */
function headLine(name: string, values: readonly Line[], {focused, width}: PaneInput): Line {
	const room = width - 7;
	const value = firstFitting(values.slice(1), Math.max(room - cells(name) - 1, 4));
	const left: Line = [
		span(focused ? symbols.pointer : ' ', 'accent'),
		span('GPUs '),
		span(cutNameStart(name, room - lineCells(value) - 1), 'dim'),
	];
	return spread(left, [...value, span(' ')], width);
}

function emptyReason(node: Node | undefined, {picture}: PaneInput): string {
	const fields = ['per_node_metrics', 'gpu_utilization', 'gpu_memory_usage_bytes'];
	return node === undefined || picture.snapshot.problems.length > 0
		? whyEmpty(picture, 'GPU metrics', fields)
		: `${node.id} tells of no GPU`;
}

function valuesOf(node: Node | undefined): readonly Line[] {
	if (node === undefined) {
		return [[]];
	}

	const percent = span(formatPercent(node.utilization), 'strong');
	const memory = formatMemory(node.gpuMemory, node.gpuMemoryTotal);
	return [
		[span('average ', 'dim'), percent, span(` ${symbols.dot} ${memory}`)],
		[percent, span(` ${symbols.dot} ${memory}`)],
		[percent, span(` ${symbols.dot} ${formatBytes(node.gpuMemory)}`)],
		[percent],
	];
}

/** How the rows are laid out: in one or two columns, and in one line a GPU or two. */
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
	const rank = Math.max(...node.gpus.map(other => cells(other.rank))) + 1;
	const total = totalOf(node);
	const memory = short || total === undefined ? formatBytes(gpu.memory) : formatMemory(gpu.memory, total);
	const widest = short || total === undefined ? 5 : cells(formatMemory(total, total)) + 2;
	return {rank, memory: padStart(memory, widest)};
}

/** The memory of one GPU of the node, where it is known. */
function totalOf(node: Node): number | undefined {
	return node.gpuMemoryTotal === undefined ? undefined : node.gpuMemoryTotal / node.gpus.length;
}

function shareOf(gpu: Gpu, node: Node): number | undefined {
	const total = totalOf(node);
	return gpu.memory === undefined || total === undefined ? undefined : gpu.memory / total;
}

/** The course of a series over the window, from nothing up to `top`. */
function course(points: Points, top: number | undefined, input: PaneInput, width: number): string {
	const {snapshot} = input.picture;
	const {stepMs} = snapshot.window;
	return sparkline(resample(points, snapshot, width, {stepMs, summary: 'mean'}), top);
}

/** Rank, bar, percentage, and, as far as there is room, memory, sparkline and a bar of memory. */
function oneLine(gpu: Gpu, node: Node, input: PaneInput, width: number): Line {
	const isRoomy = width >= 56;
	const {rank, memory} = measure(gpu, node, !isRoomy);
	const hasMemory = width >= 24;
	const share = shareOf(gpu, node);
	const memoryBar = isRoomy && totalOf(node) !== undefined ? 9 : 0;
	const memoryWidth = hasMemory ? cells(memory) + 2 : 0;
	const room = width - 1 - rank - percentWidth - memoryWidth - memoryBar - 1;
	const sparkWidth = room >= 2 * leastSparkline + 4 ? Math.floor((room - 2) * 0.4) : 0;
	const barWidth = Math.max(room - (sparkWidth > 0 ? sparkWidth + 2 : 0), 1);
	const tone = utilizationTone(gpu.utilization);
	return [
		span(` ${padStart(gpu.rank, rank - 1)} `, 'dim'),
		...bar(gpu.utilization, barWidth, {tone}),
		span(padStart(formatPercent(gpu.utilization), percentWidth), tone === 'good' ? 'strong' : tone),
		...(sparkWidth > 0 ? [span(`  ${course(gpu.series.utilization, 1, input, sparkWidth)}`, tone)] : []),
		...(hasMemory ? [span(`  ${memory}`, memoryTone(share))] : []),
		...(memoryBar > 0
			? [
					span(' '),
					...bar(share, memoryBar - 1, {
						tone: share !== undefined && memoryTone(share) === 'bad' ? 'bad' : 'accent',
						track: true,
					}),
				]
			: []),
	];
}

/** With room for two lines a GPU: utilization with its bar and course above, memory with its bar below. */
function twoLines(gpu: Gpu, node: Node, input: PaneInput): readonly Line[] {
	const {width} = input;
	const {rank, memory} = measure(gpu, node, false);
	const share = shareOf(gpu, node);
	const tone = utilizationTone(gpu.utilization);
	const numbers = Math.max(cells(memory), percentWidth) + 1;
	const room = width - 1 - rank - numbers - 1;
	const barWidth = room < 24 ? Math.max(room, 1) : Math.floor((room - 2) * 0.55);
	const sparkWidth = room < 24 ? 0 : room - 2 - barWidth;
	const upper: Line = [
		span(` ${padStart(gpu.rank, rank - 1)} `, 'dim'),
		...bar(gpu.utilization, barWidth, {tone}),
		span(padStart(formatPercent(gpu.utilization), numbers), tone === 'good' ? 'strong' : tone),
		...(sparkWidth > 0 ? [span(`  ${course(gpu.series.utilization, 1, input, sparkWidth)}`, tone)] : []),
	];
	const lower: Line = [
		span(' '.repeat(rank + 1)),
		...bar(share, barWidth, {tone: share !== undefined && memoryTone(share) === 'bad' ? 'bad' : 'accent', track: true}),
		span(padStart(memory, numbers), memoryTone(share)),
		...(sparkWidth > 0 ? [span(`  ${course(gpu.series.memory, totalOf(node), input, sparkWidth)}`, 'accent')] : []),
	];
	return [upper, lower];
}
