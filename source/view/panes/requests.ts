import type {Points} from '../../api/points.ts';
import {symbols} from '../../theme.ts';
import {linearAxis} from '../axis.ts';
import {chart} from '../chart.ts';
import {formatCount, formatRate, formatWhole, trimZeros} from '../format.ts';
import {type Line, span} from '../line.ts';
import {metricLine} from '../metric-line.ts';
import {centered, type PaneContent, type PaneInput, whyEmpty} from '../pane-content.ts';
import {summaryTable} from '../summary-table.ts';

const fields = ['inference_volume', 'concurrent_requests'] as const;

/** Request volume: the rate over time, with the requests in progress. */
export function requestsPane(input: PaneInput): PaneContent {
	const {requests} = input.picture.snapshot;
	const rate = formatRate(requests.volume);
	const inProgress = formatWhole(requests.inProgress);
	const isUnknown = requests.volume === undefined && requests.inProgress === undefined;
	const value = (words: string): Line => [span(rate, 'strong'), span(words === '' ? '' : ` ${symbols.dot} ${words}`)];
	return {
		title: 'Requests',
		subtitles: [],
		values: isUnknown ? [value('')] : [value(`${inProgress} in progress`), value(`${inProgress} open`), value('')],
		body: input.form === 'bare' ? bareLines(input) : input.form === 'full' ? fullLines(input) : chartLines(input),
	};
}

function bareLines({picture: {snapshot}, focused, width, height}: PaneInput): readonly Line[] {
	const {series, volume, inProgress} = snapshot.requests;
	const shared = {snapshot, focused, width, tone: 'first', summary: 'peak'} as const;
	return [
		metricLine({...shared, label: 'requests', value: formatRate(volume), points: series.volume}),
		metricLine({...shared, label: 'in progress', value: formatWhole(inProgress), points: series.inProgress}),
	].slice(0, height);
}

function chartOf(input: PaneInput, points: Points, height: number): readonly Line[] {
	const {picture, width, zone} = input;
	const {snapshot} = picture;
	if (points.times.length === 0 || !snapshot.complete) {
		return centered(whyEmpty(picture, 'requests', fields), width, height);
	}

	return chart({
		series: [{points, tone: 'first'}],
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

function chartLines(input: PaneInput): readonly Line[] {
	return chartOf(input, input.picture.snapshot.requests.series.volume, input.height);
}

/** Both series under one another, and what they came to over the window. */
function fullLines(input: PaneInput): readonly Line[] {
	const {series, volume, inProgress} = input.picture.snapshot.requests;
	const table = summaryTable(input, [
		{label: 'requests per second', now: volume, points: series.volume, format: formatCount},
		{label: 'in progress', now: inProgress, points: series.inProgress, format: formatWhole},
	]);
	const room = input.height - table.length;
	const upper = Math.ceil(room / 2);
	return room < 12
		? [...chartOf(input, series.volume, room), ...table]
		: [
				[span(' requests per second', 'dim')],
				...fill(chartOf(input, series.volume, upper - 1), upper - 1),
				[span(' requests in progress', 'dim')],
				...fill(chartOf(input, series.inProgress, room - upper - 1), room - upper - 1),
				...table,
			];
}

function fill(lines: readonly Line[], height: number): readonly Line[] {
	return Array.from({length: height}, (_, row) => lines[row] ?? []);
}
