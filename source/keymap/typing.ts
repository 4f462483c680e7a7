import {act, effect, type KeyEntry} from './entry.ts';

const erasing: readonly KeyEntry[] = [
	{
		help: 'erase a character',
		bindings: [{keys: ['backspace', 'delete'], command: act({type: 'eraseText', what: 'character'})}],
	},
	{help: 'erase a word', bindings: [{keys: ['ctrl-w'], command: act({type: 'eraseText', what: 'word'})}]},
	{help: 'erase all', bindings: [{keys: ['ctrl-u'], command: act({type: 'eraseText', what: 'all'})}]},
	{help: 'type a space', bindings: [{keys: ['space'], command: act({type: 'typeText', text: ' '})}]},
];

const effects: readonly KeyEntry[] = [
	{help: 'suspend', bindings: [{keys: ['ctrl-z'], command: effect('suspend')}]},
	{help: 'redraw the screen', bindings: [{keys: ['ctrl-l'], command: effect('redraw')}]},
	{help: 'quit', hint: 'quit', bindings: [{keys: ['ctrl-c'], command: effect('quit')}]},
];

/** The keys while a filter is typed. Here and below, all other characters are text. */
export const filterKeys: readonly KeyEntry[] = [
	{help: 'keep the filter', hint: 'keep', bindings: [{keys: ['enter'], command: act({type: 'applyFilter'})}]},
	{help: 'clear it', hint: 'clear', bindings: [{keys: ['esc'], command: act({type: 'clearFilter'})}]},
	{
		help: 'select the previous or next node, or entry of the logs',
		hint: 'select',
		bindings: [
			{keys: ['up'], command: act({type: 'select', by: -1})},
			{keys: ['down'], command: act({type: 'select', by: 1})},
		],
	},
	...erasing,
	...effects,
];

/** The keys while a deployment is chosen: typed text filters the list. */
export const deploymentKeys: readonly KeyEntry[] = [
	{
		help: 'select the previous or next deployment',
		hint: 'deployment',
		bindings: [
			{keys: ['up'], command: act({type: 'select', by: -1})},
			{keys: ['down'], command: act({type: 'select', by: 1})},
		],
	},
	{
		help: 'move one page up or down',
		bindings: [
			{keys: ['pageup'], command: ({pageRows}) => ({kind: 'action', action: {type: 'select', by: -pageRows}})},
			{keys: ['pagedown'], command: ({pageRows}) => ({kind: 'action', action: {type: 'select', by: pageRows}})},
		],
	},
	{help: 'watch the selected deployment', hint: 'watch', bindings: [{keys: ['enter'], command: act({type: 'enter'})}]},
	{help: 'go back', hint: 'back', bindings: [{keys: ['esc'], command: act({type: 'close'})}]},
	{
		help: "list your deployments, or the whole organization's",
		hint: 'own or all',
		bindings: [{keys: ['tab'], command: act({type: 'toggleScope'})}],
	},
	{help: 'refresh now', bindings: [{keys: ['ctrl-r'], command: act({type: 'refreshNow'})}]},
	...erasing,
	...effects,
];
