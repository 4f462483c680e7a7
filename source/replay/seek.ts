import type {Level} from '../api/logs.ts';
import {viewKey} from '../polling/next-query.ts';
import type {Action} from '../state/actions.ts';
import {replayOf} from '../state/reduce-replay.ts';
import type {Replay} from '../state/replay.ts';
import {seenWindow} from '../state/seen.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {type Recollected, Tape, type ToldNews} from './cursor.ts';
import {WantedLogs} from './missing-logs.ts';
import {stretchesAt, wantedStretches} from './missing-ranges.ts';
import type {Wanted} from './scan.ts';

/** A place in a recording to go on from: what is known there, and by which answers it stands so. */
export type Place = {
	readonly toMs: number;
	readonly tape: Tape;
	readonly actions: readonly Action[];
	readonly standing: readonly ToldNews[];
};

type Goal = NonNullable<Replay['goal']>;

/** No poller is quiet for longer than a server may ask it to be: what is that far after the last answer is beyond the end. */
const longestQuietMs = 3_600_000;

/** Searches a recording, from its beginning, for what is not known of what the user looks at. All throws UnreadableFile. */
export class Search {
	readonly #file: string;
	readonly #store: Store;
	readonly #logs: WantedLogs;
	/** The window that is shown unless the user chooses another. */
	#toldWindow: string;
	/** What was looked at when the file could not be read: it is not searched for that again. */
	#givenUp: string | undefined;

	constructor(file: string, store: Store) {
		const state = store.getState();
		this.#file = file;
		this.#store = store;
		this.#logs = new WantedLogs(state.logs.level);
		this.#toldWindow = seenWindow(state).name;
	}

	/** What is to be searched for; undefined where nothing is. */
	wanted(): Wanted | undefined {
		const state = this.#state();
		if (searchKey(state) === this.#givenUp) {
			return undefined;
		}

		const stretches = wantedStretches(state, this.#toldWindow);
		const logs = this.#logs.find(state.logs);
		return stretches.length === 0 && logs === undefined ? undefined : {stretches, logs};
	}

	/** The recording told something: what is shown now is told by itself. */
	noteTold(): void {
		this.#toldWindow = seenWindow(this.#state()).name;
	}

	giveUp(): void {
		this.#givenUp = searchKey(this.#state());
	}

	/** Searches for what is wanted, up to the time that is played. Tells nothing where the user looks elsewhere by then. */
	async recall(wanted: Wanted): Promise<readonly Action[]> {
		const state = this.#state();
		const {nowMs} = state.live;
		const tape = new Tape(this.#file);
		const found = await tape.recollect(nowMs, wanted);
		await tape.close();
		if (searchKey(this.#state()) !== searchKey(state)) {
			return [];
		}

		if (wanted.logs !== undefined) {
			this.#logs.note(wanted.logs);
		}

		this.noteTold();
		return recalled(found, wanted.logs, nowMs);
	}

	/** Goes to a time within the recording; undefined where the user wants something else by then. */
	async find(goal: Goal, startMs: number): Promise<Place | undefined> {
		return this.#findAt(Math.max(goal.toMs, startMs), goal);
	}

	async #findAt(toMs: number, goal: Goal): Promise<Place | undefined> {
		const {logs} = this.#state();
		const window = seenWindow(this.#state());
		const level = logs.isOpen ? logs.level : undefined;
		const tape = new Tape(this.#file);
		const found = await tape.recollect(toMs, {stretches: stretchesAt(window, toMs), logs: level});
		this.#follow(found.standing);
		const state = this.#state();
		if (replayOf(state).goal !== goal || seenWindow(state).name !== window.name || state.logs.level !== logs.level) {
			await tape.close();
			return undefined;
		}

		const endMs = Math.max(...found.standing.map(({news}) => news.answeredMs));
		if (Number.isFinite(endMs) && toMs > endMs + longestQuietMs && (await tape.peek()) === undefined) {
			await tape.close();
			return this.#findAt(endMs, goal);
		}

		this.#logs.note(level);
		return {
			toMs,
			tape,
			actions: [{type: 'seeked', atMs: toMs}, ...recalled(found, level, toMs)],
			standing: found.standing,
		};
	}

	/** Shows the window that was looked at by then, to who follows. */
	#follow(standing: readonly ToldNews[]): void {
		const window = standing.findLast(({news}) => news.kind === 'trainer')?.news.window;
		const state = this.#state();
		if (window !== undefined && window !== replayOf(state).recordedWindow) {
			this.#store.dispatch({type: 'recordedWindowChanged', window, atMs: state.live.nowMs});
		}
	}

	#state(): State {
		return this.#store.getState();
	}
}

/** What the user looks at, as far as that says what is to be searched for. */
export function searchKey(state: State): string {
	return `${viewKey(state)} ${state.logs.isOpen ? state.logs.level : ''}`;
}

function recalled({known, logs}: Recollected, level: Level | undefined, atMs: number): readonly Action[] {
	return [
		...known.flatMap(({stretch: {component, kind}, history}): readonly Action[] =>
			history === undefined ? [] : [{type: 'historyRestored', component, kind, history, atMs}],
		),
		...logs.map((loaded): Action => {
			return {type: 'sideRequestSucceeded', news: {kind: 'earlierLogs', level: level ?? 'DEBUG', loaded}, atMs};
		}),
	];
}
