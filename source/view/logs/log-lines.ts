import {hasStatus} from '../../api/failure.ts';
import type {Level, LogLine} from '../../api/logs.ts';
import {isReplicaOf} from '../../metrics/log-buffer.ts';
import {logRequests, type SideFailure} from '../../state/actions.ts';
import {earliestLogsMs, planLogs} from '../../state/derive-logs.ts';
import {toMs} from '../../state/logs.ts';
import type {State} from '../../state/state.ts';
import {formatDay, formatMoment, formatSecond, type Zone} from '../../text/clock-time.ts';
import {describeFailure} from '../../text/failure-text.ts';
import {symbols, type Tone} from '../../theme/theme.ts';
import {type CutName, distinctNames} from '../distinct-name.ts';
import {breakAtWidth, cutEnd, type Line, padEnd, rowMark, span, textWidth} from '../line.ts';

/** The letter and the tone of each level; the letter conveys the level without color. */
const looks: Readonly<Record<Level, {readonly letter: string; readonly tone: Tone}>> = {
	DEBUG: {letter: 'D', tone: 'dim'},
	INFO: {letter: 'I', tone: 'plain'},
	WARNING: {letter: 'W', tone: 'warn'},
	ERROR: {letter: 'E', tone: 'bad'},
};

const unknownLook = {letter: symbols.unknown, tone: 'dim'} as const;

/** The layout of the columns of log entries. */
export type LogColumns = {
	readonly width: number;
	readonly zone: Zone;
	/** Whether times have a date, and whether milliseconds fit. */
	readonly hasDate: boolean;
	readonly hasMilliseconds: boolean;
	/** The width of the names of replicas, in cells; 0 if they aren't shown. */
	readonly replica: number;
	/** Shortens the names of replicas. */
	readonly cutReplica: CutName;
	/** The column in which messages begin. */
	readonly indent: number;
};

/** The minimum widths at which replicas and milliseconds are shown. */
const replicaFrom = 36;
const millisecondsFrom = 100;

/**
 * Chooses the columns for entries of these replicas. A single replica needs no column. `nowMs` determines which day is
 * today.
 */
export function chooseLogColumns(
	lines: readonly LogLine[],
	replicas: readonly string[],
	{width, zone, nowMs}: {readonly width: number; readonly zone: Zone; readonly nowMs: number},
): LogColumns {
	const day = (line: LogLine | undefined): string => formatDay(line === undefined ? nowMs : toMs(line.timeNs), zone);
	const hasDate = day(lines[0]) !== formatDay(nowMs, zone) || day(lines.at(-1)) !== formatDay(nowMs, zone);
	const hasMilliseconds = width >= millisecondsFrom;
	const most = Math.floor(width / 8);
	const showsReplica = replicas.length > 1 && width >= replicaFrom;
	const cutReplica = distinctNames(replicas);
	const replica = showsReplica ? Math.max(...replicas.map(name => textWidth(cutReplica(name, most)))) : 0;
	const time = (hasDate ? 7 : 0) + (hasMilliseconds ? 12 : 8);
	return {
		width,
		zone,
		hasDate,
		hasMilliseconds,
		replica,
		cutReplica,
		indent: 1 + time + 3 + (replica > 0 ? replica + 1 : 0),
	};
}

function formatLogTime(line: LogLine, {hasDate, hasMilliseconds, zone}: LogColumns): string {
	const timeMs = toMs(line.timeNs);
	const date = hasDate ? `${formatDay(timeMs, zone).padEnd(6)} ` : '';
	const rest = hasMilliseconds ? `.${String(timeMs % 1000).padStart(3, '0')}` : '';
	return date + formatSecond(timeMs, zone) + rest;
}

/** Returns the part before the message: the mark of the selection, the time, the level, and the replica. */
function headOf(line: LogLine, columns: LogColumns, isSelected: boolean): Line {
	const {letter, tone} = line.level === undefined ? unknownLook : looks[line.level];
	const name = line.replica === undefined ? symbols.unknown : columns.cutReplica(line.replica, columns.replica);
	return [
		rowMark(isSelected),
		span(`${formatLogTime(line, columns)} `, isSelected ? 'selected' : 'dim'),
		span(`${letter} `, tone),
		...(columns.replica > 0 ? [span(`${padEnd(name, columns.replica)} `, 'dim')] : []),
	];
}

/** Returns an entry in one line: as much of the first line of its message as fits, and the number of further lines. */
export function foldedLine(line: LogLine, columns: LogColumns, isSelected: boolean): Line {
	const [first = '', ...others] = line.message.split('\n');
	const more = others.length > 0 ? ` +${others.length}` : '';
	const room = Math.max(columns.width - columns.indent - more.length, 0);
	return [
		...headOf(line, columns, isSelected),
		span(cutEnd(first, room), line.level === 'DEBUG' ? 'dim' : 'plain'),
		span(more, 'accent'),
	];
}

/** The minimum width of messages, in cells, at which they start next to their times rather than below them. */
const minBeside = 30;

/** Returns an entry with all lines of its message, wrapped, and then all its known fields. */
export function unfoldedLines(line: LogLine, columns: LogColumns): readonly Line[] {
	const {width, zone, indent} = columns;
	const isBeside = width - indent >= minBeside;
	const margin = isBeside ? indent : 2;
	const below = (text: string, tone: Tone): Line => [span(' '.repeat(margin)), span(text, tone)];
	const pieces = line.message.split('\n').flatMap(text => breakAtWidth(text, width - margin));
	const timeMs = toMs(line.timeNs);
	const nanoseconds = String(line.timeNs % 1_000_000_000n).padStart(9, '0');
	const about = [
		`${formatDay(timeMs, zone)} ${formatSecond(timeMs, zone)}.${nanoseconds}`,
		...[line.level?.toLowerCase(), line.replica, line.requestId].filter(text => text !== undefined),
	].join(` ${symbols.dot} `);
	return [
		isBeside ? [...headOf(line, columns, true), span(pieces[0] ?? '')] : foldedLine(line, columns, true),
		...(isBeside ? pieces.slice(1) : pieces).map(text => below(text, 'plain')),
		...breakAtWidth(about, width - margin).map(text => below(text, 'dim')),
	];
}

/** Says why logs can't be loaded, and when they are requested again or how to retry. */
function faultWords({failure, nextAtMs}: SideFailure, what: string, zone: Zone): string {
	const again =
		nextAtMs === undefined ? 'press l twice to retry' : `retry at ${formatMoment(nextAtMs, nextAtMs, zone)}`;
	if (hasStatus(failure, 404, 405, 501)) {
		return `the server has no ${what} for this deployment: ${describeFailure(failure)} ${symbols.dot} ${again}`;
	}

	return hasStatus(failure, 401, 403)
		? `this key has no access to the ${what}: ${describeFailure(failure)} ${symbols.dot} ${again}`
		: `no ${what}: ${describeFailure(failure)} ${symbols.dot} ${again}`;
}

/** Says why there are no entries to show. */
export function whyNoLogs(state: State, zone: Zone): string {
	const {logs, sideFailures, live, component} = state;
	const {buffer, filter, level} = logs;
	const [oldest] = buffer.ranges;
	const failure = sideFailures[logRequests[component].newest];
	if (failure !== undefined && buffer.lines === 0) {
		return faultWords(failure, component === 'trainer' ? 'logs' : 'sampler logs', zone);
	}

	if (component === 'sampler' && live.deployment !== undefined && live.deployment.sampler === undefined) {
		return 'this deployment has no sampler';
	}

	if (oldest === undefined) {
		return state.replay === undefined ? 'loading the logs' : 'no logs in the recording yet';
	}

	const {node, replicas} = logs.visible;
	const since = `since ${formatMoment(toMs(oldest.fromNs), live.nowMs, zone)}`;
	if (buffer.lines === 0) {
		return level === 'DEBUG'
			? `nothing has been logged ${since}`
			: `nothing at ${level} or above has been logged ${since}`;
	}

	if (node !== undefined && replicas.length > 0 && !replicas.some(replica => isReplicaOf(replica, node))) {
		return `no replica in the logs matches ${node} (replicas: ${replicas.join(' ')})`;
	}

	const isOne = buffer.lines === 1;
	const of = isOne ? `the only entry ${since}` : `none of the ${buffer.lines} entries ${since}`;
	const [is, matches] = isOne ? ["isn't", "doesn't match"] : ['is', 'matches'];
	return filter.text === '' ? `${of} ${is} from ${node ?? 'this node'}` : `${of} ${matches} ${filter.text}`;
}

/**
 * Says whether earlier entries are being loaded, can't be loaded, aren't kept by the server, or aren't in the
 * recording, or how far back the logs were searched. Undefined if no time range has been loaded.
 */
export function textAboveLogs(state: State, zone: Zone): string | undefined {
	const {sideFailures, live, logs, component} = state;
	const [oldest] = logs.buffer.ranges;
	if (oldest === undefined) {
		return undefined;
	}

	const since = formatMoment(toMs(oldest.fromNs), live.nowMs, zone);
	const failure = sideFailures[logRequests[component].earlier];
	if (failure !== undefined) {
		return faultWords(failure, 'earlier logs', zone);
	}

	if (planLogs(state)?.kind === 'back') {
		return state.replay === undefined
			? `loading entries before ${since}`
			: `the recording has no entries before ${since}`;
	}

	return toMs(oldest.fromNs) <= earliestLogsMs(live.nowMs)
		? 'no earlier entries: the server keeps logs for seven days'
		: `searched back to ${since} ${symbols.dot} ← for earlier`;
}
