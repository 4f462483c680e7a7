import {emptyHistory, type History} from '../metrics/history.ts';
import type {Window} from '../metrics/windows.ts';

/** A Loops deployment has two: the trainer, and the sampler, which generates with the model as it is trained. */
export const halves = ['trainer', 'sampler'] as const;
export type Half = (typeof halves)[number];

/** The other one of the two. */
export function otherHalf(half: Half): Half {
	return half === 'trainer' ? 'sampler' : 'trainer';
}

/** What is known of one half, and what is selected in it. */
export type HalfState = {
	/** The windows that were looked at last, newest first; the first is the one that is shown, the same one of both halves. */
	readonly histories: readonly [History, ...(readonly History[])];
	/** Earlier stretches that were looked at, newest first. */
	readonly pasts: readonly History[];
	/** The selected node's name, and the rank of the selected GPU of it. */
	readonly selected: string | undefined;
	readonly selectedRank: string | undefined;
};

/** Something for each half. */
export type OfHalves<Value> = Readonly<Record<Half, Value>>;
export type Halves = OfHalves<HalfState>;

/** A half of which nothing is known yet. */
export function emptyHalf(window: Window, ...others: readonly Window[]): HalfState {
	return {
		histories: [emptyHistory(window), ...others.map(emptyHistory)],
		pasts: [],
		selected: undefined,
		selectedRank: undefined,
	};
}

/** What `change` makes of each half. */
export function mapHalves<From, To>(all: OfHalves<From>, change: (one: From, half: Half) => To): OfHalves<To> {
	return {trainer: change(all.trainer, 'trainer'), sampler: change(all.sampler, 'sampler')};
}
