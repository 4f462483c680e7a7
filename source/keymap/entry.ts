import type {UserAction} from '../state/actions.ts';
import type {KeyFocus} from '../state/key-focus.ts';

/** What a key does beside the state: it acts on the program or on the terminal. */
export type Effect = 'quit' | 'suspend' | 'redraw' | 'copySelected' | 'copyId';

/** What a key means. */
export type Command =
	| {readonly kind: 'action'; readonly action: UserAction}
	| {readonly kind: 'effect'; readonly effect: Effect};

/** What the screen is like while a key is pressed: what the key is for, how many rows make a page, how far help can be scrolled. */
export type KeyContext = KeyFocus & {readonly pageRows: number; readonly helpLimit: number};

/** Keys that mean the same. */
export type Binding = {
	readonly keys: readonly string[];
	readonly command: (context: KeyContext, key: string) => Command;
};

/** One line of the table: what its keys do in words, and each with its meaning. */
export type KeyEntry = {
	readonly help: string;
	/** A word for the bottom line; what has none is only in the help. */
	readonly hint?: string;
	readonly bindings: readonly Binding[];
};

export function act(action: UserAction): () => Command {
	return () => ({kind: 'action', action});
}

export function effect(name: Effect): () => Command {
	return () => ({kind: 'effect', effect: name});
}
