// Longer than 250 lines because it is one loop: every step reads and moves the same position in the recording.

import type {TimeRange} from '../metrics/windows.ts';
import type {PollResult} from '../polling/poller.ts';
import {type Clock, Waiter} from '../polling/polling-context.ts';
import {agesEveryMs} from '../polling/retry.ts';
import {type OnRead, UnreadableFile} from '../recording/read-entries.ts';
import type {Action} from '../state/actions.ts';
import {replayOf} from '../state/reduce-replay.ts';
import {missingReference} from '../state/reference.ts';
import type {Replay} from '../state/replay.ts';
import {selectedWindow} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {searchKey} from './missing-parts.ts';
import {AgeTimer, Playhead, Seeker} from './playhead.ts';
import {ReplayTranslator} from './replay-translator.ts';
import {RecordingCursor, type TimedResponse} from './scan.ts';

/** The maximum time for which due responses are processed before keyboard input is handled, in milliseconds. */
const longestTurnMs = 40;

const gapMs = 600_000;

/** The recording to play, and the store to which the player dispatches its data. */
export type PlayerOptions = {
	readonly file: string;
	/** The time of the first response, in epoch milliseconds. */
	readonly startMs: number;
	/** A store whose state has a replay. */
	readonly store: Store;
	readonly clock: Pick<Clock, 'elapsed'>;
	/** Called with the number of bytes of the file that were read. */
	readonly onRead?: OnRead;
	/**
	 * Called after each recorded poll of a window up to now, and after each failure, when the result is in the store.
	 */
	readonly onPollResult?: (result: PollResult) => void;
};

/** Dispatches to a store what the poller dispatched when the recording was made. */
export class Player {
	readonly #options: PlayerOptions;
	readonly #store: Store;
	readonly #signal: AbortSignal;
	readonly #waiter: Waiter;
	readonly #playhead: Playhead;
	readonly #seeker: Seeker;
	readonly #ageTimer = new AgeTimer();
	#cursor: RecordingCursor;
	#translator = new ReplayTranslator();
	/** The poll result that hasn't been reported yet. */
	#awaiting: PollResult | undefined;

	constructor(options: PlayerOptions, signal: AbortSignal) {
		const {file, startMs, store, clock, onRead} = options;
		this.#options = options;
		this.#store = store;
		this.#signal = signal;
		this.#waiter = new Waiter(store, {elapsed: clock.elapsed, now: clock.elapsed}, signal);
		this.#playhead = new Playhead(startMs, clock.elapsed());
		this.#seeker = new Seeker(file, store, onRead);
		this.#cursor = new RecordingCursor(file, onRead);
	}

	/** Plays at the recorded times, and stays at the end. Throws the reason of `signal` once it is aborted. */
	async play(): Promise<never> {
		for (;;) {
			this.#signal.throwIfAborted();
			try {
				await this.#step();
			} catch (error) {
				if (!(error instanceof UnreadableFile)) {
					throw error;
				}

				this.#seeker.giveUp();
				await this.#stay(error.message);
			}
		}
	}

	/**
	 * Plays without waiting, up to the seek target or, without one, to the end, or until the signal is aborted. Throws
	 * UnreadableFile if the file can't be read.
	 */
	async playThrough(): Promise<void> {
		const {seekTarget} = this.#replay();
		if (seekTarget !== undefined) {
			return this.#goTo(seekTarget);
		}

		while (!this.#signal.aborted && (await this.#cursor.peek()) !== undefined) {
			this.#translate(await this.#cursor.read(() => true));
		}

		const {onPollResult} = this.#options;
		const atMs = this.#state().live.nowMs;
		this.#store.dispatch(...this.#translator.end(), {type: 'replayEnded', why: undefined, atMs});
		if (onPollResult !== undefined) {
			this.#report(undefined, onPollResult);
		}
	}

	/** Shows a range based on the responses recorded so far, with the name and the step of the visible window. */
	async showRange(range: TimeRange): Promise<void> {
		const window = {...selectedWindow(this.#state()), lengthMs: range.endMs - range.startMs};
		this.#store.dispatch({type: 'showRange', range, window});
		const wanted = this.#seeker.wanted();
		if (wanted !== undefined) {
			this.#store.dispatch(...(await this.#seeker.restore(wanted)));
		}
	}

	/** Reads the data of the comparison, if it is missing. */
	async restoreReference(): Promise<void> {
		const wanted = missingReference(this.#state()) === undefined ? undefined : this.#seeker.wanted();
		if (wanted !== undefined) {
			this.#store.dispatch(...(await this.#seeker.restore(wanted)));
		}
	}

	async close(): Promise<void> {
		await this.#cursor.close();
	}

	async #step(): Promise<void> {
		const {seekTarget} = this.#replay();
		if (seekTarget !== undefined) {
			return this.#goTo(seekTarget);
		}

		if (this.#seeker.wanted() !== undefined) {
			return this.#restore();
		}

		const entry = await this.#cursor.peek();
		if (this.#isWoken()) {
			return;
		}

		if (entry === undefined) {
			return this.#stay(undefined);
		}

		return entry.kind === 'session' ? this.#beginSession() : this.#playUntil(entry.receivedMs);
	}

	/** Waits for a recorded time, and dispatches what is due then. */
	async #playUntil(timeMs: number): Promise<void> {
		const {nowMs: atMs} = this.#state().live;
		if (timeMs - atMs >= gapMs && this.#replay().gapEndMs !== timeMs) {
			this.#store.dispatch({type: 'gapEntered', endMs: timeMs, atMs});
		}

		await this.#waiter.wait(
			() => this.#leftMs(Math.min(timeMs, this.#ageTimer.dueMs)),
			() => this.#isWoken(),
		);
		if (this.#isWoken()) {
			return;
		}

		if (this.#ageTimer.dueMs < timeMs) {
			this.#store.dispatch({type: 'tick', atMs: this.#ageTimer.dueMs});
			this.#ageTimer.advance();
			return;
		}

		const untilMs = this.#elapsed() + longestTurnMs;
		let lastMs = timeMs;
		const reported = await this.#cursor.read(({receivedMs}) => {
			// Between two responses that are a minute or more apart, ages might have to be updated.
			const isNear = receivedMs - lastMs < agesEveryMs;
			lastMs = receivedMs;
			return isNear && this.#leftMs(receivedMs) === 0 && this.#elapsed() < untilMs && !this.#isWoken();
		});
		this.#translate(reported);
		this.#playhead.holdBack(reported.at(-1)?.response.receivedMs ?? timeMs, this.#elapsed());
	}

	/** Dispatches several responses at once, which results in one frame. */
	#translate(reported: readonly TimedResponse[]): void {
		const {onPollResult} = this.#options;
		const before = selectedWindow(this.#state());
		for (const {response, nextMs} of reported) {
			for (const action of this.#translator.translate(response, nextMs, this.#state())) {
				this.#store.dispatch(action);
				if (onPollResult !== undefined) {
					this.#report(pollResultOf(action, this.#state()), onPollResult);
				}
			}
		}

		const {links, nowMs} = this.#state().live;
		this.#ageTimer.note(links.trainer, nowMs);
		if (selectedWindow(this.#state()) !== before) {
			this.#seeker.noteReported();
		}
	}

	/**
	 * Reports a poll result, or the pending one: a failure immediately, and a response only after the first evaluation
	 * of the rules, which might have to wait for the response about the deployment.
	 */
	#report(result: PollResult | undefined, onPollResult: (result: PollResult) => void): void {
		const due = result ?? this.#awaiting;
		const isEvaluated = this.#state().findings.isEvaluated || (due !== undefined && 'failure' in due);
		this.#awaiting = isEvaluated ? undefined : due;
		if (isEvaluated && due !== undefined) {
			onPollResult(due);
		}
	}

	/** Begins a session. The program was restarted at this point, possibly after a long time, which is skipped. */
	async #beginSession(): Promise<void> {
		await this.#cursor.skip();
		this.#store.dispatch(...this.#translator.end());
		const next = await this.#cursor.peek();
		if (next?.kind === 'response') {
			this.#playhead.moveTo(next.receivedMs, this.#elapsed());
		}
	}

	/**
	 * Ends the replay, because there are no more entries or the file can't be read. Then waits until the user seeks, or
	 * until the view requires other data.
	 */
	async #stay(why: string | undefined): Promise<void> {
		if (why !== undefined || this.#replay().ended === undefined) {
			const atMs = this.#state().live.nowMs;
			this.#store.dispatch(...this.#translator.end(), {type: 'replayEnded', why, atMs});
		}

		await this.#waiter.wait(
			() => Number.POSITIVE_INFINITY,
			() => this.#isWoken(),
		);
	}

	/** Seeks to a time: reads everything from the beginning up to that time, regardless of what was played before. */
	async #goTo(seekTarget: NonNullable<Replay['seekTarget']>): Promise<void> {
		const seekPoint = await this.#seeker.find(seekTarget, this.#options.startMs);
		if (seekPoint === undefined) {
			return;
		}

		const {toMs, cursor, actions, lastResponses} = seekPoint;
		await this.#cursor.close();
		this.#cursor = cursor;
		this.#translator = new ReplayTranslator();
		this.#playhead.moveTo(toMs, this.#elapsed());
		this.#store.dispatch(...actions);
		this.#seeker.noteReported();
		this.#translate(lastResponses);
		this.#store.dispatch({type: 'tick', atMs: toMs});
	}

	/** Assembles the recorded data of the view. Until that is done, the recorded time doesn't advance. */
	async #restore(): Promise<void> {
		const positionMs = this.#playhead.positionMs(this.#elapsed());
		await this.#waiter.debounce(() => searchKey(this.#state()));
		const wanted = this.#seeker.wanted();
		if (wanted !== undefined) {
			this.#store.dispatch(...(await this.#seeker.restore(wanted)));
		}

		this.#playhead.moveTo(positionMs, this.#elapsed());
	}

	#isWoken(): boolean {
		return this.#replay().seekTarget !== undefined || this.#seeker.wanted() !== undefined;
	}

	#leftMs(timeMs: number): number {
		const {isPaused, speed} = this.#replay();
		this.#playhead.setSpeed(isPaused ? 0 : speed, this.#elapsed());
		return this.#playhead.untilMs(timeMs, this.#elapsed());
	}

	#replay(): Replay {
		return replayOf(this.#state());
	}

	#state(): State {
		return this.#store.getState();
	}

	#elapsed(): number {
		return this.#options.clock.elapsed();
	}
}

/** Returns the poll result of an action; undefined for an action that isn't reported. */
function pollResultOf(action: Action, state: State): PollResult | undefined {
	switch (action.type) {
		case 'metricsReceived':
			return action.kind === 'live' ? {window: action.window} : undefined;
		case 'noMetrics':
			return {window: selectedWindow(state).name};
		case 'pollFailed':
			return {failure: action.failure};
		default:
			return undefined;
	}
}
