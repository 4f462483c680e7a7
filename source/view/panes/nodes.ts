import {metricKinds} from '../../api/sampler-response.ts';
import {isRising} from '../../metrics/arrange.ts';
import {latest} from '../../metrics/freshness.ts';
import {newestTime} from '../../metrics/series.ts';
import {formatWhole} from '../../text/format.ts';
import {symbols, type Tone} from '../../theme/theme.ts';
import {linearAxis} from '../axis.ts';
import {type ChartPart, chartPart} from '../chart-stack.ts';
import {distinctNames} from '../distinct-name.ts';
import {cutEnd, type Line, padEnd, padTo, scrollOffset, span, textWidth, wrapWords} from '../line.ts';
import {metricLine} from '../metric-line.ts';
import {
	centered,
	type HitTarget,
	isCutOff,
	type PaneContent,
	type PaneInput,
	staleForms,
	staleTone,
	whyEmpty,
	whyNoneListed,
} from '../pane-content.ts';
import {nodeDetailPane} from './detail.ts';
import {replicaChanges} from './extra-values.ts';
import {chooseNodeColumns} from './node-columns.ts';
import {curveRows, curveRowsOfList, nodeCurves} from './node-curves.ts';
import {allRow, findingRows, nodeRow} from './node-row.ts';

/**
 * Returns the table: the column titles; the rows that fit, including the selected one; and, in the remaining space,
 * the curves of the nodes, the totals, and the findings.
 */
function tableLines(
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
	const {totals} = view.snapshot;
	const isAll = nodes.length === view.snapshot.nodes.length;
	// In a list, the title shows how many nodes report, so if none does, findings can use the row of totals.
	const hasTotal = isAll && nodes.length > 1 && room > shown.length && (!isList || totals.nodesReporting > 0);
	const free = room - shown.length - (hasTotal ? 1 : 0);
	// The height of the curves doesn't depend on findings, which have their own place below the curves.
	const isDrawn = shown.some(({lastSeenMs}) => lastSeenMs !== undefined);
	const per = !isDrawn ? 0 : isList ? curveRowsOfList(free, shown.length) : curveRows(free, shown.length, component);
	const found = findingRows(free - per * shown.length, input);
	const {nameWidth, columns} = chooseNodeColumns(input, per === 0);
	const reporting = `${nodes.filter(node => node.reporting).length} of ${isAll ? totals.nodesExpected : nodes.length}`;
	const titles = component === 'sampler' ? ['replica'] : isList ? [`Nodes ${reporting}`, 'Nodes'] : ['node'];
	const title =
		titles.map(name => name + above + below).find(name => textWidth(name) <= nameWidth) ?? titles.at(-1) ?? '';
	const focus = isList && input.focused ? symbols.pointer : ' ';
	const head: Line = [
		span(focus, 'accent'),
		span(padEnd(cutEnd(title, nameWidth), nameWidth), isList ? 'plain' : 'dim'),
		span(columns.map(column => `  ${padTo(column.title, column.width, column.align)}`).join(''), 'dim'),
	];
	const cutName = distinctNames(nodes.map(({id}) => id));
	const rows = shown.map((node, index) =>
		nodeRow(node, first + index === selected, padEnd(cutName(node.id, nameWidth), nameWidth), columns, input),
	);
	const targets = shown.flatMap(({id}) => Array.from({length: per + 1}, (): HitTarget => ({kind: 'node', node: id})));
	const body = rows.flatMap((row, index) => {
		const node = shown[index];
		return [row, ...(node === undefined || per === 0 ? [] : nodeCurves(node, per, input))];
	});
	return {
		body: [...(hasHead ? [head] : []), ...body, ...(hasTotal ? [allRow(nameWidth, columns, input)] : []), ...found],
		targets: [...(hasHead ? [undefined] : []), ...targets],
	};
}

/**
 * The number of rows in which an empty list centers the reason why it is empty, unless the reason requires more
 * rows or fewer are available.
 */
const maxRowsOfReason = 5;

/** Draws the table of nodes: one glyph per GPU, mean utilization, memory, CPU, RAM, and ephemeral storage. */
export function nodesPane(input: PaneInput): PaneContent {
	if (input.variant === 'full' && input.zoom === 'detail') {
		return nodeDetailPane(input);
	}

	const {nodes, snapshot} = input.view;
	const {choices, width, height} = input;
	const {filter} = choices;
	const title = {title: 'Nodes', subtitles: filter.conditions.length > 0 ? [filter.text] : []};
	if (nodes.length === 0) {
		const why =
			snapshot.nodes.length === 0
				? whyEmpty(input, 'node metrics', ['per_node_metrics'])
				: whyNoneListed(input, 'node');
		// Without a frame or a title, the text would seem to be about the GPUs above it.
		const isList = input.variant === 'bare';
		const needed = wrapWords(why, Math.max(width - 2, 1)).length;
		const head: readonly Line[] =
			isList && height > needed ? [[span(input.focused ? symbols.pointer : ' ', 'accent'), span(title.title)]] : [];
		const rows = isList ? Math.min(height - head.length, Math.max(needed, maxRowsOfReason)) : height;
		return {...title, values: [[]], body: [...head, ...centered(why, width, rows)]};
	}

	return {...title, values: valuesOf(input), ...tableLines(input)};
}

/**
 * Returns the number of nodes that report or match the filter, the age of old data, the cost of the window, and the
 * sort order if one was chosen, in forms from long to short.
 */
function valuesOf(input: PaneInput): readonly Line[] {
	const {view, choices, cost} = input;
	const {filter, sort} = choices;
	const {nodes, snapshot} = view;
	const {nodesReporting: reporting, nodesExpected: expected} = snapshot.totals;
	const tone: Tone = reporting < expected ? staleTone(view) : 'plain';
	const isFiltered = filter.conditions.length > 0;
	const counts = isFiltered ? `${nodes.length} of ${snapshot.nodes.length}` : `${reporting} of ${expected}`;
	const words = `${counts} ${isFiltered ? 'match' : 'reporting'}`;
	const newest = latest(snapshot.nodes.flatMap(({lastSeenMs}) => lastSeenMs ?? []));
	const old = isFiltered || (reporting > 0 && !isCutOff(input)) ? undefined : staleForms(newest, input);
	// While requests fail, the number of reporting nodes is unknown.
	if (old !== undefined && isCutOff(input)) {
		return old;
	}

	if (old !== undefined) {
		return [
			...old.map(([age]): Line => [span(words, tone), span(` ${symbols.dot} ${age?.text ?? ''}`, tone)]),
			[span(counts, tone)],
		];
	}

	const order = `by ${sort.column} ${isRising(sort) ? symbols.rising : symbols.falling}`;
	const isSorted = sort.column !== 'name' || sort.reversed;
	const count = span(words, isFiltered ? 'accent' : tone);
	return [
		...(cost === '' || isSorted ? [] : [[count, span(` ${symbols.dot} ${cost}`)]]),
		...(isSorted
			? [
					[count, span(` ${symbols.dot} ${order}`)],
					[span(counts, count.tone), span(` ${order}`)],
				]
			: []),
		[count],
		[span(counts, count.tone)],
	];
}

/** The minimum height of the chart. If there are fewer rows, a single line is drawn instead. */
const minChart = 5;

/** Draws the sampler's replicas: how many are active over time, and each one if the server reports them separately. */
export function replicasPane(input: PaneInput): PaneContent {
	const {view, choices, variant, zoom} = input;
	if (variant === 'full' && zoom === 'detail' && view.nodes.length > 0) {
		return nodeDetailPane(input);
	}

	const {active, series} = view.snapshot.replicas;
	const count = span(formatWhole(active), 'strong');
	const {lines, targets} = rowsOf(input);
	const counted = countLines(input, lines.length);
	const changes = replicaChanges(input);
	return {
		title: 'Replicas',
		subtitles: choices.filter.conditions.length > 0 ? [choices.filter.text] : [],
		values: staleForms(newestTime(series), input) ?? [
			...(input.cost === '' ? [] : [[count, span(' active'), ...changes, span(` ${symbols.dot} ${input.cost}`)]]),
			...(changes.length === 0 ? [] : [[count, span(' active'), ...changes]]),
			[count, span(' active')],
			[count],
		],
		body: [...counted, ...lines],
		targets: [...counted.map(() => undefined), ...targets],
	};
}

/** Returns as much of the table of replicas as fits below the chart or line that shows their number over time. */
function rowsOf(input: PaneInput): {
	readonly lines: readonly Line[];
	readonly targets: ReadonlyArray<HitTarget | undefined>;
} {
	const {view, height} = input;
	const hasReplicas = view.snapshot.hasBreakdown && view.nodes.length > 0;
	const room = Math.min(view.nodes.length + 1, height - 1);
	if (!hasReplicas || room < 1) {
		return {lines: [], targets: []};
	}

	const {body, targets} = tableLines({...input, focused: false, height: room});
	return {lines: body, targets};
}

/** Draws the number of replicas over time in the remaining space: a chart, or one line. */
function countLines(input: PaneInput, below: number): readonly Line[] {
	const {view, variant, focused, width} = input;
	const {series, active} = view.snapshot.replicas;
	const room = input.height - below;
	if (variant !== 'bare' && room >= minChart) {
		return chartPart(input, countChart(input), room);
	}

	const line = metricLine({
		label: variant === 'bare' ? 'replicas' : 'active',
		value: formatWhole(active),
		points: series,
		tone: 'first',
		symbols: input.symbols,
		isOld: isCutOff(input),
		snapshot: view.snapshot,
		focused: variant === 'bare' && focused,
		width,
	});
	return [line];
}

function countChart({view}: PaneInput): ChartPart {
	return {
		title: 'replicas',
		series: [{points: view.snapshot.replicas.series, tone: 'first'}],
		summary: 'extremes',
		axis: linearAxis,
		// Only whole numbers of replicas are labeled.
		format: value => (Number.isInteger(value) ? formatWhole(value) : ''),
		what: 'replicas',
		fields: [metricKinds.replicas.name],
	};
}
