import type {Replay} from '../state/replay.ts';
import {activeView} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import type {Zone} from '../text/clock-time.ts';
import {formatInterval} from '../text/format.ts';
import {symbols} from '../theme/theme.ts';
import {summarizeDeployment} from './deployment-summary.ts';
import {cutNameEnd} from './distinct-name.ts';
import {ageSpans, leastTimeSpans, linkSpans, type Part, type Room, replaySpans, timeSpans} from './header-time.ts';
import {fitLine, type Line, lineWidth, type Span, spaceBetween, span, textWidth} from './line.ts';

/**
 * Returns the header: on the left, the status, the deployment, and how busy the GPUs are; on the right, the window, the
 * time of the newest sample, and the last request. It has `height` lines: one, or two or three on a narrow screen.
 * If no deployment has been chosen, it has one line with the names of the program and the host.
 */
export function headerLines(state: State, width: number, height: number, zone: Zone): readonly Line[] {
	const inner = Math.max(width - 2, 1);
	if (state.target.kind === 'unchosen') {
		const line = spaceBetween([span('loops-top', 'accent')], [span(state.host, 'dim')], inner);
		return [[span(' '), ...fitLine(line, inner), span(' ')]];
	}

	const forms = height === 1 ? oneLine(state, inner, zone) : severalLines(state, inner, height, zone);
	return forms.map(line => [span(' '), ...fitLine(line, inner), span(' ')]);
}

const separator = span(` ${symbols.dot} `, 'dim');

const gap = span('  ');

function join(parts: ReadonlyArray<readonly Span[]>, between: Span): Line {
	return parts.filter(part => part.length > 0).flatMap((part, index) => (index > 0 ? [between, ...part] : part));
}

function oneLine(state: State, width: number, zone: Zone): readonly Line[] {
	const {deployment, link, nowMs} = activeView(state);
	const time = timeSpans(state, zone);
	const linked = linkSpans(state, link, zone, nowMs);
	const interval = formatInterval(state.intervalMs);
	const recording: Part = state.recording.kind === 'on' ? [span('rec', 'bad')] : [];
	const {id, status, size, cost, busy, narrow} = summarizeDeployment(state);
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
	const [isBusy = [], ...shorter] = busy;
	const hasEnded = state.replay?.ended !== undefined && state.replay.seekTarget === undefined;
	const isPast = activeView(state).snapshot.atMs !== undefined;
	const least: Line = hasEnded && !isPast ? [span('ended', 'warn')] : leastTimeSpans(state, zone);
	// A problem is more important than the ID of the deployment.
	const isUnwell = state.component === 'trainer' && status.brief.some(({tone}) => tone === 'warn' || tone === 'bad');
	// The forms of both sides, from wide to narrow; failures are never omitted.
	const forms: ReadonlyArray<readonly [left: (model: Part) => readonly Part[], right: Line]> = [
		[model => [status.full, id, model, size, cost, isBusy], right.full],
		// The date of a replay is more important than the current utilization of the GPUs.
		...(state.replay === undefined
			? []
			: shorter.map(form => [(model: Part) => [status.full, id, model, size, cost, form], right.full] as const)),
		[model => [status.full, id, model, size, cost, isBusy], right.compact],
		[() => [status.full, id, size, cost, isBusy], right.compact],
		[() => [status.full, id, cost, isBusy], right.compact],
		[() => [status.full, id, isBusy], right.compact],
		[() => [status.full, id, isBusy], right.bare],
		...shorter.map(form => [() => [status.full, id, form], right.bare] as const),
		...shorter.map(form => [() => [status.brief, id, form], right.bare] as const),
		[() => [status.full, id], right.bare],
		[() => [status.brief, id], right.bare],
		[() => [status.brief, id], right.brief],
		...(isUnwell ? [] : ([[() => narrow, right.brief]] as const)),
		[() => [status.brief], right.brief],
		[() => [status.brief], right.short],
		...(isUrgent ? [] : ([[() => [status.brief], least]] as const)),
		// It must be clear that the values aren't the trainer's.
		...(state.component === 'trainer'
			? []
			: ([[() => narrow.slice(0, isUrgent ? 1 : 2), isUrgent ? right.short : least]] as const)),
		[() => [status.mark], right.short],
		[() => [], right.short],
		[() => [], linked.slice(0, 1)],
	];
	for (const [parts, end] of forms) {
		const withoutModel = lineWidth(join(parts([]), gap));
		const room = width - 2 - lineWidth(end) - withoutModel;
		const wantsModel = parts([span('x')]).length > 0 && lineWidth(join(parts([span('x')]), gap)) > withoutModel;
		const model = wantsModel ? modelSpans(deployment?.baseModel, room - 2) : [];
		if (model !== undefined && room >= 0) {
			const left = join(parts(model), gap);
			return [left.length === 0 ? fitLine(end, width) : spaceBetween(left, end, width)];
		}
	}

	return [fitLine(time, width)];
}

/** Returns the forms of the right side in a replay: its position and speed instead of the polling interval. */
function replayed(
	state: State,
	replay: Replay,
	{time, linked, zone}: {readonly time: Part; readonly linked: Part; readonly zone: Zone},
) {
	const {live} = state;
	const source = (room: Room): Part => replaySpans(replay, live.nowMs, zone, room);
	// A failure is more important than the window and its time.
	const isFailing = live.links.trainer.kind === 'failing';
	const second = isFailing ? linked : time;
	const last = isFailing ? linked : leastTimeSpans(state, zone);
	return {
		full: join([source('wide'), time, linked], separator),
		compact: join([source('usual'), time, linked], separator),
		// The date and the window, for headers of several lines.
		dated: join([source('dated'), last], separator),
		datedBriefly: join([source('dated briefly'), last], separator),
		bare: join([source('usual'), second], separator),
		brief: join([source('short'), second], separator),
		short: isFailing ? join([source('short'), linked.slice(0, 1)], separator) : source('short'),
	};
}

/** The minimum width to which a model's name is cut, in cells. */
const minModel = 12;

/**
 * Returns the model's name. If it doesn't fit, the owner is omitted, and the rest is cut if necessary. Empty if the
 * model is unknown; undefined if there is too little space.
 */
function modelSpans(model: string | undefined, room: number): Part | undefined {
	if (model === undefined) {
		return [];
	}

	if (textWidth(model) <= room) {
		return [span(model)];
	}

	const name = model.slice(model.lastIndexOf('/') + 1);
	return room >= minModel ? [span(cutNameEnd(name, room))] : undefined;
}

function severalLines(state: State, width: number, height: number, zone: Zone): readonly Line[] {
	const {deployment, link, nowMs} = activeView(state);
	const {id, status, size: sizeAlone, cost, busy} = summarizeDeployment(state);
	const statusLine =
		[status.full, status.brief].find(form => lineWidth(form) + 2 + lineWidth(id) <= width) ?? status.brief;
	const first = spaceBetween(statusLine, lineWidth(statusLine) + 2 + lineWidth(id) <= width ? id : [], width);
	const time = timeSpans(state, zone);
	const linked = linkSpans(state, link, zone, nowMs);
	const forms =
		state.replay === undefined
			? [join([time, linked], separator), join([timeSpans(state, zone, true), linked], separator)]
			: Object.values(replayed(state, state.replay, {time, linked, zone}));
	const fitting = forms.find(form => lineWidth(form) <= width);
	if (fitting === undefined && link.kind === 'failing') {
		return height === 2 ? [time, linked] : [first, time, linked];
	}

	const last = fitting ?? time;
	if (height === 2) {
		return [first, last];
	}

	// The utilization of the deployment matters more than its price, its size, or its model.
	const sized = join([sizeAlone, cost], separator);
	const fits = (left: Part, right: Part): boolean => lineWidth(left) + lineWidth(right) + 2 <= width;
	const [isBusy = []] = busy;
	const size =
		[sized, sizeAlone, ...(isBusy.length > 0 ? [[]] : [])].find(form => fits(isBusy, form)) ??
		[sized, sizeAlone].find(form => busy.some(left => fits(left, form))) ??
		sized;
	const left =
		busy.find(form => fits(form, size)) ?? modelSpans(deployment?.baseModel, width - lineWidth(size) - 2) ?? [];
	const dimmed = size.map(({text}) => span(text, 'dim'));
	return [first, spaceBetween(left, dimmed, width), last];
}
