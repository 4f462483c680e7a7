import {noPoints, type Points} from '../../api/points.ts';
import {metricKinds} from '../../api/sampler-response.ts';
import {statistics} from '../../metrics/series.ts';
import {effectiveScale} from '../../state/selectors.ts';
import {formatLatency, trimZeros} from '../../text/format.ts';
import {symbols, type Tone} from '../../theme/theme.ts';
import {linearAxis, logarithmicAxis, type ValueAxis} from '../axis.ts';
import {type ChartPart, chartPart, chartStack} from '../chart-stack.ts';
import {differenceWords, withDifference} from '../difference.ts';
import {type Line, span} from '../line.ts';
import {metricLine} from '../metric-line.ts';
import {lastValue, lastValueText, type PaneContent, type PaneInput, staleForms} from '../pane-content.ts';
import {extraLines, tableWithExtras} from './extra-values.ts';

const percentiles = ['p50', 'p95', 'p99'] as const;
const tones: Readonly<Record<(typeof percentiles)[number], Tone>> = {p50: 'first', p95: 'second', p99: 'third'};

/** Draws the three latency percentiles over time, on a linear or a logarithmic axis. */
export function latencyPane(input: PaneInput): PaneContent {
	const {view, choices} = input;
	const {latency, freshness, series} = view.snapshot.requests;
	const value = (shown: readonly (typeof percentiles)[number][]): Line =>
		shown.flatMap((name, index) => [
			span(`${index > 0 ? '  ' : ''}${name} `, 'dim'),
			span(formatLatency(latency[name]), 'strong'),
		]);
	const wordsOf = (name: (typeof percentiles)[number]): string | undefined =>
		differenceWords(input, {
			points: series.latency[name],
			now: latency[name],
			reference: input.reference?.requests.latency[name],
			format: formatLatency,
		});
	const words = wordsOf('p99');
	const each = percentiles.flatMap((name, index): Line => {
		const value = span(formatLatency(latency[name]), 'strong');
		return [
			span(`${index > 0 ? '  ' : ''}${name} `, 'dim'),
			value,
			span(` ${wordsOf(name) ?? symbols.unknown}`, 'dim'),
		];
	});
	const compared: readonly Line[] =
		words === undefined ? [] : [[...each, span(` vs ${input.reference?.label ?? ''}`, 'dim')]];
	const last = lastValue(series.latency.p99, freshness.newestMs);
	return {
		title: 'Latency',
		subtitles: effectiveScale(choices, view) === 'logarithmic' ? ['log'] : [],
		values: staleForms(freshness.newestMs, input, last === undefined ? '' : `p99 ${formatLatency(last)}`) ?? [
			...compared,
			...withDifference(input, words, difference => [
				[...value(percentiles), ...difference],
				[...value(['p50', 'p99']), ...difference],
				[...value(['p99']), ...difference],
			]),
		],
		body:
			input.variant === 'bare' ? bareLines(input) : input.variant === 'full' ? fullLines(input) : framedLines(input),
	};
}

/** Draws the chart and, below it, the sampler's times to the first byte and in the queue, if there is space. */
function framedLines(input: PaneInput): readonly Line[] {
	const below = extraLines(input, 'latency');
	return [...chartPart(input, chartOf(input), input.height - below.length), ...below];
}

/** Draws one line per percentile; with only two lines, p50 and p99, and with one, p99. */
function bareLines(input: PaneInput): readonly Line[] {
	const {view, reference, focused, width, height} = input;
	const {snapshot} = view;
	const {latency, series} = snapshot.requests;
	const shown = height >= 3 ? percentiles : height === 2 ? (['p50', 'p99'] as const) : (['p99'] as const);
	return shown.map(name =>
		metricLine({
			label: name,
			value: formatLatency(latency[name]),
			points: series.latency[name],
			rate: rateOf(input),
			tone: tones[name],
			symbols: input.symbols,
			snapshot,
			focused,
			width,
			difference: differenceWords(input, {
				points: series.latency[name],
				now: latency[name],
				reference: reference?.requests.latency[name],
				format: formatLatency,
			}),
			last: lastValueText(input, series.latency[name], formatLatency),
		}),
	);
}

const fields = ['response_time_stats', metricKinds.latency.name] as const;

/**
 * Returns the request rate, which shows when there were no requests and therefore no latencies; undefined if latencies
 * might be unreadable.
 */
function rateOf({view: {snapshot}}: PaneInput): Points | undefined {
	const isReadable = snapshot.dropped === 0 && snapshot.problems.every(({field}) => field !== fields[0]);
	return isReadable ? snapshot.requests.series.volume : undefined;
}

/** The minimum height at which the earlier curves of all percentiles have space on an axis that separates them. */
const minForAll = 12;

function chartOf(input: PaneInput): ChartPart {
	const {view, choices, reference, height} = input;
	const scale = effectiveScale(choices, view);
	const {latency} = view.snapshot.requests.series;
	const known = percentiles.map(name => statistics(latency[name])).filter(({count}) => count > 0);
	const lowest = known.reduce((a, {lowest: b = a}) => Math.min(a, b), Number.POSITIVE_INFINITY);
	const axis = (peak: number | undefined, rows: number): ValueAxis =>
		scale === 'logarithmic' && peak !== undefined && peak > 0
			? logarithmicAxis(lowest > 0 ? lowest : peak / 1000, peak, rows)
			: linearAxis(peak, rows);
	const hasRoom = scale === 'logarithmic' && height >= minForAll;
	return {
		title: 'percentiles',
		series: percentiles.map(name => ({
			points: known.length === 0 ? noPoints : latency[name],
			tone: tones[name],
			label: name,
			reference: name === 'p99' || hasRoom ? reference?.requests.latency[name] : undefined,
		})),
		summary: 'extremes',
		axis,
		format: formatTick,
		what: 'latencies',
		fields,
		rate: rateOf(input),
	};
}

function formatTick(value: number): string {
	return value === 0 ? '0' : trimZeros(formatLatency(value));
}

/** Returns the spread between slow and typical requests, p99 − p50, over time. */
function spreadOf({latency}: PaneInput['view']['snapshot']['requests']['series']): Points {
	const {times, values} = latency.p99;
	return {times, values: values.map((value, index) => value - (latency.p50.values[index] ?? Number.NaN))};
}

function fullLines(input: PaneInput): readonly Line[] {
	const {reference} = input;
	const {latency, series} = input.view.snapshot.requests;
	const {p50, p99} = latency;
	const spread = spreadOf(series);
	const rows = [
		...percentiles.map(name => ({label: name as string, now: latency[name], points: series.latency[name]})),
		{label: 'p99 - p50', now: p50 === undefined || p99 === undefined ? undefined : p99 - p50, points: spread},
	].map(row => ({...row, format: formatLatency}));
	const table = tableWithExtras(input, rows, 'latency');
	const spreadChart: ChartPart = {
		title: 'spread: p99 - p50',
		series: [{points: spread, tone: 'third', reference: reference && spreadOf(reference.requests)}],
		summary: 'extremes',
		axis: linearAxis,
		format: formatTick,
		what: 'latencies',
		fields,
		rate: rateOf(input),
	};
	return [...chartStack(input, [chartOf(input), spreadChart], input.height - table.length), ...table];
}
