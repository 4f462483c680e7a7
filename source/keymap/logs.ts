import {act, type KeyEntry} from './entry.ts';

/** The keys in the logs. All other keys keep their meaning. */
export const logKeys: readonly KeyEntry[] = [
	{
		help: 'move one entry up or down; below the last one, follow new entries',
		hint: 'line',
		bindings: [
			{keys: ['up', 'k'], command: act({type: 'select', by: -1})},
			{keys: ['down', 'j'], command: act({type: 'select', by: 1})},
		],
	},
	{
		help: 'move one page up or down',
		bindings: [
			{keys: ['pageup'], command: ({pageRows}) => ({kind: 'action', action: {type: 'select', by: -pageRows}})},
			{keys: ['pagedown'], command: ({pageRows}) => ({kind: 'action', action: {type: 'select', by: pageRows}})},
		],
	},
	{
		help: 'go to the newest entry and follow',
		hint: 'follow',
		bindings: [{keys: ['G', 'end'], command: act({type: 'selectEnd', end: 'last'})}],
	},
	{
		help: 'go to the oldest loaded entry',
		bindings: [{keys: ['g', 'home'], command: act({type: 'selectEnd', end: 'first'})}],
	},
	{
		help: 'show all lines and fields of the selected entry',
		hint: 'unfold',
		bindings: [{keys: ['enter'], command: act({type: 'enter'})}],
	},
	{
		help: 'filter, such as NCCL "out of memory" !heartbeat level>=warn node~trainer-1 request=ID',
		hint: 'search',
		bindings: [{keys: ['/'], command: act({type: 'editFilter'})}],
	},
	{
		help: 'set the minimum level',
		hint: 'level',
		bindings: [{keys: ['e'], command: act({type: 'nextLevel'})}],
	},
	{
		help: 'show the selected node only, or all',
		hint: 'this node',
		bindings: [{keys: ['o'], command: act({type: 'toggleOnlySelected'})}],
	},
	{
		help: 'put the cursor on the selected entry: every pane shows its values at that time',
		hint: 'cursor',
		bindings: [{keys: ['c'], command: act({type: 'toggleCursor'})}],
	},
	{
		help: 'show the logs in full screen, and back',
		hint: 'full screen',
		bindings: [{keys: ['f'], command: act({type: 'toggleFullScreen'})}],
	},
	{
		help: 'close the logs; esc clears the filter and leaves full screen first',
		hint: 'close',
		bindings: [
			{keys: ['l'], command: act({type: 'toggleLogs'})},
			{keys: ['esc'], command: act({type: 'close'})},
		],
	},
];
