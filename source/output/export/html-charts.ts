import {typedKeys} from '../../api/points.ts';
import {isAbsent, type NodeSeries, nodeSeriesPaths, type RequestPoints} from '../../api/series-table.ts';
import {nodeMetrics, type Unit} from '../../metrics/metric-table.ts';
import type {Node} from '../../metrics/node.ts';
import type {State} from '../../state/state.ts';
import type {Zone} from '../../text/clock-time.ts';
import {findingSentence} from '../../text/finding-sentence.ts';
import {formatCount, formatLatency, formatRate} from '../../text/format.ts';
import {chartTitle, formatOf} from '../../text/unit-format.ts';
import {shownExtras} from '../sampler-metrics.ts';
import {
	binaryTicks,
	escapeMarkup,
	type Mark,
	rowSpan,
	type SvgChartOptions,
	type SvgCurve,
	svgChart,
} from './svg-chart.ts';
import {heatMapHeight, heatScale, svgHeatMap} from './svg-heat-map.ts';

/** Returns a section with a chart. */
type Drawer = (
	title: string,
	curves: readonly SvgCurve[],
	format: (value: number) => string,
	more?: Partial<SvgChartOptions>,
) => string;

function latencyCurves({latency}: RequestPoints): readonly SvgCurve[] {
	return (['p50', 'p95', 'p99'] as const).map((name, place) => ({
		name,
		tone: `series${place}`,
		points: latency[name],
	}));
}

/** Returns the charts of the sampler; empty if none of its samples is known. */
function samplerSections(state: State, chart: Drawer): string {
	const {newestMs, requests, replicas} = state.views.sampler.snapshot;
	if (newestMs === undefined) {
		return '';
	}

	const {outputTokens, inputTokens} = shownExtras(state).series;
	const tokens = [
		{name: 'generated', tone: 'series0', points: outputTokens},
		{name: 'input', tone: 'series1', points: inputTokens},
	].filter(({points}) => points.times.length > 0);
	return [
		chart(
			'Sampler: requests per second',
			[{name: 'requests', tone: 'series0', points: requests.series.volume}],
			formatRate,
		),
		chart('Sampler: latency', latencyCurves(requests.series), formatLatency),
		chart('Sampler: active replicas', [{name: 'replicas', tone: 'series0', points: replicas.series}], formatCount),
		...(tokens.length === 0 ? [] : [chart('Sampler: tokens per second', tokens, formatRate)]),
	].join('\n');
}

/** The node metrics without a chart on the page. */
const withoutChart: readonly NodeSeries[] = ['cpu', 'disk'];

/** Chart titles that don't follow from the label and the unit of the metric. */
const nodeTitles: Readonly<Partial<Record<NodeSeries, string>>> = {diskShare: 'Ephemeral storage'};

function scaleOf(unit: Unit): Partial<SvgChartOptions> {
	return unit === 'ratio' ? {top: 1} : unit.startsWith('bytes') ? {ticks: binaryTicks} : {};
}

/**
 * Returns the charts of the node metrics, with a curve for each node. An optional metric has a chart only if any of its
 * values is known.
 */
function nodeSections(nodes: readonly Node[], chart: Drawer): readonly string[] {
	const shown = typedKeys(nodeMetrics).filter(
		name => !withoutChart.includes(name) && !isAbsent(nodeSeriesPaths[name], ...nodes.map(({series}) => series[name])),
	);
	return shown.map(name => {
		const {label, unit} = nodeMetrics[name];
		const title = chartTitle(label, unit);
		const curves = nodes.map(
			({id, series}, place): SvgCurve => ({name: id, tone: `series${place % 6}`, points: series[name]}),
		);
		return chart(
			nodeTitles[name] ?? `${title.charAt(0).toUpperCase()}${title.slice(1)}`,
			curves,
			formatOf[unit],
			scaleOf(unit),
		);
	});
}

/** Returns the charts of an exported page, and the heat map of the GPUs. */
export function chartSections(state: State, zone: Zone): string {
	const {snapshot, window, findings} = state.views.trainer;
	const {startMs, endMs, requests, nodes} = snapshot;
	const {series} = requests;
	const marks = [...findings.current, ...findings.resolved]
		.filter(({sinceMs}) => sinceMs >= startMs && sinceMs <= endMs)
		.map((finding): Mark => ({timeMs: finding.sinceMs, label: findingSentence(finding), tone: 'bad'}));
	const base = {startMs, endMs, stepMs: window.stepMs, zone, marks};
	const chart: Drawer = (title, curves, format, more = {}) =>
		`<section><h2>${title}</h2>${legend(curves)}${svgChart(curves, {...base, title, format, ...more})}</section>`;
	const rows = nodes.flatMap(({id, gpus}) =>
		gpus.map(({rank, series: {utilization}}) => ({group: id, label: `GPU ${rank}`, points: utilization})),
	);
	const heatTitle = 'GPU utilization';
	return [
		chart('Requests per second', [{name: 'requests', tone: 'series0', points: series.volume}], formatRate),
		chart('Latency', latencyCurves(series), formatLatency),
		chart(
			'Failed requests per second',
			[
				{name: '4xx', tone: 'warn', points: series.status.status_4xx},
				{name: '5xx', tone: 'bad', points: series.status.status_5xx},
			],
			formatRate,
		),
		rows.length === 0
			? ''
			: `<section style="grid-row:span ${rowSpan(heatMapHeight(rows))}"><h2>${heatTitle}</h2>${heatScale()}${svgHeatMap(rows, {title: heatTitle, ...base})}</section>`,
		...nodeSections(nodes, chart),
		samplerSections(state, chart),
	].join('\n');
}

/** Returns the names of the curves as HTML; empty for a single curve, and for more than six, whose colors repeat. */
function legend(curves: readonly SvgCurve[]): string {
	return curves.length < 2 || curves.length > 6
		? ''
		: `<p class="legend">${curves.map(({name, tone}) => `<span class="${tone}">${escapeMarkup(name)}</span>`).join(' ')}</p>`;
}
