import type {Points} from '../api/points.ts';
import type {NodePoints, RequestPoints} from '../api/series-table.ts';
import type {Node} from '../metrics/node.ts';
import {medianSpacing, newestTime, valueNear} from '../metrics/series.ts';
import {type Difference, differenceAt, shiftPoints} from '../metrics/windows.ts';
import type {Reference} from '../state/reference.ts';
import {formatPercent} from '../text/format.ts';
import {symbols} from '../theme/theme.ts';
import type {ChartSeries} from './chart.ts';
import {type Line, span} from './line.ts';
import type {PaneInput} from './pane-content.ts';

/**
 * The earlier data that values are compared with, in the form that panes need; its samples keep their own, earlier
 * times.
 */
export type ShownReference = {
	/** How much earlier it is: `1d`, `7d`, or the name of the window. */
	readonly label: string;
	readonly offsetMs: number;
	readonly requests: RequestPoints;
	readonly node: (id: string) => NodePoints | undefined;
};

/** Returns the comparison in the form that panes need. */
export function shownReference({comparison, offsetMs, window, history}: Reference): ShownReference {
	return {
		label: comparison === 'window' ? window.name : comparison,
		offsetMs,
		requests: history.requests,
		// If the server doesn't report nodes separately, the leader's series belong to the only node.
		node: id => history.nodes.get(id) ?? (history.nodes.size === 0 && id === 'leader' ? history.leader : undefined),
	};
}

/** Formats a relative difference: `+41%`, `-8%`, `±0%`, and `×12` for a factor of ten or more. */
function formatRatio(ratio: number): string {
	const percent = Math.round(ratio * 100);
	if (ratio >= 9) {
		return `×${Math.round(ratio + 1)}`;
	}

	return percent === 0 ? '±0%' : `${percent > 0 ? '+' : ''}${percent}%`;
}

/** Formats a difference between shares (fractions 0–1) in percentage points: `+12 pts`, `-0.4 pts`, `±0 pts`. */
function formatPoints(difference: number): string {
	const points = Math.round(difference * 1000) / 10;
	const text = Math.abs(points) >= 10 ? String(Math.round(points)) : String(points);
	return points === 0 ? '±0 pts' : `${points > 0 ? '+' : ''}${text} pts`;
}

/** A value to compare: its series, the value itself (current, or at the cursor), and its format. */
type Compared = {
	readonly points: Points;
	readonly now: number | undefined;
	/** The same series in the comparison; undefined if the comparison lacks it. */
	readonly reference: Points | undefined;
	readonly format: (value: number) => string;
	/** Whether the values are shares, whose differences are in percentage points. */
	readonly isShare?: true;
};

/**
 * Formats the difference from the earlier value: `+41%`, or `+12 pts` for shares; `was 0/s`, without a ratio, if the
 * earlier value is 0 or a different kind of aggregate; or `–` if the earlier value is unknown. Undefined if nothing is
 * compared, or if the value itself is unknown.
 */
export function differenceWords(
	input: PaneInput,
	{points, now, reference: earlier, format, isShare}: Compared,
): string | undefined {
	const {reference, view} = input;
	const {atMs, window} = view.snapshot;
	const timeMs = atMs ?? newestTime(points);
	if (reference === undefined || now === undefined || timeMs === undefined) {
		return undefined;
	}

	if (earlier === undefined) {
		return symbols.unknown;
	}

	const at = {timeMs, offsetMs: reference.offsetMs, stepMs: window.stepMs};
	return wordsOf(now, differenceAt({points, now}, earlier, at), {format, isShare});
}

/**
 * Formats the difference in the mean utilization of a node's GPUs, in percentage points: `–` if the earlier value of
 * any of them is unknown, because a mean over different GPUs isn't comparable. Undefined if nothing is compared, or if
 * the current mean is unknown.
 */
export function nodeDifference({reference, view}: PaneInput, {id, utilization, gpus}: Node): string | undefined {
	if (reference === undefined || utilization === undefined) {
		return undefined;
	}

	const {atMs, window} = view.snapshot;
	const earlier = reference.node(id)?.gpus;
	const values = gpus
		.filter(gpu => gpu.utilization !== undefined)
		.map(({rank, series: {utilization: points}}) => {
			const before = earlier?.get(rank)?.utilization;
			const timeMs = atMs ?? newestTime(points);
			return before === undefined || timeMs === undefined
				? undefined
				: valueNear(before, timeMs - reference.offsetMs, Math.max(window.stepMs, medianSpacing(before)));
		});
	const known = values.filter(value => value !== undefined);
	const before =
		known.length === 0 || known.length < values.length ? undefined : known.reduce((a, b) => a + b, 0) / known.length;
	return wordsOf(utilization, {before, ratio: undefined}, {format: formatPercent, isShare: true});
}

/** Formats the difference between `now` and the earlier value in a word or two; `–` if the earlier value is unknown. */
export function wordsOf(
	now: number,
	{before, ratio}: Difference,
	{format, isShare}: {readonly format: (value: number) => string; readonly isShare?: true | undefined},
): string {
	if (before === undefined) {
		return symbols.unknown;
	}

	return isShare ? formatPoints(now - before) : ratio === undefined ? `was ${format(before)}` : formatRatio(ratio);
}

/**
 * Returns the forms of a title that includes a difference, from long to short: with the difference and the name of the
 * comparison, with only the difference, and with neither.
 */
export function withDifference(
	{reference}: PaneInput,
	words: string | undefined,
	forms: (difference: Line) => readonly Line[],
): readonly Line[] {
	if (reference === undefined || words === undefined) {
		return forms([]);
	}

	const brief: Line = [span(` ${symbols.dot} ${words}`, 'dim')];
	return [...forms([...brief, span(` vs ${reference.label}`, 'dim')]), ...forms(brief), ...forms([])];
}

/**
 * Returns the series of a chart with the earlier ones behind them, shifted to the times of the view. The label of the
 * first earlier series says how much earlier they are.
 */
export function withReferences({reference}: PaneInput, series: readonly ChartSeries[]): readonly ChartSeries[] {
	if (reference === undefined) {
		return series;
	}

	const earlier = series.flatMap(({reference: points, summary, label}) =>
		points === undefined || points.times.length === 0 ? [] : [{points, summary, label}],
	);
	// If only one of several curves has an earlier counterpart, the label names that curve.
	const isOnly = earlier.length === 1 && series.length > 1;
	return [
		...earlier.map(
			({points, summary, label}, index): ChartSeries => ({
				points: shiftPoints(points, reference.offsetMs),
				tone: 'dim',
				isBehind: true,
				...(summary === undefined ? {} : {summary}),
				...(index === 0 ? {label: `${isOnly && label !== undefined ? `${label} ` : ''}-${reference.label}`} : {}),
			}),
		),
		...series,
	];
}
