import type {GpuRow} from '../../metrics/arrange.ts';
import type {Node} from '../../metrics/node.ts';
import {symbols} from '../../theme/theme.ts';
import {timeAxis} from '../chart.ts';
import {rankWidth} from '../distinct-name.ts';
import {fitLine, type Line, span} from '../line.ts';
import type {HitTarget, PaneInput} from '../pane-content.ts';
import {chartRange} from '../resample.ts';

/** The GPUs of one node: their positions among all rows. */
export type Block = {readonly node: Node; readonly positions: readonly number[]};

/**
 * A line of the map: a node above its GPUs, a node with its GPUs in a single line, one GPU by its position among all
 * rows, or a blank line.
 */
export type MapLine =
	| {readonly kind: 'head'; readonly node: Node}
	| {readonly kind: 'node'; readonly block: Block}
	| {readonly kind: 'gpu'; readonly position: number}
	| {readonly kind: 'blank'};

/** The minimum width of a column, in cells, if the map has several. */
const minColumn = 36;
/** The space between two columns, in cells. */
export const gutter = 2;

/** Joins lines of the given width side by side. */
export function joinSideBySide(lines: readonly Line[], width: number): Line {
	return lines.flatMap((line, index) =>
		index === lines.length - 1 ? line : [...fitLine(line, width), span(' '.repeat(gutter))],
	);
}

/** Groups consecutive rows by their node. */
export function blocksOf(rows: readonly GpuRow[]): readonly Block[] {
	const blocks: Array<{node: Node; positions: number[]}> = [];
	for (const [position, {node}] of rows.entries()) {
		const last = blocks.at(-1);
		if (last?.node === node) {
			last.positions.push(position);
		} else {
			blocks.push({node, positions: [position]});
		}
	}

	return blocks;
}

/**
 * Returns the lines and the number of columns: as few columns as possible for all GPUs. If the GPUs don't fit in any
 * number of columns, nodes are collapsed into one line each as needed, those with a finding last, provided that there
 * are several nodes and all of them then fit; otherwise, the map has one column and scrolls.
 */
export function arrange(
	blocks: readonly Block[],
	height: number,
	width: number,
	{markers}: PaneInput,
): {readonly lines: readonly MapLine[]; readonly columns: number} {
	const most = Math.max(Math.floor((width + gutter) / (minColumn + gutter)), 1);
	const needed = blocks.reduce((sum, {positions}) => sum + positions.length + 1, 0);
	const open = (block: Block): readonly MapLine[] => [
		{kind: 'head', node: block.node},
		...block.positions.map((position): MapLine => ({kind: 'gpu', position})),
	];
	for (let columns = Math.ceil(needed / height); columns <= most; columns++) {
		const lines = inColumns(blocks.map(open), height);
		if (lines.length <= columns * height) {
			return {lines, columns};
		}
	}

	if (blocks.length > height * most || blocks.length === 1) {
		return {lines: blocks.flatMap(open), columns: 1};
	}

	const columns = Math.min(most, Math.ceil(needed / height));
	const isOpen = new Set<Block>();
	let spare = height * columns - blocks.length;
	const byNeed = [...blocks].sort((a, b) => Number(markers.hasNode(b.node.id)) - Number(markers.hasNode(a.node.id)));
	for (const block of byNeed) {
		if (block.positions.length <= spare) {
			isOpen.add(block);
			spare -= block.positions.length;
		}
	}

	const lines = blocks.flatMap(block => (isOpen.has(block) ? open(block) : [{kind: 'node' as const, block}]));
	return {lines, columns};
}

/**
 * Arranges blocks of lines in columns of `height` lines. A block begins in the next column if that keeps it in one
 * piece.
 */
function inColumns(blocks: ReadonlyArray<readonly MapLine[]>, height: number): readonly MapLine[] {
	const lines: MapLine[] = [];
	for (const block of blocks) {
		const left = height - (lines.length % height);
		const isCut = block.length > left && block.length <= height;
		lines.push(...Array.from({length: isCut ? left : 0}, (): MapLine => ({kind: 'blank'})), ...block);
	}

	return lines;
}

/** Returns whether a line contains the GPU at the selected position among all rows. */
export function isSelected(line: MapLine, selected: number): boolean {
	return line.kind === 'gpu'
		? line.position === selected
		: line.kind === 'node' && line.block.positions.includes(selected);
}

/** Returns the target of a line: its GPU or node; undefined for a blank line. */
export function targetOf(line: MapLine, rows: readonly GpuRow[]): HitTarget | undefined {
	if (line.kind === 'blank') {
		return undefined;
	}

	if (line.kind !== 'gpu') {
		return {kind: 'node', node: line.kind === 'head' ? line.node.id : line.block.node.id};
	}

	const row = rows[line.position];
	return {kind: 'node', node: row?.node.id ?? '', ...(row === undefined ? {} : {rank: row.gpu.rank})};
}

/**
 * The widths, in cells, of a rank or a name without the space after it, of the map, and of the memory (0 if it isn't
 * shown).
 */
export type Widths = {readonly rank: number; readonly map: number; readonly memory: number};

/** The width of a percentage with the space before it, in cells. */
export const percentWidth = 5;

/** The maximum width of the name of a node in front of its row. */
const maxName = 15;

/**
 * Divides the width. Memory is shown if the column is wide enough. If any line is about a whole node, all rows of the
 * map begin after the names, above the same times.
 */
export function heatMapWidths({gpus: {rows}, width}: PaneInput, lines: readonly MapLine[]): Widths {
	const ranks = rankWidth(
		rows.map(({gpu}) => gpu.rank),
		2,
	);
	const hasNodes = lines.some(({kind}) => kind === 'node');
	const rank = hasNodes ? Math.max(Math.min(Math.floor(width / 3) - 1, maxName), ranks) : ranks;
	const memory = width >= 60 ? 7 : 0;
	return {rank, memory, map: Math.max(width - rank - percentWidth - memory - 4, 1)};
}

/** Returns the times below the map, and the number of hidden lines above and below. */
export function footer(
	{above, below}: {readonly above: number; readonly below: number},
	{rank, map}: Widths,
	{view, zone}: PaneInput,
): Line {
	const hidden = [
		...(above > 0 ? [`${symbols.above}${above}`] : []),
		...(below > 0 ? [`${symbols.below}${below}`] : []),
	].join(' ');
	const axis = timeAxis(chartRange(view.snapshot, map), map, zone);
	return [span(' '.repeat(rank + 2)), span(axis, 'dim'), span(` ${hidden}`, 'dim')];
}
