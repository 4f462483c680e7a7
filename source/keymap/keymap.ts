import {panes} from '../state/panes.ts';
import {act, type Command, effect, type KeyContext, type KeyEntry} from './entry.ts';

/** Moves the selection, or scrolls the help while it is open. */
function select(by: -1 | 1, rows: (context: KeyContext) => number): (context: KeyContext) => Command {
	return context => {
		const distance = by * rows(context);
		return {
			kind: 'action',
			action:
				context.overlay === 'help'
					? {type: 'scrollHelp', by: distance, limit: context.helpLimit}
					: {type: 'select', by: distance},
		};
	};
}

function selectEnd(end: 'first' | 'last'): (context: KeyContext) => Command {
	return ({overlay, helpLimit: limit}) => ({
		kind: 'action',
		action:
			overlay === 'help' ? {type: 'scrollHelp', by: end === 'first' ? -limit : limit, limit} : {type: 'selectEnd', end},
	});
}

const one = (): number => 1;
const page = ({pageRows}: KeyContext): number => pageRows;

/**
 * The keys while no text is typed. Handling, help, the bottom line, docs/keys.md and the man page are made from this
 * table.
 */
export const keymap: readonly KeyEntry[] = [
	{
		help: 'show or hide the help',
		hint: 'help',
		bindings: [{keys: ['?', 'h', 'f1'], command: act({type: 'toggleHelp'})}],
	},
	{
		help: 'select the previous or next node, GPU of the heat map, or finding',
		hint: 'node',
		bindings: [
			{keys: ['up', 'k'], command: select(-1, one)},
			{keys: ['down', 'j'], command: select(1, one)},
		],
	},
	{
		help: 'move one page up or down',
		bindings: [
			{keys: ['pageup'], command: select(-1, page)},
			{keys: ['pagedown'], command: select(1, page)},
		],
	},
	{
		help: 'select the first or last one; with the cursor, the first or last time',
		bindings: [
			{keys: ['g', 'home'], command: selectEnd('first')},
			{keys: ['G', 'end'], command: selectEnd('last')},
		],
	},
	{
		help: 'select the previous or next node, from any pane',
		bindings: [
			{keys: ['['], command: act({type: 'selectNode', by: -1})},
			{keys: [']'], command: act({type: 'selectNode', by: 1})},
		],
	},
	{
		help: 'move back or forward by a quarter of the window; with the cursor, by one step',
		hint: 'time',
		bindings: [
			{keys: ['left'], command: act({type: 'moveInTime', by: -1, far: false})},
			{keys: ['right'], command: act({type: 'moveInTime', by: 1, far: false})},
		],
	},
	{
		help: 'move back or forward by a whole window; with the cursor, by ten steps',
		bindings: [
			{keys: ['shift-left'], command: act({type: 'moveInTime', by: -1, far: true})},
			{keys: ['shift-right'], command: act({type: 'moveInTime', by: 1, far: true})},
		],
	},
	{
		help: 'zoom in or out: a shorter or longer window',
		hint: 'window',
		bindings: [
			{keys: ['+'], command: act({type: 'changeWindow', by: -1})},
			{keys: ['-'], command: act({type: 'changeWindow', by: 1})},
		],
	},
	{
		help: 'return to the window you started with, live',
		bindings: [{keys: ['=', '0'], command: act({type: 'resetWindow'})}],
	},
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
		help: 'show the focused pane in full screen, and back',
		hint: 'full screen',
		bindings: [{keys: ['f'], command: act({type: 'toggleFullScreen'})}],
	},
	{
		help: 'drill down: full screen, then the selected GPU or node over time, and back',
		bindings: [{keys: ['enter'], command: act({type: 'enter'})}],
	},
	{
		help: 'show or hide the cursor: every pane shows its values at that time',
		hint: 'cursor',
		bindings: [{keys: ['c'], command: act({type: 'toggleCursor'})}],
	},
	{
		help: "switch between the trainer and the deployment's sampler",
		hint: 'sampler',
		bindings: [{keys: ['t'], command: act({type: 'toggleComponent'})}],
	},
	{
		help: 'choose another deployment',
		hint: 'deployments',
		bindings: [{keys: ['d'], command: act({type: 'toggleDeployments'})}],
	},
	{
		help: 'list the findings; enter goes to one',
		hint: 'findings',
		bindings: [{keys: ['n'], command: act({type: 'toggleFindings'})}],
	},
	{
		help: 'the run: status, cost, checkpoints',
		bindings: [{keys: ['K'], command: act({type: 'toggleRun'})}],
	},
	{help: 'show or hide the logs', hint: 'logs', bindings: [{keys: ['l'], command: act({type: 'toggleLogs'})}]},
	{
		help: 'filter nodes and GPUs, such as trainer-1 gpu<20 mem>90 ram>200G; enter keeps it, esc clears it',
		hint: 'filter',
		bindings: [{keys: ['/'], command: act({type: 'editFilter'})}],
	},
	{
		help: 'sort nodes by the next column; reverse the order',
		hint: 'sort',
		bindings: [
			{keys: ['s'], command: act({type: 'sortNext'})},
			{keys: ['S'], command: act({type: 'reverseSort'})},
		],
	},
	{
		help: 'pause or resume the display (polling continues)',
		hint: 'pause',
		bindings: [{keys: ['p', 'space'], command: act({type: 'togglePause'})}],
	},
	{help: 'refresh now', hint: 'refresh', bindings: [{keys: ['r'], command: act({type: 'refreshNow'})}]},
	{
		help: 'poll more or less often',
		bindings: [
			{keys: ['<'], command: act({type: 'changeInterval', by: -1})},
			{keys: ['>'], command: act({type: 'changeInterval', by: 1})},
		],
	},
	{
		help: "copy the selected node, GPU, finding or log entry; copy the deployment's id",
		bindings: [
			{keys: ['y'], command: effect('copySelected')},
			{keys: ['Y'], command: effect('copyId')},
		],
	},
	{
		help: 'switch latency between a linear and a logarithmic axis',
		bindings: [{keys: ['v'], command: act({type: 'toggleScale'})}],
	},
	{
		help: 'close what is open, then the cursor, then return to live',
		bindings: [{keys: ['esc'], command: act({type: 'close'})}],
	},
	{help: 'suspend; fg resumes', bindings: [{keys: ['ctrl-z'], command: effect('suspend')}]},
	{help: 'redraw the screen', bindings: [{keys: ['ctrl-l'], command: effect('redraw')}]},
	{help: 'quit', hint: 'quit', bindings: [{keys: ['q', 'ctrl-c', 'f10'], command: effect('quit')}]},
];
