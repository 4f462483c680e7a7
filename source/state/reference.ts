import {type Comparison, comparisonOffsetMs, comparisons} from '../metrics/comparison.ts';
import type {History} from '../metrics/history.ts';
import {longestWindow, type Window} from '../metrics/windows.ts';
import type {Component} from './component.ts';
import {activeHistory} from './derive-views.ts';
import {selectedWindow} from './selectors.ts';
import type {State} from './state.ts';
import {panStepMs} from './time-travel.ts';

/** What the view of a component is compared with: which range, in epoch milliseconds, and of a step of which window. */
export type ReferenceRange = {
	readonly component: Component;
	readonly comparison: Exclude<Comparison, 'off'>;
	/** How much earlier than the view it is, in milliseconds. */
	readonly offsetMs: number;
	/** The window of the view, as long as the range. */
	readonly window: Window;
	readonly startMs: number;
	readonly endMs: number;
};

/** What is known of a range that the view is compared with. */
export type Reference = ReferenceRange & {readonly history: History};

/**
 * Returns the range that the view is to be compared with; undefined if none is, or if nothing is known of the view yet.
 *
 * It reaches from one multiple of a quarter of the window to another, so that it stays the same while new samples move the
 * view by less: it is requested once in a quarter of the window. It doesn't reach beyond now, or the longest window. Of a
 * sampler it is as long as the window, and lacks up to an eighth at its beginning.
 */
export function neededReference(state: State): ReferenceRange | undefined {
	const {comparison, component, live} = state;
	const history = activeHistory(state);
	if (comparison === 'off' || !history.complete) {
		return undefined;
	}

	const {window, startMs, endMs} = history;
	const {stepMs, lengthMs} = window;
	const offsetMs = comparisonOffsetMs(comparison, lengthMs);
	const spareMs = longestWindow.lengthMs - lengthMs;
	// A recording is read from its beginning for each range, so a range lasts longer there.
	const usualMs = state.replay === undefined ? panStepMs(window) : lengthMs;
	// The server chooses the step of a sampler by the length of the range: other samples couldn't be compared.
	const isSampler = component === 'sampler';
	const moveMs = Math.max(stepMs, isSampler ? usualMs / 2 : Math.min(usualMs, spareMs));
	const movedMs = Math.ceil((endMs - offsetMs) / moveMs) * moveMs;
	const firstMs = movedMs - (Math.ceil((endMs - startMs) / moveMs) + 1) * moveMs;
	const newestMs = Math.max(Math.floor(live.nowMs / stepMs) * stepMs, endMs - offsetMs);
	const lastMs = Math.min(movedMs, newestMs);
	const length = Math.min(lastMs - firstMs, isSampler ? lengthMs : longestWindow.lengthMs);
	return {
		component,
		comparison,
		offsetMs,
		window: {...window, lengthMs: length},
		startMs: lastMs - length,
		endMs: lastMs,
	};
}

/** Returns the range to compare with if it isn't known yet. */
export function missingReference(state: State): ReferenceRange | undefined {
	const range = neededReference(state);
	return range === undefined || isOfRange(state.reference, range) ? undefined : range;
}

/** Returns whether what is known is of this range. */
export function isOfRange(known: Reference | undefined, range: ReferenceRange): boolean {
	return (
		known !== undefined && isSameView(known, range) && known.startMs === range.startMs && known.endMs === range.endMs
	);
}

function isSameView(known: ReferenceRange, range: ReferenceRange): boolean {
	return (
		known.component === range.component &&
		known.comparison === range.comparison &&
		known.offsetMs === range.offsetMs &&
		known.window.name === range.window.name
	);
}

/**
 * Returns what the view is compared with, as far as it is known: until the response about the next range arrives, the one
 * before it covers most of the view. Undefined while nothing is known, and if nothing is compared.
 */
export function referenceOf(state: State): Reference | undefined {
	const {reference} = state;
	const range = reference === undefined ? undefined : neededReference(state);
	return reference !== undefined && range !== undefined && isSameView(reference, range) ? reference : undefined;
}

/** Returns the state without the message about what is compared: the result, or why there is none, says more. */
export function withoutComparisonMessage(state: State): State {
	const words = comparisonWords(state.comparison, selectedWindow(state).name);
	return state.message === words ? {...state, message: undefined} : state;
}

/** Says what is compared with what. */
function comparisonWords(comparison: Comparison, window: string): string {
	switch (comparison) {
		case 'off':
			return 'no longer compared';
		case 'window':
			return `compared with the ${window} before`;
		case '1d':
			return 'compared with a day ago';
		case '7d':
			return 'compared with a week ago';
	}
}

/** Compares with what is next in the list: the window before, a day ago, a week ago, nothing. */
export function compareNext(state: State): State {
	const next = comparisons[(comparisons.indexOf(state.comparison) + 1) % comparisons.length] ?? 'off';
	return {...state, comparison: next, reference: undefined, message: comparisonWords(next, selectedWindow(state).name)};
}
