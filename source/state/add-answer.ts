import {addAnswer, type History} from '../metrics/history.ts';
import type {Answered} from './answered.ts';
import type {Half, HalfState} from './half.ts';
import type {State} from './state.ts';

function addTo(half: HalfState, {kind, window, answer, range, settled}: Answered): HalfState {
	if (kind === 'live') {
		const add = (history: History): History =>
			history.window.name === window ? addAnswer(history, answer, range) : history;
		const [shown, ...others] = half.histories;
		return {...half, histories: [add(shown), ...others.map(add)]};
	}

	const pasts = half.pasts.map(past =>
		past.window.name === window && past.endMs === range.endMs ? {...addAnswer(past, answer, range), settled} : past,
	);
	return {...half, pasts};
}

/**
 * The state with an answer added to what is known of a half. A picture that was stopped before there was anything of that
 * half takes it too: it has nothing else to show.
 */
export function addToHalf(state: State, half: Half, answered: Answered): State {
	const {halves, mode, live} = state;
	const added = {...halves, [half]: addTo(halves[half], answered)};
	if (mode.kind !== 'paused' || mode.halves[half].histories[0].complete) {
		return {...state, halves: added};
	}

	const links = {...mode.live.links, [half]: live.links[half]};
	const stopped = {...mode.halves, [half]: addTo(mode.halves[half], answered)};
	return {...state, halves: added, mode: {...mode, live: {...mode.live, links}, halves: stopped}};
}
