import {act, type KeyEntry} from './entry.ts';

/** What keys mean in the logs; all others mean there what they mean in the panes. */
export const logKeys: readonly KeyEntry[] = [
	{
		help: 'an entry up or down; beyond the last one the newest are followed',
		hint: 'line',
		bindings: [
			{keys: ['up', 'k'], command: act({type: 'select', by: -1})},
			{keys: ['down', 'j'], command: act({type: 'select', by: 1})},
		],
	},
	{
		help: 'a page up or down',
		bindings: [
			{keys: ['pageup'], command: ({pageRows}) => ({kind: 'action', action: {type: 'select', by: -pageRows}})},
			{keys: ['pagedown'], command: ({pageRows}) => ({kind: 'action', action: {type: 'select', by: pageRows}})},
		],
	},
	{
		help: 'the newest, and follow them',
		hint: 'follow',
		bindings: [{keys: ['G', 'end'], command: act({type: 'selectEnd', end: 'last'})}],
	},
	{
		help: 'the oldest that is loaded',
		bindings: [{keys: ['g', 'home'], command: act({type: 'selectEnd', end: 'first'})}],
	},
	{
		help: 'all lines of the selected entry, and all that is known of it',
		hint: 'unfold',
		bindings: [{keys: ['enter'], command: act({type: 'enter'})}],
	},
	{
		help: 'filter, as NCCL "out of memory" !heartbeat level>=warn node~trainer-1 request=ID',
		hint: 'search',
		bindings: [{keys: ['/'], command: act({type: 'editFilter'})}],
	},
	{
		help: 'the least level that is shown',
		hint: 'level',
		bindings: [{keys: ['e'], command: act({type: 'nextLevel'})}],
	},
	{
		help: 'the selected node alone, or all',
		hint: 'this node',
		bindings: [{keys: ['o'], command: act({type: 'toggleOnlySelected'})}],
	},
	{
		help: 'the cursor on the selected entry: every pane reads its values at that time',
		hint: 'cursor',
		bindings: [{keys: ['c'], command: act({type: 'toggleCursor'})}],
	},
	{
		help: 'the whole screen for the logs, and back',
		hint: 'full screen',
		bindings: [{keys: ['f'], command: act({type: 'toggleFullScreen'})}],
	},
	{
		help: 'close the logs; esc goes back from the whole screen first',
		hint: 'close',
		bindings: [
			{keys: ['l'], command: act({type: 'toggleLogs'})},
			{keys: ['esc'], command: act({type: 'close'})},
		],
	},
];
