import {targetName} from '../api/target.ts';
import type {History} from '../metrics/history.ts';
import {activeHistory} from '../state/derive-views.ts';
import {findingsWindow, type State} from '../state/state.ts';

/** The interval of the findings' window if another one is shown: that of new samples. */
const findingsEveryMs = 30_000;

/** The minimum pause after a slow response, whatever the interval. */
const shortestPauseMs = 1000;

/** A query about the trainer: a window up to now, or an earlier range. */
export type Query = {readonly kind: 'live' | 'past'; readonly history: History};

/** The last request of a query: when it was sent and answered, by a monotonic clock. */
export type LastRequest = {readonly beganMs: number; readonly endedMs: number; readonly refreshCount: number};

/** The queries so far, by `queryKey`. */
export type QueryLog = ReadonlyMap<string, LastRequest>;

/** Two queries of the same name are the same query at two times. */
export function queryKey({kind, history}: Query): string {
	return kind === 'live' ? history.window.name : `${history.window.name} to ${history.endMs}`;
}

/** Identifies the current view; when it changes, requests in flight for the old one are dropped. */
export function viewKey({target, components, mode}: State): string {
	return `${targetName(target)} ${components.trainer.histories[0].window.name} ${mode.kind === 'past' ? mode.endMs : ''}`;
}

/**
 * Returns the next query, and in how many milliseconds from `elapsedMs` it is due. An earlier range on the screen is
 * first, once; it is repeated only while late samples may still reach it. Then the shown window, one interval after its
 * last request or at once on refresh, then the window of the findings.
 */
export function nextQuery(
	state: State,
	record: QueryLog,
	elapsedMs: number,
): {readonly query: Query; readonly dueInMs: number} {
	const {components, mode, intervalMs, refreshCount} = state;
	const {histories} = components.trainer;
	const dueIn = (query: Query, everyMs: number): number => {
		const last = record.get(queryKey(query));
		return last === undefined ? 0 : Math.max(last.beganMs + everyMs, last.endedMs + shortestPauseMs) - elapsedMs;
	};
	const shown: Query = {kind: 'live', history: histories[0]};
	const isWanted = (record.get(queryKey(shown))?.refreshCount ?? refreshCount) !== refreshCount;
	const candidates = [{query: shown, dueInMs: isWanted ? 0 : dueIn(shown, intervalMs)}];
	if (mode.kind === 'past') {
		const past: Query = {kind: 'past', history: activeHistory(state, 'trainer')};
		if (!past.history.complete) {
			return {query: past, dueInMs: 0};
		}

		if (!past.history.settled) {
			candidates.unshift({query: past, dueInMs: dueIn(past, intervalMs)});
		}
	}

	const findingsHistory = histories.find(({window}) => window.name === findingsWindow.name);
	if (findingsHistory !== undefined && findingsHistory !== histories[0]) {
		const query: Query = {kind: 'live', history: findingsHistory};
		candidates.push({query, dueInMs: dueIn(query, Math.max(findingsEveryMs, intervalMs))});
	}

	return candidates.find(({dueInMs}) => dueInMs <= 0) ?? candidates.reduce((a, b) => (b.dueInMs < a.dueInMs ? b : a));
}
