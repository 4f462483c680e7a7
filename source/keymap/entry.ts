import type {UserAction} from '../state/actions.ts';
import type {Overlay} from '../state/select-and-open.ts';
import type {Mode, PaneName, State, Zoom} from '../state/state.ts';
import type {Zone} from '../text/clock-time.ts';

/** An effect that a key can have, other than a change to the state. */
export type Effect = 'quit' | 'suspend' | 'redraw' | 'copySelected' | 'copyId' | 'savePicture';

/** The meaning of a key. */
export type Command =
	| {readonly kind: 'action'; readonly action: UserAction}
	| {readonly kind: 'effect'; readonly effect: Effect};

/** The part of the state that determines the meaning of a key, and how useful the key is now. */
export type KeyFocus = {
	readonly overlay: Overlay['kind'];
	/** Whether a filter is being typed. */
	readonly isEditing: boolean;
	/** Whether a time to go to is being typed. */
	readonly isTypingTime: boolean;
	/** Whether the logs have the focus: they are open, and no overlay is. */
	readonly isInLogs: boolean;
	/** Whether the source is a recording, even if playback is paused or has ended. */
	readonly isReplay: boolean;
	/** Whether the display or the playback is paused. */
	readonly isPaused: boolean;
	readonly mode: Mode['kind'];
	readonly pane: PaneName;
	readonly zoom: Zoom;
	/** Whether a time was requested at startup. */
	readonly hasRequestedTime: boolean;
	/** Whether the component on the screen has active or unknown findings in the displayed range. */
	readonly hasFindings: boolean;
	readonly hasSampler: boolean;
};

/** Returns the part of the state that determines the meaning of keys. */
export function keyFocus(state: State): KeyFocus {
	const {overlay, overview, choices, logs, replay, mode, focus, zoom, live, component, views, typedTime} = state;
	return {
		overlay: overlay.kind,
		isEditing: [choices.filter, logs.filter, overview.filter].some(({editing}) => editing !== undefined),
		isTypingTime: typedTime !== undefined,
		isInLogs: logs.isOpen && overlay.kind === 'none',
		isReplay: replay !== undefined,
		isPaused: replay === undefined ? mode.kind === 'paused' : replay.isPaused,
		mode: mode.kind,
		pane: focus,
		zoom,
		hasRequestedTime: state.requestedTimeMs !== undefined,
		hasFindings: views[component].findings.current.length > 0,
		hasSampler: live.deployment?.sampler !== undefined,
	};
}

/**
 * The context in which a key is pressed: the focus, the number of columns, the number of rows in a page, the last row
 * to which the help can scroll, and the time zone of typed times.
 */
export type KeyContext = KeyFocus & {
	readonly columns: number;
	readonly pageRows: number;
	readonly helpLimit: number;
	readonly zone: Zone;
};

/** Keys with the same meaning. */
type Binding = {
	readonly keys: readonly string[];
	readonly command: (context: KeyContext, key: string) => Command;
};

/** The headings of the help, in order. */
export const groups = ['move', 'time', 'view', 'lists', 'data', 'program'] as const;
/** A heading of the help. */
export type Group = (typeof groups)[number];

/** A word or two for the bottom line, and how useful the key is. */
export type Hint = {
	readonly word: string;
	/**
	 * The rank by usefulness: if not all hints fit, those with the highest ranks are omitted. Rank 0 is for
	 * hints that help right now, which come first in the line. No two hints in one context have the same rank above 0.
	 */
	readonly rank: number;
};

/**
 * One row of the table of keys. The handling of keys, the help, the bottom line, docs/keys.md, and the man page are
 * derived from these rows.
 */
export type KeyEntry = {
	/** Unique within a table. */
	readonly name: string;
	/** The heading in the help; undefined in tables that have a single heading for all of their keys. */
	readonly group?: Group;
	/** The panes that the keys apply to. The help begins with the keys of the focused pane. */
	readonly panes?: readonly PaneName[];
	readonly help: string;
	/**
	 * The hint: either constant or dependent on what is helpful now. Entries without a hint appear only in the help.
	 */
	readonly hint?: Hint | ((focus: KeyFocus) => Hint | undefined);
	/**
	 * Returns whether the keys have this meaning now; by default, they always do. While they don't, a later table can
	 * give them a different meaning.
	 */
	readonly enabled?: (focus: KeyFocus) => boolean;
	readonly bindings: readonly Binding[];
};

/** A row of the main table of keys, whose help has several headings. */
export type PaneKeyEntry = KeyEntry & {readonly group: Group};

/** Returns the current hint of an entry; undefined if it has none. */
export function hintOf({hint}: KeyEntry, focus: KeyFocus): Hint | undefined {
	return typeof hint === 'function' ? hint(focus) : hint;
}

/** Returns the hint of the key that pauses and resumes. Its rank is 0 while the display or playback is paused. */
export function pauseHint({isPaused}: KeyFocus): Hint {
	return isPaused ? {word: 'resume', rank: 0} : {word: 'pause', rank: 29};
}

/** Returns the command of a binding that has this action in every context. */
export function act(action: UserAction): () => Command {
	return () => ({kind: 'action', action});
}

/** Returns the command of a binding that has this effect in every context. */
export function effect(name: Effect): () => Command {
	return () => ({kind: 'effect', effect: name});
}

/** The keys that select the previous or next row of any list. */
export const rowBindings: readonly Binding[] = [
	{keys: ['up', 'k'], command: act({type: 'select', by: -1})},
	{keys: ['down', 'j'], command: act({type: 'select', by: 1})},
];

/** The keys that move the selection by a page. */
export const pageBindings: readonly Binding[] = [
	{keys: ['pageup'], command: ({pageRows}) => ({kind: 'action', action: {type: 'select', by: -pageRows}})},
	{keys: ['pagedown'], command: ({pageRows}) => ({kind: 'action', action: {type: 'select', by: pageRows}})},
];

const glyphs: Readonly<Record<string, string>> = {
	up: '↑',
	down: '↓',
	left: '←',
	right: '→',
	'shift-left': 'shift-←',
	'shift-right': 'shift-→',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	home: 'Home',
	end: 'End',
	f1: 'F1',
	f10: 'F10',
};

/** Returns the name of a key. An arrow is a symbol, or in ASCII a word, because `<` and `^` are keys of their own. */
function nameOf(key: string | undefined, isAscii: boolean): string {
	if (key === undefined) {
		return '';
	}

	const name = glyphs[key] ?? key;
	return isAscii && /[\u2190-\u2193]/.test(name) ? key : name;
}

/** Formats the keys of an entry, most common first: `↑ ↓ k j`. Three or more bindings become a range: `1 to 5`. */
export function keyNames({bindings}: KeyEntry, isAscii = false): string {
	if (bindings.length > 2) {
		return `${nameOf(bindings[0]?.keys[0], isAscii)} to ${nameOf(bindings.at(-1)?.keys[0], isAscii)}`;
	}

	const longest = Math.max(...bindings.map(({keys}) => keys.length));
	const ranks = Array.from({length: longest}, (_, rank) => rank);
	return ranks
		.flatMap(rank => bindings.flatMap(({keys}) => keys[rank] ?? []))
		.map(key => nameOf(key, isAscii))
		.join(' ');
}

/** Formats the keys of an entry for the bottom line: `↑↓`, `+-`, `tab`. */
export function keyHint({bindings}: KeyEntry, isAscii = false): string {
	const [first, second] = bindings.map(({keys}) => nameOf(keys[0], isAscii));
	if (first !== undefined && second !== undefined && isAscii && /^(?:up|left)$/.test(first)) {
		return `${first}/${second}`;
	}

	return second !== undefined && second.length === 1 ? `${first ?? ''}${second}` : (first ?? '');
}
