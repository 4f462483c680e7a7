import {panes} from '../state/panes.ts';
import {act, type Command, effect, type KeyContext, type KeyEntry} from './entry.ts';

/** Moves through what can be selected, or through the help while that is open. */
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
 * The keys while nothing is typed. Handling, the help on the screen, the line at the bottom and the table in docs/keys.md
 * are all made from this.
 */
export const keymap: readonly KeyEntry[] = [
	{help: 'help, and back', hint: 'help', bindings: [{keys: ['?', 'h'], command: act({type: 'toggleHelp'})}]},
	{
		help: 'select the previous or next node, GPU of the heat map, or finding',
		hint: 'node',
		bindings: [
			{keys: ['up', 'k'], command: select(-1, one)},
			{keys: ['down', 'j'], command: select(1, one)},
		],
	},
	{
		help: 'a page up or down',
		bindings: [
			{keys: ['pageup'], command: select(-1, page)},
			{keys: ['pagedown'], command: select(1, page)},
		],
	},
	{
		help: 'the first or last one; with the cursor the first or last time',
		bindings: [
			{keys: ['g', 'home'], command: selectEnd('first')},
			{keys: ['G', 'end'], command: selectEnd('last')},
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
		help: 'a quarter of the window back or forth; with the cursor one step',
		hint: 'time',
		bindings: [
			{keys: ['left'], command: act({type: 'moveInTime', by: -1, far: false})},
			{keys: ['right'], command: act({type: 'moveInTime', by: 1, far: false})},
		],
	},
	{
		help: 'a whole window back or forth; with the cursor ten steps',
		bindings: [
			{keys: ['shift-left'], command: act({type: 'moveInTime', by: -1, far: true})},
			{keys: ['shift-right'], command: act({type: 'moveInTime', by: 1, far: true})},
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
		bindings: [{keys: ['f'], command: act({type: 'toggleFullScreen'})}],
	},
	{
		help: 'look nearer: full screen, then the selected GPU or node over time, and back',
		bindings: [{keys: ['enter'], command: act({type: 'enter'})}],
	},
	{
		help: 'cursor: every pane reads its values at that time',
		hint: 'cursor',
		bindings: [{keys: ['c'], command: act({type: 'toggleCursor'})}],
	},
	{
		help: 'the sampler of the deployment, and back to the trainer',
		hint: 'sampler',
		bindings: [{keys: ['t'], command: act({type: 'toggleComponent'})}],
	},
	{
		help: 'choose another deployment',
		hint: 'deployments',
		bindings: [{keys: ['d'], command: act({type: 'toggleDeployments'})}],
	},
	{
		help: 'findings: what is amiss, since when; enter goes to one',
		hint: 'findings',
		bindings: [{keys: ['n'], command: act({type: 'toggleFindings'})}],
	},
	{help: 'logs, beside the charts', hint: 'logs', bindings: [{keys: ['l'], command: act({type: 'toggleLogs'})}]},
	{
		help: 'filter nodes and GPUs, as trainer-1 gpu<20 mem>90 ram>200G; enter keeps it, esc drops it',
		hint: 'filter',
		bindings: [{keys: ['/'], command: act({type: 'editFilter'})}],
	},
	{
		help: 'sort nodes by the next column, or the other way round',
		hint: 'sort',
		bindings: [
			{keys: ['s'], command: act({type: 'sortNext'})},
			{keys: ['S'], command: act({type: 'reverseSort'})},
		],
	},
	{
		help: 'pause, and go on: polling never stops',
		hint: 'pause',
		bindings: [{keys: ['p', 'space'], command: act({type: 'togglePause'})}],
	},
	{help: 'ask now', hint: 'ask now', bindings: [{keys: ['r'], command: act({type: 'refreshNow'})}]},
	{
		help: 'a shorter or longer interval',
		bindings: [
			{keys: ['<'], command: act({type: 'changeInterval', by: -1})},
			{keys: ['>'], command: act({type: 'changeInterval', by: 1})},
		],
	},
	{
		help: "copy the selected node, GPU, finding or log entry; the deployment's id",
		bindings: [
			{keys: ['y'], command: effect('copySelected')},
			{keys: ['Y'], command: effect('copyId')},
		],
	},
	{help: 'latency on a linear or logarithmic axis', bindings: [{keys: ['v'], command: act({type: 'toggleScale'})}]},
	{
		help: 'close what is open, then the cursor, then back to live',
		bindings: [{keys: ['esc'], command: act({type: 'close'})}],
	},
	{help: 'suspend; fg comes back', bindings: [{keys: ['ctrl-z'], command: effect('suspend')}]},
	{help: 'draw the screen anew', bindings: [{keys: ['ctrl-l'], command: effect('redraw')}]},
	{help: 'quit', hint: 'quit', bindings: [{keys: ['q', 'ctrl-c'], command: effect('quit')}]},
];
