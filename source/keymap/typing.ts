import {act, effect, type KeyEntry} from './entry.ts';

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
