import type {Level} from '../api/logs.ts';
import {viewKey} from '../polling/next-query.ts';
import type {Action} from '../state/actions.ts';
import {replayOf} from '../state/reduce-replay.ts';
import type {Replay} from '../state/replay.ts';
import {selectedWindow} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {type CursorScan, RecordingCursor, type TimedResponse} from './cursor.ts';
import {MissingLogs} from './missing-logs.ts';
import {missingRanges, rangesAt} from './missing-ranges.ts';
import type {ScanRequest} from './scan.ts';

/** A position in a recording to continue from: what is known there, and the last responses. */
export type SeekPoint = {
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
	readonly #store: Store;
	readonly #logs: MissingLogs;
	/** The window that is shown unless the user chooses another. */
	#reportedWindow: string;
	/** The view during which the file couldn't be read: it isn't searched for that again. */
	#givenUp: string | undefined;

	constructor(file: string, store: Store) {
		const state = store.getState();
		this.#file = file;
		this.#store = store;
		this.#logs = new MissingLogs(state.logs.level);
		this.#reportedWindow = selectedWindow(state).name;
	}

	/** Returns what to search for; undefined if nothing. */
	wanted(): ScanRequest | undefined {
		const state = this.#state();
		if (searchKey(state) === this.#givenUp) {
			return undefined;
		}

		const ranges = missingRanges(state, this.#reportedWindow);
		const logs = this.#logs.find(state.logs);
		return ranges.length === 0 && logs === undefined ? undefined : {ranges, logs};
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
		const cursor = new RecordingCursor(this.#file);
		const found = await cursor.scan(nowMs, wanted);
		await cursor.close();
		if (searchKey(this.#state()) !== searchKey(state)) {
			return [];
		}

		if (wanted.logs !== undefined) {
			this.#logs.note(wanted.logs);
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
		const {logs} = this.#state();
		const window = selectedWindow(this.#state());
		const level = logs.isOpen ? logs.level : undefined;
		const cursor = new RecordingCursor(this.#file);
		const found = await cursor.scan(toMs, {ranges: rangesAt(window, toMs), logs: level});
		this.#follow(found.lastResponses);
		const state = this.#state();
		if (
			replayOf(state).seekTarget !== seekTarget ||
			selectedWindow(state).name !== window.name ||
			state.logs.level !== logs.level
		) {
			await cursor.close();
			return undefined;
		}

		const endMs = Math.max(...found.lastResponses.map(({response}) => response.answeredMs));
		if (Number.isFinite(endMs) && toMs > endMs && (await cursor.peek()) === undefined) {
			await cursor.close();
			return this.#findAt(endMs, seekTarget, 'that time is not in the recording, which ends here');
		}

		this.#logs.note(level);
		return {
			toMs,
			cursor,
			actions: [
				{type: 'seeked', atMs: toMs},
				...restoreActions(found, level, toMs),
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
	return `${viewKey(state)} ${state.logs.isOpen ? state.logs.level : ''}`;
}

function restoreActions({known, logs}: CursorScan, level: Level | undefined, atMs: number): readonly Action[] {
	return [
		...known.flatMap(({range: {component, kind}, history}): readonly Action[] =>
			history === undefined ? [] : [{type: 'historyRestored', component, kind, history, atMs}],
		),
		...logs.map((loaded): Action => {
			return {type: 'sideRequestSucceeded', response: {kind: 'earlierLogs', level: level ?? 'DEBUG', loaded}, atMs};
		}),
	];
}
