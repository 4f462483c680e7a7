// Longer than 250 lines because it lays out the pane for every size, and for one component or both.
import {metricKinds, samplerRequestMetrics} from '../../api/sampler-response.ts';
import {isAbsent, type RequestSeries, requestSeriesPaths} from '../../api/series-table.ts';
import {requestMetrics} from '../../metrics/metric-table.ts';
import {statistics} from '../../metrics/series.ts';
import {components, type PerComponent, requestSeriesOf} from '../../state/component.ts';
import type {ViewModel} from '../../state/state.ts';
import {formatCount, formatLatency, formatRate, formatWhole, trimZeros, withNoun} from '../../text/format.ts';
import {describeSamplerStatus} from '../../text/status-text.ts';
import {chartTitle, formatOf} from '../../text/unit-format.ts';
import {symbols} from '../../theme/theme.ts';
import {axisWidth} from '../chart.ts';
import {type ChartPart, chartPart, chartStack} from '../chart-stack.ts';
import {differenceWords, withDifference} from '../difference.ts';
import {firstFitting, fitLine, type Line, span} from '../line.ts';
import {metricLine, type SummaryRow, trendRows} from '../metric-line.ts';
import {lastValue, lastValueText, type PaneContent, type PaneInput, staleForms} from '../pane-content.ts';
import {axisOf} from '../unit-axis.ts';
import {extraLines, tableWithExtras} from './extra-values.ts';

/** The API fields that contain metrics of requests, for the trainer and the sampler. */
const fields: readonly string[] = [
	...Object.values(requestSeriesPaths).map(({field}) => field),
	...Object.values(samplerRequestMetrics).flatMap(kind => (kind === undefined ? [] : metricKinds[kind].name)),
];

/** The minimum width at which full screen shows the charts of both components. */
const bothFrom = 118;

/** Draws the request volume over time, and the requests in progress. */
export function requestsPane(input: PaneInput): PaneContent {
	const {both, variant, width} = input;
	const title = {title: 'Requests', subtitles: []};
	return variant === 'full' && both !== undefined && width >= bothFrom
		? {...title, ...sideBySide(input, both)}
		: {...title, values: valuesOf(input), body: bodyOf(input)};
}

function valuesOf(input: PaneInput): readonly Line[] {
	const {snapshot} = input.view;
	const {volume, inProgress} = snapshot.requests;
	const count = formatWhole(inProgress);
	const rate = span(formatRate(volume), 'strong');
	const {newestMs} = snapshot.requests.freshness;
	const last = lastValue(snapshot.requests.series.volume, newestMs);
	const old = staleForms(newestMs, input, last === undefined ? '' : formatRate(last));
	if (old !== undefined) {
		return old;
	}

	const isUnknown = volume === undefined && inProgress === undefined;
	const words = differenceWords(input, {
		points: snapshot.requests.series.volume,
		now: volume,
		reference: input.reference?.requests.volume,
		format: formatRate,
	});
	const {lowest, peak} = statistics(snapshot.requests.series.volume);
	const hasRange = lowest !== undefined && peak !== undefined && snapshot.complete && volume !== undefined;
	// The newest value can be a low point of a regular pattern; the range shows whether it is usual.
	const [low = '', high = ''] = hasRange ? [lowest, peak].map(value => trimZeros(formatCount(value))) : [];
	const ends = low === high ? '' : `${low}–${high}`;
	const range = span(ends === '' ? '' : ` (${ends} in ${snapshot.window.name})`, 'dim');
	const forms = (difference: Line): readonly Line[] => [
		...(inProgress === undefined || ends === '' || difference.length > 0
			? []
			: [[rate, range, span(` ${symbols.dot} ${count} in progress`)]]),
		...(inProgress === undefined
			? [[rate, ...difference, span(` ${symbols.dot} in progress ${count}`)]]
			: [
					[rate, ...difference, span(` ${symbols.dot} ${count} in progress`)],
					[rate, ...difference, span(` ${symbols.dot} ${count} open`)],
				]),
		[rate, ...difference],
	];
	return isUnknown ? [[rate]] : withDifference(input, words, forms);
}

function bodyOf(input: PaneInput): readonly Line[] {
	switch (input.variant) {
		case 'bare':
			return bareLines(input);
		case 'framed':
			return withExtraLines(input);
		case 'full': {
			const table = tableOf(input);
			return [...chartStack(input, partsOf(input), input.height - table.length), ...table];
		}
	}
}

/** Draws the trainer on the left and the sampler on the right, each with its own axis. */
function sideBySide(input: PaneInput, both: PerComponent<ViewModel>): Pick<PaneContent, 'values' | 'body'> {
	const gap = 2;
	const width = Math.floor((input.width - gap) / 2);
	const columns = components.map(component => {
		const reference = component === input.component ? input.reference : undefined;
		const one: PaneInput = {
			...input,
			component,
			view: both[component],
			reference,
			width,
			height: input.height - 1,
		};
		const [value = []] = valuesOf(one);
		return {head: [span(` ${component}  `, 'accent'), ...value], lines: bodyOf(one)};
	});
	const rows = Array.from(
		{length: input.height},
		(_, row): Line =>
			columns.flatMap(({head, lines}, index) => [
				...(index > 0 ? [span(' '.repeat(gap))] : []),
				...fitLine((row === 0 ? head : lines[row - 1]) ?? [], width),
			]),
	);
	return {values: [[span(components.join(` ${symbols.dot} `), 'dim')]], body: rows};
}

/**
 * The minimum height at which a framed pane shows a trend of the requests in progress, and a line about the sampler.
 */
const minForBoth = 18;

/**
 * The minimum height at which a framed pane shows a chart of the requests in progress, so that a change of 2% is
 * visible in both charts.
 */
const minForStack = 36;

/**
 * Draws the requests in progress as a short trend below the chart, with their range; nothing if their number isn't
 * known.
 */
function openRows({view, width, symbols}: PaneInput): readonly Line[] {
	const {snapshot} = view;
	const {inProgress} = snapshot.requests.series;
	const {lowest, peak} = statistics(inProgress);
	if (lowest === undefined || peak === undefined || !snapshot.complete) {
		return [];
	}

	const look = {snapshot, tone: 'first', top: Math.max(peak, 1), height: 2, symbols} as const;
	const range = lowest === peak ? formatWhole(peak) : `${formatWhole(lowest)} to ${formatWhole(peak)}`;
	return [
		[span(` requests in progress: ${range}`, 'dim')],
		...trendRows(inProgress, Math.max(width - axisWidth, 1), look).map(
			(row): Line => [span(' '.repeat(axisWidth)), ...row],
		),
	];
}

/**
 * Returns the line about the sampler below the trainer's requests: its status and its current values, or, if none is
 * known, the key that shows the sampler.
 */
function samplerLine({component, view, both, width, height}: PaneInput): readonly Line[] {
	const sampler = view.deployment?.sampler;
	if (component !== 'trainer' || sampler === undefined || both === undefined || height < minForBoth) {
		return [];
	}

	const {mark, tone} = describeSamplerStatus(sampler.status);
	const {requests, replicas} = both.sampler.snapshot;
	const {volume, latency} = requests;
	const values = [
		...(replicas.active === undefined ? [] : [withNoun(formatWhole(replicas.active), 'replica')]),
		...(volume === undefined ? [] : [formatRate(volume)]),
		...(latency.p99 === undefined ? [] : [`p99 ${formatLatency(latency.p99)}`]),
	];
	// No status looks healthy while the values around it are old.
	const {freshness} = view.snapshot.requests;
	const isCurrent = view.link.kind === 'ok' && freshness.isFresh;
	const shown = tone === 'good' && !isCurrent ? 'plain' : tone;
	const head: Line = [span(' sampler ', 'dim'), span(`${mark} ${sampler.status ?? ''}`, shown)];
	const hint = span(` ${symbols.dot} t shows it`, 'dim');
	const between = ` ${symbols.dot} `;
	return [
		firstFitting(
			[...(values.length === 0 ? [] : [[...head, span(between + values.join(between))]]), [...head, hint], head],
			width,
		),
	];
}

/**
 * Draws the chart and, if there is space, the requests in progress, and the sampler's extra metrics or the line about
 * the sampler.
 */
function withExtraLines(input: PaneInput): readonly Line[] {
	const below = [...extraLines(input, 'requests'), ...samplerLine(input)];
	const height = input.height - below.length;
	if (height >= minForStack) {
		return [...chartStack(input, partsOf(input), height), ...below];
	}

	const open = height >= minForBoth ? openRows(input) : [];
	return [...chartPart(input, partOf(input, 'volume'), height - open.length), ...open, ...below];
}

/** Draws one line for each metric of requests. */
function bareLines(input: PaneInput): readonly Line[] {
	const {view, reference, focused, width, height, component} = input;
	const {snapshot} = view;
	const {requests} = snapshot;
	const lines = requestSeriesOf(component).map(name => {
		const {label, unit} = requestMetrics[name];
		const points = requests.series[name];
		const format = formatOf[unit];
		return metricLine({
			label,
			value: format(requests[name]),
			points,
			difference: differenceWords(input, {points, now: requests[name], reference: reference?.requests[name], format}),
			last: lastValueText(input, points, format),
			snapshot,
			focused,
			width,
			tone: 'first',
			symbols: input.symbols,
		});
	});
	return lines.slice(0, height);
}

function partsOf(input: PaneInput): readonly ChartPart[] {
	const {series} = input.view.snapshot.requests;
	return requestSeriesOf(input.component)
		.filter(name => !isAbsent(requestSeriesPaths[name], series[name]))
		.map(name => partOf(input, name));
}

/** Chart titles that don't follow from the label and the unit of the metric. */
const titles: Readonly<Partial<Record<RequestSeries, string>>> = {
	inProgress: 'requests in progress',
};

function partOf({view, reference}: PaneInput, name: RequestSeries): ChartPart {
	const {label, unit} = requestMetrics[name];
	const points = view.snapshot.requests.series[name];
	return {
		title: titles[name] ?? chartTitle(label, unit),
		series: [{points, tone: 'first', reference: reference?.requests[name]}],
		summary: 'extremes',
		...axisOf(unit),
		what: 'requests',
		fields,
	};
}

function tableOf(input: PaneInput): readonly Line[] {
	const {requests} = input.view.snapshot;
	const rows = requestSeriesOf(input.component).map((name): SummaryRow => {
		const {label, unit} = requestMetrics[name];
		const row = {label, now: requests[name], points: requests.series[name], format: formatOf[unit]};
		// The label of the request rate contains the unit.
		return name === 'volume' ? {...row, label: 'requests per second', format: formatCount} : row;
	});
	return tableWithExtras(input, rows, 'requests');
}
