import type {LogLine} from '../../api/logs.ts';
import {logPosition} from '../../metrics/log-buffer.ts';
import {logRequests, type SideFailure} from '../../state/actions.ts';
import {endOfMs, logSelection, logsBelow} from '../../state/logs.ts';
import type {State} from '../../state/state.ts';
import {formatMoment, type Zone} from '../../text/clock-time.ts';
import {nameFailure} from '../../text/failure-text.ts';
import {formatInterval} from '../../text/format.ts';
import {symbols} from '../../theme/theme.ts';
import {cutNameStart} from '../distinct-name.ts';
import type {Layout, PanePlace, Rect, Size} from '../layout.ts';
import {cutEnd, type Line, type Span, scrollOffset, span, truncateWords} from '../line.ts';
import {centered, type HitTarget} from '../pane-content.ts';
import type {Title} from '../region.ts';
import {chooseLogColumns, foldedLine, type LogColumns, textAboveLogs, unfoldedLines, whyNoLogs} from './log-lines.ts';

/** A line between two entries; `before` is the position of the entry below it. */
type LogBreak = {
	readonly before: number;
	readonly timeNs: bigint;
	readonly isCursor: boolean;
	readonly line: Line;
};

/**
 * Returns the lines between entries, in chronological order: for time ranges that weren't loaded, for milliseconds with
 * more entries than the server returns, and for the cursor.
 */
function logBreaks({logs, cursorMs, live}: State, width: number, zone: Zone): readonly LogBreak[] {
	const {buffer, visible} = logs;
	const breakAt = (timeNs: bigint, line: Line, isCursor = false): LogBreak => ({
		before: logPosition(visible.lines, timeNs),
		timeNs,
		isCursor,
		line,
	});
	const note = (text: string): Line => [span(cutEnd(` ${symbols.ellipsis} ${text}`, width), 'warn')];
	const gaps = buffer.ranges.slice(1).map(({fromNs}, index) => {
		const sinceNs = buffer.ranges[index]?.toNs ?? fromNs;
		return breakAt(fromNs, note(`${formatGap(Number(fromNs - sinceNs) / 1e6)} not loaded`));
	});
	const truncatedAt = buffer.ranges
		.flatMap(range => range.truncatedAt)
		.map(timeNs => breakAt(timeNs, note('more entries in this millisecond than the server returns')));
	const cursor =
		cursorMs === undefined
			? []
			: [breakAt(endOfMs(cursorMs) + 1n, cursorLine(formatMoment(cursorMs, live.nowMs, zone), width), true)];
	return [...gaps, ...truncatedAt, ...cursor].sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
}

/** Formats a duration that can be short: `20ms`, `12s`, `1h30m`. */
function formatGap(milliseconds: number): string {
	return milliseconds < 1000 ? `${Math.ceil(milliseconds)}ms` : formatInterval(milliseconds);
}

function cursorLine(time: string, width: number): Line {
	const {horizontal} = symbols.border;
	const rest = horizontal.repeat(Math.max(width - time.length - 6, 0));
	return [span(` ${horizontal}${horizontal} ${time} ${rest} `, 'selected')];
}

type ScreenLayout = Extract<Layout, {kind: 'screen'}>;

/**
 * The minimum number of lines between the header and the bottom lines at which the logs share the screen with panes.
 */
const minShared = 16;

/** Returns the smallest rectangle that contains all of these rectangles. */
function around(rects: readonly Rect[]): Rect {
	const x = Math.min(...rects.map(rect => rect.x));
	const y = Math.min(...rects.map(rect => rect.y));
	return {
		x,
		y,
		width: Math.max(...rects.map(rect => rect.x + rect.width)) - x,
		height: Math.max(...rects.map(rect => rect.y + rect.height)) - y,
	};
}

/**
 * Places the logs: below the charts, instead of GPUs and nodes; in the lower half of the screen, below a pane in full
 * screen; or, if the screen is small or the logs are in full screen, in all the space between the header and the bottom
 * lines.
 */
export function placeLogs(
	{header, places, notice, keys}: ScreenLayout,
	{columns}: Size,
	isFull: boolean,
): {readonly places: readonly PanePlace[]; readonly logs: Rect} {
	const top = header.y + header.height;
	const bottom = notice.height > 0 ? notice.y : keys.y;
	const whole: Rect = {x: 0, y: top, width: columns, height: bottom - top};
	if (isFull || whole.height < minShared) {
		return {places: [], logs: whole};
	}

	const [alone] = places;
	if (alone?.variant === 'full') {
		const height = Math.ceil(alone.rect.height / 2);
		const y = alone.rect.y + height;
		const logs = {...alone.rect, y, height: alone.rect.height - height};
		return {places: [{...alone, rect: {...alone.rect, height}}], logs};
	}

	const covered = places.filter(({pane, variant}) => variant === 'framed' && (pane === 'gpus' || pane === 'nodes'));
	return covered.length === 0
		? {places: [], logs: whole}
		: {places: places.filter(place => !covered.includes(place)), logs: around(covered.map(({rect}) => rect))};
}

/** The lines of the logs, and the mouse target of each line, if it has one. */
type LogsView = {readonly lines: readonly Line[]; readonly targets: ReadonlyArray<HitTarget | undefined>};

/** Lines that belong together: those of one entry, the line between two entries, or the line above all entries. */
type Block = {readonly lines: readonly Line[]; readonly target: HitTarget | undefined; readonly isLookedAt: boolean};

/** Lays out the logs in `width` × `height` cells around the selection, or the reason why there are no entries. */
export function logsView(state: State, width: number, height: number, zone: Zone): LogsView {
	const {logs, live} = state;
	const {lines, replicas} = logs.visible;
	if (lines.length === 0) {
		return {lines: centered(whyNoLogs(state, zone), width, height), targets: []};
	}

	const selection = logSelection(logs);
	const seen = selection + logsBelow(logs, selection) + 1;
	const first = scrollOffset(Math.max(selection, 0), seen, height);
	const shown = lines.slice(first, Math.min(first + height, seen));
	const columns = chooseLogColumns(shown, replicas, {width, zone, nowMs: live.nowMs});
	const breaks = logBreaks(state, width, zone).filter(({before}) => before >= first && before <= first + shown.length);
	const blocks = [
		...(first === 0 ? aboveBlock(state, width, zone) : []),
		...shown.flatMap((line, index) => [
			...breaks.filter(({before}) => before === first + index).map(one => breakBlock(state, one)),
			entryBlock(state, line, {position: first + index, isSelected: first + index === selection, columns}),
		]),
		...breaks.filter(({before}) => before === first + shown.length).map(one => breakBlock(state, one)),
	];
	return cutAround(blocks, height);
}

function aboveBlock(state: State, width: number, zone: Zone): readonly Block[] {
	const words = textAboveLogs(state, zone);
	const line: Line = [span(` ${symbols.ellipsis} ${truncateWords(words ?? '', Math.max(width - 4, 0))}`, 'dim')];
	return words === undefined ? [] : [{lines: [line], target: undefined, isLookedAt: false}];
}

function breakBlock({logs}: State, {line, isCursor}: LogBreak): Block {
	return {lines: [line], target: undefined, isLookedAt: isCursor && logs.place.kind === 'time'};
}

function entryBlock(
	{logs, component, cursorMs}: State,
	line: LogLine,
	how: {readonly position: number; readonly isSelected: boolean; readonly columns: LogColumns},
): Block {
	const {position, isSelected, columns} = how;
	const isPointedAt = isSelected && logs.place.kind === 'line';
	return {
		lines: isPointedAt && logs.isUnfolded ? unfoldedLines(line, columns) : [foldedLine(line, columns, isPointedAt)],
		target: {kind: 'log', component, position},
		// If the logs follow the cursor, its line is kept visible instead of the selection.
		isLookedAt: isSelected && !(logs.place.kind === 'time' && cursorMs !== undefined),
	};
}

/** Returns as many lines of the blocks as fit, including the whole block that the user is looking at, if possible. */
function cutAround(blocks: readonly Block[], height: number): LogsView {
	const rows = blocks.flatMap(({lines, target}) => lines.map(line => ({line, target})));
	const at = blocks.findIndex(({isLookedAt}) => isLookedAt);
	const count = (some: readonly Block[]): number => some.reduce((sum, {lines}) => sum + lines.length, 0);
	const begin = at < 0 ? rows.length : count(blocks.slice(0, at));
	const end = begin + (blocks[at]?.lines.length ?? 0);
	const from = Math.max(0, Math.min(end > height ? end - height : 0, begin));
	const kept = rows.slice(from, from + height);
	return {lines: kept.map(({line}) => line), targets: kept.map(({target}) => target)};
}

const separator = span(` ${symbols.dot} `, 'dim');

function join(parts: ReadonlyArray<readonly Span[]>): Line {
	return parts.filter(part => part.length > 0).flatMap((part, index) => (index > 0 ? [separator, ...part] : part));
}

/** Returns the title: the filter, other restrictions, how many entries match, and whether new ones are followed. */
export function logsTitle(state: State, zone: Zone): Omit<Title, 'focused'> {
	const {logs, sideFailures, component, live} = state;
	const failure = sideFailures[logRequests[component].newest];
	const {visible, buffer, filter, minLevel, dropped} = logs;
	const fault: Line = failure === undefined ? [] : [span(briefFault(failure, zone), 'bad')];
	const unreadable: Line = dropped === 0 ? [] : [span(`${dropped} unreadable`, 'warn')];
	const least: Line = minLevel === 'DEBUG' ? [] : [span(`${minLevel.toLowerCase()} and up`, 'accent')];
	const node: Line = visible.node === undefined ? [] : [span(`only ${cutNameStart(visible.node, 20)}`, 'accent')];
	const isPart = visible.lines.length < buffer.lines;
	const counts = isPart ? `${visible.lines.length} of ${buffer.lines}` : String(buffer.lines);
	const count: Line = buffer.lines === 0 ? [] : [span(`${counts} ${counts === '1' ? 'entry' : 'entries'}`)];
	const where = placeSpans(state);
	return {
		number: 'l',
		title:
			component === 'trainer' && !(logs.isBoth && live.deployment?.sampler !== undefined)
				? 'Logs'
				: `${component === 'trainer' ? 'Trainer' : 'Sampler'} logs`,
		subtitles: filter.text === '' ? [] : [filter.text, cutEnd(filter.text, 12)],
		values: [
			join([fault, unreadable, node, least, count, where]),
			join([fault, node, least, where]),
			join([fault, least, where]),
			join([fault, where]),
			fault.length > 0 ? fault : where,
		],
	};
}

/**
 * Says whether new entries are followed, which time is shown, or, if an entry is selected, how many newer entries
 * are below the visible ones.
 */
function placeSpans({logs, mode}: State): Line {
	switch (logs.place.kind) {
		case 'newest':
			return logs.buffer.lines === 0 ? [] : [span('following', 'good')];
		case 'time':
			return [span(logs.place.isCursor ? 'at the cursor' : mode.kind === 'past' ? 'history' : 'paused', 'warn')];
		case 'line': {
			const selection = logSelection(logs);
			const newer = logs.visible.lines.length - 1 - selection - logsBelow(logs, selection);
			return [span(newer > 0 ? `${symbols.below}${newer} newer` : 'not following', 'warn')];
		}
	}
}

/** Names the failure in a few words, for a title, with the time of the next attempt if there will be one. */
function briefFault({failure, nextAtMs}: SideFailure, zone: Zone): string {
	const again = nextAtMs === undefined ? '' : ` ${symbols.dot} retry ${formatMoment(nextAtMs, nextAtMs, zone)}`;
	return `${symbols.broken} ${nameFailure(failure)}${again}`;
}
