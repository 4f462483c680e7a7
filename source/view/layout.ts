// Longer than 250 lines because it is one decision: the place of every pane at every size of the screen.

import {type PaneName, panes} from '../state/state.ts';

/** The size of the terminal in cells. */
export type Size = {readonly columns: number; readonly rows: number};

/** A rectangle of the screen, in cells from the top left corner. */
export type Rect = {readonly x: number; readonly y: number; readonly width: number; readonly height: number};

/** The place of a pane, and the way in which it is drawn: in a frame, as bare lines, or in full screen. */
export type PanePlace = {readonly pane: PaneName; readonly rect: Rect; readonly variant: 'framed' | 'bare' | 'full'};

/**
 * The properties of the deployment that the layout depends on: the number of GPUs in the largest node, the number of
 * nodes, and whether there are requests.
 */
export type FleetSize = {
	readonly gpus: number;
	readonly nodes: number;
	/** Whether there are no requests to draw, in which case the charts of requests need little space. */
	readonly isWithoutRequests?: boolean;
};

/** The whole screen: the header, the panes, the line above the keys, and the key hints. A rectangle can be empty. */
export type Layout =
	| {readonly kind: 'too-small'}
	| {
			readonly kind: 'screen';
			readonly header: Rect;
			readonly places: readonly PanePlace[];
			readonly notice: Rect;
			readonly keys: Rect;
	  };

/** The smallest terminal with a useful screen. */
export const smallest: Size = {columns: 20, rows: 5};

const wideFrom: Size = {columns: 120, rows: 20};
const mediumFrom: Size = {columns: 64, rows: 20};

/** The number of rows that the frame of a pane takes up. */
const frame = 2;

/** The number of rows for the frame and the column titles of the table of nodes. */
const nodesExtra = frame + 1;

function fits({columns, rows}: Size, least: Size): boolean {
	return columns >= least.columns && rows >= least.rows;
}

/**
 * Divides the screen. The result depends only on the sizes of the terminal and the deployment and on whether there are
 * samples of requests, never on their values, so that nothing jumps. If `fullScreen` names a pane, that pane gets all
 * the space between the header and the bottom lines.
 */
export function calculateLayout(size: Size, extent: FleetSize, fullScreen: PaneName | undefined): Layout {
	if (!fits(size, smallest)) {
		return {kind: 'too-small'};
	}

	const {columns, rows} = size;
	const line = (y: number, height = 1): Rect => ({x: 0, y, width: columns, height});
	if (fullScreen !== undefined) {
		const hasNotice = rows >= mediumFrom.rows;
		const last = rows - (hasNotice ? 2 : 1);
		return {
			kind: 'screen',
			header: line(0),
			places: [{pane: fullScreen, rect: line(1, last - 1), variant: 'full'}],
			notice: line(last, hasNotice ? 1 : 0),
			keys: line(rows - 1),
		};
	}

	if (!fits(size, mediumFrom)) {
		return stack(size, extent);
	}

	const body: Rect = {x: 0, y: 1, width: columns, height: rows - 3};
	return {
		kind: 'screen',
		header: line(0),
		places: fits(size, wideFrom) ? widePlaces(body, extent) : mediumPlaces(body, extent),
		notice: line(rows - 2),
		keys: line(rows - 1),
	};
}

function framed(pane: PaneName, x: number, y: number, width: number, height: number): PanePlace {
	return {pane, rect: {x, y, width, height}, variant: 'framed'};
}

/** Places three charts at the top, and GPUs and nodes below. */
function widePlaces(body: Rect, {gpus, nodes, isWithoutRequests = false}: FleetSize): readonly PanePlace[] {
	const {width, height} = body;
	const minTop = isWithoutRequests ? 5 : Math.max(9, Math.floor(height * 0.45));
	const minCharts = Math.max(minTop, 20);
	const withLines = (lines: number): number => lines * gpus + 1 + frame;
	// Uses the most lines per GPU that leave the charts their minimum height, so the curves are taller if there are few
	// GPUs.
	const lines =
		[10, 9, 8, 7, 6, 5, 4, 3, 2].find(count => height - withLines(count) >= (isWithoutRequests ? minTop : minCharts)) ??
		1;
	const all = nodes > 1 ? 1 : 0;
	// Includes a row for all nodes, two lines of curves below each node, and four lines for findings, if the charts
	// keep their minimum height.
	const withCurves = Math.min(3 * nodes + nodesExtra + all + 4, height - minCharts);
	const needed = isWithoutRequests
		? height - minTop
		: Math.max(withLines(lines), nodes + nodesExtra + all, withCurves, 7);
	const bottom = Math.min(needed, height - minTop);
	const top = height - bottom;
	const status = Math.max(32, Math.floor(width * 0.2));
	const requests = Math.ceil((width - status) / 2);
	const latency = width - status - requests;
	const gpusWidth = Math.ceil(width / 2);
	const y = body.y + top;
	return [
		framed('requests', 0, body.y, requests, top),
		framed('latency', requests, body.y, latency, top),
		framed('status', requests + latency, body.y, status, top),
		framed('gpus', 0, y, gpusWidth, bottom),
		framed('nodes', gpusWidth, y, width - gpusWidth, bottom),
	];
}

/**
 * Places two charts, the status in one line, GPUs in two columns, and nodes. Without requests, the charts keep only
 * enough rows for a sentence, and the GPUs and nodes get the rest.
 */
function mediumPlaces(body: Rect, extent: FleetSize): readonly PanePlace[] {
	const {width, height} = body;
	const {isWithoutRequests = false} = extent;
	// Includes a title line unless the screen is short.
	const titles = height >= 25 ? 1 : 0;
	const minCharts = isWithoutRequests ? 4 + titles : 7;
	const minNodes = 2 + nodesExtra;
	const room = height - 1;
	const pairs = Math.max(Math.ceil(extent.gpus / 2), 1) + titles + frame;
	const wanted = isWithoutRequests ? tallerGpus(room - minCharts, extent, pairs) : pairs;
	const gpus = Math.min(wanted, room - minCharts - minNodes);
	// Adds a row for all nodes if the charts stay tall.
	const all = extent.nodes > 1 && room - gpus - extent.nodes - nodesExtra >= minCharts + 4 ? 1 : 0;
	const neededNodes = isWithoutRequests ? room : Math.max(extent.nodes, 1) + nodesExtra + all;
	const nodes = Math.min(neededNodes, room - minCharts - gpus);
	const charts = room - gpus - nodes;
	const requests = Math.ceil(width / 2);
	const status = body.y + charts;
	return [
		framed('requests', 0, body.y, requests, charts),
		framed('latency', requests, body.y, width - requests, charts),
		{pane: 'status', rect: {x: 0, y: status, width, height: 1}, variant: 'bare'},
		framed('gpus', 0, status + 1, width, gpus),
		framed('nodes', 0, status + 1 + gpus, width, nodes),
	];
}

/**
 * Returns the height of the GPU pane if the charts of requests leave `room` rows for it and the nodes. GPUs get as many
 * rows as possible, as long as each node keeps its row and, if GPUs have more than one row each, there is space for the
 * nodes' curves and for findings; in any case, the height is at least `pairs`.
 */
function tallerGpus(room: number, {gpus, nodes}: FleetSize, pairs: number): number {
	const all = nodes > 1 ? 1 : 0;
	const rows = nodes + nodesExtra + all;
	const withCurves = rows + 2 * nodes + 4;
	const lines = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1].find(
		count => room - (count * gpus + 1 + frame) >= (count === 1 ? rows : withCurves),
	);
	return lines === undefined ? pairs : Math.max(lines * gpus + 1 + frame, pairs);
}

type StackSize = {header: number; requests: number; latency: number; status: number; gpus: number; nodes: number};

/** The minimum height at which there is always a line above the keys, regardless of the content. */
const statusLineFrom = 20;

/** The minimum width at which GPUs are shown in two columns, in their narrowest form. */
const twoColumnsFrom = 30;

/**
 * Returns the number of lines of each section on a narrow or short screen, including titles. Space is granted by
 * priority, to the most important lines first.
 */
function stackSizes(size: Size, {gpus, nodes, isWithoutRequests = false}: FleetSize): StackSize {
	const sizes: StackSize = {header: 1, requests: 1, latency: 0, status: 0, gpus: 0, nodes: 0};
	// On a screen that isn't short, space is kept for the line above the keys.
	let room = size.rows - (size.rows >= statusLineFrom ? 4 : 3);
	const grant = (section: keyof StackSize, lines: number): void => {
		const wanted = lines - sizes[section];
		if (wanted > 0 && wanted <= room) {
			sizes[section] = lines;
			room -= wanted;
		}
	};

	const pairs = 1 + Math.ceil(gpus / (size.columns >= twoColumnsFrom ? 2 : 1));
	if (isWithoutRequests) {
		grant('nodes', 1);
		// Even the first few GPUs are more useful than lines without values.
		grant('gpus', room >= minGpuLines ? Math.min(pairs, room) : 0);
	} else {
		grant('latency', 1);
		grant('nodes', 1);
		grant('status', 1);
		grant('latency', 2);
	}

	for (let lines = 2; lines <= Math.min(nodes, 4); lines++) {
		grant('nodes', lines);
	}

	grant('gpus', pairs);
	grant('header', 2);
	if (!isWithoutRequests) {
		grant('status', 2);
		grant('latency', 3);
		grant('requests', 2);
		grant('status', 3);
	}

	grant('header', 3);
	grant('gpus', 1 + gpus);
	// Each iteration adds a line for one more node; the first line is the title.
	for (let lines = 2; lines <= nodes + 1; lines++) {
		grant('nodes', lines);
	}

	// The blank lines between the sections are kept. The nodes and times of findings are more important than bars for
	// memory.
	room -= gapsBelow.size + 1;
	grant('nodes', sizes.nodes + Math.min(room, minFindingLines));
	grant('gpus', 1 + 2 * gpus);
	grant('nodes', sizes.nodes + Math.min(room, maxFindingLines - minFindingLines));
	if (nodes === 1) {
		grant('nodes', sizes.nodes + Math.min(room, maxCurveLines));
	}

	return sizes;
}

/** The minimum height of the GPUs on a short screen: a title, a line of GPUs, and the number of GPUs not shown. */
const minGpuLines = 3;

/**
 * The numbers of lines below the nodes, for a total and for findings: the number that is granted before GPUs get two
 * lines each, and the maximum.
 */
const [minFindingLines, maxFindingLines] = [9, 13];

/** The maximum number of further lines for the curves of a single node. */
const maxCurveLines = 12;

/** The panes that, like the header, are followed by a blank line if there is space. */
const gapsBelow: ReadonlySet<PaneName> = new Set(['status', 'gpus']);

function stack(size: Size, extent: FleetSize): Layout {
	const {columns, rows} = size;
	const sizes = stackSizes(size, extent);
	let y = 0;
	const take = (height: number): Rect => {
		const rect: Rect = {x: 0, y, width: columns, height};
		y += height;
		return rect;
	};

	const used = Object.values(sizes).reduce((sum, lines) => sum + lines) + 1;
	const kept = rows >= statusLineFrom ? 1 : 0;
	const gap = rows - used - kept > gapsBelow.size ? 1 : 0;
	const header = take(sizes.header);
	y += gap;
	const places = panes.flatMap((pane): readonly PanePlace[] => {
		// If all classes of status codes are shown, a time axis for the trends replaces the blank line below them.
		const times = pane === 'status' && sizes.status === 3 ? gap : 0;
		const rect = take(sizes[pane] + times);
		y += gapsBelow.has(pane) ? gap - times : 0;
		return rect.height > 0 ? [{pane, rect, variant: 'bare'}] : [];
	});
	return {
		kind: 'screen',
		header,
		places,
		notice: {x: 0, y: rows - 2, width: columns, height: rows - 2 >= y ? 1 : 0},
		keys: {x: 0, y: rows - 1, width: columns, height: 1},
	};
}
