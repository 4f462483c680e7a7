import type {Points} from '../../api/points.ts';
import type {NodeSeries} from '../../api/series-table.ts';
import {type Node, share} from '../../metrics/node.ts';
import {timeToFullMs} from '../../metrics/rules/disk-growth.ts';
import {statistics} from '../../metrics/series.ts';
import {nodeSeriesOf} from '../../state/component.ts';
import {formatBytes, formatCount, formatMoreThan, formatPercentIn, formatTimeLeft} from '../../text/format.ts';
import {amountTone, symbols, type Tone} from '../../theme/theme.ts';
import type {Marked} from '../finding-markers.ts';
import {type Line, padStart, span, textWidth} from '../line.ts';
import {trendRows} from '../metric-line.ts';
import type {PaneInput} from '../pane-content.ts';
import {levelGlyph, type ToneOf, trendMark, utilizationTone} from '../sparkline.ts';
import {meanUtilization} from './node-curves.ts';

/** One column of the table: its title, its width, and its cell for a node that reports. */
export type NodeColumn = {
	readonly title: string;
	readonly width: number;
	readonly align: 'left' | 'right';
	/** The priority: the column with the lowest number gets space first. */
	readonly priority: number;
	readonly cell: (node: Node) => Line;
};

const minTrendWidth = 12;
const maxTrendWidth = 60;

/** A trend over the window: its title, its values, and the top of its scale, by default the curve's highest value. */
type Trend = {
	readonly title: string;
	readonly tone: ToneOf;
	readonly points: (node: Node) => Points;
	readonly top?: (node: Node) => number | undefined;
};

const gpuTrend: Trend = {title: 'util', tone: amountTone, points: ({gpus}) => meanUtilization(gpus), top: () => 1};

/** The trends of metrics of a node. A metric that isn't listed has none. */
const trends: Readonly<Partial<Record<NodeSeries, Trend>>> = {
	cpu: {title: 'cpu', tone: 'first', points: ({series}) => series.cpu, top: ({cpuTotal}) => cpuTotal},
	ram: {title: 'ram', tone: 'second', points: ({series}) => series.ram, top: ({ramTotal}) => ramTotal},
	diskShare: {title: 'disk', tone: 'third', points: ({series}) => series.diskShare, top: () => 1},
};

/**
 * Returns as many trends over the window as fit: only utilization or, in full screen, utilization first and then the
 * others.
 */
function trendColumns(spare: number, input: PaneInput): readonly NodeColumn[] {
	const {snapshot} = input.view;
	const available = [gpuTrend, ...nodeSeriesOf(input.component).flatMap(name => trends[name] ?? [])];
	const most = input.variant === 'full' ? available.length : 1;
	const count = Math.min(Math.floor((spare + 2) / (minTrendWidth + 2)), most);
	const width = Math.min(Math.floor((spare + 2) / Math.max(count, 1)) - 2, maxTrendWidth);
	return available.slice(0, Math.max(count, 0)).map(({title, tone, points, top}) => ({
		title: `${title} in ${snapshot.window.name}`,
		width,
		align: 'left',
		priority: 7,
		cell: (node): Line => {
			const drawn = points(node);
			const highest = top?.(node) ?? statistics(drawn).peak ?? 0;
			const look = {snapshot, tone, top: highest > 0 ? highest : 1, height: 1, symbols: input.symbols} as const;
			return trendRows(drawn, width, look).flat();
		},
	}));
}

const minName = 8;

/**
 * Returns the width of the names, and the columns that fit, chosen by priority, in the order of the table; if
 * `hasTrends` is set, also trends in the remaining space.
 */
export function chooseNodeColumns(
	input: PaneInput,
	hasTrends: boolean,
): {readonly nameWidth: number; readonly columns: readonly NodeColumn[]} {
	const {nodes} = input.view;
	const longest = Math.max(...nodes.map(({id}) => textWidth(id)), minName);
	const gpus = Math.max(...nodes.map(node => node.gpus.length), 3);
	const table = [glyphColumn(gpus, input), ...numberColumns(input)];
	// A name is shortened before a column is omitted, but not to less than 30% of the width or eight cells, whichever
	// is more, so that nodes remain distinguishable.
	const nameAtLeast = Math.min(longest, Math.max(minName, Math.floor(input.width * 0.3)));
	let room = input.width - 1 - nameAtLeast;
	const chosen = new Set<NodeColumn>();
	for (const column of [...table].sort((a, b) => a.priority - b.priority)) {
		if (column.width + 2 <= room) {
			chosen.add(column);
			room -= column.width + 2;
		}
	}

	const columns = table.filter(column => chosen.has(column));
	const spare = input.width - 1 - longest - widthOf(columns) - 3;
	const withTrends = hasTrends ? [...columns, ...trendColumns(spare, input)] : columns;
	const nameWidth = Math.max(Math.min(longest, input.width - 1 - widthOf(withTrends)), 1);
	return {nameWidth, columns: withTrends};
}

function widthOf(columns: readonly NodeColumn[]): number {
	return columns.reduce((sum, {width}) => sum + width + 2, 0);
}

function textColumn(
	title: string,
	width: number,
	text: (node: Node) => string,
	tone: (node: Node) => Tone = () => 'plain',
): Omit<NodeColumn, 'priority'> {
	return {title, width, align: 'right', cell: node => [span(padStart(text(node), width), tone(node))]};
}

function timeLeftWords(milliseconds: number | undefined): string {
	return milliseconds === undefined ? '' : formatTimeLeft(milliseconds);
}

/**
 * The column `full in` is shown if the storage of any node will be full within this time, in milliseconds. Such a node
 * usually also has a finding.
 */
const soonMs = 6 * 3_600_000;

/**
 * The minimum share of storage, 0–1, at which an arrow marks each change: below it, a change matters only if the
 * storage will be full soon, because checkpoints come and go.
 */
const notableShare = 0.75;

/**
 * Returns the number of milliseconds until a node's storage is full at its current rate of growth, as in the node's
 * finding if it has an active one. Undefined if the node doesn't report its storage, if storage use doesn't
 * grow steadily, and at a cursor or in an earlier range, because the growth might have ended since.
 */
export function timeToFullNow(
	{id, diskShare: now, reporting, series}: Node,
	{view, mode}: PaneInput,
): number | undefined {
	const isNow = reporting && now !== undefined && view.snapshot.atMs === undefined && mode !== 'past';
	if (!isNow) {
		return undefined;
	}

	for (const finding of view.findings.current) {
		if (finding.rule === 'disk-growth' && finding.state === 'active' && finding.subject.node === id) {
			return finding.fullInMs;
		}
	}

	return timeToFullMs(series.diskShare);
}

/** Returns the result of `timeToFullNow`; undefined if the storage won't be full soon. */
function fullInMs(node: Node, input: PaneInput): number | undefined {
	const leftMs = timeToFullNow(node, input);
	return leftMs !== undefined && leftMs <= soonMs ? leftMs : undefined;
}

/** Returns the numeric columns. Values that a finding is about have the tone `bad`. */
function numberColumns(input: PaneInput): readonly NodeColumn[] {
	const {markers, view, component} = input;
	const isMarked = (node: Node, marked: Marked): boolean => markers.hasNode(node.id, marked);
	const toneBy =
		(marked: Marked) =>
		(node: Node): Tone =>
			isMarked(node, marked) ? 'bad' : 'plain';
	const utilization = textColumn(
		'util',
		4,
		node => formatPercentIn(node.utilization, 4),
		node => (isMarked(node, 'utilization') ? 'bad' : utilizationTone(node.utilization)),
	);
	const busy = textColumn('busy', 4, node => formatPercentIn(node.busy?.mean, 4));
	// A share if the total is known, otherwise an amount.
	const memory = textColumn(
		'mem',
		5,
		({gpuMemory, gpuMemoryKnown, gpuMemoryTotal}) => {
			const part = share(gpuMemory ?? gpuMemoryKnown, gpuMemoryTotal);
			if (gpuMemory !== undefined || gpuMemoryKnown === undefined) {
				return part === undefined ? formatBytes(gpuMemory) : formatPercentIn(part, 5);
			}

			// The memory of a GPU is unknown: more than the known part is in use.
			return part === undefined
				? formatMoreThan(gpuMemoryKnown)
				: `>${formatPercentIn(Math.floor(part * 100) / 100, 4)}`;
		},
		toneBy('gpu memory'),
	);
	const cpu = textColumn('cpu', 5, node => formatCount(node.cpu));
	const memoryOfNode = textColumn(
		'ram',
		6,
		({ram, ramTotal, series}) =>
			ramTotal === undefined
				? `${formatBytes(ram)} `
				: `${formatPercentIn(share(ram, ramTotal), 5)}${trendMark(series.ram, ramTotal)}`,
		toneBy('ram'),
	);
	const left = new Map(view.nodes.map(node => [node, fullInMs(node, input)]));
	const storage = textColumn('disk', 5, node => formatBytes(node.disk));
	const storageShare = textColumn(
		'disk%',
		6,
		node => {
			const isNotable = (node.diskShare ?? 0) >= notableShare || left.get(node) !== undefined;
			return `${formatPercentIn(node.diskShare, 5)}${isNotable ? trendMark(node.series.diskShare, 1) : ' '}`;
		},
		toneBy('disk'),
	);
	const full = textColumn('full in', 7, node => timeLeftWords(left.get(node)), toneBy('disk'));
	const isAnySoon = [...left.values()].some(leftMs => leftMs !== undefined);
	// A value that a finding is about is more important than any other.
	const priorityOf = (marked: Marked, usual: number): number =>
		view.nodes.some(node => isMarked(node, marked)) ? usual / 10 - 1 : usual;
	// A metric that isn't listed has no column.
	const columns: Readonly<Partial<Record<NodeSeries, readonly NodeColumn[]>>> = {
		cpu: [{...cpu, priority: 5}],
		ram: [{...memoryOfNode, priority: priorityOf('ram', 4)}],
		disk: [{...storage, priority: 6}],
		diskShare: [{...storageShare, priority: priorityOf('disk', 3)}, ...(isAnySoon ? [{...full, priority: 3.5}] : [])],
	};
	return [
		{...utilization, priority: 1},
		{...busy, priority: 2.5},
		{...memory, priority: priorityOf('gpu memory', 2)},
		...nodeSeriesOf(component).flatMap(name => columns[name] ?? []),
	];
}

/** Returns the column that shows the utilization of a node's GPUs, in one cell for each GPU. */
function glyphColumn(gpus: number, {markers}: PaneInput): NodeColumn {
	return {
		title: gpus > 6 ? `gpu 0-${gpus - 1}` : 'gpu',
		priority: 0,
		width: gpus,
		align: 'left',
		cell: node => [
			...node.gpus.map(({rank, utilization}) => {
				// The height shows the amount, so the color shows only what needs attention.
				const tone = markers.hasGpu(node.id, rank) ? 'bad' : utilizationTone(utilization);
				return span(utilization === undefined ? symbols.unknown : levelGlyph(utilization, 1), tone);
			}),
			span(' '.repeat(gpus - node.gpus.length)),
		],
	};
}
