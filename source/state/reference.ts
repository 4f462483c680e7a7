import type {History} from '../metrics/history.ts';
import {type Comparison, comparisonOffsetMs, comparisons, longestWindow, type Window} from '../metrics/windows.ts';
import {valueAfter} from './choices.ts';
import type {Component} from './component.ts';
import {activeHistory} from './derive-views.ts';
import {selectedWindow} from './selectors.ts';
import type {State} from './state.ts';
import {panStepMs} from './time-travel.ts';

/** The comparison of a component's view: its range, in epoch milliseconds, and the window that determines its step. */
export type ReferenceRange = {
	readonly component: Component;
	readonly comparison: Exclude<Comparison, 'off'>;
	/** The difference between a time in the view and the time with which it is compared, in milliseconds. */
	readonly offsetMs: number;
	/** The window of the view, with the length of the range. */
	readonly window: Window;
	readonly startMs: number;
	readonly endMs: number;
};

/** A range that the view is compared with, and its known data. */
export type Reference = ReferenceRange & {readonly history: History};

/**
 * Returns the range to compare the view with; undefined if nothing is compared, or if nothing is known about the view
 * yet.
 *
 * The range usually begins and ends at multiples of a quarter of the window's length (in a recording, of its full
 * length), so that it stays the same, and isn't requested again, until new samples have moved the view past such a
 * multiple. It doesn't end after now, and isn't longer than the longest window. For a sampler, the multiples are those
 * of an eighth of the window's length (in a recording, of half of it), and the range is exactly as long as the window,
 * so up to an eighth of the view (in a recording, half), at its beginning, might not be compared.
 */
export function neededReference(state: State): ReferenceRange | undefined {
	const {component, live} = state;
	const {comparison} = state.choices;
	const history = activeHistory(state);
	if (comparison === 'off' || !history.complete) {
		return undefined;
	}

	const {window, startMs, endMs} = history;
	const {stepMs, lengthMs} = window;
	const offsetMs = comparisonOffsetMs(comparison, lengthMs);
	const spareMs = longestWindow.lengthMs - lengthMs;
	// A recording is read from its beginning for each range, so each range is used for longer.
	const usualMs = state.replay === undefined ? panStepMs(window) : lengthMs;
	// The server chooses a sampler's step based on the length of the range, and samples with a different step couldn't
	// be compared.
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

/** Returns the range to compare the view with; undefined if there is none, or if its data is already known. */
export function missingReference(state: State): ReferenceRange | undefined {
	const range = neededReference(state);
	return range === undefined || isOfRange(state.reference, range) ? undefined : range;
}

/** Returns whether the known data is for this range. */
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
 * Returns the known data of the comparison. Until the response for the next range arrives, this is the data of the
 * previous range, which usually covers most of the view. Undefined if nothing is known about the comparison yet, or if
 * nothing is compared.
 */
export function referenceOf(state: State): Reference | undefined {
	const {reference} = state;
	const range = reference === undefined ? undefined : neededReference(state);
	return reference !== undefined && range !== undefined && isSameView(reference, range) ? reference : undefined;
}

/**
 * Returns the state without the message about the comparison, because the result, or the reason for its absence, is
 * more informative.
 */
export function withoutComparisonMessage(state: State): State {
	const words = comparisonWords(state.choices.comparison, selectedWindow(state).name);
	return state.message === words ? {...state, message: undefined} : state;
}

/** Describes the comparison. */
function comparisonWords(comparison: Comparison, window: string): string {
	switch (comparison) {
		case 'off':
			return 'comparison off';
		case 'window':
			return `compared with the previous ${window}`;
		case '1d':
			return 'compared with a day ago';
		case '7d':
			return 'compared with a week ago';
	}
}

/** Switches to the next comparison, in this order: the previous window, a day ago, a week ago, and none. */
export function compareNext(state: State): State {
	const comparison = valueAfter(comparisons, state.choices.comparison);
	const message = comparisonWords(comparison, selectedWindow(state).name);
	return {...state, choices: {...state.choices, comparison}, reference: undefined, message};
}
