import {activeView} from '../state/selectors.ts';
import type {Link, State} from '../state/state.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {nameFailure} from '../text/failure-text.ts';
import {formatAge, formatFineAge, formatLatency} from '../text/format.ts';
import {symbols} from '../theme/theme.ts';
import {padStart, type Span, span} from './line.ts';

type Part = readonly Span[];

/** How it stands with the server: how long the last answer took, or what is wrong and when it is tried again. */
export function linkSpans({replay}: State, link: Link, zone: Zone, nowMs: number): Part {
	switch (link.kind) {
		case 'connecting':
			// What is not in a recording is not asked for.
			return replay === undefined ? [span('connecting', 'warn')] : [];
		case 'ok':
		case 'no-metrics':
			// As wide whatever it took, so that the header stands still.
			return [span(`ok ${padStart(formatLatency(Math.round(link.tookMs)), 5)}`, 'dim')];
		case 'failing':
			return [
				span(`${symbols.broken} ${nameFailure(link.failure)}`, 'bad'),
				span(` ${symbols.dot} again ${formatMoment(link.nextAtMs, nowMs, zone)}`, 'warn'),
			];
		case 'refused':
			return [span(`${symbols.broken} ${nameFailure(link.failure)}`, 'bad')];
	}
}

/** From this age on the newest sample is not of now, in milliseconds: a minute, or two steps of a coarser window. */
function youngMs(state: State): number {
	return Math.max(60_000, 2 * activeView(state).window.stepMs);
}

/**
 * Whether one looks at the newest, at a copy of it or at what was earlier; a mark if there is no room for the word. Live is
 * what has a sample of now; otherwise it says how old the newest one is.
 */
function modeSpans(state: State, isShort: boolean): Part {
	const {mode, replay} = state;
	const {snapshot, nowMs} = activeView(state);
	const age = snapshot.newestMs === undefined ? undefined : nowMs - snapshot.newestMs;
	const isOld = age !== undefined && age > youngMs(state);
	switch (mode.kind) {
		case 'live': {
			const name = replay === undefined ? (isShort ? symbols.pointer : 'live') : '';
			if (isOld) {
				const between = name === '' || isShort ? name : `${name} ${symbols.dot}`;
				return [span(`${between} ${formatFineAge(age)} ago `.trimStart(), 'warn')];
			}

			return name === '' ? [] : [span(`${name} `, age === undefined ? 'dim' : 'good')];
		}

		case 'paused':
			return [span('paused ', 'warn')];
		case 'past':
			return [span('history ', 'warn')];
	}
}

/**
 * The window, and up to when it reaches, after the age of its newest sample if that is old, or with how far it is ahead; or
 * the time of the cursor.
 */
export function timeSpans(state: State, zone: Zone, isShort = false): Part {
	const {window, snapshot, nowMs} = activeView(state);
	const {newestMs, atMs, endMs} = snapshot;
	const name = span(window.name, 'strong');
	const named = [...modeSpans(state, isShort), name];
	if (atMs !== undefined) {
		return [...named, span(` at ${formatMoment(atMs, nowMs, zone)}`, 'selected')];
	}

	if (state.mode.kind === 'past') {
		return [...named, span(` to ${formatMoment(endMs, nowMs, zone)}`)];
	}

	if (newestMs === undefined) {
		return named;
	}

	const moment = span(` to ${formatMoment(newestMs, nowMs, zone)}`);
	const aheadMs = newestMs - nowMs;
	return aheadMs > Math.max(state.thresholds.staleMs, 3 * window.stepMs)
		? [...named, moment, span(` ${formatAge(aheadMs)} ahead of this clock`, 'warn')]
		: [...named, moment];
}

/** How old the newest sample is, in few characters. */
export function ageSpans(state: State): Part {
	const {snapshot, nowMs} = activeView(state);
	return snapshot.newestMs === undefined ? [] : [span(`${formatAge(nowMs - snapshot.newestMs)} old`, 'warn')];
}
