import type {Busy} from '../metrics/node.ts';
import type {Window} from '../metrics/windows.ts';
import {formatMoment} from '../text/clock-time.ts';
import {formatAge, formatPercent} from '../text/format.ts';
import {symbols} from '../theme/theme.ts';
import {type Line, span} from './line.ts';
import type {PaneInput} from './pane-content.ts';

/**
 * Returns what stands in a title in the place of values that are too old to be of now: when the newest sample was taken, in
 * forms from long to short. Undefined at a cursor, if there is no sample at all, and if the newest one is not old.
 */
export function oldForms(
	newestMs: number | undefined,
	{view: {snapshot, nowMs}, zone}: PaneInput,
): readonly Line[] | undefined {
	if (newestMs === undefined || snapshot.atMs !== undefined || snapshot.nowMs - newestMs <= snapshot.limitMs) {
		return undefined;
	}

	const age = `${formatAge(snapshot.nowMs - newestMs)} ago`;
	return [
		[span(`last sample ${formatMoment(newestMs, nowMs, zone)} ${symbols.dot} ${age}`, 'warn')],
		[span(`last ${age}`, 'warn')],
		[span(age, 'warn')],
	];
}

/** Samples of a longer step than this are means, so that the lowest and highest say what the mean of them does not. */
const longStepMs = 30_000;

/** `52% of 6h`, on a long window with the lowest and highest: `52% (0–98%) of 6h`. */
export function busyWords({mean, low, high}: Busy, {name, stepMs}: Window): string {
	const range = stepMs > longStepMs ? ` (${formatPercent(low).replace('%', '')}–${formatPercent(high)})` : '';
	return `${formatPercent(mean)}${range} of ${name}`;
}
