import type {Points} from '../../api/points.ts';
import {symbols} from '../../theme.ts';
import {linearAxis} from '../axis.ts';
import {type ChartPart, chartPart, chartStack} from '../chart-stack.ts';
import {formatCount, formatRate, formatWhole, trimZeros} from '../format.ts';
import {type Line, span} from '../line.ts';
import {metricLine} from '../metric-line.ts';
import type {PaneContent, PaneInput} from '../pane-content.ts';
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
		body: bodyOf(input),
	};
}

function bodyOf(input: PaneInput): readonly Line[] {
	const {volume, inProgress} = input.picture.snapshot.requests.series;
	switch (input.form) {
		case 'bare':
			return bareLines(input);
		case 'framed':
			return chartPart(input, partOf('requests per second', volume), input.height);
		case 'full': {
			const table = tableOf(input);
			const parts = [partOf('requests per second', volume), partOf('requests in progress', inProgress)];
			return [...chartStack(input, parts, input.height - table.length), ...table];
		}
	}
}

function bareLines({picture: {snapshot}, focused, width, height}: PaneInput): readonly Line[] {
	const {series, volume, inProgress} = snapshot.requests;
	const shared = {snapshot, focused, width, tone: 'first', summary: 'peak'} as const;
	return [
		metricLine({...shared, label: 'requests', value: formatRate(volume), points: series.volume}),
		metricLine({...shared, label: 'in progress', value: formatWhole(inProgress), points: series.inProgress}),
	].slice(0, height);
}

function partOf(title: string, points: Points): ChartPart {
	return {
		title,
		series: [{points, tone: 'first'}],
		summary: 'peak',
		axis: linearAxis,
		format: value => trimZeros(formatCount(value)),
		what: 'requests',
		fields,
	};
}

function tableOf(input: PaneInput): readonly Line[] {
	const {series, volume, inProgress} = input.picture.snapshot.requests;
	return summaryTable(input, [
		{label: 'requests per second', now: volume, points: series.volume, format: formatCount},
		{label: 'in progress', now: inProgress, points: series.inProgress, format: formatWhole},
	]);
}
