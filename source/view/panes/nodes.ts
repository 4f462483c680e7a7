import type {Node} from '../../metrics/snapshot.ts';
import {symbols, type Tone} from '../../theme.ts';
import {formatMoment} from '../clock-time.ts';
import {cells, cutEnd, cutNameStart, type Line, padEnd, padStart, span} from '../line.ts';
import {centered, type PaneContent, type PaneInput, whyEmpty} from '../pane-content.ts';
import {type Column, chooseColumns} from './node-columns.ts';

/** The table of nodes: one glyph a GPU, mean utilization, memory, CPU, RAM and ephemeral storage. */
export function nodesPane(input: PaneInput): PaneContent {
	const {nodes, expectedNodes} = input.picture.snapshot;
	const reporting = nodes.filter(node => node.reporting).length;
	const expected = Math.max(expectedNodes ?? 0, nodes.length);
	const tone: Tone = reporting < expected ? 'warn' : 'plain';
	const counts = `${reporting} of ${expected}`;
	return {
		title: 'Nodes',
		subtitles: [],
		values: nodes.length === 0 ? [[]] : [[span(`${counts} reporting`, tone)], [span(counts, tone)]],
		body:
			nodes.length === 0
				? centered(whyEmpty(input.picture, 'node metrics', ['per_node_metrics']), input.width, input.height)
				: tableLines(input),
	};
}

/** The first of the rows that are shown, so that the selected one is among them, in the middle where it can be. */
export function firstShown(selected: number, count: number, room: number): number {
	return Math.min(Math.max(selected - Math.floor(room / 2), 0), Math.max(count - room, 0));
}

function tableLines(input: PaneInput): readonly Line[] {
	const {picture, height, form, selected} = input;
	const {nodes} = picture.snapshot;
	const isList = form === 'bare';
	const hasHead = isList ? height >= 3 && height !== nodes.length : height >= 2;
	const room = height - (hasHead ? 1 : 0);
	const first = firstShown(selected, nodes.length, room);
	const shown = nodes.slice(first, first + room);
	const above = first > 0 ? ` ${symbols.above}${first}` : '';
	const hidden = nodes.length - first - shown.length;
	const below = hidden > 0 ? ` ${symbols.below}${hidden}` : '';
	const {nameWidth, columns} = chooseColumns(input);
	const reporting = `${nodes.filter(node => node.reporting).length} of ${nodes.length}`;
	const titles = isList ? [`Nodes ${reporting}`, 'Nodes'] : ['node'];
	const title = titles.map(name => name + above + below).find(name => cells(name) <= nameWidth) ?? titles.at(-1) ?? '';
	const focus = isList && input.focused ? symbols.pointer : ' ';
	const head: Line = [
		span(focus, 'accent'),
		span(padEnd(cutEnd(title, nameWidth), nameWidth), isList ? 'plain' : 'dim'),
		span(columns.map(column => `  ${headOf(column)}`).join(''), 'dim'),
	];
	const rows = shown.map((node, index) => rowOf(node, first + index === selected, nameWidth, columns, input));
	return [...(hasHead ? [head] : []), ...rows];
}

function headOf({title, width, align}: Column): string {
	return align === 'left' ? padEnd(title, width) : padStart(title, width);
}

function rowOf(node: Node, isSelected: boolean, nameWidth: number, columns: readonly Column[], input: PaneInput): Line {
	const name = padEnd(cutNameStart(node.id, nameWidth), nameWidth);
	const head: Line = [
		span(isSelected ? symbols.pointer : ' ', 'selected'),
		span(name, isSelected ? 'selected' : node.reporting ? 'plain' : 'dim'),
	];
	return node.reporting
		? [...head, ...columns.flatMap(column => [span('  '), ...column.cell(node)])]
		: [...head, span(`  ${lastHeard(node, input)}`, 'warn')];
}

function lastHeard({lastHeardMs}: Node, {picture, zone}: PaneInput): string {
	return lastHeardMs === undefined ? 'no samples' : `last heard ${formatMoment(lastHeardMs, picture.nowMs, zone)}`;
}
