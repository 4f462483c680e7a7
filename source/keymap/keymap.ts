// Longer than 250 lines because it contains the keys of the panes, of the logs, and of recordings in one place.

import {bothLogsFrom} from '../state/reduce-logs.ts';
import {panes} from '../state/state.ts';
import {act, effect, type KeyEntry, type PaneKeyEntry, pageBindings, pauseHint, rowBindings} from './entry.ts';

/**
 * The keys that apply while no text is being typed, except in the overview, which has its own keys. The handling of
 * keys, the help, the bottom line, docs/keys.md, and the man page are derived from this table.
 */
export const keymap: readonly PaneKeyEntry[] = [
	{
		name: 'help',
		group: 'program',
		help: 'show or hide the help',
		hint: {word: 'help', rank: 1},
		bindings: [{keys: ['?', 'h', 'f1'], command: act({type: 'toggleOverlay', overlay: 'help'})}],
	},
	{
		name: 'select',
		group: 'move',
		panes: ['gpus', 'nodes'],
		help: 'select the previous or next node, GPU (in the heat map), or finding',
		hint: {word: 'node', rank: 11},
		bindings: rowBindings,
	},
	{
		name: 'page',
		group: 'move',
		help: 'move one page up or down',
		bindings: pageBindings,
	},
	{
		name: 'ends',
		group: 'move',
		help: 'select the first or last row; with the cursor, go to the start or end',
		bindings: [
			{keys: ['g', 'home'], command: act({type: 'selectEnd', end: 'first'})},
			{keys: ['G', 'end'], command: act({type: 'selectEnd', end: 'last'})},
		],
	},
	{
		name: 'node',
		group: 'move',
		help: 'select the previous or next node, from any pane',
		bindings: [
			{keys: ['['], command: act({type: 'selectNode', by: -1})},
			{keys: [']'], command: act({type: 'selectNode', by: 1})},
		],
	},
	{
		name: 'time',
		group: 'time',
		help: 'move back or forward by a quarter of the window; with the cursor, by one step',
		hint: {word: 'time', rank: 12},
		bindings: [
			{keys: ['left'], command: act({type: 'moveInTime', by: -1, far: false})},
			{keys: ['right'], command: act({type: 'moveInTime', by: 1, far: false})},
		],
	},
	{
		name: 'far-time',
		group: 'time',
		help: 'move back or forward by a whole window; with the cursor, by ten steps',
		bindings: [
			{keys: ['shift-left'], command: act({type: 'moveInTime', by: -1, far: true})},
			{keys: ['shift-right'], command: act({type: 'moveInTime', by: 1, far: true})},
		],
	},
	{
		name: 'window',
		group: 'time',
		help: 'zoom in or out, to a shorter or longer window',
		hint: {word: 'window', rank: 13},
		bindings: [
			{keys: ['+'], command: act({type: 'changeWindow', by: -1})},
			{keys: ['-'], command: act({type: 'changeWindow', by: 1})},
		],
	},
	{
		name: 'go-to',
		group: 'time',
		help: 'go to a time, such as 14:03, -9h, or Nov 27 03:10',
		hint: {word: 'go to', rank: 33},
		bindings: [{keys: ['T'], command: act({type: 'toggleTimeInput'})}],
	},
	{
		name: 'compare',
		group: 'time',
		help: 'change the comparison: the previous window, a day ago, a week ago, or none',
		hint: {word: 'compare', rank: 37},
		bindings: [{keys: ['b'], command: act({type: 'compareNext'})}],
	},
	{
		name: 'reset-window',
		group: 'time',
		help: 'return to the window and the time you started with (live without --at)',
		hint: ({mode, hasRequestedTime}) =>
			mode === 'past' ? {word: hasRequestedTime ? 'start' : 'live', rank: 0} : undefined,
		bindings: [{keys: ['=', '0'], command: act({type: 'resetWindow'})}],
	},
	{
		name: 'next-pane',
		group: 'move',
		help: 'focus the next or previous pane',
		hint: {word: 'pane', rank: 25},
		bindings: [
			{keys: ['tab'], command: act({type: 'focusNext', by: 1})},
			{keys: ['shift-tab'], command: act({type: 'focusNext', by: -1})},
		],
	},
	{
		name: 'pane',
		group: 'move',
		help: 'focus a pane by its number',
		bindings: panes.map((pane, index) => ({
			keys: [String(index + 1)],
			command: act({type: 'focusPane', pane}),
		})),
	},
	{
		name: 'full-screen',
		group: 'view',
		help: 'toggle full screen for the focused pane',
		hint: {word: 'full screen', rank: 14},
		bindings: [{keys: ['f'], command: act({type: 'toggleFullScreen'})}],
	},
	{
		name: 'enter',
		group: 'view',
		panes: ['gpus', 'nodes'],
		help: 'drill down: full screen, then the selected GPU or node over time, then back',
		hint: ({overlay}) => (overlay === 'findings' ? {word: 'go to it', rank: 0} : undefined),
		bindings: [{keys: ['enter'], command: act({type: 'enter'})}],
	},
	{
		name: 'cursor',
		group: 'time',
		help: 'show or hide the cursor; every pane shows its values at the cursor',
		hint: {word: 'cursor', rank: 24},
		bindings: [{keys: ['c'], command: act({type: 'toggleCursor'})}],
	},
	{
		name: 'sampler',
		group: 'view',
		help: "switch between the trainer and the deployment's sampler",
		hint: ({hasSampler}) => (hasSampler ? {word: 'sampler', rank: 28} : undefined),
		bindings: [{keys: ['t'], command: act({type: 'toggleComponent'})}],
	},
	{
		name: 'deployments',
		group: 'lists',
		enabled: ({isReplay}) => !isReplay,
		help: 'show all deployments (the overview); enter opens one',
		hint: {word: 'deployments', rank: 27},
		bindings: [{keys: ['a', 'd'], command: act({type: 'toggleOverlay', overlay: 'deployments'})}],
	},
	{
		name: 'findings',
		group: 'lists',
		help: 'list the findings and other events in the window; enter goes to the selected one',
		hint: ({hasFindings, overlay}) =>
			overlay === 'findings' ? {word: 'close', rank: 0} : {word: 'findings', rank: hasFindings ? 0 : 22},
		bindings: [{keys: ['n'], command: act({type: 'toggleOverlay', overlay: 'findings'})}],
	},
	{
		name: 'run',
		group: 'lists',
		help: 'show the run: status, cost, and checkpoints',
		bindings: [{keys: ['K'], command: act({type: 'toggleOverlay', overlay: 'run'})}],
	},
	{
		name: 'logs',
		group: 'lists',
		help: 'show or hide the logs',
		hint: {word: 'logs', rank: 23},
		bindings: [{keys: ['l'], command: act({type: 'toggleLogs'})}],
	},
	{
		name: 'filter',
		group: 'view',
		panes: ['gpus', 'nodes'],
		help: 'filter nodes and GPUs, for example with trainer-1 gpu<20 mem>90 ram>200G; enter keeps the filter, and esc clears it',
		hint: {word: 'filter', rank: 26},
		bindings: [{keys: ['/'], command: act({type: 'editFilter'})}],
	},
	{
		name: 'sort',
		group: 'view',
		panes: ['nodes'],
		help: 'sort nodes by the next column; reverse the order',
		hint: {word: 'sort', rank: 31},
		bindings: [
			{keys: ['s'], command: act({type: 'sortNext'})},
			{keys: ['S'], command: act({type: 'reverseSort'})},
		],
	},
	{
		name: 'pause',
		group: 'data',
		help: 'pause or resume the display (polling continues)',
		hint: pauseHint,
		bindings: [{keys: ['p', 'space'], command: act({type: 'togglePause'})}],
	},
	{
		name: 'refresh',
		group: 'data',
		enabled: ({isReplay}) => !isReplay,
		help: 'refresh the data now',
		hint: {word: 'refresh', rank: 32},
		bindings: [{keys: ['r'], command: act({type: 'refreshNow'})}],
	},
	{
		name: 'interval',
		group: 'data',
		help: 'poll more or less often',
		bindings: [
			{keys: ['<'], command: act({type: 'changeInterval', by: -1})},
			{keys: ['>'], command: act({type: 'changeInterval', by: 1})},
		],
	},
	{
		name: 'copy',
		group: 'program',
		help: "copy the selected node, GPU, finding, or log entry; copy the deployment's ID",
		bindings: [
			{keys: ['y'], command: effect('copySelected')},
			{keys: ['Y'], command: effect('copyId')},
		],
	},
	{
		name: 'picture',
		group: 'program',
		help: 'write the screen to an SVG file in the current folder',
		hint: {word: 'save SVG', rank: 38},
		bindings: [{keys: ['w'], command: effect('savePicture')}],
	},
	{
		name: 'scale',
		group: 'view',
		panes: ['latency'],
		help: 'switch latency between a linear and a logarithmic axis',
		bindings: [{keys: ['v'], command: act({type: 'toggleScale'})}],
	},
	{
		name: 'heat',
		group: 'view',
		panes: ['gpus'],
		help: 'switch the heat map between utilization and memory',
		bindings: [{keys: ['m'], command: act({type: 'nextChoice', choice: 'heat'})}],
	},
	{
		name: 'close',
		group: 'program',
		help: 'close or clear the first of these: list, full screen, cursor, earlier time, filter; then return to the overview',
		bindings: [{keys: ['esc'], command: act({type: 'close'})}],
	},
	{
		name: 'suspend',
		group: 'program',
		help: 'suspend loops-top; fg resumes it',
		bindings: [{keys: ['ctrl-z'], command: effect('suspend')}],
	},
	{
		name: 'redraw',
		group: 'program',
		help: 'redraw the screen',
		bindings: [{keys: ['ctrl-l'], command: effect('redraw')}],
	},
	{
		name: 'quit',
		group: 'program',
		help: 'quit',
		hint: {word: 'quit', rank: 2},
		bindings: [{keys: ['q', 'ctrl-c', 'f10'], command: effect('quit')}],
	},
];

/** The keys for a recording, which also apply while playback is paused. All other keys keep their meaning. */
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
		help: 'show the cursor at the selected entry, or hide the cursor; every pane shows its values at the cursor',
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
		help: 'close the logs; esc first clears the filter and leaves full screen',
		hint: {word: 'close', rank: 5},
		bindings: [
			{keys: ['l'], command: act({type: 'toggleLogs'})},
			{keys: ['esc'], command: act({type: 'close'})},
		],
	},
];
