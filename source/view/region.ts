import type {UserAction} from '../state/actions.ts';
import {panes} from '../state/state.ts';
import {symbols} from '../theme/theme.ts';
import {cutNameStart} from './distinct-name.ts';
import type {Rect} from './layout.ts';
import {cutEnd, firstFitting, fitLine, type Line, lineWidth, span, textWidth} from './line.ts';
import type {HitTarget, PaneContent} from './pane-content.ts';
import type {Screen} from './screen.ts';

/**
 * A rectangle of the screen with lines that exactly fill it or, if it has a frame, the space inside the frame. The
 * title is in the top edge of the frame.
 */
export type Region = {
	readonly name: string;
	readonly rect: Rect;
	readonly frame: {readonly title: Line; readonly focused: boolean} | undefined;
	readonly lines: readonly Line[];
	/** The mouse target of each line, if the line has one. */
	readonly targets: ReadonlyArray<HitTarget | undefined>;
};

/**
 * Returns the lines of a region, with its frame: a border drawn by Ink would require a second pass over the same cells.
 */
export function linesOf({rect: {width}, frame, lines}: Region): readonly Line[] {
	if (frame === undefined) {
		return lines;
	}

	const {vertical, bottomLeft, bottomRight, horizontal} = symbols.border;
	const side = span(vertical, frame.focused ? 'selected' : 'dim');
	const bottom = span(bottomLeft + horizontal.repeat(Math.max(width - 2, 0)) + bottomRight, side.tone);
	return [frame.title, ...lines.map(line => [side, ...line, side]), [bottom]];
}

/** Returns the size inside a frame. */
export function inside({width, height}: Rect): {readonly width: number; readonly height: number} {
	return {width: Math.max(width - 2, 0), height: Math.max(height - 2, 0)};
}

/** The top edge of a frame: the key and the names of the pane, the logs, or the overlay, and its values. */
export type Title = Omit<PaneContent, 'body'> & {readonly number: string; readonly focused: boolean};

/**
 * Draws the top edge of a frame: `╭ 1 Requests ───── 12.3/s ╮`. The title is cut only if it is wider than the frame;
 * the values take the longest form that fits, and are omitted if none does.
 */
export function frameTitle({number, title, subtitles, values, focused}: Title, width: number): Line {
	const tone = focused ? 'selected' : 'dim';
	const {topLeft, topRight, horizontal} = symbols.border;
	const name = `${number} ${title}`;
	const inner = width - 2;
	const left: Line = [
		span(focused ? symbols.pointer : ' ', tone),
		span(cutEnd(name, inner - 2), focused ? 'selected' : 'strong'),
		span(' '),
	];
	const shortest = lineWidth(values.at(-1) ?? []);
	const room = inner - lineWidth(left) - 3 - shortest - 2;
	const last = subtitles.at(-1) ?? '';
	const shown = subtitles.find(subtitle => textWidth(subtitle) <= room) ?? (room >= 4 ? cutNameStart(last, room) : '');
	const named: Line = shown === '' ? left : [...left, span(`${horizontal} `, tone), span(shown), span(' ')];
	const rest = inner - lineWidth(named) - 2;
	const fitting = firstFitting(values, rest);
	const value: Line = lineWidth(fitting) === 0 || lineWidth(fitting) > rest ? [] : [span(' '), ...fitting, span(' ')];
	const dashes = horizontal.repeat(Math.max(inner - lineWidth(named) - lineWidth(value), 0));
	return [span(topLeft, tone), ...fitLine([...named, span(dashes, tone), ...value], inner), span(topRight, tone)];
}

/** A cell of the screen, counted from 0. */
type CursorPosition = {readonly x: number; readonly y: number};

/**
 * Returns the position of the terminal's own cursor, which screen readers and magnifiers follow: at the text being
 * typed, or otherwise on the mark of the selected row. If several regions have a selected row, the last region counts,
 * because it covers the others or has the focus. Undefined if there is neither.
 */
export function cursorOf(regions: readonly Region[]): CursorPosition | undefined {
	return findCursor(regions, 'text') ?? findCursor(regions.toReversed(), 'row');
}

function findCursor(regions: readonly Region[], kind: 'text' | 'row'): CursorPosition | undefined {
	for (const {rect, frame, lines} of regions) {
		const within = frame === undefined ? 0 : 1;
		for (const [row, line] of lines.entries()) {
			const index = line.findIndex(({cursor}) => cursor === kind);
			if (index !== -1) {
				return {x: rect.x + within + lineWidth(line.slice(0, index)), y: rect.y + within + row};
			}
		}
	}

	return undefined;
}

/** A mouse event at a cell of the screen: a press, or the wheel turned up or down. */
export type Pointing = {readonly kind: 'press' | 'up' | 'down'; readonly x: number; readonly y: number};

/** The number of lines by which one step of the wheel scrolls the help and the logs. */
const wheelLines = 3;

function isInside({rect}: Region, x: number, y: number): boolean {
	return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

/**
 * Returns the action of a mouse event: a press selects or opens its target, and the wheel scrolls a list or changes the
 * window of the charts. Undefined if the event has no effect.
 */
export function actionAt({regions, helpLimit}: Screen, {kind, x, y}: Pointing): UserAction | undefined {
	const region = regions.find(candidate => isInside(candidate, x, y));
	const by = kind === 'up' ? -1 : 1;
	if (region === undefined) {
		return undefined;
	}

	switch (region.name) {
		case 'help':
			return kind === 'press' ? undefined : {type: 'scrollHelp', by: by * wheelLines, limit: helpLimit};
		case 'findings':
			return kind === 'press' ? openAt(region, x, y) : {type: 'select', by};
		case 'deployments':
			return kind === 'press' ? openAt(region, x, y) : {type: 'select', by};
		case 'logs':
			return kind === 'press' ? openAt(region, x, y) : {type: 'select', by: by * wheelLines};
		case 'other logs':
			return kind === 'press' ? openAt(region, x, y) : undefined;
		case 'notice':
			return kind === 'press' ? {type: 'toggleOverlay', overlay: 'findings'} : undefined;
		default:
			return inPane(region, {kind, x, y});
	}
}

function inPane(region: Region, {kind, x, y}: Pointing): UserAction | undefined {
	const pane = panes.find(name => name === region.name);
	if (pane === undefined) {
		return undefined;
	}

	if (kind === 'press') {
		const target = targetAt(region, x, y);
		return target?.kind === 'node'
			? {type: 'point', pane, node: target.node, ...(target.rank === undefined ? {} : {rank: target.rank})}
			: {type: 'point', pane};
	}

	const by = kind === 'up' ? -1 : 1;
	return pane === 'gpus' || pane === 'nodes' ? {type: 'select', by} : {type: 'changeWindow', by};
}

function targetAt({rect, frame, targets}: Region, x: number, y: number): HitTarget | undefined {
	const within = frame === undefined ? 0 : 1;
	const target = targets[y - rect.y - within];
	return target?.kind === 'columns' ? target.targets[Math.floor((x - rect.x - within) / target.width)] : target;
}

function openAt(region: Region, x: number, y: number): UserAction | undefined {
	const target = targetAt(region, x, y);
	switch (target?.kind) {
		case 'finding':
			return {type: 'openFinding', key: target.key};
		case 'deployment':
			return {type: 'chooseDeployment', id: target.id};
		case 'log':
			return {type: 'pointLog', component: target.component, position: target.position};
		default:
			return undefined;
	}
}
