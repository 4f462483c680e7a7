import {act, type Command, effect, type KeyContext, type KeyEntry} from './entry.ts';

const erasing: readonly KeyEntry[] = [
	{
		name: 'erase',
		help: 'erase a character',
		bindings: [{keys: ['backspace', 'delete'], command: act({type: 'eraseText', what: 'character'})}],
	},
	{
		name: 'erase-word',
		help: 'erase a word',
		bindings: [{keys: ['ctrl-w'], command: act({type: 'eraseText', what: 'word'})}],
	},
	{
		name: 'erase-all',
		help: 'erase all',
		bindings: [{keys: ['ctrl-u'], command: act({type: 'eraseText', what: 'all'})}],
	},
	{name: 'space', help: 'type a space', bindings: [{keys: ['space'], command: act({type: 'typeText', text: ' '})}]},
];

const effects: readonly KeyEntry[] = [
	{name: 'suspend', help: 'suspend', bindings: [{keys: ['ctrl-z'], command: effect('suspend')}]},
	{name: 'redraw', help: 'redraw the screen', bindings: [{keys: ['ctrl-l'], command: effect('redraw')}]},
	{name: 'quit', help: 'quit', hint: {word: 'quit', rank: 2}, bindings: [{keys: ['ctrl-c'], command: effect('quit')}]},
];

/** The keys while a filter is typed. Here and below, all other characters are text. */
export const filterKeys: readonly KeyEntry[] = [
	{
		name: 'keep',
		help: 'keep the filter',
		hint: {word: 'keep', rank: 19},
		bindings: [{keys: ['enter'], command: act({type: 'applyFilter'})}],
	},
	{
		name: 'clear',
		help: 'clear it',
		hint: {word: 'clear', rank: 20},
		bindings: [{keys: ['esc'], command: act({type: 'clearFilter'})}],
	},
	{
		name: 'select',
		help: 'select the previous or next node, or entry of the logs',
		hint: {word: 'select', rank: 21},
		bindings: [
			{keys: ['up'], command: act({type: 'select', by: -1})},
			{keys: ['down'], command: act({type: 'select', by: 1})},
		],
	},
	...erasing,
	...effects,
];

/** Scrolls the help by this many rows. */
function scroll(rows: (context: KeyContext) => number): (context: KeyContext) => Command {
	return context => ({kind: 'action', action: {type: 'scrollHelp', by: rows(context), limit: context.helpLimit}});
}

/** The keys while the help is open: typed text searches it. */
export const helpKeys: readonly KeyEntry[] = [
	{
		name: 'scroll',
		help: 'scroll',
		hint: {word: 'scroll', rank: 17},
		bindings: [
			{keys: ['up'], command: scroll(() => -1)},
			{keys: ['down'], command: scroll(() => 1)},
		],
	},
	{
		name: 'page',
		help: 'scroll by a page',
		bindings: [
			{keys: ['pageup'], command: scroll(({pageRows}) => -pageRows)},
			{keys: ['pagedown'], command: scroll(({pageRows}) => pageRows)},
		],
	},
	{
		name: 'ends',
		help: 'go to the beginning or the end',
		bindings: [
			{keys: ['home'], command: scroll(({helpLimit}) => -helpLimit)},
			{keys: ['end'], command: scroll(({helpLimit}) => helpLimit)},
		],
	},
	{
		name: 'close',
		help: 'clear the search; close the help',
		hint: {word: 'close', rank: 5},
		bindings: [{keys: ['esc'], command: act({type: 'close'})}],
	},
	{name: 'hide', help: 'close the help', bindings: [{keys: ['?', 'f1', 'enter'], command: act({type: 'toggleHelp'})}]},
	...erasing,
	...effects,
];

/** The keys while a time to go to is typed. */
export const timeKeys: readonly KeyEntry[] = [
	{
		name: 'go',
		help: 'go to this time',
		hint: {word: 'go there', rank: 15},
		bindings: [{keys: ['enter'], command: ({zone}) => ({kind: 'action', action: {type: 'goToTyped', zone}})}],
	},
	{
		name: 'back',
		help: 'go back',
		hint: {word: 'back', rank: 16},
		bindings: [{keys: ['esc'], command: act({type: 'close'})}],
	},
	...erasing,
	...effects,
];

/** The keys while a deployment is chosen: typed text filters the list. */
export const deploymentKeys: readonly KeyEntry[] = [
	{
		name: 'select',
		help: 'select the previous or next deployment',
		hint: {word: 'deployment', rank: 18},
		bindings: [
			{keys: ['up'], command: act({type: 'select', by: -1})},
			{keys: ['down'], command: act({type: 'select', by: 1})},
		],
	},
	{
		name: 'page',
		help: 'move one page up or down',
		bindings: [
			{keys: ['pageup'], command: ({pageRows}) => ({kind: 'action', action: {type: 'select', by: -pageRows}})},
			{keys: ['pagedown'], command: ({pageRows}) => ({kind: 'action', action: {type: 'select', by: pageRows}})},
		],
	},
	{
		name: 'watch',
		help: 'watch the selected deployment',
		hint: {word: 'watch', rank: 15},
		bindings: [{keys: ['enter'], command: act({type: 'enter'})}],
	},
	{
		name: 'back',
		help: 'go back',
		hint: {word: 'back', rank: 16},
		bindings: [{keys: ['esc'], command: act({type: 'close'})}],
	},
	{
		name: 'scope',
		help: "list your deployments, or the whole organization's",
		hint: {word: 'own or all', rank: 17},
		bindings: [{keys: ['tab'], command: act({type: 'toggleScope'})}],
	},
	{name: 'refresh', help: 'refresh now', bindings: [{keys: ['ctrl-r'], command: act({type: 'refreshNow'})}]},
	...erasing,
	...effects,
];
