import assert from 'node:assert/strict';
import type {TestContext} from 'node:test';
import {findWindow} from '../../source/metrics/windows.ts';
import {openRecording, play} from '../../source/replay/play-recording.ts';
import {initialState} from '../../source/state/initial-state.ts';
import type {Replay} from '../../source/state/replay.ts';
import type {State} from '../../source/state/state.ts';
import {createStore, type Store} from '../../source/state/store.ts';
import {eventually} from './eventually.ts';
import {session} from './recordings.ts';

/** Creates a store into which a recording can be played, by default at a million times the recorded speed. */
export async function createReplayStore(
	file: string,
	replay: Partial<Replay> = {},
	shownWindow?: string,
): Promise<Store> {
	const {window, deploymentId} = await openRecording(file);
	return createStore(
		initialState({
			target: {kind: 'deployment', id: deploymentId},
			host: session.host,
			window: findWindow(shownWindow ?? window) ?? assert.fail(),
			intervalMs: 10_000,
			nowMs: session.startedMs,
			replay: {
				speed: 1_000_000,
				isPaused: false,
				ended: undefined,
				seekTarget: undefined,
				recordedWindow: window,
				...replay,
			},
		}),
	);
}

/** Plays a recording into a store until the test ends. */
export async function playInto(context: TestContext, store: Store, file: string): Promise<void> {
	const {startMs} = await openRecording(file);
	const stopping = new AbortController();
	const playing = play({file, startMs, store, clock: {elapsed: () => performance.now()}}, stopping.signal);
	context.after(async () => {
		stopping.abort();
		await playing;
	});
}

/** Resolves with the state once it matches. */
export async function stateWhen(store: Store, isNeeded: (state: State) => boolean): Promise<State> {
	return eventually(
		() => (isNeeded(store.getState()) ? store.getState() : undefined),
		listener => store.subscribe(listener),
		() => `The recording is at ${new Date(store.getState().live.nowMs).toISOString()}.`,
	);
}

export function isOver({replay}: State): boolean {
	return replay?.ended !== undefined && replay.seekTarget === undefined;
}
