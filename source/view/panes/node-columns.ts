import type {Points} from '../../api/points.ts';
import {type Node, share} from '../../metrics/snapshot.ts';
import {diskTone, memoryTone, symbols, type Tone, utilizationTone} from '../../theme.ts';
import {formatBytes, formatCount, formatPercent} from '../format.ts';
import {cells, type Line, padStart, span} from '../line.ts';
import type {PaneInput} from '../pane-content.ts';
import {resample} from '../resample.ts';
import {levelGlyph, sparkline, withCursor} from '../sparkline.ts';

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
	const {nodes} = input.picture;
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
	const withCourse = [...columns, ...courseColumns(spare, input)];
	const nameWidth = Math.max(Math.min(longest, input.width - 1 - widthOf(withCourse)), 1);
	return {nameWidth, columns: withCourse};
}

function widthOf(columns: readonly Column[]): number {
	return columns.reduce((sum, {width}) => sum + width + 2, 0);
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
			: formatPercent(share(node.gpuMemory, node.gpuMemoryTotal)),
	node => memoryTone(share(node.gpuMemory, node.gpuMemoryTotal)),
);

const cpuColumn = textColumn('cpu', 5, node => formatCount(node.cpu));

const ramColumn = textColumn(
	'ram',
	5,
	node => formatBytes(node.ram),
	node => memoryTone(share(node.ram, node.ramTotal)),
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

type Course = {readonly title: string; readonly tone: Tone; readonly values: (node: Node, width: number) => Values};
type Values = ReadonlyArray<number | undefined>;

/** The courses over the window, as many as there is room for: utilization first, and in full screen the others too. */
function courseColumns(spare: number, input: PaneInput): readonly Column[] {
	const {snapshot} = input.picture;
	const {stepMs, name} = snapshot.window;
	const of = (points: Points, width: number, top: number | undefined): Values => {
		const values = resample(points, snapshot, width, {stepMs, summary: 'mean'});
		const highest = top ?? values.reduce<number>((a, b) => Math.max(a, b ?? 0), 0);
		return values.map(value => (value === undefined || highest === 0 ? undefined : value / highest));
	};
	const courses: readonly Course[] = [
		{title: 'util', tone: 'good', values: (node, width) => meanUtilization(node, width, of)},
		{title: 'cpu', tone: 'first', values: ({series, cpuTotal}, width) => of(series.cpu, width, cpuTotal)},
		{title: 'ram', tone: 'second', values: ({series, ramTotal}, width) => of(series.ram, width, ramTotal)},
		{title: 'disk', tone: 'third', values: ({series}, width) => of(series.diskShare, width, 1)},
	];
	const most = input.form === 'full' ? courses.length : 1;
	const count = Math.min(Math.floor((spare + 2) / (leastCourse + 2)), most);
	const width = Math.min(Math.floor((spare + 2) / Math.max(count, 1)) - 2, mostCourse);
	return courses.slice(0, Math.max(count, 0)).map(({title, tone, values}) => ({
		title: `${title} in ${name}`,
		width,
		align: 'left',
		worth: 7,
		cell: node => withCursor(sparkline(values(node, width), 1), tone, snapshot),
	}));
}

/** The mean utilization of the node's GPUs over the window. */
function meanUtilization(
	{gpus}: Node,
	width: number,
	of: (points: Points, width: number, top: number) => Values,
): Values {
	const all = gpus.map(({series}) => of(series.utilization, width, 1));
	return Array.from({length: width}, (_, column) => {
		const known = all.flatMap(values => values[column] ?? []);
		return known.length === 0 ? undefined : known.reduce((a, b) => a + b) / known.length;
	});
}
