import {mapRecord} from '../../api/points.ts';
import {type Gpu, type Node, share} from '../../metrics/node.ts';
import {formatMoment} from '../../text/clock-time.ts';
import {formatBytes, formatMemory, formatPercent, formatPercentIn} from '../../text/format.ts';
import {noSamplesWords} from '../../text/status-text.ts';
import {amountTone, laggingTone, symbols, type Tone} from '../../theme/theme.ts';
import {rankText, rankWidth} from '../distinct-name.ts';
import {firstFitting, type Line, padStart, type Span, span, textWidth} from '../line.ts';
import {trendRows} from '../metric-line.ts';
import {isCutOff, lastValue, type PaneInput, timeWord} from '../pane-content.ts';
import {type BarLook, bar, type ToneOf, thinBar, utilizationTone} from '../sparkline.ts';

/** Returns whether the newest samples of a node are out of date. False at a cursor, and for a node without samples. */
export function isSilent({reporting, lastSeenMs}: Node, {view}: PaneInput): boolean {
	return !reporting && lastSeenMs !== undefined && view.snapshot.atMs === undefined;
}

/** Returns whether the values of a node are old: its samples are out of date, or the last request failed. */
function isOld(node: Node, input: PaneInput): boolean {
	return isSilent(node, input) || (node.lastSeenMs !== undefined && isCutOff(input));
}

/** Returns the title above the utilization values. */
export function valueTitle(node: Node, input: PaneInput): string {
	return isOld(node, input) ? 'last' : timeWord(input);
}

/** Returns the node with the values of its GPUs' last samples, which are drawn as old values. */
export function withLastValues(node: Node): Node {
	const {lastSeenMs} = node;
	const gpus = node.gpus.map(
		(gpu): Gpu => ({...gpu, ...mapRecord(gpu.series, points => lastValue(points, lastSeenMs))}),
	);
	return {...node, gpus};
}

/** Returns the utilization, after the word `last` if it is old and there is space. */
export function utilizationText({utilization}: Gpu, node: Node, input: PaneInput, width: number): string {
	const text = formatPercent(utilization);
	return isOld(node, input) && utilization !== undefined && textWidth(text) + 5 <= width ? `last ${text}` : text;
}

/** The width of a percentage with the space before it, in cells. */
export const percentWidth = 5;

const minSparkline = 6;

type Measures = {readonly rank: number; readonly memory: string};

/**
 * Returns the width of the ranks of the node's GPUs with the space before them, and the memory of this GPU as text,
 * padded to the widest possible value. If `short`, only the used memory is included.
 */
export function measureGpu(gpu: Gpu, node: Node, short: boolean): Measures {
	const rank = rankWidth(node.gpus.map(other => other.rank)) + 1;
	const total = gpu.memoryTotal;
	const memory = short || total === undefined ? formatBytes(gpu.memory) : formatMemory(gpu.memory, total);
	const widest = short || total === undefined ? 5 : textWidth(formatMemory(total, total)) + 2;
	return {rank, memory: padStart(memory, widest)};
}

type Tones = {readonly utilization: Tone; readonly trend: ToneOf; readonly memory: Tone};

/**
 * Returns the tones of a GPU's values. If the node's samples are out of date, the values are dim. Otherwise, memory is
 * `bad` if a finding is about it, and utilization is `bad` if a finding is about it and it is also low (see
 * `laggingTone`); other values are dim if the GPU is idle (utilization only) or the last request failed.
 */
export function tonesOf({rank, utilization}: Gpu, node: Node, input: PaneInput): Tones {
	const {markers} = input;
	const {id} = node;
	const lags = markers.hasGpu(id, rank, 'utilization');
	const trend = lags ? laggingTone : amountTone;
	if (isSilent(node, input)) {
		return {utilization: 'dim', trend, memory: 'dim'};
	}

	const usual = isCutOff(input) ? 'dim' : 'plain';
	const used = lags ? laggingTone(utilization ?? 0) : utilizationTone(utilization);
	return {
		utilization: used === 'plain' ? usual : used,
		trend,
		memory: markers.hasGpu(id, rank, 'gpu memory') ? 'bad' : usual,
	};
}

/**
 * Says when the GPU was last seen, or that it has no samples; the text is shown instead of its bar. Empty if
 * it has a current sample, if its node doesn't report, at a cursor, or if the text is too long.
 */
function lastSeen({freshness, utilization}: Gpu, node: Node, {view, zone}: PaneInput, width: number): string {
	const {newestMs} = freshness;
	if (utilization !== undefined || !node.reporting || freshness.isFresh || view.snapshot.atMs !== undefined) {
		return '';
	}

	const words =
		newestMs === undefined ? noSamplesWords(view.snapshot) : `last seen ${formatMoment(newestMs, view.nowMs, zone)}`;
	return textWidth(words) <= width ? words : '';
}

/** Returns the bar of the utilization, or the time at which the GPU was last seen. */
export function utilizationBar(gpu: Gpu, node: Node, input: PaneInput, width: number, look: BarLook): Line {
	const words = lastSeen(gpu, node, input, width);
	return words === '' ? bar(gpu.utilization, width, look) : [span(words.padEnd(width), 'warn')];
}

/** The width, in cells, of the mean utilization over the window, including the space before it. */
export const busyWidth = 6;

/** Returns the mean utilization of a GPU over the window, padded to `busyWidth` cells. */
export function busyOf({busy}: Gpu): Line {
	return [span(padStart(formatPercentIn(busy?.mean, 4), busyWidth))];
}

/** Returns the cell after a value: a mark if a finding is about that value of the GPU. */
export function markOf({rank}: Gpu, {id}: Node, {markers}: PaneInput, value: 'utilization' | 'gpu memory'): Span {
	// A GPU that doesn't report has text in place of its utilization.
	const isMissing = value === 'utilization' && markers.hasGpu(id, rank, 'presence');
	return span(isMissing || markers.hasGpu(id, rank, value) ? symbols.mark : ' ', 'bad');
}

/**
 * Returns the rank of a GPU with a space on both sides, padded or shortened so that it is `width` cells wide with the
 * space before it.
 */
export function rankSpan({rank}: Gpu, {gpus}: Node, width: number): Span {
	const text = rankText(
		rank,
		width - 1,
		gpus.map(other => other.rank),
	);
	return span(` ${text} `, 'dim');
}

/** Returns the widths of the parts of a one-line row. Omitted parts have a width of 0. */
function widthsOfOne(gpu: Gpu, node: Node, width: number) {
	const isRoomy = width >= 56;
	const {rank, memory} = measureGpu(gpu, node, !isRoomy);
	const memoryWidth = width >= 24 ? textWidth(memory) + 2 : 0;
	const memoryBar = isRoomy && gpu.memoryTotal !== undefined ? 9 : 0;
	const busy = width >= 76 ? busyWidth : 0;
	const room = width - 1 - rank - percentWidth - memoryWidth - memoryBar - 1 - busy;
	const trendWidth = room >= 2 * minSparkline + 4 ? Math.floor((room - 2) * 0.5) : 0;
	const barWidth = Math.max(room - (trendWidth > 0 ? trendWidth + 2 : 0), 1);
	return {rank, memory, memoryWidth, memoryBar, busy: trendWidth > 0 ? busy : 0, trendWidth, barWidth};
}

/**
 * Draws a GPU in one line: its rank, bar, and percentage and, if there is space, the memory, the sparkline, the mean,
 * and a bar for memory.
 */
export function gpuInOneLine(gpu: Gpu, node: Node, input: PaneInput, width: number): Line {
	const {rank, memory, memoryWidth, memoryBar, busy, trendWidth, barWidth} = widthsOfOne(gpu, node, width);
	const tones = tonesOf(gpu, node, input);
	const {snapshot} = input.view;
	const look = {snapshot, top: 1, tone: tones.trend, height: 1, symbols: input.symbols} as const;
	return [
		rankSpan(gpu, node, rank),
		// The bars of old values are as long as those of current ones: their tone and the title say that they are old.
		...utilizationBar(gpu, node, input, barWidth, {tone: tones.utilization}),
		span(
			padStart(formatPercentIn(gpu.utilization, percentWidth - 1), percentWidth),
			tones.utilization === 'plain' ? 'strong' : tones.utilization,
		),
		markOf(gpu, node, input, 'utilization'),
		...(trendWidth > 0 ? [span(' '), ...trendRows(gpu.series.utilization, trendWidth, look).flat()] : []),
		...(busy > 0 ? busyOf(gpu) : []),
		...(memoryWidth > 0 ? [span(`${trendWidth > 0 ? '  ' : ' '}${memory}`, tones.memory)] : []),
		...(memoryBar > 0 ? [span(' '), ...thinBar(share(gpu.memory, gpu.memoryTotal), memoryBar - 1, tones.memory)] : []),
		...(memoryWidth > 0 ? [markOf(gpu, node, input, 'gpu memory')] : []),
	];
}

/** Returns the titles above one-line rows. */
export function headOfOne(node: Node, input: PaneInput, width: number): Line {
	const {view} = input;
	const [gpu] = node.gpus;
	if (gpu === undefined) {
		return [];
	}

	const {rank, memoryWidth, memoryBar, busy, trendWidth, barWidth} = widthsOfOne(gpu, node, width);
	const parts = [
		' '.repeat(rank + 1),
		padTo('utilization', barWidth),
		padStart(valueTitle(node, input), percentWidth),
		trendWidth > 0 ? `  ${padTo(`in ${view.snapshot.window.name}`, trendWidth)}` : '',
		busy > 0 ? padStart('busy', busy) : '',
		padStart(memoryWidth > 0 ? 'memory' : '', memoryWidth),
		' '.repeat(memoryBar),
	];
	return [span(parts.join(''), 'dim')];
}

/** Pads a title to a width, or omits it if it is longer. */
function padTo(text: string, width: number): string {
	return (textWidth(text) <= width ? text : '').padEnd(width);
}

/**
 * Returns the position of the selected GPU on the node. If it is the node's first GPU or is on another node, returns
 * the position of the node's first GPU with a finding instead, or 0 if there is none.
 */
export function selectedOf({id, gpus}: Node, {gpus: {rows, selected}, markers}: PaneInput): number {
	const row = rows[selected];
	const at = row?.node.id === id ? gpus.findIndex(({rank}) => rank === row.gpu.rank) : -1;
	return at > 0
		? at
		: Math.max(
				gpus.findIndex(({rank}) => markers.hasGpu(id, rank)),
				0,
			);
}

/** States the numbers of GPUs above and below the visible ones and, if there is space, which of them have a finding. */
export function hiddenLine({id, gpus}: Node, first: number, room: number, {markers, width}: PaneInput): Line {
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
