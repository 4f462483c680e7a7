import {noPoints} from '../../api/points.ts';
import {metricKinds} from '../../api/sampler-response.ts';
import {statistics} from '../../metrics/series.ts';
import {errorRate, type StatusClass, statusClasses} from '../../metrics/snapshot.ts';
import {formatCount, formatRate, formatShare, trimZeros} from '../../text/format.ts';
import {symbols} from '../../theme/theme.ts';
import {type AxisMaker, linearAxis} from '../axis.ts';
import {type ChartSeries, markedTimes} from '../chart.ts';
import {type ChartPart, chartPart, chartStack, marksOf} from '../chart-stack.ts';
import {withDifference} from '../difference.ts';
import {type Line, lineWidth, padStart, span} from '../line.ts';
import {beforeTrend, metricLine, summaryTable} from '../metric-line.ts';
import {asOld, centered, isCutOff, type PaneContent, type PaneInput, staleForms, whyEmpty} from '../pane-content.ts';
import {chartRange} from '../resample.ts';
import {trend} from '../sparkline.ts';
import {
	badAfter,
	badSince,
	currentShares,
	errorSeries,
	extentWords,
	fieldOf,
	isOldStatus,
	minErrors,
	shareBars,
	shareDifference,
	sharesOf,
	shareWidth,
	toneOf,
} from './status-shares.ts';

/**
 * Draws the status codes: the share of each class in recent requests and in all requests of the window, and the rates
 * of failed requests over time.
 */
export function statusPane(input: PaneInput): PaneContent {
	const isFailing = input.markers.hasDeployment('5xx') && input.reference === undefined;
	// If there is a finding, the pane shows the share that it is about, which can differ from the share in the window.
	const {shares, extent} = isFailing ? currentShares(input) : {shares: sharesOf(input), extent: extentWords(input)};
	const share: Line = [span('5xx ', 'dim'), span(formatShare(shares?.['5xx']), toneOf('5xx', input, 'strong'))];
	return {
		title: 'Status',
		subtitles: [],
		values:
			staleForms(input.view.snapshot.requests.freshness.newestMs, input) ??
			withDifference(input, shareDifference(input, shares?.['5xx']), difference => [
				[...share, ...difference, span(` ${extent}`, 'dim')],
				[...share, ...difference],
			]),
		body: bodyOf(input),
	};
}

function bodyOf(input: PaneInput): readonly Line[] {
	const {variant, height} = input;
	if (variant === 'bare') {
		return height === 1 && input.width >= 64 ? [oneLine(input)] : bareLines(input);
	}

	return variant === 'full' ? fullLines(input) : framedLines(input);
}

const fields = ['inference_volume_by_status', metricKinds.requests.name] as const;

function isUnknown({view: {snapshot}}: PaneInput): boolean {
	const known = Object.values(snapshot.requests.series.status).some(({times}) => times.length > 0);
	return !known || !snapshot.complete;
}

/**
 * Returns a function that creates an axis for failed requests. The axis keeps its scale while few requests fail, and a
 * value above zero is never drawn as zero.
 */
function errorAxis(input: PaneInput, name: '4xx' | '5xx'): AxisMaker {
	return (peak = 0, rows) => {
		const {rowOf, ticks} = linearAxis(Math.max(peak, minErrors(input, name)), rows);
		return {rowOf: value => (value > 0 ? Math.max(rowOf(value), Math.min(minRow, rows)) : 0), ticks};
	};
}

/** The minimum height of a value above zero, in rows: one braille dot. */
const minRow = 0.25;

function chartOf(title: string, series: readonly ChartSeries[]): ChartPart {
	return {
		title,
		series,
		summary: 'extremes',
		axis: linearAxis,
		format: value => trimZeros(formatCount(value)),
		what: 'requests',
		fields,
	};
}

/** The minimum height at which 4xx and 5xx each have a chart. */
const minForBoth = 13;

function framedLines(input: PaneInput): readonly Line[] {
	if (isUnknown(input)) {
		return centered(whyEmpty(input, 'requests', fields), input.width, input.height);
	}

	const bars = shareBars(input);
	const room = input.height - bars.length - 1;
	if (room < 3) {
		return bars.slice(-input.height);
	}

	if (room >= minForBoth) {
		const parts = (['4xx', '5xx'] as const).map(name => {
			return {...chartOf(`${name} per second`, errorSeries(name, input)), axis: errorAxis(input, name)};
		});
		return [...bars, ...chartStack(input, parts, room + 1)];
	}

	const title = '4xx + 5xx per second';
	const errors = chartOf(title, [
		...badAfter(
			errorRate(input.view.snapshot.requests.series.status),
			input.reference && errorRate(input.reference.requests.status),
			badSince(input, '4xx', '5xx'),
		),
	]);
	return [...bars, [span(` ${title}`, 'dim')], ...chartPart(input, {...errors, axis: errorAxis(input, '5xx')}, room)];
}

/**
 * Draws each class on its own axis, because failed requests are few compared with successful ones. If there is little
 * space, draws all classes on one axis.
 */
function fullLines(input: PaneInput): readonly Line[] {
	const {status, series} = input.view.snapshot.requests;
	const points = (name: StatusClass): ChartSeries['points'] => series.status[fieldOf[name]];
	const table = summaryTable(
		input,
		statusClasses.map(name => ({
			label: `${name} per second`,
			now: status[fieldOf[name]],
			points: points(name),
			format: formatCount,
		})),
	);
	const bars = input.height >= 12 ? shareBars(input) : [];
	const room = input.height - table.length - bars.length;
	const parts = statusClasses.map(name =>
		chartOf(
			`${name} per second`,
			name !== '2xx' && badSince(input, name) !== undefined
				? errorSeries(name, input)
				: [
						{
							points: points(name),
							tone: toneOf(name, input),
							reference: input.reference?.requests.status[fieldOf[name]],
						},
					],
		),
	);
	const all = chartOf(
		'per second',
		statusClasses.map(name => ({points: points(name), tone: toneOf(name, input), label: name})),
	);
	const charts =
		room >= 24 ? chartStack(input, parts, room) : [[span(' per second', 'dim')], ...chartPart(input, all, room - 1)];
	return isUnknown(input)
		? centered(whyEmpty(input, 'requests', fields), input.width, input.height)
		: [...bars, ...charts, ...table];
}

/**
 * Draws one line for each class, for narrow screens, with a time axis if there is space; with fewer than three lines,
 * only the worst classes.
 */
function bareLines(input: PaneInput): readonly Line[] {
	const {view, focused, width, height, reference, zone} = input;
	const {shares, extent} = currentShares(input);
	const lines = statusClasses.slice(-height).map(name => {
		const sinceMs = name === '2xx' ? undefined : badSince(input, name);
		return metricLine({
			label: view.snapshot.atMs === undefined ? `${name} ${extent}` : name,
			value: formatShare(shares?.[name]),
			points: view.snapshot.requests.series.status[fieldOf[name]],
			tone: sinceMs === undefined ? toneOf(name, input, name === '2xx' ? 'plain' : 'dim') : 'dim',
			badFromMs: sinceMs,
			isOld: isOldStatus(input) || isCutOff(input),
			symbols: input.symbols,
			...(name === '2xx' ? {} : {least: minErrors(input, name)}),
			snapshot: view.snapshot,
			focused,
			width,
		});
	});
	// During a comparison, lines in other panes that show a difference have less space for the trend, so one axis
	// can't match all lines.
	const isKnown = view.snapshot.complete && view.snapshot.requests.freshness.newestMs !== undefined;
	const columns = reference === undefined && isKnown ? width - beforeTrend : 0;
	return height <= statusClasses.length || columns < minAxis
		? lines
		: [
				...lines,
				[
					span(' '.repeat(beforeTrend)),
					...markedTimes(chartRange(view.snapshot, columns), columns, marksOf(input), zone),
				],
			];
}

/** The minimum width of the trends at which there is a time axis below them. */
const minAxis = 16;

/** Draws everything in one line: the shares, and the error rate as a sparkline and as a number. */
function oneLine(input: PaneInput): Line {
	const {snapshot} = input.view;
	const {series, status} = snapshot.requests;
	const {shares, extent} = currentShares(input);
	const failed =
		status.status_4xx === undefined || status.status_5xx === undefined
			? undefined
			: status.status_4xx + status.status_5xx;
	const title: Line = [span(`${input.focused ? symbols.pointer : ' '}3 Status`, input.focused ? 'selected' : 'plain')];
	const left: Line = [
		...title,
		span(` ${extent}`, 'dim'),
		...statusClasses.flatMap(name => [
			span(`  ${name} `, 'dim'),
			span(padStart(formatShare(shares?.[name]), shareWidth), toneOf(name, input, 'strong')),
		]),
		span('   4xx + 5xx ', 'dim'),
	];
	const right: Line = [span(padStart(formatRate(failed), 8), 'strong'), span(' ')];
	const room = Math.max(input.width - lineWidth(left) - lineWidth(right) - 1, 0);
	const errors = snapshot.complete ? errorRate(series.status) : undefined;
	const points = errors ?? noPoints;
	const look = {
		snapshot,
		summary: 'extremes',
		tone: 'dim',
		badFromMs: badSince(input, '4xx', '5xx'),
		// A few failures stay low, as in the charts.
		top: Math.max(statistics(points).peak ?? 0, minErrors(input, '5xx')),
	} as const;
	const drawn = room === 0 ? [] : trend(points, room, look);
	return asOld([...left, ...drawn, span(' '), ...right], input);
}
