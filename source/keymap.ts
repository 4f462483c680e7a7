import type {UserAction} from './state/actions.ts';
import {panes} from './state/panes.ts';

/** What a key does beside the state: it acts on the program or on the terminal. */
export type Effect = 'quit' | 'suspend' | 'redraw';

/** What a key means. */
export type Command =
	| {readonly kind: 'action'; readonly action: UserAction}
	| {readonly kind: 'effect'; readonly effect: Effect};

/** What the screen is like while a key is pressed: how many nodes make a page, and how far help can be scrolled. */
export type KeyContext = {
	readonly pageRows: number;
	readonly help: {readonly isOpen: boolean; readonly limit: number};
};

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

function act(action: UserAction): () => Command {
	return () => ({kind: 'action', action});
}

function effect(name: Effect): () => Command {
	return () => ({kind: 'effect', effect: name});
}

/** Moves through the nodes, or through the help while that is open. */
function move(by: -1 | 1, rows: (context: KeyContext) => number): (context: KeyContext) => Command {
	return context => {
		const distance = by * rows(context);
		const {isOpen, limit} = context.help;
		return {
			kind: 'action',
			action: isOpen ? {type: 'scrollHelp', by: distance, limit} : {type: 'selectNode', by: distance},
		};
	};
}

function moveToEnd(end: 'first' | 'last'): (context: KeyContext) => Command {
	return ({help: {isOpen, limit}}) => ({
		kind: 'action',
		action: isOpen ? {type: 'scrollHelp', by: end === 'first' ? -limit : limit, limit} : {type: 'selectEnd', end},
	});
}

const one = (): number => 1;
const page = ({pageRows}: KeyContext): number => pageRows;

/**
 * The keys. Handling, the help on the screen, the line at the bottom and the table in the README are all made from this.
 */
export const keymap: readonly KeyEntry[] = [
	{help: 'help, and back', hint: 'help', bindings: [{keys: ['?', 'h'], command: act({type: 'toggleHelp'})}]},
	{
		help: 'select the previous or next node',
		hint: 'node',
		bindings: [
			{keys: ['up', 'k'], command: move(-1, one)},
			{keys: ['down', 'j'], command: move(1, one)},
		],
	},
	{
		help: 'a page of nodes up or down',
		bindings: [
			{keys: ['pageup'], command: move(-1, page)},
			{keys: ['pagedown'], command: move(1, page)},
		],
	},
	{
		help: 'the first or last node',
		bindings: [
			{keys: ['g', 'home'], command: moveToEnd('first')},
			{keys: ['G', 'end'], command: moveToEnd('last')},
		],
	},
	{
		help: 'the previous or next node, from any pane',
		bindings: [
			{keys: ['['], command: act({type: 'selectNode', by: -1})},
			{keys: [']'], command: act({type: 'selectNode', by: 1})},
		],
	},
	{
		help: 'a shorter or longer window',
		hint: 'window',
		bindings: [
			{keys: ['+'], command: act({type: 'changeWindow', by: -1})},
			{keys: ['-'], command: act({type: 'changeWindow', by: 1})},
		],
	},
	{help: 'back to 1h, live', bindings: [{keys: ['=', '0'], command: act({type: 'resetWindow'})}]},
	{
		help: 'focus the next or previous pane',
		hint: 'pane',
		bindings: [
			{keys: ['tab'], command: act({type: 'focusNext', by: 1})},
			{keys: ['shift-tab'], command: act({type: 'focusNext', by: -1})},
		],
	},
	{
		help: 'focus a pane by its number',
		bindings: panes.map((pane, index) => ({
			keys: [String(index + 1)],
			command: act({type: 'focusPane', pane}),
		})),
	},
	{
		help: 'full screen of the focused pane, and back',
		hint: 'full screen',
		bindings: [{keys: ['f', 'enter'], command: act({type: 'toggleFullScreen'})}],
	},
	{
		help: 'pause, and go on: polling never stops',
		hint: 'pause',
		bindings: [{keys: ['p', 'space'], command: act({type: 'togglePause'})}],
	},
	{help: 'ask now', hint: 'ask now', bindings: [{keys: ['r'], command: act({type: 'askNow'})}]},
	{
		help: 'a shorter or longer interval',
		bindings: [
			{keys: ['<'], command: act({type: 'changeInterval', by: -1})},
			{keys: ['>'], command: act({type: 'changeInterval', by: 1})},
		],
	},
	{help: 'latency on a linear or logarithmic axis', bindings: [{keys: ['v'], command: act({type: 'toggleScale'})}]},
	{help: 'close what is open, then back to live', bindings: [{keys: ['esc'], command: act({type: 'close'})}]},
	{help: 'suspend; fg comes back', bindings: [{keys: ['ctrl-z'], command: effect('suspend')}]},
	{help: 'draw the screen anew', bindings: [{keys: ['ctrl-l'], command: effect('redraw')}]},
	{help: 'quit', hint: 'quit', bindings: [{keys: ['q', 'ctrl-c'], command: effect('quit')}]},
];

const byKey = new Map(
	keymap.flatMap(({bindings}) => bindings.flatMap(({keys, command}) => keys.map(key => [key, command] as const))),
);

/** What a key means now; undefined for a key that means nothing. */
export function commandOf(key: string, context: KeyContext): Command | undefined {
	return byKey.get(key)?.(context, key);
}

const glyphs: Readonly<Record<string, string>> = {
	up: '↑',
	down: '↓',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	home: 'Home',
	end: 'End',
};

function nameOf(key: string | undefined): string {
	return key === undefined ? '' : (glyphs[key] ?? key);
}

/** The keys of an entry as people read them, the usual ones first: `↑ ↓ k j`, `1 to 5`. */
export function keyNames({bindings}: KeyEntry): string {
	if (bindings.length > 2) {
		return `${nameOf(bindings[0]?.keys[0])} to ${nameOf(bindings.at(-1)?.keys[0])}`;
	}

	const longest = Math.max(...bindings.map(({keys}) => keys.length));
	const ranks = Array.from({length: longest}, (_, rank) => rank);
	return ranks
		.flatMap(rank => bindings.flatMap(({keys}) => keys[rank] ?? []))
		.map(nameOf)
		.join(' ');
}

/** The shortest form of an entry's keys, for the bottom line: `↑↓`, `+-`, `tab`. */
export function keyHint({bindings}: KeyEntry): string {
	const [first, second] = bindings.map(({keys}) => nameOf(keys[0]));
	return second !== undefined && second.length === 1 ? `${first ?? ''}${second}` : (first ?? '');
}
