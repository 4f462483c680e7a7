import {youngMs} from '../metrics/freshness.ts';
import {referenceOf} from '../state/reference.ts';
import type {Replay} from '../state/replay.ts';
import {activeView} from '../state/selectors.ts';
import type {Link, State} from '../state/state.ts';
import {formatMoment, type Zone, zoneMark} from '../text/clock-time.ts';
import {nameFailure} from '../text/failure-text.ts';
import {formatAge, formatFineAge, formatInterval, formatLatency} from '../text/format.ts';
import {symbols} from '../theme/theme.ts';
import {summarizeDeployment} from './deployment-summary.ts';
import {cutNameEnd, fitLine, type Line, lineWidth, padStart, type Span, spaceBetween, span, textWidth} from './line.ts';
import {type Room, replaySpans} from './replay-words.ts';

type Part = readonly Span[];

/**
 * Returns the state of the connection: the duration of the last request, or what failed and the time of the next
 * attempt.
 */
function linkSpans({replay}: State, link: Link, zone: Zone, nowMs: number): Part {
	switch (link.kind) {
		case 'connecting':
			// A replay makes no requests.
			return replay === undefined ? [span('connecting', 'warn')] : [];
		case 'ok':
		case 'no-metrics':
			// Has a fixed width, so that the header doesn't move.
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

/**
 * Returns the mode: live, paused, or history, or a mark if the word doesn't fit. It is live if the newest sample is
 * current; otherwise its age is shown.
 */
function modeSpans(state: State, isShort: boolean): Part {
	const {mode, replay} = state;
	const {snapshot, nowMs, window} = activeView(state);
	const age = snapshot.newestMs === undefined ? undefined : nowMs - snapshot.newestMs;
	const isOld = age !== undefined && age > youngMs(window);
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
 * Returns the window and its end, preceded by the age of its newest sample if that is old, or by how far it is in the
 * future; or the time of the cursor.
 */
function timeSpans(state: State, zone: Zone, isShort = false): Part {
	return [...momentSpans(state, zone, isShort), ...comparisonSpans(state)];
}

function momentSpans(state: State, zone: Zone, isShort: boolean): Part {
	const {window, snapshot, nowMs} = activeView(state);
	const {newestMs, atMs, endMs} = snapshot;
	const name = span(window.name, 'strong');
	const named = [...modeSpans(state, isShort), name];
	const mark = zoneMark(zone);
	if (atMs !== undefined) {
		return [...named, span(` at ${formatMoment(atMs, nowMs, zone)}${mark}`, 'selected')];
	}

	if (state.mode.kind === 'past') {
		return [...named, span(` to ${formatMoment(endMs, nowMs, zone)}${mark}`)];
	}

	if (newestMs === undefined) {
		return named;
	}

	const moment = span(` to ${formatMoment(newestMs, nowMs, zone)}${mark}`);
	const aheadMs = newestMs - nowMs;
	return aheadMs > Math.max(state.thresholds.staleMs, 3 * window.stepMs)
		? [...named, moment, span(` ${formatAge(aheadMs)} in the future`, 'warn')]
		: [...named, moment];
}

/** Names the comparison, and says if it isn't available. */
function comparisonSpans(state: State): Part {
	const {comparison, sideFailures} = state;
	if (comparison === 'off') {
		return [];
	}

	const words = comparison === 'window' ? `${activeView(state).window.name} before` : `${comparison} ago`;
	const isMissing = sideFailures.reference !== undefined && referenceOf(state) === undefined;
	return [span(` vs ${words}`, 'dim'), ...(isMissing ? [span(` ${symbols.broken}`, 'bad')] : [])];
}

/** Returns the age of the newest sample in a few characters. */
function ageSpans(state: State): Part {
	const {snapshot, nowMs} = activeView(state);
	return snapshot.newestMs === undefined ? [] : [span(`${formatAge(nowMs - snapshot.newestMs)} old`, 'warn')];
}

/**
 * Returns the header: the summary, the deployment, and how busy it is on the left; the window, the time of the newest
 * sample, and the last request on the right. It takes one line, or two or three on a narrow screen.
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
	const {deployment, link, nowMs, window} = activeView(state);
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
	const [isBusy = [], isBusyBriefly = []] = [busy[0], busy.at(-1)];
	const least: Line = [span(window.name, 'strong')];
	// A problem is more important than the deployment's id.
	const isUnwell = state.component === 'trainer' && status.brief.some(({tone}) => tone === 'warn' || tone === 'bad');
	// From wide to narrow; failures are never omitted.
	const forms: ReadonlyArray<readonly [left: (model: Part) => readonly Part[], right: Line]> = [
		[model => [status.full, id, model, size, cost, isBusy], right.full],
		[model => [status.full, id, model, size, cost, isBusy], right.compact],
		[() => [status.full, id, size, cost, isBusy], right.compact],
		[() => [status.full, id, cost, isBusy], right.compact],
		[() => [status.full, id, isBusy], right.compact],
		[() => [status.full, id, isBusy], right.bare],
		[() => [status.full, id, isBusyBriefly], right.bare],
		[() => [status.brief, id, isBusyBriefly], right.bare],
		[() => [status.full, id], right.bare],
		[() => [status.brief, id], right.bare],
		[() => [status.brief, id], right.brief],
		...(isUnwell ? [] : ([[() => narrow, right.brief]] as const)),
		[() => [status.brief], right.brief],
		[() => [status.brief], right.short],
		...(isUrgent ? [] : ([[() => [status.brief], least]] as const)),
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

/** Returns the right side in a replay: its position and speed instead of the polling interval. */
function replayed(
	{live}: State,
	replay: Replay,
	{time, linked, zone}: {readonly time: Part; readonly linked: Part; readonly zone: Zone},
) {
	const source = (room: Room): Part => replaySpans(replay, live.nowMs, zone, room);
	// A failure is more important than the end of the window.
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

/** The minimum width of a model's name. */
const leastModel = 12;

/** Returns the model's name in the available width, without its owner if that helps; undefined if it doesn't fit. */
function modelSpans(model: string | undefined, room: number): Part | undefined {
	if (model === undefined) {
		return [];
	}

	if (textWidth(model) <= room) {
		return [span(model)];
	}

	const name = model.slice(model.lastIndexOf('/') + 1);
	return room >= leastModel ? [span(cutNameEnd(name, room))] : undefined;
}

function severalLines(state: State, width: number, height: number, zone: Zone): readonly Line[] {
	const {deployment, link, nowMs} = activeView(state);
	const {id, status, size: sizeAlone, cost, busy} = summarizeDeployment(state);
	const size = join([sizeAlone, cost], separator);
	const verdict =
		[status.full, status.brief].find(form => lineWidth(form) + 2 + lineWidth(id) <= width) ?? status.brief;
	const first = spaceBetween(verdict, lineWidth(verdict) + 2 + lineWidth(id) <= width ? id : [], width);
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
	const dimmed = size.map(({text}) => span(text, 'dim'));
	if (height === 2) {
		return [first, last];
	}

	// How busy the deployment is matters more than which model it is.
	const isBusy = busy.find(form => lineWidth(form) + lineWidth(size) + 2 <= width);
	const model = isBusy ?? modelSpans(deployment?.baseModel, width - lineWidth(size) - 2) ?? [];
	return [first, spaceBetween(model, dimmed, width), last];
}
