import {type Level, levels} from '../api/logs.ts';
import {emptyHistory, type History} from '../metrics/history.ts';
import {addRange, emptyLogBuffer, type LogBuffer} from '../metrics/log-buffer.ts';
import {addMetrics} from '../metrics/merge-history.ts';
import type {Window} from '../metrics/windows.ts';
import {viewKey} from '../polling/query-range.ts';
import type {RecordedResponse} from '../recording/format.ts';
import {type Component, components, mapComponents, type PerComponent} from '../state/component.ts';
import {areLogsShown, asSeenFrom} from '../state/derive-logs.ts';
import {activeHistory} from '../state/derive-views.ts';
import {type LoadedLogs, toNs} from '../state/logs.ts';
import {missingReference, type ReferenceRange} from '../state/reference.ts';
import {findingsWindow, type State} from '../state/state.ts';
import {decodeResponse, downsample} from './decode-response.ts';
import {logsAtLevel, type RecordedQuery} from './route.ts';

/** Assembles the logs near a time from recorded responses, up to the limit of the buffer. */
export class LogsBuilder {
	readonly #level: Level;
	readonly #nearNs: bigint;
	#buffer: LogBuffer = emptyLogBuffer;

	constructor(level: Level, nearMs: number) {
		this.#level = level;
		this.#nearNs = toNs(nearMs);
	}

	/** Adds a response. Responses must be added in the order of the recording. */
	async offer(recorded: RecordedResponse): Promise<void> {
		const response = await decodeResponse(recorded);
		if (response?.kind === 'logs' && response.result.ok) {
			const loaded = logsAtLevel(response.result.value, response.level, this.#level);
			this.#buffer = loaded === undefined ? this.#buffer : addRange(this.#buffer, loaded.range, this.#nearNs);
		}
	}

	/** Drops everything, because the recording continues with a different deployment. */
	forget(): void {
		this.#buffer = emptyLogBuffer;
	}

	/** Returns the known logs, by loaded range. */
	finish(): readonly LoadedLogs[] {
		return this.#buffer.ranges.map(range => ({range, dropped: 0}));
	}
}

/** A window of a component, up to now or to an earlier time. Times are in epoch milliseconds. */
export type WindowRange = {
	readonly component: Component;
	readonly kind: 'live' | 'past';
	readonly window: Window;
	readonly endMs: number;
	/** The comparison for which the range is needed; undefined if it isn't needed for one. */
	readonly reference?: ReferenceRange;
};

type Candidate = {readonly recorded: RecordedResponse; readonly query: RecordedQuery};

/**
 * Assembles a range from recorded responses with its own window and, for a trainer, with the findings' window, which is
 * always requested. A response is skipped if the next one has the same window and contains everything that is needed
 * from the skipped one.
 */
export class HistoryBuilder {
	readonly range: WindowRange;
	readonly #startMs: number;
	#history: History;
	#candidate: Candidate | undefined;

	constructor(range: WindowRange) {
		this.range = range;
		this.#startMs = range.endMs - range.window.lengthMs;
		this.#history = emptyHistory(range.window);
	}

	/** Adds a response. Responses must be added in the order of the recording. */
	async offer(recorded: RecordedResponse, query: RecordedQuery): Promise<void> {
		const {window, range} = query;
		const isWatch = window.name === findingsWindow.name && this.range.component === 'trainer';
		const isOfUse = window.name === this.range.window.name || isWatch;
		if (!isOfUse || range.endMs < this.#startMs || range.startMs > this.range.endMs) {
			return;
		}

		const before = this.#candidate;
		if (before !== undefined && !this.#isWithin(before.query, query)) {
			await this.#add(before);
		}

		this.#candidate = {recorded, query};
	}

	/** Returns the known data of the range. Undefined for a window up to now if there were no usable responses. */
	async finish(): Promise<History | undefined> {
		const last = this.#candidate;
		this.#candidate = undefined;
		if (last !== undefined) {
			await this.#add(last);
		}

		const {endMs, kind} = this.range;
		const isPast = kind === 'past';
		return this.#history.complete || isPast
			? {...this.#history, startMs: this.#startMs, endMs, complete: true, isFinal: isPast}
			: undefined;
	}

	/** Drops everything, because the recording continues with a different deployment. */
	forget(): void {
		this.#history = emptyHistory(this.range.window);
		this.#candidate = undefined;
	}

	/** Returns whether the next response contains everything that is needed from this one. */
	#isWithin({window, range}: RecordedQuery, next: RecordedQuery): boolean {
		const {stepMs} = this.range.window;
		const firstNeeded = Math.ceil(range.startMs / stepMs) * stepMs;
		return window.name === next.window.name && firstNeeded >= next.range.startMs && range.endMs <= next.range.endMs;
	}

	async #add({recorded, query}: Candidate): Promise<void> {
		const response = await decodeResponse(recorded);
		if ((response?.kind !== 'trainer' && response?.kind !== 'sampler') || !response.result.ok) {
			return;
		}

		const {endMs, window} = this.range;
		const isOwn = query.window.name === window.name;
		const buckets = {startMs: this.#startMs, endMs, stepMs: isOwn ? 0 : window.stepMs};
		// A response with the same window replaces the known data in its range; a response with another window only
		// adds to it.
		const fromMs = isOwn ? Math.max(query.range.startMs, this.#startMs) : endMs;
		const range = {startMs: fromMs, endMs, whole: false};
		this.#history = addMetrics(this.#history, downsample(response.result.value, buckets), range);
	}
}

/** Tracks whether the known logs of a component include everything that the recording has at the selected level. */
export class MissingLogs {
	#reported: Level | undefined;

	/** At the beginning of a recording, there is nothing to search for at `level`. */
	constructor(level: Level) {
		this.#reported = level;
	}

	/** Returns the minimum level of the logs to search for; undefined if the logs aren't shown, or are complete. */
	find({isShown, level}: {readonly isShown: boolean; readonly level: Level}): Level | undefined {
		// Entries below the selected level aren't kept.
		if (this.#reported !== undefined && levels.indexOf(level) > levels.indexOf(this.#reported)) {
			this.#reported = level;
		}

		return isShown && level !== this.#reported ? level : undefined;
	}

	/** Notes the minimum level at which all entries are known; undefined if the entries were dropped. */
	note(reported: Level | undefined): void {
		this.#reported = reported;
	}
}

/** Returns the range of a window up to a time. It ends at the next step, as the range of a query does. */
function liveRange(component: Component, window: Window, timeMs: number): WindowRange {
	const {stepMs} = window;
	return {component, kind: 'live', window, endMs: Math.ceil(timeMs / stepMs) * stepMs};
}

/**
 * Returns the ranges needed at a time: the visible window of both components, and the findings' window of the trainer.
 */
export function rangesAt(window: Window, timeMs: number): readonly WindowRange[] {
	const shown = components.map(component => liveRange(component, window, timeMs));
	return window.name === findingsWindow.name ? shown : [...shown, liveRange('trainer', findingsWindow, timeMs)];
}

/**
 * Returns the ranges on the screen whose data isn't known yet, including that of the comparison. Unless an earlier
 * range is shown, the window named `reportedWindow` is left out, because the responses that are played provide its
 * data.
 */
export function missingRanges(state: State, reportedWindow: string): readonly WindowRange[] {
	const {mode, live} = state;
	const reference = missingReference(state);
	const earlier: readonly WindowRange[] = reference === undefined ? [] : [{...reference, kind: 'past', reference}];
	const unknown = components
		.map(component => ({component, history: activeHistory(state, component)}))
		.filter(({history}) => !history.complete);
	if (mode.kind === 'past') {
		return [
			...unknown.map(({component, history: {window}}): WindowRange => {
				return {component, kind: 'past', window, endMs: mode.endMs};
			}),
			...earlier,
		];
	}

	// Until data of the recorded window has been played, the data of other windows can't be assembled.
	const hasReported = state.components.trainer.histories.some(({complete}) => complete);
	const recent = (hasReported ? unknown : [])
		.filter(({history}) => history.window.name !== reportedWindow)
		.map(({component, history}) => liveRange(component, history.window, live.nowMs));
	return [...recent, ...earlier];
}

/** Returns a key for the parts of the view that determine what is searched for. */
export function searchKey(state: State): string {
	const {trainer, sampler} = mapComponents(logsOfBoth(state), ({isShown, level}) => (isShown ? level : ''));
	const {startMs, endMs} = missingReference(state) ?? {};
	return `${viewKey(state)} ${trainer} ${sampler} ${startMs} ${endMs}`;
}

/**
 * Returns, for each component, whether its logs are shown or are part of an output, and the minimum level of the
 * entries that are kept.
 */
export function logsOfBoth(state: State): PerComponent<{readonly isShown: boolean; readonly level: Level}> {
	const {hasLogOutput, overlay} = state;
	return mapComponents(state.views, (_, component) => ({
		// The timeline shows the errors in the trainer's logs.
		isShown: hasLogOutput || areLogsShown(state, component) || (component === 'trainer' && overlay.kind === 'findings'),
		level: asSeenFrom(state, component).logs.level,
	}));
}
