import type {Overlay, State} from './state.ts';

/** What the meaning of a key depends on. */
export type KeyFocus = {
	readonly overlay: Overlay['kind'];
	/** Whether a filter is being typed. */
	readonly isEditing: boolean;
	/** Whether the logs have the keys: they are open, with nothing over them. */
	readonly isInLogs: boolean;
	/** Whether a recording is playing. */
	readonly isReplay: boolean;
};

export function keyFocus({overlay, filter, logs, replay}: State): KeyFocus {
	return {
		overlay: overlay.kind,
		isEditing: filter.editing !== undefined || logs.filter.editing !== undefined,
		isInLogs: logs.isOpen && overlay.kind === 'none',
		isReplay: replay !== undefined,
	};
}
