import type {Replay} from '../state/replay.ts';
import {activeView} from '../state/selectors.ts';
import type {Link, State} from '../state/state.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {nameFailure} from '../text/failure-text.ts';
import {formatAge, formatInterval, formatLatency} from '../text/format.ts';
import {symbols} from '../theme/theme.ts';
import {identityOf} from './identity.ts';
import {cells, cutNameEnd, fitLine, type Line, lineCells, padStart, type Span, span, spread} from './line.ts';
import {type Room, replaySpans} from './replay-words.ts';

/** From this age of the newest sample on, the header says how old it is; during a fault from the earlier one. */
const staleMs = 180_000;
const faultyMs = 60_000;

/**
 * What is watched and how it stands, in one line, or in two or three on a narrow screen: the deployment at the left, the
 * window, the time of the newest sample and the last request at the right.
 */
export function headerLines(state: State, width: number, height: number, zone: Zone): readonly Line[] {
	const inner = Math.max(width - 2, 1);
	if (state.watched.kind === 'unchosen') {
		const line = spread([span('loops-top', 'accent')], [span(state.host, 'dim')], inner);
		return [[span(' '), ...fitLine(line, inner), span(' ')]];
	}

	const forms = height === 1 ? oneLine(state, inner, zone) : severalLines(state, inner, height, zone);
	return forms.map(line => [span(' '), ...fitLine(line, inner), span(' ')]);
}

function linkSpans({replay}: State, link: Link, zone: Zone, nowMs: number): readonly Span[] {
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

/** Whether one looks at the newest, at a copy of it or at what was earlier; a mark where there is no room for the word. */
function modeSpans({mode, replay}: State, isShort: boolean): readonly Span[] {
	switch (mode.kind) {
		case 'live':
			if (replay !== undefined) {
				return [];
			}

			return [span(`${isShort ? symbols.pointer : 'live'} `, 'good')];
		case 'paused':
			return [span('paused ', 'warn')];
		case 'past':
			return [span('history ', 'warn')];
	}
}

/**
 * The window, and up to when it reaches, with the age of its newest sample where it is old, or how far it is ahead; or the
 * time of the cursor.
 */
function timeSpans(state: State, zone: Zone, isShort = false): readonly Span[] {
	const {window, snapshot, nowMs, link} = activeView(state);
	const {newestMs, atMs, endMs} = snapshot;
	const name = [...modeSpans(state, isShort), span(window.name, 'strong')];
	if (atMs !== undefined) {
		return [...name, span(` at ${formatMoment(atMs, nowMs, zone)}`, 'selected')];
	}

	if (state.mode.kind === 'past') {
		return [...name, span(` to ${formatMoment(endMs, nowMs, zone)}`)];
	}

	if (newestMs === undefined) {
		return name;
	}

	const age = nowMs - newestMs;
	const limit = link.kind === 'failing' || link.kind === 'refused' ? faultyMs : Math.max(staleMs, 3 * window.stepMs);
	const moment = span(` to ${formatMoment(newestMs, nowMs, zone)}`);
	if (age > limit) {
		return [...name, moment, span(` ${formatAge(age)} old`, 'warn')];
	}

	return age < -Math.max(staleMs, 3 * window.stepMs)
		? [...name, moment, span(` ${formatAge(-age)} ahead of this clock`, 'warn')]
		: [...name, moment];
}

/** How old the newest sample is, in few characters. */
function ageSpans(state: State): readonly Span[] {
	const {snapshot, nowMs} = activeView(state);
	return snapshot.newestMs === undefined ? [] : [span(`${formatAge(nowMs - snapshot.newestMs)} old`, 'warn')];
}

const separator = span(` ${symbols.dot} `, 'dim');
const gap = span('  ');

function join(parts: ReadonlyArray<readonly Span[]>, between: Span): Line {
	return parts.filter(part => part.length > 0).flatMap((part, index) => (index > 0 ? [between, ...part] : part));
}

type Part = readonly Span[];

function oneLine(state: State, width: number, zone: Zone): readonly Line[] {
	const {deployment, link, nowMs} = activeView(state);
	const time = timeSpans(state, zone);
	const linked = linkSpans(state, link, zone, nowMs);
	const interval = formatInterval(state.intervalMs);
	const recording: Part = state.recording.kind === 'on' ? [span('rec', 'bad')] : [];
	const {id, status, size, narrow} = identityOf(state);
	const isUrgent = link.kind === 'failing' || link.kind === 'refused' || link.kind === 'connecting';
	const brief = timeSpans(state, zone, true);
	const short = isUrgent ? join([linked.slice(0, 1), ageSpans(state)], separator) : brief;
	const asked = {
		full: join([time, [span(`every ${interval}`, 'dim')], recording, linked], separator),
		compact: join([time, [span(interval, 'dim')], recording, linked], separator),
		bare: join([time, linked], separator),
		brief: join([brief, linked], separator),
		short,
	};
	const right = state.replay === undefined ? asked : replayed(state, state.replay, {time, linked, zone});
	// From wide to narrow; what goes wrong is never left out.
	const forms: ReadonlyArray<readonly [left: (model: Part) => readonly Part[], right: Line]> = [
		[model => [[span('loops-top', 'accent')], id, model, status, size], right.full],
		[model => [id, model, status, size], right.full],
		[model => [id, model, status, size], right.compact],
		[() => [id, status, size], right.full],
		[() => [id, status, size], right.compact],
		[() => [id, status], right.bare],
		[() => narrow, right.bare],
		[() => narrow, right.brief],
		[() => narrow, right.short],
		[() => narrow.slice(0, 1), right.short],
		[() => [], right.short],
		[() => [], linked.slice(0, 1)],
	];
	for (const [parts, end] of forms) {
		const withoutModel = lineCells(join(parts([]), gap));
		const room = width - 2 - lineCells(end) - withoutModel;
		const wantsModel = parts([span('x')]).length > 0 && lineCells(join(parts([span('x')]), gap)) > withoutModel;
		const model = wantsModel ? modelSpans(deployment?.baseModel, room - 2) : [];
		if (model !== undefined && room >= 0) {
			const left = join(parts(model), gap);
			return [left.length === 0 ? fitLine(end, width) : spread(left, end, width)];
		}
	}

	return [fitLine(time, width)];
}

/** The right side while a recording is played: in the place of how often it is asked stands where in the recording one is. */
function replayed(
	{live}: State,
	replay: Replay,
	{time, linked, zone}: {readonly time: Part; readonly linked: Part; readonly zone: Zone},
) {
	const source = (room: Room): Part => replaySpans(replay, live.nowMs, zone, room);
	// What goes wrong is worth more than up to when the window reaches.
	const second = live.links.trainer.kind === 'failing' ? linked : time;
	return {
		full: join([source('wide'), time, linked], separator),
		compact: join([source('usual'), time, linked], separator),
		bare: join([source('usual'), second], separator),
		brief: join([source('short'), second], separator),
		short:
			live.links.trainer.kind === 'failing' ? join([source('short'), linked.slice(0, 1)], separator) : source('short'),
	};
}

/** Fewer cells than this tell nothing of a model's name. */
const leastModel = 12;

/** The model in so much room, without its owner where that helps; undefined where there is none for it. */
function modelSpans(model: string | undefined, room: number): Part | undefined {
	if (model === undefined) {
		return [];
	}

	if (cells(model) <= room) {
		return [span(model)];
	}

	const name = model.slice(model.lastIndexOf('/') + 1);
	return room >= leastModel ? [span(cutNameEnd(name, room))] : undefined;
}

function severalLines(state: State, width: number, height: number, zone: Zone): readonly Line[] {
	const {deployment, link, nowMs} = activeView(state);
	const {id, status, size} = identityOf(state);
	const first = spread(id, status, width);
	const time = timeSpans(state, zone);
	const linked = linkSpans(state, link, zone, nowMs);
	const forms =
		state.replay === undefined
			? [join([time, linked], separator), join([timeSpans(state, zone, true), linked], separator)]
			: Object.values(replayed(state, state.replay, {time, linked, zone}));
	const fitting = forms.find(form => lineCells(form) <= width);
	if (fitting === undefined && link.kind === 'failing') {
		return height === 2 ? [time, linked] : [first, time, linked];
	}

	const last = fitting ?? time;
	const model = modelSpans(deployment?.baseModel, width - lineCells(size) - 2) ?? [];
	const dimmed = size.map(({text}) => span(text, 'dim'));
	return height === 2 ? [first, last] : [first, spread(model, dimmed, width), last];
}
