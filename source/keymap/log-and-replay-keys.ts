import {bothLogsFrom} from '../state/reduce-logs.ts';
import {act, type KeyEntry, pageBindings, pauseHint, rowBindings} from './entry.ts';

/** The keys while a recording plays. All other keys keep their meaning. */
export const replayKeys: readonly KeyEntry[] = [
	{
		name: 'play',
		help: 'pause or resume playback',
		hint: pauseHint,
		bindings: [{keys: ['p', 'space'], command: act({type: 'togglePlay'})}],
	},
	{
		name: 'speed',
		help: 'play slower or faster',
		hint: {word: 'speed', rank: 3},
		bindings: [
			{keys: ['<'], command: act({type: 'changeSpeed', by: -1})},
			{keys: ['>'], command: act({type: 'changeSpeed', by: 1})},
		],
	},
	{
		name: 'seek',
		help: 'seek back or forward by a quarter of the window',
		hint: {word: 'seek', rank: 30},
		bindings: [
			{keys: ['{'], command: act({type: 'skip', by: -1})},
			{keys: ['}'], command: act({type: 'skip', by: 1})},
		],
	},
];

/** The keys in the logs. All other keys keep their meaning. */
export const logKeys: readonly KeyEntry[] = [
	{
		name: 'select',
		help: 'move one entry up or down; below the last one, follow new entries',
		hint: {word: 'entry', rank: 4},
		bindings: rowBindings,
	},
	{
		name: 'page',
		help: 'move one page up or down',
		bindings: pageBindings,
	},
	{
		name: 'newest',
		help: 'go to the newest entry and follow new ones',
		hint: {word: 'follow', rank: 7},
		bindings: [{keys: ['G', 'end'], command: act({type: 'selectEnd', end: 'last'})}],
	},
	{
		name: 'oldest',
		help: 'go to the oldest loaded entry',
		bindings: [{keys: ['g', 'home'], command: act({type: 'selectEnd', end: 'first'})}],
	},
	{
		name: 'unfold',
		help: 'show all lines and fields of the selected entry',
		hint: {word: 'expand', rank: 9},
		bindings: [{keys: ['enter'], command: act({type: 'enter'})}],
	},
	{
		name: 'search',
		help: 'filter entries, for example with NCCL "out of memory" !heartbeat level>=warn node~trainer-1 request=ID',
		hint: {word: 'filter', rank: 6},
		bindings: [{keys: ['/'], command: act({type: 'editFilter'})}],
	},
	{
		name: 'level',
		help: 'set the minimum level',
		hint: {word: 'level', rank: 8},
		bindings: [{keys: ['e'], command: act({type: 'nextLevel'})}],
	},
	{
		name: 'this-node',
		help: 'show only the selected node, or all nodes',
		hint: {word: 'this node', rank: 10},
		bindings: [{keys: ['o'], command: act({type: 'toggleOnlySelected'})}],
	},
	{
		name: 'cursor',
		help: 'move the cursor to the selected entry; every pane shows its values at the cursor',
		hint: {word: 'cursor', rank: 24},
		bindings: [{keys: ['c'], command: act({type: 'toggleCursor'})}],
	},
	{
		name: 'both',
		help: 'show the logs of both components side by side, or only one; t moves between them',
		hint: ({hasSampler}) => (hasSampler ? {word: 'both', rank: 34} : undefined),
		bindings: [
			{
				keys: ['B'],
				command: ({columns}) => ({kind: 'action', action: {type: 'toggleBothLogs', hasRoom: columns >= bothLogsFrom}}),
			},
		],
	},
	{
		name: 'full-screen',
		help: 'toggle full screen for the logs',
		hint: {word: 'full screen', rank: 14},
		bindings: [{keys: ['f'], command: act({type: 'toggleFullScreen'})}],
	},
	{
		name: 'close',
		help: 'close the logs; esc clears the filter and leaves full screen first',
		hint: {word: 'close', rank: 5},
		bindings: [
			{keys: ['l'], command: act({type: 'toggleLogs'})},
			{keys: ['esc'], command: act({type: 'close'})},
		],
	},
];
