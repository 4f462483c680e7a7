import {metricKinds} from '../../api/sampler-units.ts';
import {newestTime} from '../../metrics/series.ts';
import {formatWhole} from '../../text/format.ts';
import {symbols} from '../../theme/theme.ts';
import {oldForms} from '../age-words.ts';
import {linearAxis} from '../axis.ts';
import {type ChartPart, chartPart} from '../chart-stack.ts';
import {type Line, span} from '../line.ts';
import {metricLine} from '../metric-line.ts';
import type {HitTarget, PaneContent, PaneInput} from '../pane-content.ts';
import {replicaChanges} from './extra-values.ts';
import {nodeDetailPane} from './node-detail.ts';
import {tableLines} from './nodes.ts';

/** The minimum height of the chart; below it, one line says as much. */
const leastChart = 5;

/** Draws the sampler's replicas: the active ones over time, and each replica if the server reports them separately. */
export function replicasPane(input: PaneInput): PaneContent {
	const {view, filter, variant, zoom} = input;
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
		subtitles: filter.conditions.length > 0 ? [filter.text] : [],
		values: oldForms(newestTime(series), input) ?? [
			...(input.cost === '' ? [] : [[count, span(' active'), ...changes, span(` ${symbols.dot} ${input.cost}`)]]),
			...(changes.length === 0 ? [] : [[count, span(' active'), ...changes]]),
			[count, span(' active')],
			[count],
		],
		body: [...counted, ...lines],
		targets: [...counted.map(() => undefined), ...targets],
	};
}

/** Returns the table of replicas, as far as it fits below the count. */
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

/** Draws the count over time in the remaining space: a chart, or one line. */
function countLines(input: PaneInput, below: number): readonly Line[] {
	const {view, variant, focused, width} = input;
	const {series, active} = view.snapshot.replicas;
	const room = input.height - below;
	if (variant !== 'bare' && room >= leastChart) {
		return chartPart(input, countChart(input), room);
	}

	const line = metricLine({
		label: variant === 'bare' ? 'replicas' : 'active',
		value: formatWhole(active),
		points: series,
		tone: 'first',
		symbols: input.symbols,
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
		// Replicas are whole numbers.
		format: value => (Number.isInteger(value) ? formatWhole(value) : ''),
		what: 'replicas',
		fields: [metricKinds.replicas.name],
	};
}
