import {type Level, levels} from '../api/logs.ts';
import type {Window} from '../metrics/windows.ts';
import {viewKey} from '../polling/query-range.ts';
import {type Component, components, mapComponents, type PerComponent} from '../state/component.ts';
import {areLogsShown, asSeenFrom} from '../state/derive-logs.ts';
import {activeHistory} from '../state/derive-views.ts';
import {missingReference} from '../state/reference.ts';
import {findingsWindow, type State} from '../state/state.ts';
import type {WindowRange} from './history-builder.ts';

/** Tracks whether the known logs of a component are everything that the recording has at the selected level. */
export class MissingLogs {
	#reported: Level | undefined;

	/** No logs of any level are known yet. */
	constructor(level: Level) {
		this.#reported = level;
	}

	/** Returns the level to search logs for; undefined if they aren't shown, or are complete. */
	find({isShown, level}: {readonly isShown: boolean; readonly level: Level}): Level | undefined {
		// Entries below the selected level aren't kept.
		if (this.#reported !== undefined && levels.indexOf(level) > levels.indexOf(this.#reported)) {
			this.#reported = level;
		}

		return isShown && level !== this.#reported ? level : undefined;
	}

	/** Notes that all entries of this level are known; undefined if they were dropped. */
	note(reported: Level | undefined): void {
		this.#reported = reported;
	}
}

/** A window up to a time ends at the next step, as that of a query does. */
function liveRange(component: Component, window: Window, timeMs: number): WindowRange {
	const {stepMs} = window;
	return {component, kind: 'live', window, endMs: Math.ceil(timeMs / stepMs) * stepMs};
}

/** Returns the ranges needed at a time: the visible window, and the findings' window. */
export function rangesAt(window: Window, timeMs: number): readonly WindowRange[] {
	const shown = components.map(component => liveRange(component, window, timeMs));
	return window.name === findingsWindow.name ? shown : [...shown, liveRange('trainer', findingsWindow, timeMs)];
}

/**
 * Returns the visible ranges that the recording hasn't been searched for. The window shown by the recording,
 * `reportedWindow`, comes from its own responses.
 */
export function missingRanges(state: State, reportedWindow: string): readonly WindowRange[] {
	const {mode, live} = state;
	const reference = missingReference(state);
	const earlier: readonly WindowRange[] = reference === undefined ? [] : [{...reference, kind: 'past', reference}];
	const unknown = components
		.map(component => ({component, history: activeHistory(state, component)}))
		.filter(({history}) => !history.complete);
	if (mode.kind === 'past') {
		return [
			...unknown.map(({component, history: {window}}): WindowRange => {
				return {component, kind: 'past', window, endMs: mode.endMs};
			}),
			...earlier,
		];
	}

	// Until the recording has reported its own window, no other window can be assembled.
	const hasReported = state.components.trainer.histories.some(({complete}) => complete);
	const recent = (hasReported ? unknown : [])
		.filter(({history}) => history.window.name !== reportedWindow)
		.map(({component, history}) => liveRange(component, history.window, live.nowMs));
	return [...recent, ...earlier];
}

/** Identifies the view, as far as it determines what is searched for. */
export function searchKey(state: State): string {
	const {trainer, sampler} = mapComponents(logsOfBoth(state), ({isShown, level}) => (isShown ? level : ''));
	const {startMs, endMs} = missingReference(state) ?? {};
	return `${viewKey(state)} ${trainer} ${sampler} ${startMs} ${endMs}`;
}

/** Returns for each component whether its logs are shown, and the minimum level of those that are kept. */
export function logsOfBoth(state: State): PerComponent<{readonly isShown: boolean; readonly level: Level}> {
	return mapComponents(state.views, (_, component) => ({
		// The timeline shows the errors in the trainer's logs.
		isShown: areLogsShown(state, component) || (component === 'trainer' && state.overlay.kind === 'findings'),
		level: asSeenFrom(state, component).logs.level,
	}));
}
