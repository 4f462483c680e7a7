import {type Level, levels} from '../api/logs.ts';
import type {Window} from '../metrics/windows.ts';
import {viewKey} from '../polling/query-range.ts';
import type {OnRead} from '../recording/read-entries.ts';
import type {Action} from '../state/actions.ts';
import {type Component, components, mapComponents, type PerComponent} from '../state/component.ts';
import {areLogsShown, seenFrom} from '../state/derive-logs.ts';
import {activeHistory} from '../state/derive-views.ts';
import {replayOf} from '../state/reduce-replay.ts';
import {missingReference} from '../state/reference.ts';
import type {Replay} from '../state/replay.ts';
import {selectedWindow} from '../state/selectors.ts';
import {logRequests} from '../state/side-response.ts';
import {findingsWindow, type State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import type {TimeRange} from './history-builder.ts';
import {type CursorScan, RecordingCursor, type ScanRequest, type TimedResponse} from './scan.ts';

/** Tracks whether the logs of a component so far are all that the recording has at the selected level. */
class MissingLogs {
	#reported: Level | undefined;

	/** No logs yet, of any level. */
	constructor(level: Level) {
		this.#reported = level;
	}

	/** Returns the level to search logs for; undefined if they aren't shown or complete. */
	find({isShown, level}: {readonly isShown: boolean; readonly level: Level}): Level | undefined {
		// Entries below the selected level aren't kept.
		if (this.#reported !== undefined && levels.indexOf(level) > levels.indexOf(this.#reported)) {
			this.#reported = level;
		}

		return isShown && level !== this.#reported ? level : undefined;
	}

	/** Notes that all entries of this level are known; undefined if they were dropped. */
	note(reported: Level | undefined): void {
		this.#reported = reported;
	}
}

/** A window up to a time ends at the next step, as that of a query does. */
function liveRange(component: Component, window: Window, timeMs: number): TimeRange {
	const {stepMs} = window;
	return {component, kind: 'live', window, endMs: Math.ceil(timeMs / stepMs) * stepMs};
}

/** Returns the ranges needed at a time: the visible window, and the one of the findings. */
function rangesAt(window: Window, timeMs: number): readonly TimeRange[] {
	const shown = components.map(component => liveRange(component, window, timeMs));
	return window.name === findingsWindow.name ? shown : [...shown, liveRange('trainer', findingsWindow, timeMs)];
}

/**
 * Returns the visible ranges that the recording hasn't been searched for. A window shown by the recording,
 * `reportedWindow`, comes from its own responses.
 */
function missingRanges(state: State, reportedWindow: string): readonly TimeRange[] {
	const {mode, live} = state;
	const reference = missingReference(state);
	const earlier: readonly TimeRange[] = reference === undefined ? [] : [{...reference, kind: 'past', reference}];
	const unknown = components
		.map(component => ({component, history: activeHistory(state, component)}))
		.filter(({history}) => !history.complete);
	if (mode.kind === 'past') {
		return [
			...unknown.map(({component, history: {window}}): TimeRange => {
				return {component, kind: 'past', window, endMs: mode.endMs};
			}),
			...earlier,
		];
	}

	const recent = unknown
		.filter(({history}) => history.window.name !== reportedWindow)
		.map(({component, history}) => liveRange(component, history.window, live.nowMs));
	return [...recent, ...earlier];
}

/** A position in a recording to continue from: what is known there, and the last responses. */
type SeekPoint = {
	readonly toMs: number;
	readonly cursor: RecordingCursor;
	readonly actions: readonly Action[];
	readonly lastResponses: readonly TimedResponse[];
};

type SeekTarget = NonNullable<Replay['seekTarget']>;

/**
 * Searches a recording, from its beginning, for the parts of the view that aren't known. All methods throw
 * UnreadableFile.
 */
export class Seeker {
	readonly #file: string;
	readonly #onRead: OnRead | undefined;
	readonly #store: Store;
	readonly #logs: PerComponent<MissingLogs>;
	/** The window that is shown unless the user chooses another. */
	#reportedWindow: string;
	/** The view during which the file couldn't be read: it isn't searched for that again. */
	#givenUp: string | undefined;

	constructor(file: string, store: Store, onRead?: OnRead) {
		this.#onRead = onRead;
		const state = store.getState();
		this.#file = file;
		this.#store = store;
		this.#logs = mapComponents(logsOfBoth(state), ({level}) => new MissingLogs(level));
		this.#reportedWindow = selectedWindow(state).name;
	}

	/** Returns what to search for; undefined if nothing. */
	wanted(): ScanRequest | undefined {
		const state = this.#state();
		if (searchKey(state) === this.#givenUp) {
			return undefined;
		}

		const ranges = missingRanges(state, this.#reportedWindow);
		const logs = mapComponents(logsOfBoth(state), (shown, component) => this.#logs[component].find(shown));
		const areKnown = logs.trainer === undefined && logs.sampler === undefined;
		return ranges.length === 0 && areKnown ? undefined : {ranges, logs};
	}

	/** Notes that the recording reported something: the current view is reported from now on. */
	noteReported(): void {
		this.#reportedWindow = selectedWindow(this.#state()).name;
	}

	giveUp(): void {
		this.#givenUp = searchKey(this.#state());
	}

	/** Searches for what is missing, up to the current time. Returns nothing if the view changed by then. */
	async restore(wanted: ScanRequest): Promise<readonly Action[]> {
		const state = this.#state();
		const {nowMs} = state.live;
		const cursor = new RecordingCursor(this.#file, this.#onRead);
		const found = await cursor.scan(nowMs, wanted);
		await cursor.close();
		if (searchKey(this.#state()) !== searchKey(state)) {
			return [];
		}

		for (const component of components) {
			if (wanted.logs[component] !== undefined) {
				this.#logs[component].note(wanted.logs[component]);
			}
		}

		this.noteReported();
		return restoreActions(found, wanted.logs, nowMs);
	}

	/** Seeks to a time within the recording; undefined if the target changed by then. */
	async find(seekTarget: SeekTarget, startMs: number): Promise<SeekPoint | undefined> {
		return seekTarget.toMs < startMs
			? this.#findAt(startMs, seekTarget, 'that time is not in the recording, which begins here')
			: this.#findAt(seekTarget.toMs, seekTarget, undefined);
	}

	/** `limit` means that another time was requested. */
	async #findAt(toMs: number, seekTarget: SeekTarget, limit: string | undefined): Promise<SeekPoint | undefined> {
		const before = logsOfBoth(this.#state());
		const window = selectedWindow(this.#state());
		const logs = mapComponents(before, ({isShown, level}) => (isShown ? level : undefined));
		const cursor = new RecordingCursor(this.#file, this.#onRead);
		const found = await cursor.scan(toMs, {ranges: rangesAt(window, toMs), logs});
		this.#follow(found.lastResponses);
		const state = this.#state();
		if (
			replayOf(state).seekTarget !== seekTarget ||
			selectedWindow(state).name !== window.name ||
			components.some(component => logsOfBoth(state)[component].level !== before[component].level)
		) {
			await cursor.close();
			return undefined;
		}

		const endMs = Math.max(...found.lastResponses.map(({response}) => response.answeredMs));
		if (Number.isFinite(endMs) && toMs > endMs && (await cursor.peek()) === undefined) {
			await cursor.close();
			return this.#findAt(endMs, seekTarget, 'that time is not in the recording, which ends here');
		}

		for (const component of components) {
			this.#logs[component].note(logs[component]);
		}

		return {
			toMs,
			cursor,
			actions: [
				{type: 'seeked', atMs: toMs},
				...restoreActions(found, logs, toMs),
				...(limit === undefined ? [] : [{type: 'notify', text: limit} as const]),
			],
			lastResponses: found.lastResponses,
		};
	}

	/** Switches to the window that was visible at that time, if the user follows the recording. */
	#follow(lastResponses: readonly TimedResponse[]): void {
		const window = lastResponses.findLast(({response}) => response.kind === 'trainer')?.response.window;
		const state = this.#state();
		if (window !== undefined && window !== replayOf(state).recordedWindow) {
			this.#store.dispatch({type: 'recordedWindowChanged', window, atMs: state.live.nowMs});
		}
	}

	#state(): State {
		return this.#store.getState();
	}
}

/** Identifies the view, as far as it decides what is searched for. */
export function searchKey(state: State): string {
	const {trainer, sampler} = mapComponents(logsOfBoth(state), ({isShown, level}) => (isShown ? level : ''));
	const {startMs, endMs} = missingReference(state) ?? {};
	return `${viewKey(state)} ${trainer} ${sampler} ${startMs} ${endMs}`;
}

/** Returns of each component whether its logs are shown, and the least level of those that are kept. */
function logsOfBoth(state: State): PerComponent<{readonly isShown: boolean; readonly level: Level}> {
	return mapComponents(state.views, (_, component) => ({
		// The timeline shows the errors of the trainer's logs.
		isShown: areLogsShown(state, component) || (component === 'trainer' && state.overlay.kind === 'findings'),
		level: seenFrom(state, component).logs.level,
	}));
}

function restoreActions(
	{known, logs}: CursorScan,
	levels: PerComponent<Level | undefined>,
	atMs: number,
): readonly Action[] {
	return [
		...known.flatMap(({range: {component, kind, reference}, history}): readonly Action[] => {
			if (history === undefined) {
				return [];
			}

			return reference === undefined
				? [{type: 'historyRestored', component, kind, history, atMs}]
				: [
						{
							type: 'sideRequestSucceeded',
							response: {kind: 'reference', reference: {...reference, history}},
							atMs,
						},
					];
		}),
		...components.flatMap(component =>
			logs[component].map((loaded): Action => {
				const {earlier: kind} = logRequests[component];
				return {type: 'sideRequestSucceeded', response: {kind, level: levels[component] ?? 'DEBUG', loaded}, atMs};
			}),
		),
	];
}
