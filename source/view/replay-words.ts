import type {Replay} from '../state/replay.ts';
import {selectedWindow} from '../state/selectors.ts';
import {findingsWindow, type State} from '../state/state.ts';
import {formatDay, formatMoment, formatSecond, type Zone, zoneMark} from '../text/clock-time.ts';
import {type Span, span} from './line.ts';

/** The available space for the position in a recording: with the date, with the time only, or without the word. */
export type Room = 'wide' | 'usual' | 'short';

/** Returns the speed and position of a replay: `replay ×10 14:03:20`. */
export function replaySpans(replay: Replay, nowMs: number, zone: Zone, room: Room): readonly Span[] {
	const {seekTarget, ended, isPaused, speed} = replay;
	const timeMs = seekTarget?.toMs ?? nowMs;
	const time =
		room === 'wide' ? `${formatDay(timeMs, zone)} ${formatSecond(timeMs, zone)}` : formatSecond(timeMs, zone);
	const word = room === 'short' ? '' : 'replay ';
	// In the other forms, the mark is at the end of the window.
	const moment = span(` ${time}${room === 'short' ? zoneMark(zone) : ''}`, 'strong');
	if (seekTarget !== undefined) {
		return [span(`${word}going to`, 'warn'), moment];
	}

	if (ended !== undefined) {
		return [span(`${word}ended`, 'warn'), moment];
	}

	return [isPaused ? span(`${word}paused`, 'warn') : span(`${word}×${speed}`, 'good'), moment];
}

/** Says that playback is in a gap of the recording; undefined if it isn't. */
export function silenceWords({replay, live}: State, zone: Zone): string | undefined {
	const endMs = replay?.gapEndMs;
	return endMs === undefined || endMs <= live.nowMs || replay?.ended !== undefined
		? undefined
		: `nothing was recorded until ${formatMoment(endMs, live.nowMs, zone)}`;
}

/** Describes what the recording doesn't contain; undefined if nothing is missing. */
export function gapWords(state: State): string | undefined {
	const {replay, mode} = state;
	const {name} = selectedWindow(state);
	if (replay === undefined || name === replay.recordedWindow || name === findingsWindow.name) {
		return undefined;
	}

	const of = mode.kind === 'past' ? `${name} to then` : name;
	return `${of} wasn't recorded here; assembled from other windows`;
}
