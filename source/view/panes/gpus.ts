import type {Gpu, Node} from '../../metrics/node.ts';
import {symbols} from '../../theme/theme.ts';
import {
	cutNameStart,
	firstFitting,
	fitLine,
	type Line,
	lineWidth,
	scrollOffset,
	spaceBetween,
	span,
	textWidth,
} from '../line.ts';
import {centered, type PaneContent, type PaneInput, whyEmpty} from '../pane-content.ts';
import {gpuInSeveralLines, headOfSeveral} from './gpu-bars.ts';
import {gpuDetailPane, gpuFields, gpuValues} from './gpu-detail.ts';
import {gpuInOneLine, headOfOne, isOld, withLastValues} from './gpu-rows.ts';
import {heatMapPane} from './heat-map.ts';

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
		return {...title, values, body: [headLine(node?.id ?? '', values, input), ...linesOf(node, {...input, height})]};
	}

	return {...title, values, body: linesOf(node, input)};
}

/** Returns the title of the section if it has no frame: the node's whole name, if it fits, followed by its values. */
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

/** The minimum width of one of two columns of GPUs. */
const minColumnWidth = 13;

/** The space between two columns. */
const gutter = 3;

/** The maximum number of lines per GPU; its utilization trend gets taller with more lines. */
const maxLines = 10;

/**
 * Returns the GPUs of a node in exactly the available rows: several lines per GPU if they fit, otherwise one line, in
 * two columns if necessary. The selected GPU is always visible.
 */
function gpuLines(current: Node, input: PaneInput): readonly Line[] {
	const {width, height} = input;
	const node = isOld(current, input) ? withLastValues(current) : current;
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

/**
 * Returns the position of the selected GPU among those of the node, or of the first one with a finding if the selected
 * GPU is on another node.
 */
function selectedOf({id, gpus}: Node, {gpus: {rows, selected}, markers}: PaneInput): number {
	const row = rows[selected];
	const at = row?.node.id === id ? gpus.findIndex(({rank}) => rank === row.gpu.rank) : -1;
	return at > 0
		? at
		: Math.max(
				gpus.findIndex(({rank}) => markers.hasGpu(id, rank)),
				0,
			);
}

/** Says how many GPUs are above and below the visible ones, and which of them have a finding. */
function hiddenLine({id, gpus}: Node, first: number, room: number, {markers, width}: PaneInput): Line {
	const [above, below] = [gpus.slice(0, first), gpus.slice(first + room)];
	const counts = [
		...(above.length > 0 ? [`${symbols.above} ${above.length}`] : []),
		...(below.length > 0 ? [`${symbols.below} ${below.length}`] : []),
	];
	const marked = [...above, ...below].filter(({rank}) => markers.hasGpu(id, rank)).map(({rank}) => rank);
	const more: Line = [span(` ${counts.join('  ')} more`, 'dim')];
	return marked.length === 0
		? more
		: firstFitting(
				[
					[...more, span(`  ${symbols.mark} ${marked.join(' ')}`, 'bad')],
					[...more, span(` ${symbols.mark}`, 'bad')],
				],
				width,
			);
}
