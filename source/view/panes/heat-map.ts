import type {GpuRow} from '../../metrics/arrange.ts';
import type {Node} from '../../metrics/node.ts';
import {formatBytes, formatMemory, formatPercent, formatPercentIn} from '../../text/format.ts';
import {laggingTone, symbols, type Tone, utilizationTone} from '../../theme/theme.ts';
import {busyWords} from '../age-words.ts';
import {timeAxis} from '../axis.ts';
import {distinctNames, rankText, rankWidth} from '../distinct-name.ts';
import {type Line, lineWidth, padStart, scrollOffset, spaceBetween, span} from '../line.ts';
import {centered, type HitTarget, type PaneContent, type PaneInput, whyEmpty} from '../pane-content.ts';
import {chartRange, columnAfter, cursorColumn, quietTail, resample} from '../resample.ts';
import {type Glyph, joinGlyphs, levelGlyph, noData} from '../sparkline.ts';
import {gpuFields} from './gpu-detail.ts';

/** A line of the map: the name of a node above its GPUs, or one GPU by its position among all rows. */
type MapLine = {readonly kind: 'node'; readonly node: Node} | {readonly kind: 'gpu'; readonly position: number};

/** Draws all GPUs of all nodes over the window, one row each, with glyph and color by utilization. */
export function heatMapPane(input: PaneInput): PaneContent {
	const {rows, selected} = input.gpus;
	const all = input.view.snapshot.nodes.reduce((sum, {gpus}) => sum + gpus.length, 0);
	const count = rows.length === all ? `${all} GPUs` : `${rows.length} of ${all} GPUs match`;
	const position = rows.length > 0 ? `${selected + 1} of ${count}` : count;
	const title = {
		title: 'GPUs',
		subtitles: ['utilization over time', 'utilization', ''],
		values: [[span(position)], [span(count)]],
	};
	if (rows.length === 0) {
		const why = all === 0 ? whyEmpty(input, 'GPU metrics', gpuFields) : `no GPU matches ${input.filter.text}`;
		return {...title, body: centered(why, input.width, input.height)};
	}

	const lines = mapLines(rows);
	const height = Math.max(input.height - 1, 1);
	const at = lines.findIndex(line => line.kind === 'gpu' && line.position === selected);
	const first = scrollOffset(at, lines.length, height);
	const shown = lines.slice(first, first + height);
	const widths = measure(input);
	const body = shown.map(line =>
		line.kind === 'node'
			? nodeLine(line.node, input)
			: gpuLine(rows[line.position], line.position === selected, widths, input),
	);
	const targets = shown.flatMap((line): readonly HitTarget[] => {
		const row = line.kind === 'gpu' ? rows[line.position] : undefined;
		const node = line.kind === 'node' ? line.node.id : row?.node.id;
		return node === undefined ? [] : [{kind: 'node', node, ...(row === undefined ? {} : {rank: row.gpu.rank})}];
	});
	return {
		...title,
		body: [...body, footer(first, lines.length - first - shown.length, widths, input)],
		targets,
	};
}

/** Returns the rows, with a line above each node's. */
function mapLines(rows: readonly GpuRow[]): readonly MapLine[] {
	return rows.flatMap(({node}, position): readonly MapLine[] => {
		const line: MapLine = {kind: 'gpu', position};
		return rows[position - 1]?.node === node ? [line] : [{kind: 'node', node}, line];
	});
}

type Widths = {readonly rank: number; readonly map: number; readonly memory: number};

const percentWidth = 5;

/** Divides the width. Memory is shown if it fits next to the map. */
function measure({gpus: {rows}, width}: PaneInput): Widths {
	const rank = rankWidth(
		rows.map(({gpu}) => gpu.rank),
		2,
	);
	const memory = width >= 60 ? 7 : 0;
	return {rank, memory, map: Math.max(width - rank - percentWidth - memory - 4, 1)};
}

/** Returns the times below the map, and how many lines are above and below. */
function footer(above: number, below: number, {rank, map}: Widths, {view, zone}: PaneInput): Line {
	const hidden = [
		...(above > 0 ? [`${symbols.above}${above}`] : []),
		...(below > 0 ? [`${symbols.below}${below}`] : []),
	].join(' ');
	const axis = timeAxis(chartRange(view.snapshot, map), map, zone);
	return [span(' '.repeat(rank + 2)), span(axis, 'dim'), span(` ${hidden}`, 'dim')];
}

function nodeLine(node: Node, {width, markers, view}: PaneInput): Line {
	const {window} = view.snapshot;
	const busy =
		node.busy === undefined || width < 60
			? []
			: [span(`busy ${busyWords(node.busy, window)} ${symbols.dot} now `, 'dim')];
	const right: Line = [
		...busy,
		span(formatPercent(node.utilization), 'strong'),
		span(` ${symbols.dot} ${formatMemory(node.gpuMemory, node.gpuMemoryTotal)} `, 'dim'),
	];
	const name = distinctNames(view.nodes.map(({id}) => id))(node.id, Math.max(width - lineWidth(right) - 4, 1));
	const isMarked = markers.hasNode(node.id);
	const left: Line = [span(` ${name}`, 'strong')];
	return spaceBetween(isMarked ? [...left, span(` ${symbols.mark}`, 'bad')] : left, right, width);
}

function gpuLine(row: GpuRow | undefined, isSelected: boolean, {rank, map, memory}: Widths, input: PaneInput): Line {
	if (row === undefined) {
		return [];
	}

	const {gpu, node} = row;
	const {snapshot} = input.view;
	const {stepMs} = snapshot.window;
	const values = snapshot.complete
		? resample(gpu.series.utilization, chartRange(snapshot, map), map, {stepMs, summary: 'extremes'})
		: [];
	const {markers} = input;
	const isMarked = markers.hasGpu(node.id, gpu.rank);
	const lags = markers.hasGpu(node.id, gpu.rank, 'utilization');
	const tone = lags ? 'bad' : utilizationTone(gpu.utilization);
	const memoryTone = markers.hasGpu(node.id, gpu.rank, 'gpu memory') ? 'bad' : 'plain';
	const quiet = quietTail([gpu.series.utilization], snapshot);
	const range = chartRange(snapshot, map);
	return [
		span(isSelected ? symbols.pointer : ' ', 'selected'),
		span(
			`${rankText(
				gpu.rank,
				rank,
				row.node.gpus.map(other => other.rank),
			)} `,
			isSelected ? 'selected' : 'dim',
		),
		...heat(values, map, {
			cursor: cursorColumn(snapshot.atMs, range, map),
			tone: lags ? laggingTone : utilizationTone,
			quietFrom: quiet === undefined ? map : columnAfter(quiet.fromMs, range, map),
		}),
		span(
			padStart(formatPercentIn(gpu.utilization, percentWidth - 1), percentWidth),
			tone === 'plain' ? 'strong' : tone,
		),
		...(memory > 0 ? [span(padStart(formatBytes(gpu.memory), memory), memoryTone)] : []),
		span(isMarked ? ` ${symbols.mark}` : '  ', 'bad'),
	];
}

/** One glyph a column, by height and tone; blank if nothing was received. */
function heat(
	values: ReadonlyArray<number | undefined>,
	width: number,
	{
		cursor,
		tone,
		quietFrom,
	}: {
		readonly cursor: number | undefined;
		readonly tone: (value: number) => Tone;
		readonly quietFrom: number;
	},
): Line {
	const row = Array.from({length: width}, (_, column): Glyph | undefined => {
		const value = values[column];
		if (column === cursor) {
			return {glyph: symbols.cursor, tone: 'selected'};
		}

		return value === undefined
			? column >= quietFrom
				? noData
				: undefined
			: {glyph: levelGlyph(value, 1), tone: tone(value)};
	});
	return joinGlyphs(row);
}
