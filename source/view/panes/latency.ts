import {statistics} from '../../metrics/series.ts';
import type {Tone} from '../../theme.ts';
import {linearAxis, logarithmicAxis, type ValueAxis} from '../axis.ts';
import {chart} from '../chart.ts';
import {formatLatency, trimZeros} from '../format.ts';
import {type Line, span} from '../line.ts';
import {metricLine} from '../metric-line.ts';
import {centered, type PaneContent, type PaneInput, whyEmpty} from '../pane-content.ts';
import {summaryTable} from '../summary-table.ts';

const percentiles = ['p50', 'p95', 'p99'] as const;
const tones: Readonly<Record<(typeof percentiles)[number], Tone>> = {p50: 'first', p95: 'second', p99: 'third'};

/** Latency: the three percentiles over time, on a linear or a logarithmic axis. */
export function latencyPane(input: PaneInput): PaneContent {
	const {latency} = input.picture.snapshot.requests;
	const value = (shown: readonly (typeof percentiles)[number][]): Line =>
		shown.flatMap((name, index) => [
			span(`${index > 0 ? '  ' : ''}${name} `, 'dim'),
			span(formatLatency(latency[name]), 'strong'),
		]);
	return {
		title: 'Latency',
		subtitles: input.scale === 'logarithmic' ? ['log'] : [],
		values: [value(percentiles), value(['p50', 'p99']), value(['p99'])],
		body:
			input.form === 'bare'
				? bareLines(input)
				: input.form === 'full'
					? fullLines(input)
					: chartLines(input, input.height),
	};
}

/** With less than three lines the median and the worst say most, and of these the worst. */
function bareLines({picture: {snapshot}, focused, width, height}: PaneInput): readonly Line[] {
	const {latency, series} = snapshot.requests;
	const shown = height >= 3 ? percentiles : height === 2 ? (['p50', 'p99'] as const) : (['p99'] as const);
	return shown.map(name =>
		metricLine({
			label: name,
			value: formatLatency(latency[name]),
			points: series.latency[name],
			tone: tones[name],
			summary: 'peak',
			snapshot,
			focused,
			width,
		}),
	);
}

function chartLines(input: PaneInput, height: number): readonly Line[] {
	const {picture, width, zone, scale} = input;
	const {snapshot} = picture;
	const {latency} = snapshot.requests.series;
	const known = percentiles.map(name => statistics(latency[name])).filter(({count}) => count > 0);
	if (known.length === 0 || !snapshot.complete) {
		return centered(whyEmpty(picture, 'latencies', ['response_time_stats']), width, height);
	}

	const lowest = known.reduce((a, {lowest: b = a}) => Math.min(a, b), Number.POSITIVE_INFINITY);
	const axis = (peak: number | undefined, rows: number): ValueAxis =>
		scale === 'logarithmic' && peak !== undefined && peak > 0
			? logarithmicAxis(lowest > 0 ? lowest : peak / 1000, peak, rows)
			: linearAxis(peak, rows);
	return chart({
		series: percentiles.map(name => ({points: latency[name], tone: tones[name], label: name})),
		width,
		height,
		range: snapshot,
		stepMs: snapshot.window.stepMs,
		summary: 'peak',
		axis,
		format: value => (value === 0 ? '0' : trimZeros(formatLatency(value))),
		zone,
	});
}

function fullLines(input: PaneInput): readonly Line[] {
	const {latency, series} = input.picture.snapshot.requests;
	const rows = percentiles.map(name => ({
		label: name,
		now: latency[name],
		points: series.latency[name],
		format: formatLatency,
	}));
	const table = summaryTable(input, rows);
	return [...chartLines(input, input.height - table.length), ...table];
}
