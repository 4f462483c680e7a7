import {type Level, type LogLine, levels} from '../api/logs.ts';
import {addRange, emptyLogBuffer, type LoadedRange, type LogBuffer, logPosition} from '../metrics/log-buffer.ts';
import {type LogCondition, lowestLevel, parseLogFilter} from '../metrics/log-filter.ts';
import {filterInput, type TypedFilter} from './filter-input.ts';

/**
 * The position in the logs: the newest entries, one entry, or a time (that of the cursor, or the end of the time range
 * of the panes). `below` is the number of entries to show below the selected one if there is space. It doesn't change
 * when entries arrive later, so the selected one stays in its place.
 */
export type LogPlace =
	| {readonly kind: 'newest'}
	| {readonly kind: 'line'; readonly line: LogLine; readonly below: number}
	| {readonly kind: 'time'; readonly timeNs: bigint; readonly isCursor: boolean};

/** The visible part of the logs, derived from the rest of the state. */
export type VisibleLogs = {
	/** The entries that match, oldest first. */
	readonly lines: readonly LogLine[];
	/** The names of all replicas in the loaded entries, in natural order. */
	readonly replicas: readonly string[];
	/** The only node whose entries are shown, if one was chosen. */
	readonly node: string | undefined;
};

/** The logs: the loaded entries, the position, and the visible part. */
export type Logs = {
	readonly isOpen: boolean;
	readonly isFull: boolean;
	/** Whether the logs of the trainer and the sampler are side by side, if there is space. */
	readonly isBoth: boolean;
	/** Whether the selected entry is shown with all its lines. */
	readonly isUnfolded: boolean;
	/** Whether only the entries of the selected node are shown. */
	readonly onlySelected: boolean;
	/** The chosen minimum level. */
	readonly minLevel: Level;
	readonly filter: TypedFilter<LogCondition>;
	readonly place: LogPlace;
	/** The loaded entries, none of them below `level`. */
	readonly buffer: LogBuffer;
	readonly level: Level;
	/** The number of unreadable entries in the last result of a side request. */
	readonly dropped: number;
	readonly visible: VisibleLogs;
};

/** A time range that was loaded, and how many of its entries couldn't be read. */
export type LoadedLogs = {readonly range: LoadedRange; readonly dropped: number};

/**
 * The result of a side request for logs, none of which are below `level`. `loaded` is undefined if there is nothing to
 * add.
 */
export type LogsUpdate = {readonly level: Level; readonly loaded: LoadedLogs | undefined};

/** The maximum number of entries of each component in an output other than the screen. */
export const maxLogsInOutput = 100;

/** The operations that edit the filter of the logs. */
export const logFilterInput = filterInput(parseLogFilter);

/** The closed logs, without entries. */
export const noLogs: Logs = {
	isOpen: false,
	isFull: false,
	isBoth: false,
	isUnfolded: false,
	onlySelected: false,
	minLevel: 'DEBUG',
	filter: logFilterInput.empty,
	place: {kind: 'newest'},
	buffer: emptyLogBuffer,
	level: 'DEBUG',
	dropped: 0,
	visible: {lines: [], replicas: [], node: undefined},
};

/** Returns the logs without entries, but with the same layout, filter, and minimum level, for another deployment. */
export function clearLogs({isOpen, isFull, isBoth, isUnfolded, onlySelected, minLevel, filter}: Logs): Logs {
	return {...noLogs, isOpen, isFull, isBoth, isUnfolded, onlySelected, minLevel, filter};
}

const nanosecondsOfMs = 1_000_000n;

/** Converts milliseconds to nanoseconds, ignoring fractions of a millisecond. */
export function toNs(timeMs: number): bigint {
	return BigInt(Math.floor(timeMs)) * nanosecondsOfMs;
}

/** Returns the last nanosecond of a millisecond. */
export function endOfMs(timeMs: number): bigint {
	return toNs(timeMs + 1) - 1n;
}

/** Converts nanoseconds to whole milliseconds. */
export function toMs(timeNs: bigint): number {
	return Number(timeNs / nanosecondsOfMs);
}

/** Returns the chosen minimum level or the level in the filter, whichever is higher. */
export function wantedLevel({minLevel, filter}: Logs): Level {
	const byFilter = lowestLevel(filter.conditions);
	return levels.indexOf(byFilter) > levels.indexOf(minLevel) ? byFilter : minLevel;
}

/**
 * Returns the position of an entry among the visible ones. If it isn't visible, returns the position of the last
 * visible one that isn't later, or 0 if there is none.
 */
function positionOfLine(lines: readonly LogLine[], line: LogLine): number {
	const end = logPosition(lines, line.timeNs + 1n);
	for (let position = end - 1; lines[position]?.timeNs === line.timeNs; position--) {
		if (lines[position] === line) {
			return position;
		}
	}

	return Math.max(end - 1, 0);
}

/** Returns the position of the selection among the visible entries; -1 if there is none. */
export function logSelection({place, visible: {lines}}: Logs): number {
	if (lines.length === 0) {
		return -1;
	}

	switch (place.kind) {
		case 'newest':
			return lines.length - 1;
		case 'line':
			return positionOfLine(lines, place.line);
		case 'time':
			return logPosition(lines, place.timeNs + 1n) - 1;
	}
}

/** Returns the number of entries that are shown below the selected one if there is space. */
export function logsBelow({place, visible: {lines}}: Logs, selection: number): number {
	const all = lines.length - 1 - selection;
	switch (place.kind) {
		case 'newest':
			return 0;
		case 'line':
			return Math.min(place.below, all);
		case 'time':
			return place.isCursor ? all : 0;
	}
}

/** Returns the selected time in epoch nanoseconds; undefined if new entries are followed. */
export function logTimeNs({place}: Logs): bigint | undefined {
	switch (place.kind) {
		case 'newest':
			return undefined;
		case 'line':
			return place.line.timeNs;
		case 'time':
			return place.timeNs;
	}
}

/** Adds the result of a side request for logs. Results for another level are ignored. */
export function addLogs(logs: Logs, {level, loaded}: LogsUpdate): Logs {
	return level !== logs.level || loaded === undefined
		? logs
		: {...logs, buffer: addRange(logs.buffer, loaded.range, logTimeNs(logs)), dropped: loaded.dropped};
}
