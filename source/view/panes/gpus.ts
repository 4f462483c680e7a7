import {type Gpu, type Node, share} from '../../metrics/node.ts';
import {symbols} from '../../theme/theme.ts';
import {cutNameStart} from '../distinct-name.ts';
import {
	firstFitting,
	fitLine,
	type Line,
	lineWidth,
	padStart,
	scrollOffset,
	spaceBetween,
	span,
	textWidth,
} from '../line.ts';
import {trendRows} from '../metric-line.ts';
import {centered, type PaneContent, type PaneInput, whyEmpty, whyNoneListed} from '../pane-content.ts';
import {thinBar} from '../sparkline.ts';
import {gpuDetailPane, gpuFields, gpuValues} from './detail.ts';
import {
	busyOf,
	busyWidth,
	gpuInOneLine,
	headOfOne,
	hiddenLine,
	isSilent,
	markOf,
	measureGpu,
	percentWidth,
	rankSpan,
	selectedOf,
	tonesOf,
	utilizationBar,
	utilizationText,
	valueTitle,
	withLastValues,
} from './gpu-rows.ts';
import {heatMapPane} from './heat-map.ts';

/** Returns the widths of the parts of a row with several lines. */
function widthsOfSeveral(gpu: Gpu, node: Node, width: number) {
	const {rank, memory} = measureGpu(gpu, node, false);
	const numbers = Math.max(textWidth(memory), percentWidth) + 1;
	const room = width - 1 - rank - numbers - 1;
	const busy = room >= 48 ? busyWidth : 0;
	const barWidth = room < 24 ? Math.max(room, 1) : Math.floor((room - 2 - busy) * 0.4);
	const trendWidth = room < 24 ? 0 : room - 2 - barWidth - busy;
	return {rank, memory, numbers, busy, barWidth, trendWidth};
}

/** Returns the titles above the pairs of bars: they identify the bars and show the time range of the trends. */
function headOfSeveral(node: Node, input: PaneInput): Line {
	const {view, width} = input;
	const [gpu] = node.gpus;
	if (gpu === undefined) {
		return [];
	}

	const {rank, numbers, busy, barWidth, trendWidth} = widthsOfSeveral(gpu, node, width);
	const legends: readonly Line[] = [
		[span(symbols.bar), span(' utilization  ', 'dim'), span(symbols.thinBar), span(' memory', 'dim')],
		[span(symbols.bar), span(' util  ', 'dim'), span(symbols.thinBar), span(' mem', 'dim')],
		[span('utilization', 'dim')],
		[],
	];
	const legend = firstFitting(legends, barWidth);
	const {name} = view.snapshot.window;
	const titles = [`utilization in ${name}, 0–100%`, `utilization in ${name}`, `in ${name}`, ''];
	return [
		span(' '.repeat(rank + 1)),
		...legend,
		span(' '.repeat(Math.max(barWidth - lineWidth(legend), 0))),
		span(padStart(valueTitle(node, input), numbers), 'dim'),
		...(trendWidth > 0
			? [span(`  ${(titles.find(text => textWidth(text) <= trendWidth) ?? '').padEnd(trendWidth)}`, 'dim')]
			: []),
		...(busy > 0 ? [span(padStart('busy', busy), 'dim')] : []),
	];
}

/**
 * Draws a GPU in several lines: the bars and values of its utilization and its memory, and its utilization over time.
 */
function gpuInSeveralLines(gpu: Gpu, node: Node, input: PaneInput, height: number): readonly Line[] {
	const {rank, memory, numbers, busy, barWidth, trendWidth} = widthsOfSeveral(gpu, node, input.width);
	const tones = tonesOf(gpu, node, input);
	const {snapshot} = input.view;
	const over =
		trendWidth > 0
			? trendRows(gpu.series.utilization, trendWidth, {
					snapshot,
					tone: tones.trend,
					top: 1,
					// A blank line separates the GPUs if there is space.
					height: height > 3 ? height - 1 : height,
					symbols: input.symbols,
				})
			: [];
	const before: readonly Line[] = [
		[
			rankSpan(gpu, node, rank),
			...utilizationBar(gpu, node, input, barWidth, {tone: tones.utilization}),
			span(
				padStart(utilizationText(gpu, node, input, numbers), numbers),
				tones.utilization === 'plain' ? 'strong' : tones.utilization,
			),
		],
		[
			span(' '.repeat(rank + 1)),
			...thinBar(share(gpu.memory, gpu.memoryTotal), barWidth, tones.memory),
			span(padStart(memory, numbers), tones.memory),
		],
	];
	return Array.from({length: height}, (_, index): Line => {
		const left = before[index] ?? [span(' '.repeat(rank + 1 + barWidth + numbers))];
		const mark = index > 1 ? span(' ') : markOf(gpu, node, input, index === 0 ? 'utilization' : 'gpu memory');
		const right: Line = trendWidth > 0 ? [span(' '), ...(over[index] ?? [])] : [];
		return [...left, mark, ...right, ...(index === 0 && busy > 0 ? busyOf(gpu) : [])];
	});
}

/**
 * Draws the GPUs of the selected node: the utilization of each, now and over the window, and its memory. In full
 * screen, draws the heat map of all nodes, or one GPU.
 */
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
		return {...title, values, body: [headLine(node?.id ?? '', values, input), ...linesOf(node, {...input, height})]};
	}

	return {...title, values, body: linesOf(node, input)};
}

/** Returns the title of the section if it has no frame: the node's name, cut if it doesn't fit, and its values. */
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
		return whyNoneListed(input, 'node');
	}

	return node === undefined || snapshot.problems.length > 0
		? whyEmpty(input, 'GPU metrics', gpuFields)
		: node.lastSeenMs === undefined
			? whyEmpty(input, `samples from ${node.id}`, gpuFields)
			: `${node.id} has no GPU metrics`;
}

function linesOf(node: Node | undefined, input: PaneInput): readonly Line[] {
	const hasSamples =
		input.view.snapshot.atMs !== undefined || node?.gpus.some(({freshness}) => freshness.newestMs !== undefined);
	return node === undefined || node.gpus.length === 0 || hasSamples === false
		? centered(emptyReason(node, input), input.width, input.height)
		: gpuLines(node, input);
}

/** The minimum width of a column, in cells, if the GPUs are in two columns. */
const minColumnWidth = 13;

/** The space between two columns, in cells. */
const gutter = 3;

/** The maximum number of lines per GPU; its utilization trend gets taller with more lines. */
const maxLines = 10;

/**
 * Draws the GPUs of a node in the available rows: several lines per GPU if they fit, otherwise one line, in two
 * columns if necessary. If not all GPUs fit, the GPU that `selectedOf` chooses is visible.
 */
function gpuLines(current: Node, input: PaneInput): readonly Line[] {
	const {width, height} = input;
	const node = isSilent(current, input) ? withLastValues(current) : current;
	const {gpus} = node;
	const withHead = height - 1;
	const per = Math.min(Math.floor(withHead / gpus.length), maxLines);
	if (per >= 2 && input.variant !== 'bare') {
		return [headOfSeveral(node, input), ...gpus.flatMap(gpu => gpuInSeveralLines(gpu, node, input, per))];
	}

	if (height >= 2 * gpus.length) {
		return gpus.flatMap(gpu => gpuInSeveralLines(gpu, node, input, 2));
	}

	if (gpus.length <= height) {
		const rows = gpus.map(gpu => gpuInOneLine(gpu, node, input, width));
		return gpus.length < height && input.variant !== 'bare' ? [headOfOne(node, input, width), ...rows] : rows;
	}

	const columns = width < 2 * minColumnWidth + gutter ? 1 : 2;
	const columnWidth = Math.floor((width - gutter * (columns - 1)) / columns);
	const needed = Math.ceil(gpus.length / columns);
	const hasMore = needed > height;
	const rows = hasMore ? Math.max(height - 1, 0) : needed;
	const room = rows * columns;
	const first = hasMore ? scrollOffset(selectedOf(node, input), gpus.length, room) : 0;
	const shown = gpus.slice(first, first + room);
	const draw = (gpu: Gpu | undefined): Line => (gpu === undefined ? [] : gpuInOneLine(gpu, node, input, columnWidth));
	const lines = Array.from({length: rows}, (_, row): Line => {
		const right = shown[row + rows];
		return columns === 1
			? draw(shown[row])
			: [...fitLine(draw(shown[row]), columnWidth), span(' '.repeat(gutter)), ...draw(right)];
	});
	const head = !hasMore && rows < height && columns === 2 && input.variant !== 'bare';
	const heads: Line = [...fitLine(headOfOne(node, input, columnWidth), columnWidth), span(' '.repeat(gutter))];
	return [
		...(head ? [[...heads, ...headOfOne(node, input, columnWidth)]] : []),
		...lines,
		...(hasMore ? [hiddenLine(node, first, room, input)] : []),
	];
}
