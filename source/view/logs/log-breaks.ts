import {logPosition} from '../../metrics/log-buffer.ts';
import {endOfMs} from '../../state/logs.ts';
import type {State} from '../../state/state.ts';
import {formatMoment, type Zone} from '../../text/clock-time.ts';
import {formatInterval} from '../../text/format.ts';
import {symbols} from '../../theme/theme.ts';
import {cutEnd, type Line, span} from '../line.ts';

/** A line between two entries: `before` is the position of the entry below it. */
export type LogBreak = {
	readonly before: number;
	readonly timeNs: bigint;
	readonly isCursor: boolean;
	readonly line: Line;
};

/** Returns the lines between entries, in order of time: where entries weren't loaded, and where the cursor is. */
export function logBreaks({logs, cursorMs, live}: State, width: number, zone: Zone): readonly LogBreak[] {
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

/** Formats a duration that may be short: `20ms`, `12s`, `1h30m`. */
function formatGap(milliseconds: number): string {
	return milliseconds < 1000 ? `${Math.ceil(milliseconds)}ms` : formatInterval(milliseconds);
}

function cursorLine(time: string, width: number): Line {
	const {horizontal} = symbols.border;
	const rest = horizontal.repeat(Math.max(width - time.length - 6, 0));
	return [span(` ${horizontal}${horizontal} ${time} ${rest} `, 'selected')];
}
