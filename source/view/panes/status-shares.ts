import type {Points} from '../../api/points.ts';
import {errorsMs} from '../../metrics/rules/requests.ts';
import {statistics} from '../../metrics/series.ts';
import {type StatusClass, type StatusShares, statusClasses, statusShares} from '../../metrics/snapshot.ts';
import {cutPoints} from '../../metrics/windows.ts';
import {formatMoment} from '../../text/clock-time.ts';
import {errorRange} from '../../text/finding-text.ts';
import {formatShare} from '../../text/format.ts';
import type {Tone} from '../../theme/theme.ts';
import type {ChartSeries} from '../chart.ts';
import {wordsOf} from '../difference.ts';
import {type Line, padStart, span} from '../line.ts';
import {asOld, type PaneInput} from '../pane-content.ts';
import {bar} from '../sparkline.ts';

/** The tones of the curves. */
const tones: Readonly<Record<StatusClass, Tone>> = {'2xx': 'first', '4xx': 'second', '5xx': 'third'};

/** The width of a share with the space before it, in cells. */
export const shareWidth = 6;

/**
 * Formats the difference in the share of 5xx, in percentage points; `–` if the comparison has fewer than half as many
 * samples as the view. Undefined if nothing is compared, or if the share itself is unknown.
 */
export function shareDifference({view, reference}: PaneInput, now: number | undefined): string | undefined {
	if (reference === undefined || now === undefined) {
		return undefined;
	}

	const {startMs, endMs, atMs, window} = view.snapshot;
	const {stepMs} = window;
	const [fromMs, toMs] = atMs === undefined ? [startMs, endMs] : [atMs - stepMs / 2, atMs + stepMs / 2];
	const cut = (points: Points): Points => cutPoints(points, fromMs - reference.offsetMs, toMs - reference.offsetMs);
	const {status_2xx: ok, status_4xx: client, status_5xx: server} = reference.requests.status;
	const earlier = {status_2xx: cut(ok), status_4xx: cut(client), status_5xx: cut(server)};
	const known = cutPoints(view.snapshot.requests.series.status.status_5xx, fromMs, toMs).times.length;
	const before = earlier.status_5xx.times.length * 2 >= known ? statusShares(earlier)?.['5xx'] : undefined;
	return wordsOf(now, {before, ratio: undefined}, {format: formatShare, isShare: true});
}

/** Returns the shares of the status classes in the whole window, or at the cursor; undefined if they are unknown. */
export function sharesOf({view: {snapshot}}: PaneInput): StatusShares {
	return snapshot.requests.shares;
}

/** Says what the shares refer to: the whole window, or the sample at the cursor. */
export function extentWords({view, zone}: PaneInput): string {
	const {snapshot, nowMs} = view;
	return snapshot.atMs === undefined ? `of ${snapshot.window.name}` : `at ${formatMoment(snapshot.atMs, nowMs, zone)}`;
}

/** Returns whether the newest samples of requests are out of date. False at a cursor, and if there are none. */
export function isOldStatus({view: {snapshot}}: Pick<PaneInput, 'view'>): boolean {
	const {newestMs, isFresh} = snapshot.requests.freshness;
	return newestMs !== undefined && !isFresh && snapshot.atMs === undefined;
}

/**
 * Returns the tone of a class: dim if the data is old, bad if a finding is about the class, and `otherwise` in all
 * other cases.
 */
export function toneOf(name: StatusClass, {markers, view}: PaneInput, otherwise: Tone = tones[name]): Tone {
	if (isOldStatus({view})) {
		return 'dim';
	}

	return name !== '2xx' && markers.hasDeployment(name) ? 'bad' : otherwise;
}

/**
 * Returns the shares in the last `errorsMs` milliseconds, on which findings are based; undefined at a cursor, and if
 * the window isn't longer than that. The shares themselves are undefined if they are unknown.
 */
function recentShares({view: {snapshot}}: PaneInput): {readonly shares: StatusShares} | undefined {
	const {atMs, window, requests} = snapshot;
	if (atMs !== undefined || window.lengthMs <= errorsMs) {
		return undefined;
	}

	const {newestMs = 0, isFresh} = requests.freshness;
	// A sample covers the time before it, so the sample at the beginning isn't included, as in the findings.
	const recent = (points: Points): Points => cutPoints(points, newestMs - errorsMs + 1, newestMs);
	const {status_2xx: ok, status_4xx: client, status_5xx: server} = requests.series.status;
	const cut = {status_2xx: recent(ok), status_4xx: recent(client), status_5xx: recent(server)};
	return {shares: isFresh && snapshot.complete ? statusShares(cut) : undefined};
}

/**
 * Returns one share per class, for places without space for two, and the extent of the shares: the last `errorsMs`
 * milliseconds, as in findings; or, if the shares in that time are unknown, the window or the time of the cursor.
 */
export function currentShares(input: PaneInput): {readonly shares: StatusShares | undefined; readonly extent: string} {
	const recent = recentShares(input)?.shares;
	return recent === undefined
		? {shares: sharesOf(input), extent: extentWords(input)}
		: {shares: recent, extent: `of ${errorRange.short}`};
}

/** The width of the window's shares, which are next to those in the last `errorsMs` milliseconds. */
const windowWidth = 8;

/**
 * Draws the shares of each class with a bar: those in the last `errorsMs` milliseconds, on which findings are based,
 * and next to them, those in the window, with titles above. In a short window and at the cursor, draws only the shares
 * in the window or at the cursor, without titles.
 */
export function shareBars(input: PaneInput): readonly Line[] {
	const shares = sharesOf(input);
	const recent = recentShares(input);
	const drawn = recent === undefined ? shares : recent.shares;
	const width = Math.max(input.width - shareWidth - 6 - (recent === undefined ? 0 : windowWidth), 1);
	const rows = statusClasses.map((name): Line => {
		const row: Line = [
			span(` ${name} `, 'dim'),
			...bar(drawn?.[name], width, {tone: toneOf(name, input, name === '2xx' ? 'plain' : 'dim'), hasParts: true}),
			span(padStart(formatShare(drawn?.[name]), shareWidth), toneOf(name, input, 'strong')),
			...(recent === undefined ? [] : [span(padStart(formatShare(shares?.[name]), windowWidth), 'dim')]),
		];
		return asOld(row, input);
	});
	if (recent === undefined) {
		return rows;
	}

	const titles = `${padStart(errorRange.short, 5 + width + shareWidth)}${padStart(input.view.snapshot.window.name, windowWidth)}`;
	return [[span(titles, 'dim')], ...rows];
}

/**
 * Returns the time at which the first finding about one of these classes began, in epoch milliseconds; undefined unless
 * a class with a finding has the tone `bad`.
 */
export function badSince(input: PaneInput, ...classes: readonly StatusClass[]): number | undefined {
	const found = classes.flatMap(name => (toneOf(name, input, 'dim') === 'bad' ? (foundSince(name, input) ?? []) : []));
	return found.length === 0 ? undefined : Math.min(...found);
}

/** Returns the time at which the finding about a class began; undefined if there is none. */
function foundSince(name: StatusClass, {view}: PaneInput): number | undefined {
	return view.findings.current.find(({rule}) => rule === name)?.sinceMs;
}

/**
 * Returns the minimum top of an axis of failed requests, in requests per second: the rate at which a finding begins, so
 * that a few failures stay near the bottom of the axis.
 */
export function minErrors({view: {snapshot}, thresholds}: PaneInput, name: '4xx' | '5xx'): number {
	return (statistics(snapshot.requests.series.volume).mean ?? 0) * thresholds[`status${name}`];
}

/**
 * Returns the curve of a class of failed requests. If a finding is about it, the part since the finding began has the
 * tone `bad`.
 */
export function errorSeries(name: '4xx' | '5xx', input: PaneInput): readonly ChartSeries[] {
	const points = input.view.snapshot.requests.series.status[fieldOf[name]];
	return badAfter(points, input.reference?.requests.status[fieldOf[name]], badSince(input, name));
}

/**
 * Returns a curve that is dim up to `sinceMs` and has the tone `bad` after that; all of it is dim if `sinceMs` is
 * undefined.
 */
export function badAfter(
	points: Points,
	reference: Points | undefined,
	sinceMs: number | undefined,
): readonly ChartSeries[] {
	return sinceMs === undefined
		? [{points, tone: 'dim', reference}]
		: [
				{points: cutPoints(points, 0, sinceMs), tone: 'dim', reference},
				{points: cutPoints(points, sinceMs, Number.MAX_SAFE_INTEGER), tone: 'bad'},
			];
}

/** The field of each class in a response. */
export const fieldOf = {'2xx': 'status_2xx', '4xx': 'status_4xx', '5xx': 'status_5xx'} as const;
