import type {PaneName} from './panes.ts';
import type {Mode, Overlay, State, Zoom} from './state.ts';

/** What the meaning of a key depends on, and whether it helps now. */
export type KeyFocus = {
	readonly overlay: Overlay['kind'];
	/** Whether a filter is being typed. */
	readonly isEditing: boolean;
	/** Whether a time to go to is being typed. */
	readonly isTypingTime: boolean;
	/** Whether the logs have the keys: they are open, with nothing over them. */
	readonly isInLogs: boolean;
	/** Whether a recording is playing. */
	readonly isReplay: boolean;
	/** Whether what is shown stands still: the display, or the playback. */
	readonly isPaused: boolean;
	readonly mode: Mode['kind'];
	readonly pane: PaneName;
	readonly zoom: Zoom;
	/** Whether anything is found, now or in the earlier range on the screen. */
	readonly hasFindings: boolean;
	readonly hasSampler: boolean;
};

/** Returns what keys mean in this state, and which of them help. */
export function keyFocus(state: State): KeyFocus {
	const {overlay, filter, logs, replay, mode, focus, zoom, live, component, views, typedTime} = state;
	return {
		overlay: overlay.kind,
		isEditing: filter.editing !== undefined || logs.filter.editing !== undefined,
		isTypingTime: typedTime !== undefined,
		isInLogs: logs.isOpen && overlay.kind === 'none',
		isReplay: replay !== undefined,
		isPaused: replay === undefined ? mode.kind === 'paused' : replay.isPaused,
		mode: mode.kind,
		pane: focus,
		zoom,
		hasFindings: views[component].findings.current.length > 0,
		hasSampler: live.deployment?.sampler !== undefined,
	};
}
