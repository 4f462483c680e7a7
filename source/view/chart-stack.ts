import type {Points} from '../api/points.ts';
import {nodeOf} from '../metrics/findings.ts';
import {formatMoment} from '../text/clock-time.ts';
import {formatAge} from '../text/format.ts';
import {noDataWords} from '../text/status-text.ts';
import {symbols} from '../theme/theme.ts';
import type {AxisMaker} from './axis.ts';
import {type ChartMark, type ChartSeries, chart} from './chart.ts';
import {withReferences} from './difference.ts';
import {findingMark, findingTone} from './finding-markers.ts';
import {type Line, span} from './line.ts';
import {centered, type PaneInput, whyEmpty} from './pane-content.ts';
import {chartRange, quietTail, type Summary} from './resample.ts';

/** One chart of a pane: its series, and how its values are drawn and formatted. */
export type ChartPart = {
	readonly title: string;
	readonly series: readonly ChartSeries[];
	readonly summary: Summary;
	readonly axis: AxisMaker;
	readonly format: (value: number) => string;
	/**
	 * The content of the chart, in the plural, and its API fields, for the message that is shown if there is nothing to
	 * draw. The content is also named in the label for time without values.
	 */
	readonly what: string;
	readonly fields: readonly string[];
	/**
	 * The request rate, if the series have samples only while there are requests: without requests, no samples are
	 * missing.
	 */
	readonly rate?: Points | undefined;
};

/** The minimum height of a chart in a stack of several, including its title, in rows. */
const minHeight = 6;

function hasKnown({values}: Points): boolean {
	return values.some(value => !Number.isNaN(value));
}

/**
 * Returns the times that the time axis marks: checkpoints and, for the trainer, the observed beginnings of findings. A
 * finding is dimmed if it is over, or if it is about a node other than the one whose values the chart shows (`node`;
 * undefined for those of the deployment), so that a chart without a problem doesn't look as if it had one.
 */
export function marksOf({view: {findings}, component, checkpoints}: PaneInput, node?: string): readonly ChartMark[] {
	const found = component === 'trainer' ? [...findings.current, ...findings.resolved] : [];
	return [
		...found.flatMap((finding): readonly ChartMark[] => {
			const {sinceMs: timeMs, sinceIsLowerBound, state} = finding;
			const isAlert = state !== 'resolved' && (nodeOf(finding) === undefined || nodeOf(finding) === node);
			const tone = isAlert ? findingTone(finding) : 'dim';
			return sinceIsLowerBound ? [] : [{timeMs, glyph: findingMark({...finding, state: 'active'}), tone}];
		}),
		...checkpoints.map((timeMs): ChartMark => ({timeMs, glyph: symbols.above, tone: 'accent'})),
	];
}

/** Says that there have been no requests since the last latency, or no latencies if there have been requests. */
function idleTexts(
	{fromMs, ageMs}: {readonly fromMs: number; readonly ageMs: number},
	{what, rate}: ChartPart,
	{view, zone}: PaneInput,
): readonly string[] {
	const isUsed = rate?.values.some((value, index) => value > 0 && (rate.times[index] ?? 0) > fromMs);
	const words = `no ${isUsed === true ? what : 'requests'}`;
	return [`${words} since ${formatMoment(fromMs, view.nowMs, zone)}`, `${words} ${formatAge(ageMs)}`, words];
}

/**
 * Returns one chart in exactly `height` rows of the pane, or the reason why there is nothing to draw.
 *
 * @param node the node whose values the chart shows; undefined for those of the deployment
 */
export function chartPart(input: PaneInput, part: ChartPart, height: number, node?: string): readonly Line[] {
	const {view, width, zone} = input;
	const {snapshot} = view;
	const isKnown = part.series.some(({points}) => hasKnown(points));
	const series = part.series.map(({points}) => points);
	const {rate} = part;
	const noData = noDataWords(snapshot);
	const quiet = quietTail(rate === undefined ? series : [...series, rate], snapshot);
	const idle = rate && quietTail(series, snapshot);
	const lines =
		isKnown && snapshot.complete
			? chart({
					series: withReferences(input, part.series),
					width,
					height,
					range: columns => chartRange(snapshot, columns),
					noData: quiet && {fromMs: quiet.fromMs, texts: [`${noData} ${formatAge(quiet.ageMs)}`, noData]},
					rate,
					idle:
						idle && idle.fromMs !== quiet?.fromMs
							? {fromMs: idle.fromMs, texts: idleTexts(idle, part, input)}
							: undefined,
					cursorMs: snapshot.atMs,
					marks: marksOf(input, node),
					stepMs: snapshot.window.stepMs,
					summary: part.summary,
					axis: part.axis,
					format: part.format,
					symbols: input.symbols,
					zone,
				})
			: centered(whyEmpty(input, part.what, part.fields), width, height);
	return Array.from({length: height}, (_, row) => lines[row] ?? []);
}

/**
 * Returns charts stacked vertically in `height` rows, each with its title if there are several. The last charts are
 * omitted if they don't fit.
 *
 * @param node the node whose values the charts show; undefined for those of the deployment
 */
export function chartStack(
	input: PaneInput,
	parts: readonly ChartPart[],
	height: number,
	node?: string,
): readonly Line[] {
	const shown = parts.slice(0, Math.max(1, Math.floor(height / minHeight)));
	if (shown.length === 1 && parts.length === 1) {
		return shown.flatMap(part => chartPart(input, part, height, node));
	}

	const each = Math.floor(height / shown.length);
	return shown.flatMap((part, index) => {
		const rows = index === 0 ? height - each * (shown.length - 1) : each;
		return [[span(` ${part.title}`, 'dim')], ...chartPart(input, part, rows - 1, node)];
	});
}
