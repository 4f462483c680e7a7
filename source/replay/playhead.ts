// Longer than 250 lines because it contains all movements of one position: playing, pausing, and seeking.
import type {Level} from '../api/logs.ts';
import {agesEveryMs} from '../polling/retry.ts';
import type {OnRead} from '../recording/read-entries.ts';
import {type Action, logRequests} from '../state/actions.ts';
import {components, mapComponents, type PerComponent} from '../state/component.ts';
import {replayOf} from '../state/reduce-replay.ts';
import type {Replay} from '../state/replay.ts';
import {selectedWindow} from '../state/selectors.ts';
import type {Link, State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {logsOfBoth, MissingLogs, missingRanges, rangesAt, searchKey} from './missing-parts.ts';
import {type CursorScan, RecordingCursor, type ScanRequest, type TimedResponse} from './scan.ts';

/** Decides when ages are updated without a response: once per minute of recorded time, and only during a failure. */
export class AgeTimer {
	#link: Link | undefined;
	#dueMs = Number.POSITIVE_INFINITY;

	/** Returns the recorded time of the next update, in epoch milliseconds; infinite if there is no failure. */
	get dueMs(): number {
		return this.#dueMs;
	}

	/** Notes the state of the connection after actions, which might have changed it. */
	note(link: Link, nowMs: number): void {
		if (link.kind !== 'failing') {
			this.#dueMs = Number.POSITIVE_INFINITY;
		} else if (link !== this.#link) {
			this.#dueMs = nowMs + agesEveryMs;
		}

		this.#link = link;
	}

	/** Notes that the ages were updated. */
	advance(): void {
		this.#dueMs += agesEveryMs;
	}
}

/** The delay, in milliseconds of real time, above which the playhead is moved back to the last response. */
const longestLateMs = 200;

/** The position in a recording: recorded time in epoch milliseconds, based on a monotonic clock. */
export class Playhead {
	#positionMs: number;
	#atMs: number;
	#speed = 0;

	constructor(positionMs: number, elapsedMs: number) {
		this.#positionMs = positionMs;
		this.#atMs = elapsedMs;
	}

	/** Sets the speed in recorded seconds per second; 0 pauses. */
	setSpeed(speed: number, elapsedMs: number): void {
		this.#positionMs = this.positionMs(elapsedMs);
		this.#atMs = elapsedMs;
		this.#speed = speed;
	}

	moveTo(positionMs: number, elapsedMs: number): void {
		this.#positionMs = positionMs;
		this.#atMs = elapsedMs;
	}

	/** Moves the playhead back to the last response if the machine is too slow for the speed. */
	holdBack(reportedMs: number, elapsedMs: number): void {
		if (this.positionMs(elapsedMs) - reportedMs > longestLateMs * this.#speed) {
			this.moveTo(reportedMs, elapsedMs);
		}
	}

	positionMs(elapsedMs: number): number {
		return this.#positionMs + (elapsedMs - this.#atMs) * this.#speed;
	}

	/** Returns the real time until a recorded time is reached, in milliseconds; infinite while paused. */
	untilMs(timeMs: number, elapsedMs: number): number {
		if (this.#speed === 0) {
			return Number.POSITIVE_INFINITY;
		}

		return Math.max(timeMs - this.positionMs(elapsedMs), 0) / this.#speed;
	}
}

/** A position in a recording to continue from: the data known there, and the last responses. */
type SeekPoint = {
	readonly toMs: number;
	readonly cursor: RecordingCursor;
	readonly actions: readonly Action[];
	readonly lastResponses: readonly TimedResponse[];
};

type SeekTarget = NonNullable<Replay['seekTarget']>;

/**
 * Searches a recording, from its beginning, for the parts of the view that aren't known. `restore` and `find` throw
 * UnreadableFile.
 */
export class Seeker {
	readonly #file: string;
	readonly #onRead: OnRead | undefined;
	readonly #store: Store;
	readonly #logs: PerComponent<MissingLogs>;
	/** The name of the window whose data comes from the responses that are played. */
	#reportedWindow: string;
	/**
	 * The key of the view (`searchKey`) for which the file couldn't be read; the file isn't searched for that view
	 * again.
	 */
	#givenUp: string | undefined;

	constructor(file: string, store: Store, onRead?: OnRead) {
		this.#onRead = onRead;
		const state = store.getState();
		this.#file = file;
		this.#store = store;
		this.#logs = mapComponents(logsOfBoth(state), ({level}) => new MissingLogs(level));
		this.#reportedWindow = replayOf(state).recordedWindow;
	}

	/**
	 * Returns the data to search for; undefined if nothing is missing, or if the file couldn't be read for this view.
	 */
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

	/** Notes that the played responses now provide the data of the window on the screen. */
	noteReported(): void {
		this.#reportedWindow = selectedWindow(this.#state()).name;
	}

	giveUp(): void {
		this.#givenUp = searchKey(this.#state());
	}

	/**
	 * Searches for the missing parts, up to the current time, and returns the actions that add them; none if the view
	 * has changed by then.
	 */
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

	/**
	 * Finds the data at the seek target or, if that is outside of the recording, at its beginning or end. Undefined if
	 * the target, the window, or the level of the logs has changed by then.
	 */
	async find(seekTarget: SeekTarget, startMs: number): Promise<SeekPoint | undefined> {
		return seekTarget.toMs < startMs
			? this.#findAt(startMs, seekTarget, "that time isn't in the recording, which begins here")
			: this.#findAt(seekTarget.toMs, seekTarget, undefined);
	}

	/** Finds the data at a given time. `limit` is the message to show if a different time was requested. */
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

		const {newestMs: endMs} = found;
		if (endMs !== undefined && toMs > endMs && (await cursor.peek()) === undefined) {
			await cursor.close();
			return this.#findAt(endMs, seekTarget, "that time isn't in the recording, which ends here");
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

	/** Switches to the window that was visible at the time of these responses, if the user follows the recording. */
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

			if (reference === undefined) {
				return [{type: 'historyRestored', component, kind, history, atMs}];
			}

			return [{type: 'sideRequestSucceeded', response: {kind: 'reference', reference: {...reference, history}}, atMs}];
		}),
		...components.flatMap(component =>
			logs[component].map((loaded): Action => {
				const {earlier: kind} = logRequests[component];
				return {type: 'sideRequestSucceeded', response: {kind, level: levels[component] ?? 'DEBUG', loaded}, atMs};
			}),
		),
	];
}
