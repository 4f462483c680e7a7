import type {LogLine} from '../api/logs.ts';
import type {Checkpoint} from '../api/run.ts';
import {type Finding, findingKey} from '../metrics/findings.ts';
import {logPosition, mergeLogs} from '../metrics/log-buffer.ts';
import {asSeenFrom} from './derive-logs.ts';
import {toMs, toNs} from './logs.ts';
import {activeView} from './selectors.ts';
import type {State} from './state.ts';

/** An event, its time in epoch milliseconds, and its key in the list. */
export type TimelineEvent = {readonly key: string; readonly atMs: number} & (
	| {readonly kind: 'began' | 'ended'; readonly finding: Finding}
	| {readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint}
	/** The first of `count` consecutive log errors with the same first line, and their replicas. */
	| {
			readonly kind: 'error';
			readonly line: LogLine;
			readonly count: number;
			readonly replicas: readonly string[];
	  }
);

/** Log errors within a time range (epoch milliseconds), oldest first; `isCut` is true if older ones aren't loaded. */
export type LogErrors = {
	readonly startMs: number;
	readonly endMs: number;
	readonly lines: readonly LogLine[];
	readonly isCut: boolean;
};

/** The maximum number of log errors in the list. */
export const maxErrors = 200;

function eventsOf(finding: Finding): readonly TimelineEvent[] {
	const {sinceMs, sinceIsLowerBound} = finding;
	const key = `${findingKey(finding)} ${sinceMs}`;
	const began: readonly TimelineEvent[] = sinceIsLowerBound
		? []
		: [{key: `began ${key}`, atMs: sinceMs, kind: 'began', finding}];
	return finding.state === 'resolved'
		? [...began, {key: `ended ${key}`, atMs: finding.untilMs, kind: 'ended', finding}]
		: began;
}

/** Returns the errors within a range, from the loaded logs and the requested errors. */
function errorLines(state: State, startMs: number, endMs: number): readonly LogLine[] {
	const {logErrors} = state;
	const {buffer} = asSeenFrom(state, 'trainer').logs;
	const within = (lines: readonly LogLine[]): readonly LogLine[] =>
		lines
			.slice(logPosition(lines, toNs(startMs)), logPosition(lines, toNs(endMs + 1)))
			.filter(({level}) => level === 'ERROR');
	return mergeLogs(
		within(logErrors?.lines ?? []),
		buffer.ranges.flatMap(({lines}) => within(lines)),
	);
}

/**
 * Returns the newest requested error in the trainer's logs if the deployment has failed; undefined if it hasn't, if the
 * errors up to the failure haven't been received, or if there are none.
 */
export function lastErrorBefore({live, findings, logErrors}: State): LogLine | undefined {
	const failure = findings.current.find(({rule}) => rule === 'status');
	const isKnown = logErrors !== undefined && failure !== undefined && logErrors.endMs >= failure.sinceMs;
	return live.deployment?.status === 'FAILED' && isKnown ? logErrors.lines.at(-1) : undefined;
}

/**
 * Returns the last line of the message of the entry from `lastErrorBefore`; in a traceback, that line is the error
 * itself. Empty if there is no such entry.
 */
export function lastErrorText(state: State): string {
	return lastErrorBefore(state)?.message.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

/** Returns the first line of an error's message. */
export function firstLineOf({message}: LogLine): string {
	return message.split('\n', 1)[0] ?? '';
}

function errorOf(line: LogLine, index: number): TimelineEvent {
	const replicas = line.replica === undefined ? [] : [line.replica];
	return {key: `error ${line.timeNs} ${index}`, atMs: toMs(line.timeNs), kind: 'error', line, count: 1, replicas};
}

/** Joins consecutive errors with the same first line. */
function joinErrors(events: readonly TimelineEvent[]): readonly TimelineEvent[] {
	const joined: TimelineEvent[] = [];
	for (const next of events) {
		const last = joined.at(-1);
		if (last?.kind === 'error' && next.kind === 'error' && firstLineOf(last.line) === firstLineOf(next.line)) {
			const replicas = [...new Set([...last.replicas, ...next.replicas])];
			joined[joined.length - 1] = {...last, count: last.count + 1, replicas};
		} else {
			joined.push(next);
		}
	}

	return joined;
}

/**
 * Returns the events in the time range on the screen, newest first: findings that began or ended (including status
 * changes), checkpoints, and loaded errors in the logs.
 */
export function timeline(state: State): readonly TimelineEvent[] {
	const {findings, snapshot} = activeView(state);
	const {startMs, endMs} = snapshot;
	const untilMs = state.mode.kind === 'past' ? endMs : Math.max(endMs, state.live.nowMs);
	const found = [...findings.current, ...findings.resolved].flatMap(eventsOf);
	const checkpoints = (state.checkpoints?.list ?? []).map((checkpoint): TimelineEvent => {
		const {createdAtMs: atMs, name} = checkpoint;
		return {key: `checkpoint ${atMs} ${name}`, atMs, kind: 'checkpoint', checkpoint};
	});
	const errors = errorLines(state, startMs, untilMs).slice(-maxErrors).map(errorOf);
	const all = [...found, ...checkpoints, ...errors].filter(({atMs}) => atMs >= startMs && atMs <= untilMs);
	return joinErrors(all.toSorted((a, b) => a.atMs - b.atMs)).toReversed();
}

/** One row of the list: a finding or an event, with its key, by which it is selected. */
type Listed = {readonly kind: 'finding'; readonly key: string; readonly finding: Finding} | TimelineEvent;

/** Returns the findings in order (active, unknown, resolved), followed by the timeline. */
export function listed(state: State): readonly Listed[] {
	const {current, resolved} = activeView(state).findings;
	return [
		...current.map(finding => ({kind: 'finding', finding, key: findingKey(finding)}) as const),
		...resolved.map(finding => ({kind: 'finding', finding, key: `${findingKey(finding)} ${finding.sinceMs}`}) as const),
		...timeline(state),
	];
}

/**
 * Returns the position of the selected row. If its finding has since been resolved, it remains selected among the
 * resolved ones.
 */
export function listedPosition(state: State): number {
	const rows = listed(state);
	const selected = state.overlay.kind === 'findings' ? state.overlay.selected : undefined;
	const exact = rows.findIndex(({key}) => key === selected);
	const ended = selected === undefined ? -1 : rows.findIndex(({key}) => key.startsWith(`${selected} `));
	return Math.max(exact >= 0 ? exact : ended, 0);
}

/** Returns the selected row; undefined if there is none. */
export function selectedRow(state: State): Listed | undefined {
	return listed(state)[listedPosition(state)];
}
