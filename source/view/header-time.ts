import {freshMs, freshnessLimitMs} from '../metrics/freshness.ts';
import {referenceOf} from '../state/reference.ts';
import type {Replay} from '../state/replay.ts';
import {activeView} from '../state/selectors.ts';
import type {Link, State} from '../state/state.ts';
import {formatDay, formatMoment, formatSecond, type Zone, zoneMark} from '../text/clock-time.ts';
import {nameFailure} from '../text/failure-text.ts';
import {formatAge, formatFineAge, formatLatency} from '../text/format.ts';
import {symbols} from '../theme/theme.ts';
import {padStart, type Span, span} from './line.ts';
import {staleTone} from './pane-content.ts';

/**
 * The level of detail at which the position in a recording is shown. `wide` (date and time) and `usual` (only the
 * time) have no time zone, because the window's own time, which follows, shows it. `dated` (date and time), `dated
 * briefly` (the same without the word `replay`), and `short` (only the time, also without that word) end with the time
 * zone.
 */
export type Room = 'wide' | 'usual' | 'dated' | 'dated briefly' | 'short';

/**
 * Returns the state and position of a replay: `replay ×10 14:03:20`. Instead of the speed, the text can be
 * `going to`, `ended`, or `paused`.
 */
export function replaySpans(replay: Replay, nowMs: number, zone: Zone, room: Room): readonly Span[] {
	const {seekTarget, ended, isPaused, speed} = replay;
	const timeMs = seekTarget?.toMs ?? nowMs;
	const hasDate = room === 'wide' || room === 'dated' || room === 'dated briefly';
	const time = hasDate ? `${formatDay(timeMs, zone)} ${formatSecond(timeMs, zone)}` : formatSecond(timeMs, zone);
	const word = room === 'dated briefly' || room === 'short' ? '' : 'replay ';
	// In these forms, the window's time shows the time zone.
	const mark = room === 'wide' || room === 'usual' ? '' : zoneMark(zone);
	const moment = span(` ${time}${mark}`, 'strong');
	if (seekTarget !== undefined) {
		return [span(`${word}going to`, 'warn'), moment];
	}

	if (ended !== undefined) {
		return [span(`${word}ended`, 'warn'), moment];
	}

	return [isPaused ? span(`${word}paused`, 'warn') : span(`${word}×${speed}`, 'good'), moment];
}

/** One part of the header; empty if there is nothing to show. */
export type Part = readonly Span[];

/**
 * Returns the state of the connection: `connecting`, the duration of the last request, or the failure and, if there
 * will be another attempt, its time.
 */
export function linkSpans({replay}: State, link: Link, zone: Zone, nowMs: number): Part {
	switch (link.kind) {
		case 'connecting':
			// A replay makes no requests.
			return replay === undefined ? [span('connecting', 'warn')] : [];
		case 'ok':
		case 'no-metrics':
			// The duration has a fixed width, so that the header doesn't move.
			return [span(`ok ${padStart(formatLatency(Math.round(link.tookMs)), 5)}`, 'dim')];
		case 'failing':
			return [
				span(`${symbols.broken} ${nameFailure(link.failure)}`, 'bad'),
				span(` ${symbols.dot} retry ${formatMoment(link.nextAtMs, nowMs, zone)}`, 'warn'),
			];
		case 'refused':
			return [span(`${symbols.broken} ${nameFailure(link.failure)}`, 'bad')];
	}
}

/**
 * Returns whether a live view shows only its last data, because the newest sample is out of date or because requests
 * fail.
 */
function hasOnlyLastData(state: State): boolean {
	const {link, snapshot, nowMs, window} = activeView(state);
	const {newestMs} = snapshot;
	const limitMs = freshnessLimitMs(window, state.thresholds.staleMs);
	return (
		state.mode.kind === 'live' &&
		state.replay === undefined &&
		newestMs !== undefined &&
		(link.kind === 'failing' || nowMs - newestMs > limitMs)
	);
}

/**
 * Returns the mode: `live` (`▸` if `isShort`; nothing in a replay), `paused`, or `history`. A live view whose newest
 * sample isn't recent also shows the age of that sample; once the sample is out of date or requests fail, the view
 * shows only the time and age of the sample.
 */
function modeSpans(state: State, zone: Zone, isShort: boolean): Part {
	const {mode, replay} = state;
	const {snapshot, nowMs, window} = activeView(state);
	const {newestMs} = snapshot;
	const age = newestMs === undefined ? undefined : nowMs - newestMs;
	const isOld = age !== undefined && age > freshMs(window);
	switch (mode.kind) {
		case 'live': {
			const name = replay === undefined ? (isShort ? symbols.pointer : 'live') : '';
			const tone = staleTone(activeView(state));
			const since = age === undefined ? '' : `${formatFineAge(age)} ago`;
			if (newestMs !== undefined && hasOnlyLastData(state)) {
				const aged = `${formatMoment(newestMs, nowMs, zone)}${zoneMark(zone)}, ${since}`;
				return [span(`${isShort ? 'last' : 'last data'} ${aged} ${symbols.dot} `, tone)];
			}

			if (isOld) {
				const between = name === '' || isShort ? name : `${name} ${symbols.dot}`;
				return [span(`${between} ${since} `.trimStart(), tone)];
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
 * Returns the mode, the window, and the time of its newest sample (with a warning if that is too far in the future), of
 * the cursor, or of the end of an earlier range. The comparison comes last.
 */
export function timeSpans(state: State, zone: Zone, isShort = false): Part {
	return [...momentSpans(state, zone, isShort), ...comparisonSpans(state)];
}

/** Returns the shortest form: the time of the cursor or, without a cursor, the mode (unless live) and the window. */
export function leastTimeSpans(state: State, zone: Zone): Part {
	const {window, snapshot, nowMs} = activeView(state);
	const {atMs} = snapshot;
	return atMs === undefined
		? [...(state.mode.kind === 'live' ? [] : modeSpans(state, zone, true)), span(window.name, 'strong')]
		: [span(`at ${formatMoment(atMs, nowMs, zone)}`, 'selected')];
}

function momentSpans(state: State, zone: Zone, isShort: boolean): Part {
	const {window, snapshot, nowMs} = activeView(state);
	const {newestMs, atMs, endMs} = snapshot;
	const name = span(window.name, 'strong');
	const named = [...modeSpans(state, zone, isShort), name];
	const mark = zoneMark(zone);
	if (atMs !== undefined) {
		return [...named, span(` at ${formatMoment(atMs, nowMs, zone)}${mark}`, 'selected')];
	}

	if (state.mode.kind === 'past') {
		return [...named, span(` to ${formatMoment(endMs, nowMs, zone)}${mark}`)];
	}

	if (newestMs === undefined || hasOnlyLastData(state)) {
		return named;
	}

	const moment = span(` to ${formatMoment(newestMs, nowMs, zone)}${mark}`);
	const aheadMs = newestMs - nowMs;
	return aheadMs > Math.max(state.thresholds.staleMs, 3 * window.stepMs)
		? [...named, moment, span(` ${formatAge(aheadMs)} in the future`, 'warn')]
		: [...named, moment];
}

/** Names the comparison, and marks it as failed if its request failed and no data for it is known. */
function comparisonSpans(state: State): Part {
	const {choices, sideFailures} = state;
	const {comparison} = choices;
	if (comparison === 'off') {
		return [];
	}

	const words = comparison === 'window' ? `previous ${activeView(state).window.name}` : `${comparison} ago`;
	const isMissing = sideFailures.reference !== undefined && referenceOf(state) === undefined;
	return [span(` vs ${words}`, 'dim'), ...(isMissing ? [span(` ${symbols.broken}`, 'bad')] : [])];
}

/** Returns the age of the newest sample in a few characters. */
export function ageSpans(state: State): Part {
	const {snapshot, nowMs} = activeView(state);
	return snapshot.newestMs === undefined ? [] : [span(`${formatAge(nowMs - snapshot.newestMs)} old`, 'warn')];
}
