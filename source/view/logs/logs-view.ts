import type {LogLine} from '../../api/logs.ts';
import {logSelection, logsBelow} from '../../state/logs.ts';
import type {State} from '../../state/state.ts';
import type {Zone} from '../../text/clock-time.ts';
import {symbols} from '../../theme/theme.ts';
import {type Line, span, truncateWords} from '../line.ts';
import {centered, type HitTarget} from '../pane-content.ts';
import {scrollOffset} from '../scroll.ts';
import {type LogBreak, logBreaks} from './log-breaks.ts';
import {chooseLogColumns, foldedLine, type LogColumns, unfoldedLines} from './log-line.ts';
import {whyNoLogs, wordsAbove} from './log-words.ts';

/** The lines of the logs, and what each of them points at. */
export type LogsView = {readonly lines: readonly Line[]; readonly targets: ReadonlyArray<HitTarget | undefined>};

/** Lines that belong together: one entry, or a line between two. */
type Block = {readonly lines: readonly Line[]; readonly target: HitTarget | undefined; readonly isLookedAt: boolean};

/** Lays out the logs in `width` × `height` cells around the selection. */
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
	const words = wordsAbove(state, zone);
	const line: Line = [span(` ${symbols.ellipsis} ${truncateWords(words ?? '', Math.max(width - 4, 0))}`, 'dim')];
	return words === undefined ? [] : [{lines: [line], target: undefined, isLookedAt: false}];
}

function breakBlock({logs}: State, {line, isCursor}: LogBreak): Block {
	return {lines: [line], target: undefined, isLookedAt: isCursor && logs.place.kind === 'time'};
}

function entryBlock(
	{logs, cursorMs}: State,
	line: LogLine,
	how: {readonly position: number; readonly isSelected: boolean; readonly columns: LogColumns},
): Block {
	const {position, isSelected, columns} = how;
	const isPointedAt = isSelected && logs.place.kind === 'line';
	return {
		lines: isPointedAt && logs.isUnfolded ? unfoldedLines(line, columns) : [foldedLine(line, columns, isPointedAt)],
		target: {kind: 'log', position},
		// With the cursor, its mark is in view instead.
		isLookedAt: isSelected && !(logs.place.kind === 'time' && cursorMs !== undefined),
	};
}

/** Returns as many lines of the blocks as fit, with all of the block that is in view if possible. */
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
