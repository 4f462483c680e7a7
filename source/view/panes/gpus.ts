import type {Node} from '../../metrics/node.ts';
import {symbols} from '../../theme/theme.ts';
import {cutNameStart, firstFitting, type Line, lineWidth, spaceBetween, span, textWidth} from '../line.ts';
import {centered, type PaneContent, type PaneInput, whyEmpty} from '../pane-content.ts';
import {gpuDetailPane, gpuFields, gpuValues} from './gpu-detail.ts';
import {gpuLines} from './gpu-rows.ts';
import {heatMapPane} from './heat-map.ts';

/** Draws the GPUs of the selected node: utilization and memory of each, now and over the window. */
export function gpusPane(input: PaneInput): PaneContent {
	if (input.variant === 'full') {
		return input.zoom === 'detail' ? gpuDetailPane(input) : heatMapPane(input);
	}

	const {nodes} = input.view;
	const node = nodes[input.selected];
	const position = nodes.length > 1 ? ` (${input.selected + 1} of ${nodes.length})` : '';
	const title = {title: 'GPUs', subtitles: node === undefined ? [] : [`${node.id}${position}`, node.id]};
	const values = gpuValues(node, input);
	if (input.variant === 'bare') {
		const height = input.height - 1;
		return {...title, values, body: [headLine(node?.id ?? '', values, input), ...linesOf(node, {...input, height})]};
	}

	return {...title, values, body: linesOf(node, input)};
}

/** Returns the title of the section if it has no frame: the node's whole name, if it fits, followed by its values. */
function headLine(name: string, values: readonly Line[], {focused, width}: PaneInput): Line {
	const room = width - 7;
	const value = firstFitting(values.slice(values.length > 5 ? 2 : 0), Math.max(room - textWidth(name) - 1, 4));
	const left: Line = [
		span(focused ? symbols.pointer : ' ', 'accent'),
		span('GPUs '),
		span(cutNameStart(name, room - lineWidth(value) - 1), 'dim'),
	];
	return spaceBetween(left, [...value, span(' ')], width);
}

function emptyReason(node: Node | undefined, input: PaneInput): string {
	const {snapshot} = input.view;
	if (node === undefined && snapshot.nodes.length > 0) {
		return `no node matches ${input.filter.text}`;
	}

	return node === undefined || snapshot.problems.length > 0
		? whyEmpty(input, 'GPU metrics', gpuFields)
		: `${node.id} has no GPU metrics`;
}

function linesOf(node: Node | undefined, input: PaneInput): readonly Line[] {
	return node === undefined || node.gpus.length === 0
		? centered(emptyReason(node, input), input.width, input.height)
		: gpuLines(node, input);
}
