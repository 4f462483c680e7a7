import type {Node} from '../../metrics/snapshot.ts';
import {diskTone, memoryTone, symbols, type Tone, utilizationTone} from '../../theme.ts';
import {formatBytes, formatCount, formatPercent} from '../format.ts';
import {cells, type Line, padStart, span} from '../line.ts';
import type {PaneInput} from '../pane-content.ts';
import {resample} from '../resample.ts';
import {levelGlyph, sparkline} from '../sparkline.ts';

/** One column of the table: its title, its width, and its cell for a node that reports. */
export type Column = {
	readonly title: string;
	readonly width: number;
	readonly align: 'left' | 'right';
	/** Columns are given room in this order: the lowest first. */
	readonly worth: number;
	readonly cell: (node: Node) => Line;
};

const leastName = 8;
const leastCourse = 12;
const mostCourse = 60;

/** The columns that fit, in the order of the table; what is worth most is given room first. */
export function chooseColumns(input: PaneInput): {readonly nameWidth: number; readonly columns: readonly Column[]} {
	const {nodes, window} = input.picture.snapshot;
	const longest = Math.max(...nodes.map(({id}) => cells(id)), leastName);
	const gpus = Math.max(...nodes.map(node => node.gpus.length), 3);
	const table: readonly Column[] = [
		glyphColumn(gpus),
		{...utilizationColumn, worth: 1},
		{...memoryColumn, worth: 2},
		{...cpuColumn, worth: 5},
		{...ramColumn, worth: 4},
		{...diskColumn, worth: 6},
		{...diskShareColumn, worth: 3},
	];
	// A name is cut before a column is left out, but never to less than tells nodes apart.
	const nameAtLeast = Math.min(longest, Math.max(leastName, Math.floor(input.width * 0.3)));
	let room = input.width - 1 - nameAtLeast;
	const chosen = new Set<Column>();
	for (const column of [...table].sort((a, b) => a.worth - b.worth)) {
		if (column.width + 2 <= room) {
			chosen.add(column);
			room -= column.width + 2;
		}
	}

	const columns = table.filter(column => chosen.has(column));
	const spare = input.width - 1 - longest - widthOf(columns) - 3;
	const withCourse =
		spare >= leastCourse ? [...columns, courseColumn(Math.min(spare, mostCourse), input, window.stepMs)] : columns;
	const nameWidth = Math.max(Math.min(longest, input.width - 1 - widthOf(withCourse)), 1);
	return {nameWidth, columns: withCourse};
}

function widthOf(columns: readonly Column[]): number {
	return columns.reduce((sum, {width}) => sum + width + 2, 0);
}

function ratio(part: number | undefined, whole: number | undefined): number | undefined {
	return part === undefined || whole === undefined ? undefined : part / whole;
}

function textColumn(
	title: string,
	width: number,
	text: (node: Node) => string,
	tone: (node: Node) => Tone = () => 'plain',
): Omit<Column, 'worth'> {
	return {title, width, align: 'right', cell: node => [span(padStart(text(node), width), tone(node))]};
}

const utilizationColumn = textColumn(
	'util',
	4,
	node => formatPercent(node.utilization),
	node => utilizationTone(node.utilization),
);

/** GPU memory as a share where the total is known, else as an amount. */
const memoryColumn = textColumn(
	'mem',
	5,
	node =>
		node.gpuMemoryTotal === undefined
			? formatBytes(node.gpuMemory)
			: formatPercent(ratio(node.gpuMemory, node.gpuMemoryTotal)),
	node => memoryTone(ratio(node.gpuMemory, node.gpuMemoryTotal)),
);

const cpuColumn = textColumn('cpu', 5, node => formatCount(node.cpu));

const ramColumn = textColumn(
	'ram',
	5,
	node => formatBytes(node.ram),
	node => memoryTone(ratio(node.ram, node.ramTotal)),
);

const diskColumn = textColumn('disk', 5, node => formatBytes(node.disk));

const diskShareColumn = textColumn(
	'disk%',
	5,
	node => formatPercent(node.diskShare),
	node => diskTone(node.diskShare),
);

/** A whole node in one look: a glyph a GPU, by its utilization. */
function glyphColumn(gpus: number): Column {
	return {
		title: 'gpu',
		worth: 0,
		width: gpus,
		align: 'left',
		cell: node => [
			...node.gpus.map(({utilization}) =>
				utilization === undefined
					? span(symbols.unknown, 'dim')
					: span(levelGlyph(utilization, 1), utilizationTone(utilization)),
			),
			span(' '.repeat(gpus - node.gpus.length)),
		],
	};
}

/** The mean utilization of the node's GPUs over the window. */
function courseColumn(width: number, input: PaneInput, stepMs: number): Column {
	const {snapshot} = input.picture;
	return {
		title: `util in ${snapshot.window.name}`,
		width,
		align: 'left',
		worth: 7,
		cell: node => {
			const all = node.gpus.map(gpu => resample(gpu.series.utilization, snapshot, width, {stepMs, summary: 'mean'}));
			const means = Array.from({length: width}, (_, column) => {
				const known = all.flatMap(values => values[column] ?? []);
				return known.length === 0 ? undefined : known.reduce((a, b) => a + b) / known.length;
			});
			return [span(sparkline(means, 1), 'good')];
		},
	};
}
