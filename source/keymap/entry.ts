import type {UserAction} from '../state/actions.ts';
import type {KeyFocus} from '../state/key-focus.ts';

/** What a key does besides changing the state. */
export type Effect = 'quit' | 'suspend' | 'redraw' | 'copySelected' | 'copyId';

/** What a key means. */
export type Command =
	| {readonly kind: 'action'; readonly action: UserAction}
	| {readonly kind: 'effect'; readonly effect: Effect};

/** The context in which a key is pressed: the focus, the rows of a page, and the last row that help scrolls to. */
export type KeyContext = KeyFocus & {readonly pageRows: number; readonly helpLimit: number};

/** Keys with the same meaning. */
export type Binding = {
	readonly keys: readonly string[];
	readonly command: (context: KeyContext, key: string) => Command;
};

/** The hints of the bottom line, the most useful first: those at the end are omitted if they don't all fit. */
export const hintsByPriority = [
	'help',
	'quit',
	'speed',
	'line',
	'close',
	'search',
	'follow',
	'level',
	'unfold',
	'this node',
	'node',
	'time',
	'window',
	'full screen',
	'watch',
	'back',
	'own or all',
	'deployment',
	'keep',
	'clear',
	'select',
	'findings',
	'logs',
	'cursor',
	'pane',
	'filter',
	'deployments',
	'sampler',
	'pause',
	'jump',
	'sort',
	'refresh',
] as const;
export type Hint = (typeof hintsByPriority)[number];

/** One row of the table of keys: a help text, and the bindings. */
export type KeyEntry = {
	readonly help: string;
	/** A word or two for the bottom line; entries without one appear in the help only. */
	readonly hint?: Hint;
	readonly bindings: readonly Binding[];
};

export function act(action: UserAction): () => Command {
	return () => ({kind: 'action', action});
}

export function effect(name: Effect): () => Command {
	return () => ({kind: 'effect', effect: name});
}
