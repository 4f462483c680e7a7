import type {Checkpoint} from '../api/checkpoints.ts';
import {activeView} from './selectors.ts';
import type {State} from './state.ts';

/** The time that the screen is of, in epoch milliseconds: the cursor's, the end of an earlier stretch, or now. */
export function shownTimeMs(state: State): number {
	return activeView(state).snapshot.atMs ?? (state.mode.kind === 'past' ? state.mode.endMs : activeView(state).nowMs);
}

/** The newest checkpoint of the run that had been made by the time that the screen is of; undefined if none is known. */
export function lastCheckpoint(state: State): Checkpoint | undefined {
	const timeMs = shownTimeMs(state);
	return state.checkpoints?.list.find(({createdAtMs}) => createdAtMs <= timeMs);
}

/** When checkpoints were made within what the charts show, in epoch milliseconds, the newest first. */
export function checkpointTimes(state: State): readonly number[] {
	const {startMs, endMs} = activeView(state).snapshot;
	const list = state.checkpoints?.list ?? [];
	return list.flatMap(({createdAtMs}) => (createdAtMs >= startMs && createdAtMs <= endMs ? [createdAtMs] : []));
}
