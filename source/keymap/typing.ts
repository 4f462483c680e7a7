import {act, type Command, effect, type KeyContext, type KeyEntry, pageBindings, rowBindings} from './entry.ts';

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
		help: 'erase all text',
		bindings: [{keys: ['ctrl-u'], command: act({type: 'eraseText', what: 'all'})}],
	},
	{name: 'space', help: 'type a space', bindings: [{keys: ['space'], command: act({type: 'typeText', text: ' '})}]},
];

const effects: readonly KeyEntry[] = [
	{name: 'suspend', help: 'suspend loops-top', bindings: [{keys: ['ctrl-z'], command: effect('suspend')}]},
	{name: 'redraw', help: 'redraw the screen', bindings: [{keys: ['ctrl-l'], command: effect('redraw')}]},
	{name: 'quit', help: 'quit', hint: {word: 'quit', rank: 2}, bindings: [{keys: ['ctrl-c'], command: effect('quit')}]},
];

/** The keys that apply while a filter is being typed. Any character that isn't one of them is text. */
export const filterKeys: readonly KeyEntry[] = [
	{
		name: 'keep',
		help: 'keep the filter',
		hint: {word: 'keep', rank: 19},
		bindings: [{keys: ['enter'], command: act({type: 'applyFilter'})}],
	},
	{
		name: 'clear',
		help: 'clear the filter',
		hint: {word: 'clear', rank: 20},
		bindings: [{keys: ['esc'], command: act({type: 'clearFilter'})}],
	},
	{
		name: 'select',
		help: 'select the previous or next node, deployment, or log entry',
		hint: {word: 'select', rank: 21},
		bindings: [
			{keys: ['up'], command: act({type: 'select', by: -1})},
			{keys: ['down'], command: act({type: 'select', by: 1})},
		],
	},
	...erasing,
	...effects,
];

/** Returns a command that scrolls the help by the number of rows that `rows` returns. */
function scroll(rows: (context: KeyContext) => number): (context: KeyContext) => Command {
	return context => ({kind: 'action', action: {type: 'scrollHelp', by: rows(context), limit: context.helpLimit}});
}

/** The keys that apply while the help is open. Typed text searches the help. */
export const helpKeys: readonly KeyEntry[] = [
	{
		name: 'scroll',
		help: 'scroll the help',
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
	{
		name: 'hide',
		help: 'close the help',
		bindings: [{keys: ['?', 'f1', 'enter'], command: act({type: 'toggleOverlay', overlay: 'help'})}],
	},
	...erasing,
	...effects,
];

/** The keys that apply while the time to go to is being typed. */
export const timeKeys: readonly KeyEntry[] = [
	{
		name: 'go',
		help: 'go to this time',
		hint: {word: 'go', rank: 15},
		bindings: [{keys: ['enter'], command: ({zone}) => ({kind: 'action', action: {type: 'goToTyped', zone}})}],
	},
	{
		name: 'back',
		help: 'cancel',
		hint: {word: 'cancel', rank: 16},
		bindings: [{keys: ['esc'], command: act({type: 'close'})}],
	},
	...erasing,
	...effects,
];

/** The keys in the overview of all deployments. */
export const overviewKeys: readonly KeyEntry[] = [
	{
		name: 'help',
		help: 'show or hide the help',
		hint: {word: 'help', rank: 1},
		bindings: [{keys: ['?', 'h', 'f1'], command: act({type: 'toggleOverlay', overlay: 'help'})}],
	},
	{
		name: 'select',
		help: 'select the previous or next deployment',
		hint: {word: 'deployment', rank: 4},
		bindings: rowBindings,
	},
	{
		name: 'page',
		help: 'move one page up or down',
		bindings: pageBindings,
	},
	{
		name: 'ends',
		help: 'select the first or last deployment',
		bindings: [
			{keys: ['g', 'home'], command: act({type: 'selectEnd', end: 'first'})},
			{keys: ['G', 'end'], command: act({type: 'selectEnd', end: 'last'})},
		],
	},
	{
		name: 'watch',
		help: 'watch the selected deployment; esc returns',
		hint: {word: 'watch', rank: 3},
		bindings: [{keys: ['enter'], command: act({type: 'enter'})}],
	},
	{
		name: 'back',
		help: 'clear the filter, or return to the deployment you came from',
		hint: {word: 'back', rank: 7},
		bindings: [{keys: ['esc'], command: act({type: 'close'})}],
	},
	{
		name: 'close',
		help: 'show the watched deployment again',
		bindings: [{keys: ['a', 'd'], command: act({type: 'toggleOverlay', overlay: 'deployments'})}],
	},
	{
		name: 'filter',
		help: 'filter by ID, model, status, owner, or finding; enter keeps the filter, and esc clears it',
		hint: {word: 'filter', rank: 6},
		bindings: [{keys: ['/'], command: act({type: 'editFilter'})}],
	},
	{
		name: 'sort',
		help: 'sort by the next column; reverse the order',
		hint: {word: 'sort', rank: 5},
		bindings: [
			{keys: ['s'], command: act({type: 'sortNext'})},
			{keys: ['S'], command: act({type: 'reverseSort'})},
		],
	},
	{
		name: 'scope',
		help: "list your deployments or the whole organization's",
		hint: {word: 'mine/all', rank: 8},
		bindings: [{keys: ['tab'], command: act({type: 'toggleScope'})}],
	},
	{
		name: 'refresh',
		help: 'refresh the list now',
		hint: {word: 'refresh', rank: 9},
		bindings: [{keys: ['r', 'ctrl-r'], command: act({type: 'refreshNow'})}],
	},
	{
		name: 'copy',
		help: 'copy the ID of the selected deployment',
		bindings: [{keys: ['y'], command: effect('copySelected')}],
	},
	{
		name: 'picture',
		help: 'write the screen to an SVG file in the current folder',
		bindings: [{keys: ['w'], command: effect('savePicture')}],
	},
	{
		name: 'suspend',
		help: 'suspend loops-top; fg resumes it',
		bindings: [{keys: ['ctrl-z'], command: effect('suspend')}],
	},
	{name: 'redraw', help: 'redraw the screen', bindings: [{keys: ['ctrl-l'], command: effect('redraw')}]},
	{
		name: 'quit',
		help: 'quit',
		hint: {word: 'quit', rank: 2},
		bindings: [{keys: ['q', 'ctrl-c', 'f10'], command: effect('quit')}],
	},
];
