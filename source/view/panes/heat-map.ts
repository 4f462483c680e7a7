// Longer than 250 lines because headings, nodes, and GPUs are drawn with the widths of one layout.

import type {GpuRow} from '../../metrics/arrange.ts';
import {type Gpu, type Node, share} from '../../metrics/node.ts';
import {gapThreshold} from '../../metrics/series.ts';
import {formatBytes, formatMemory, formatPercent, formatPercentIn} from '../../text/format.ts';
import {amountTone, laggingTone, symbols, type Tone} from '../../theme/theme.ts';
import {type CutName, distinctNames, rankText} from '../distinct-name.ts';
import {
	type Line,
	lineWidth,
	padEnd,
	padStart,
	rowMark,
	type Span,
	scrollOffset,
	spaceBetween,
	span,
	textWidth,
} from '../line.ts';
import {
	asOld,
	busyWords,
	centered,
	type HitTarget,
	type PaneContent,
	type PaneInput,
	timeWord,
	whyEmpty,
	whyNoneListed,
} from '../pane-content.ts';
import {chartRange, columnAfter, cursorColumn, quietTail, resample} from '../resample.ts';
import {markedRow, utilizationTone} from '../sparkline.ts';
import {gpuFields} from './detail.ts';
import {
	arrange,
	type Block,
	blocksOf,
	footer,
	gutter,
	heatMapWidths,
	isSelected,
	joinSideBySide,
	type MapLine,
	percentWidth,
	targetOf,
	type Widths,
} from './heat-map-layout.ts';

const {steps} = symbols;

function stepGlyph(value: number): string {
	return steps[Math.min(Math.max(Math.floor(value * steps.length), 0), steps.length - 1)] ?? ' ';
}

/**
 * Draws one row for each GPU that matches the filter: its utilization or memory over the window, in five steps. If
 * there are too many GPUs, all GPUs of a node can share one row.
 */
export function heatMapPane(input: PaneInput): PaneContent {
	const {choices, gpus} = input;
	const {rows, selected} = gpus;
	const all = input.view.snapshot.nodes.reduce((sum, {gpus}) => sum + gpus.length, 0);
	const count = rows.length === all ? `${all} GPUs` : `${rows.length} of ${all} GPUs match`;
	const position = rows.length > 0 ? `${selected + 1} of ${count}` : count;
	const scale: Line = [
		span('0 ', 'dim'),
		...steps.map((glyph, step) => span(glyph, amountTone((step + 0.5) / steps.length))),
		span(` 100%  `, 'dim'),
	];
	const title = {
		title: 'GPUs',
		subtitles: [`${choices.heat} over time`, choices.heat, ''],
		values: [[...scale, span(position)], [span(position)], [span(count)]],
	};
	if (rows.length === 0) {
		const why = all === 0 ? whyEmpty(input, 'GPU metrics', gpuFields) : whyNoneListed(input, 'GPU');
		return {...title, body: centered(why, input.width, input.height)};
	}

	return {...title, ...mapOf(input)};
}

function mapOf(input: PaneInput): Pick<PaneContent, 'body'> & {readonly targets: ReadonlyArray<HitTarget | undefined>} {
	const {width} = input;
	const {rows, selected} = input.gpus;
	const height = Math.max(input.height - 1, 1);
	const {lines, columns} = arrange(blocksOf(rows), height, width, input);
	const at = lines.findIndex(line => isSelected(line, selected));
	const room = height * columns;
	const first = scrollOffset(at, lines.length, room);
	const shown = lines.slice(first, first + room);
	const columnWidth = Math.floor((width - gutter * (columns - 1)) / columns);
	const column: PaneInput = {...input, width: columnWidth};
	const widths = heatMapWidths(column, lines);
	const cutName = distinctNames(input.view.nodes.map(({id}) => id));
	const drawn = shown.map(line => drawLine(line, widths, cutName, column));
	const hidden = {above: first, below: lines.length - first - shown.length};
	const body = Array.from({length: height}, (_, row) =>
		joinSideBySide(
			Array.from({length: columns}, (__, index) => drawn[index * height + row] ?? []),
			columnWidth,
		),
	);
	const footers = Array.from({length: columns}, (_, index) =>
		footer(index === columns - 1 ? hidden : {above: 0, below: 0}, widths, column),
	);
	const targets = Array.from({length: height}, (_, row): HitTarget => {
		const inRow = Array.from({length: columns}, (__, index) => shown[index * height + row]);
		return {kind: 'columns', width: columnWidth + gutter, targets: inRow.map(line => line && targetOf(line, rows))};
	});
	return {body: [...body, joinSideBySide(footers, columnWidth)], targets};
}

function drawLine(line: MapLine, widths: Widths, cutName: CutName, input: PaneInput): Line {
	switch (line.kind) {
		case 'head':
			return headLine(line.node, cutName, input);
		case 'node':
			return nodeLine(line.block, widths, cutName, input);
		case 'blank':
			return [];
		case 'gpu':
			return gpuLine(input.gpus.rows[line.position], line.position === input.gpus.selected, widths, input);
	}
}

/** Returns the line above the GPUs of a node: its name, how busy it is, its utilization, and its memory. */
function headLine(node: Node, cutName: CutName, input: PaneInput): Line {
	const {width, markers, view} = input;
	const {window} = view.snapshot;
	const busy =
		node.busy === undefined || width < 60
			? []
			: [span(`busy ${busyWords(node.busy, window)} ${symbols.dot} ${timeWord(input)} `, 'dim')];
	const right: Line = [
		...busy,
		...asOld([span(formatPercent(node.utilization), 'strong')], input),
		span(` ${symbols.dot} ${formatMemory(node.gpuMemory, node.gpuMemoryTotal)} `, 'dim'),
	];
	const name = cutName(node.id, Math.max(width - lineWidth(right) - 4, 1));
	const isMarked = markers.hasNode(node.id);
	const left: Line = [span(` ${name}`, 'strong')];
	return spaceBetween(isMarked ? [...left, span(` ${symbols.mark}`, 'bad')] : left, right, width);
}

type Values = ReadonlyArray<number | undefined>;

/**
 * Returns the value of one GPU in each column: its utilization, or the share of its memory in use. A single missed
 * sample isn't shown as a gap. Empty until the window's response is received, and for memory if the total is unknown.
 */
function sharesOf({series, memoryTotal}: Gpu, {view: {snapshot}, choices: {heat}}: PaneInput, width: number): Values {
	const points = heat === 'memory' ? series.memory : series.utilization;
	if (!snapshot.complete || (heat === 'memory' && memoryTotal === undefined)) {
		return [];
	}

	const stepMs = gapThreshold(points, snapshot.window.stepMs);
	const values = resample(points, chartRange(snapshot, width), width, {stepMs, summary: 'extremes'});
	const total = heat === 'memory' ? (memoryTotal ?? 1) : 1;
	return total === 1 ? values : values.map(value => (value === undefined ? undefined : value / total));
}

/** Returns the current value of a GPU, as a share. */
function shareNow({utilization, memory, memoryTotal}: Gpu, {choices: {heat}}: PaneInput): number | undefined {
	return heat === 'memory' ? share(memory, memoryTotal) : utilization;
}

/**
 * Draws a node in one line: the height shows the mean of its GPUs, and the color shows their lowest value; for a node
 * with a finding, a low utilization has the tone `bad` (see `laggingTone`).
 */
function nodeLine({node, positions}: Block, {rank, map, memory}: Widths, cutName: CutName, input: PaneInput): Line {
	const {gpus, markers, view} = input;
	const {heat} = input.choices;
	const nameWidth = rank + 1;
	const all = positions.flatMap(position => {
		const row = gpus.rows[position];
		return row === undefined ? [] : [sharesOf(row.gpu, input, map)];
	});
	const isMarked = markers.hasNode(node.id);
	const columns = Array.from({length: map}, (_, column) => all.flatMap(values => values[column] ?? []));
	const isSelectedNode = positions.includes(gpus.selected);
	const chosen = isSelectedNode ? gpus.rows[gpus.selected]?.gpu : undefined;
	const mean = heat === 'memory' ? share(node.gpuMemory, node.gpuMemoryTotal) : node.utilization;
	// The selected GPU has no row of its own, so its rank and value are shown in its node's row.
	const rankEnd = chosen === undefined ? '' : ` ${chosen.rank}`;
	const name = cutName(node.id, nameWidth - 1 - textWidth(rankEnd)) + rankEnd;
	return [
		rowMark(isSelectedNode),
		span(padEnd(name, nameWidth), isSelectedNode ? 'selected' : 'plain'),
		...heatCells(
			columns.map(known => (known.length === 0 ? undefined : known.reduce((a, b) => a + b) / known.length)),
			(_, column) => {
				const lowest = Math.min(...(columns[column] ?? [1]));
				return isMarked && heat === 'utilization' ? laggingTone(lowest) : amountTone(lowest);
			},
			quietFromOf(
				node.gpus.map(({series}) => series.utilization),
				map,
				input,
			),
			cursorColumn(view.snapshot.atMs, chartRange(view.snapshot, map), map),
		),
		...asOld(
			[
				valueSpan(chosen === undefined ? mean : shareNow(chosen, input), isSelectedNode ? 'selected' : 'strong'),
				...memorySpans(chosen?.memory ?? node.gpuMemory, memory, 'plain'),
			],
			input,
		),
		span(isMarked ? ` ${symbols.mark}` : '  ', 'bad'),
	];
}

function quietFromOf(series: Parameters<typeof quietTail>[0], width: number, {view: {snapshot}}: PaneInput): number {
	const quiet = quietTail(series, snapshot);
	return quiet === undefined ? width : columnAfter(quiet.fromMs, chartRange(snapshot, width), width);
}

function gpuLine(row: GpuRow | undefined, isChosen: boolean, {rank, map, memory}: Widths, input: PaneInput): Line {
	if (row === undefined) {
		return [];
	}

	const {gpu, node} = row;
	const {markers, view, choices} = input;
	const {snapshot} = view;
	const {heat} = choices;
	const isMarked = markers.hasGpu(node.id, gpu.rank);
	const lags = heat === 'utilization' && markers.hasGpu(node.id, gpu.rank, 'utilization');
	const isFull = markers.hasGpu(node.id, gpu.rank, 'gpu memory');
	const now = shareNow(gpu, input);
	const tone: Tone = lags || (heat === 'memory' && isFull) ? 'bad' : heat === 'memory' ? 'plain' : utilizationTone(now);
	const values = sharesOf(gpu, input, map);
	return [
		rowMark(isChosen),
		span(
			`${rankText(
				gpu.rank,
				rank,
				node.gpus.map(other => other.rank),
			)} `,
			isChosen ? 'selected' : 'dim',
		),
		...heatCells(
			Array.from({length: map}, (_, column) => values[column]),
			value => (lags ? laggingTone(value) : amountTone(value)),
			quietFromOf([heat === 'memory' ? gpu.series.memory : gpu.series.utilization], map, input),
			cursorColumn(snapshot.atMs, chartRange(snapshot, map), map),
		),
		...asOld(
			[
				valueSpan(now, tone === 'plain' ? 'strong' : tone),
				...memorySpans(gpu.memory, memory, isFull ? 'bad' : 'plain'),
			],
			input,
		),
		span(isMarked ? ` ${symbols.mark}` : '  ', 'bad'),
	];
}

function valueSpan(value: number | undefined, tone: Tone): Span {
	return span(padStart(formatPercentIn(value, percentWidth - 1), percentWidth), tone);
}

function memorySpans(bytes: number | undefined, width: number, tone: Tone): Line {
	return width > 0 ? [span(padStart(formatBytes(bytes), width), tone)] : [];
}

/** Draws each value as a glyph with a height and tone. Columns without samples are blank or marked; see `markedRow`. */
function heatCells(
	values: Values,
	tone: (value: number, column: number) => Tone,
	quietFrom: number,
	cursor: number | undefined,
): Line {
	return markedRow(values, quietFrom, cursor, (value, column) => ({
		glyph: stepGlyph(value),
		tone: tone(value, column),
	}));
}
