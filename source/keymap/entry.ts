import type {UserAction} from '../state/actions.ts';
import type {PaneName} from '../state/panes.ts';
import type {KeyFocus} from '../state/selectors.ts';
import type {Zone} from '../text/clock-time.ts';

/** What a key does besides changing the state. */
export type Effect = 'quit' | 'suspend' | 'redraw' | 'copySelected' | 'copyId' | 'savePicture';

/** What a key means. */
export type Command =
	| {readonly kind: 'action'; readonly action: UserAction}
	| {readonly kind: 'effect'; readonly effect: Effect};

/**
 * The context in which a key is pressed: the focus, the columns, the rows of a page, the last row that help scrolls to, and
 * the zone in which times are typed.
 */
export type KeyContext = KeyFocus & {
	readonly columns: number;
	readonly pageRows: number;
	readonly helpLimit: number;
	readonly zone: Zone;
};

/** Keys with the same meaning. */
export type Binding = {
	readonly keys: readonly string[];
	readonly command: (context: KeyContext, key: string) => Command;
};

/** The headings of the help, in their order. */
export const groups = ['move', 'time', 'view', 'lists', 'data', 'program'] as const;
export type Group = (typeof groups)[number];

/** A word or two for the bottom line, and how useful the key is. */
export type Hint = {
	readonly word: string;
	/**
	 * The position by usefulness: if the hints don't all fit, those of higher ranks are omitted. 0 is for what helps right
	 * now, and comes first in the line. No two hints of one context share a rank above 0.
	 */
	readonly rank: number;
};

/** One row of the table of keys. Handling, help, bottom line, docs/keys.md and the man page are made from these. */
export type KeyEntry = {
	/** Unique within a table. */
	readonly name: string;
	/** The heading in the help; tables that have one heading for all of their keys have none. */
	readonly group?: Group;
	/** The panes that it is for: the help begins with the keys of the focused pane. */
	readonly panes?: readonly PaneName[];
	readonly help: string;
	/** Always the same, or by what helps now; entries without one appear in the help only. */
	readonly hint?: Hint | ((focus: KeyFocus) => Hint | undefined);
	/** Whether the keys mean this now; always by default. Otherwise a later table may give them another meaning. */
	readonly enabled?: (focus: KeyFocus) => boolean;
	readonly bindings: readonly Binding[];
};

/** Returns the hint of an entry now; undefined if it has none. */
export function hintOf({hint}: KeyEntry, focus: KeyFocus): Hint | undefined {
	return typeof hint === 'function' ? hint(focus) : hint;
}

/** The hint of the key that pauses: while it is paused, what resumes helps most. */
export function pauseHint({isPaused}: KeyFocus): Hint {
	return isPaused ? {word: 'resume', rank: 0} : {word: 'pause', rank: 29};
}

/** Returns a command that is always this action. */
export function act(action: UserAction): () => Command {
	return () => ({kind: 'action', action});
}

/** Returns a command that is always this effect. */
export function effect(name: Effect): () => Command {
	return () => ({kind: 'effect', effect: name});
}
