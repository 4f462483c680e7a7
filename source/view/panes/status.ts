import {errorRate, type StatusClass, statusClasses, statusShares} from '../../metrics/status-shares.ts';
import type {Tone} from '../../theme.ts';
import {linearAxis} from '../axis.ts';
import {bar} from '../bar.ts';
import {type ChartSeries, chart} from '../chart.ts';
import {formatCount, formatRate, formatShare, trimZeros} from '../format.ts';
import {type Line, lineCells, padStart, span} from '../line.ts';
import {metricLine} from '../metric-line.ts';
import {centered, type PaneContent, type PaneInput, whyEmpty} from '../pane-content.ts';
import {resample} from '../resample.ts';
import {sparkline} from '../sparkline.ts';
import {summaryTable} from '../summary-table.ts';

const tones: Readonly<Record<StatusClass, Tone>> = {'2xx': 'good', '4xx': 'warn', '5xx': 'bad'};
const fieldOf = {'2xx': 'status_2xx', '4xx': 'status_4xx', '5xx': 'status_5xx'} as const;
const shareWidth = 6;

/** Status codes: what part of the window's requests ended in which class, and the rate of errors over time. */
export function statusPane(input: PaneInput): PaneContent {
	const {snapshot} = input.picture;
	const shares = sharesOf(input);
	const share: Line = [span('5xx ', 'dim'), span(formatShare(shares?.['5xx']), failureTone(shares?.['5xx']))];
	return {
		title: 'Status',
		subtitles: [],
		values: [[...share, span(` of ${snapshot.window.name}`, 'dim')], share],
		body: bodyOf(input),
	};
}

function sharesOf({picture: {snapshot}}: PaneInput): ReturnType<typeof statusShares> {
	return snapshot.complete ? statusShares(snapshot.requests.series.status) : undefined;
}

/** No failure is plain, any failure is marked. */
function failureTone(share: number | undefined): Tone {
	return share !== undefined && share > 0 ? 'bad' : 'strong';
}

function bodyOf(input: PaneInput): readonly Line[] {
	const {form, height} = input;
	if (form === 'bare') {
		return height === 1 && input.width >= 64 ? [oneLine(input)] : bareLines(input);
	}

	const {snapshot} = input.picture;
	const known = Object.values(snapshot.requests.series.status).some(({times}) => times.length > 0);
	if (!known || !snapshot.complete) {
		return centered(whyEmpty(input.picture, 'requests', ['inference_volume_by_status']), input.width, height);
	}

	return form === 'full' ? fullLines(input) : framedLines(input);
}

function shareBars(input: PaneInput): readonly Line[] {
	const shares = sharesOf(input);
	const width = Math.max(input.width - shareWidth - 6, 1);
	return statusClasses.map(name => [
		span(` ${name} `, 'dim'),
		...bar(shares?.[name], width, {tone: tones[name]}),
		span(padStart(formatShare(shares?.[name]), shareWidth), name === '5xx' ? failureTone(shares?.[name]) : 'strong'),
	]);
}

function chartOf(input: PaneInput, series: readonly ChartSeries[], height: number): readonly Line[] {
	const {picture, width, zone} = input;
	const {snapshot} = picture;
	return chart({
		series,
		width,
		height,
		range: snapshot,
		stepMs: snapshot.window.stepMs,
		summary: 'peak',
		axis: linearAxis,
		format: value => trimZeros(formatCount(value)),
		zone,
	});
}

function framedLines(input: PaneInput): readonly Line[] {
	const bars = shareBars(input);
	const room = input.height - bars.length - 1;
	if (room < 3) {
		return bars;
	}

	const errors = errorRate(input.picture.snapshot.requests.series.status);
	return [...bars, [span(' 4xx + 5xx per second', 'dim')], ...chartOf(input, [{points: errors, tone: 'bad'}], room)];
}

function fullLines(input: PaneInput): readonly Line[] {
	const {status, series} = input.picture.snapshot.requests;
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
	const room = input.height - table.length - bars.length - 1;
	const curves = statusClasses.map(name => ({points: points(name), tone: tones[name], label: name}));
	return [...bars, [span(' per second', 'dim')], ...chartOf(input, curves, room), ...table];
}

/** For narrow screens; with less than three lines the worst classes say most. */
function bareLines(input: PaneInput): readonly Line[] {
	const {picture, focused, width, height} = input;
	const shares = sharesOf(input);
	return statusClasses.slice(-height).map(name =>
		metricLine({
			label: name,
			value: formatShare(shares?.[name]),
			points: picture.snapshot.requests.series.status[fieldOf[name]],
			tone: tones[name],
			summary: 'peak',
			snapshot: picture.snapshot,
			focused,
			width,
		}),
	);
}

/** All of it in one line: the shares, and the rate of errors as a sparkline. */
function oneLine(input: PaneInput): Line {
	const {snapshot} = input.picture;
	const {series, status} = snapshot.requests;
	const shares = sharesOf(input);
	const failed =
		status.status_4xx === undefined || status.status_5xx === undefined
			? undefined
			: status.status_4xx + status.status_5xx;
	const title: Line = [span(input.focused ? '▸3 Status' : ' 3 Status', input.focused ? 'selected' : 'plain')];
	const left: Line = [
		...title,
		...statusClasses.flatMap(name => [
			span(`  ${name} `, 'dim'),
			span(padStart(formatShare(shares?.[name]), shareWidth), name === '5xx' ? failureTone(shares?.[name]) : 'strong'),
		]),
		span('   4xx + 5xx ', 'dim'),
	];
	const right: Line = [span(padStart(formatRate(failed), 8), 'strong'), span(' ')];
	const room = Math.max(input.width - lineCells(left) - lineCells(right) - 1, 0);
	const errors = snapshot.complete ? errorRate(series.status) : undefined;
	const values =
		errors === undefined || room === 0
			? []
			: resample(errors, snapshot, room, {stepMs: snapshot.window.stepMs, summary: 'peak'});
	return [...left, span(sparkline(values).padEnd(room + 1), 'bad'), ...right];
}
