import type {Node} from '../../metrics/node.ts';
import {formatMoment} from '../../text/clock-time.ts';
import {formatAge} from '../../text/format.ts';
import {symbols} from '../../theme/theme.ts';
import {distinctNames} from '../distinct-name.ts';
import {cutEnd, type Line, padEnd, padStart, span, textWidth} from '../line.ts';
import type {HitTarget, PaneContent, PaneInput} from '../pane-content.ts';
import {scrollOffset} from '../scroll.ts';
import type {Column} from './node-column.ts';
import {chooseColumns} from './node-columns.ts';

/** Returns the rows that fit, including the selected one, below the column titles. */
export function tableLines(
	input: PaneInput,
): Pick<PaneContent, 'body'> & {readonly targets: ReadonlyArray<HitTarget | undefined>} {
	const {view, height, variant, selected, component} = input;
	const {nodes} = view;
	const isList = variant === 'bare';
	const hasHead = isList ? height >= 3 && height !== nodes.length : height >= 2;
	const room = height - (hasHead ? 1 : 0);
	const first = scrollOffset(selected, nodes.length, room);
	const shown = nodes.slice(first, first + room);
	const above = first > 0 ? ` ${symbols.above}${first}` : '';
	const hidden = nodes.length - first - shown.length;
	const below = hidden > 0 ? ` ${symbols.below}${hidden}` : '';
	const {nameWidth, columns} = chooseColumns(input);
	const {totals} = view.snapshot;
	const isAll = nodes.length === view.snapshot.nodes.length;
	const reporting = `${nodes.filter(node => node.reporting).length} of ${isAll ? totals.nodesExpected : nodes.length}`;
	const titles = component === 'sampler' ? ['replica'] : isList ? [`Nodes ${reporting}`, 'Nodes'] : ['node'];
	const title =
		titles.map(name => name + above + below).find(name => textWidth(name) <= nameWidth) ?? titles.at(-1) ?? '';
	const focus = isList && input.focused ? symbols.pointer : ' ';
	const head: Line = [
		span(focus, 'accent'),
		span(padEnd(cutEnd(title, nameWidth), nameWidth), isList ? 'plain' : 'dim'),
		span(columns.map(column => `  ${headOf(column)}`).join(''), 'dim'),
	];
	const cutName = distinctNames(nodes.map(({id}) => id));
	const rows = shown.map((node, index) =>
		rowOf(node, first + index === selected, padEnd(cutName(node.id, nameWidth), nameWidth), columns, input),
	);
	const targets = shown.map((node): HitTarget => ({kind: 'node', node: node.id}));
	return {body: [...(hasHead ? [head] : []), ...rows], targets: [...(hasHead ? [undefined] : []), ...targets]};
}

function headOf({title, width, align}: Column): string {
	return align === 'left' ? padEnd(title, width) : padStart(title, width);
}

function rowOf(node: Node, isSelected: boolean, name: string, columns: readonly Column[], input: PaneInput): Line {
	const head: Line = [
		span(isSelected ? symbols.pointer : ' ', 'selected'),
		span(name, isSelected ? 'selected' : node.presence === 'gone' ? 'dim' : 'plain'),
	];
	const mark = input.markers.hasNode(node.id) ? span(`${symbols.mark} `, 'bad') : span('  ');
	// At the cursor, a node without a sample has unknown values, although it may have earlier and later ones.
	return node.reporting || input.view.snapshot.atMs !== undefined
		? [...head, ...columns.flatMap((column, index) => [index === 0 ? mark : span('  '), ...column.cell(node)])]
		: [
				...head,
				mark,
				span(lastHeard(node, input, input.width - textWidth(name) - 3), node.presence === 'gone' ? 'dim' : 'warn'),
			];
}

/** Returns when a node was last seen that is missing, or that is gone because others took its place, in `width` cells. */
function lastHeard({lastHeardMs, presence}: Node, {view, zone}: PaneInput, width: number): string {
	const gone = presence === 'gone' ? 'gone, ' : '';
	if (lastHeardMs === undefined) {
		return `${gone}no samples`;
	}

	const age = `${formatAge(view.snapshot.nowMs - lastHeardMs)} ago`;
	const moment = formatMoment(lastHeardMs, view.nowMs, zone);
	const forms = [
		`${gone}last seen ${moment} ${symbols.dot} ${age}`,
		`${gone}last seen ${age}`,
		`last seen ${age}`,
		age,
	];
	return forms.find(form => textWidth(form) <= width) ?? age;
}
