// Longer than 250 lines because each message of the line above the keys has forms for all widths.

import {type ParsedFilter, parseFilter} from '../metrics/filter.ts';
import {newestTimes} from '../metrics/history.ts';
import {parseLogFilter} from '../metrics/log-filter.ts';
import {hasEndedRun} from '../metrics/rules/status.ts';
import type {Component} from '../state/component.ts';
import {listedRows} from '../state/overview-list.ts';
import {referenceOf} from '../state/reference.ts';
import {activeView, selectedWindow} from '../state/selectors.ts';
import {type TypedTime, targetTimeOf} from '../state/shown-range.ts';
import {findingsWindow, type Link, type State} from '../state/state.ts';
import {formatDay, formatMoment, formatSecond, type Zone, zoneMark} from '../text/clock-time.ts';
import {describeFailure, nameFailure} from '../text/failure-text.ts';
import {formatAge} from '../text/format.ts';
import {momentExamples} from '../text/moment.ts';
import {endedRunWords, noSamplesWords} from '../text/status-text.ts';
import {symbols} from '../theme/theme.ts';
import {findingLine, selectedDeploymentLine, shownFindings} from './finding-line.ts';
import {
	caret,
	cutEnd,
	firstFittingText,
	type Line,
	lineWidth,
	type Span,
	span,
	textWidth,
	truncateWords,
} from './line.ts';

type Typed = {readonly text: string; readonly mistake: string | undefined; readonly matches: string};

/**
 * Returns the filter being typed, for deployments, nodes, or logs, with the number of matches or the error; undefined
 * if none is being typed.
 */
function typedFilter(state: State): Typed | undefined {
	const {choices, logs} = state;
	const typed = (text: string, parsed: ParsedFilter<object>, fitting: number, all: number): Typed => ({
		text,
		mistake: parsed.kind === 'mistake' ? parsed.mistake : undefined,
		matches: `${fitting} of ${all} match`,
	});
	if (logs.filter.editing !== undefined) {
		const {text} = logs.filter;
		return typed(text, parseLogFilter(text), logs.visible.lines.length, logs.buffer.lines);
	}

	const {overview, deployments, overlay} = state;
	if (overlay.kind === 'deployments' && overview.filter.editing !== undefined) {
		const {text, conditions} = overview.filter;
		const listed = listedRows(state).length;
		return typed(
			text,
			{kind: 'filter', conditions: conditions.map(word => ({word}))},
			listed,
			deployments.list?.length ?? 0,
		);
	}

	const {nodes, snapshot} = activeView(state);
	const {filter} = choices;
	return filter.editing === undefined
		? undefined
		: typed(filter.text, parseFilter(filter.text), nodes.length, snapshot.nodes.length);
}

/**
 * Draws the line for typing a time: the text, followed by the resulting time, the reason why it can't be shown, or
 * examples if the text isn't a time. After Enter is pressed, the reason and the examples are drawn as errors.
 */
function timeLine(state: State, {text, isRefused}: TypedTime, width: number, zone: Zone): Line {
	const goal = targetTimeOf(state, text, zone);
	const tone = isRefused ? 'bad' : 'dim';
	switch (goal.kind) {
		case 'nothing':
			return inputLine('go to ', text, span(`such as ${momentExamples}`, 'dim'), width);
		case 'unreadable':
			return inputLine(
				'go to ',
				text,
				span(`${isRefused ? "isn't a time: use one " : ''}such as ${momentExamples}`, tone),
				width,
			);
		case 'unreachable':
			return inputLine('go to ', text, span(goal.why, tone), width);
		case 'time': {
			const {nowMs} = state.live;
			const when = `${formatDay(goal.timeMs, zone)} ${formatSecond(goal.timeMs, zone)}${zoneMark(zone)}`;
			const age = state.replay === undefined && goal.timeMs < nowMs ? `, ${formatAge(nowMs - goal.timeMs)} ago` : '';
			return inputLine('go to ', text, span(`${when}${age}`, 'dim'), width);
		}
	}
}

function filterLine({text, mistake, matches}: Typed, width: number): Line {
	return inputLine('/', text, span(mistake ?? matches, mistake === undefined ? 'dim' : 'bad'), width);
}

/** Draws a line for typing text: the text, followed by a message. If the text is too long, only its end is shown. */
function inputLine(prompt: string, text: string, {text: message, tone}: Span, width: number): Line {
	const room = Math.max(width - 5 - prompt.length - Math.min(textWidth(message), Math.floor(width / 2)), 8);
	const typed = [...text];
	const tail = typed.slice(Math.max(0, typed.length - room)).join('');
	const left: Line = [span(` ${prompt}`, 'accent'), span(tail, 'strong'), caret(), span('  ')];
	const words = truncateWords(message, Math.max(width - lineWidth(left) - 1, 0));
	return [...left, span(words, tone)];
}

/**
 * Returns the line above the keys: the time or filter that is being typed, the message about the last keypress or
 * problem (such as an emptied recording), or, in the overview, the line about the selected deployment. Otherwise, the
 * first of these that applies: a failed request, a problem or gap in a recording, the worst finding, missing metrics,
 * an unreadable field, an ended run, a missing comparison, a window that wasn't recorded, and points that were left
 * out. Empty if none applies.
 */
export function noticeLine(state: State, width: number, zone: Zone): Line {
	if (state.typedTime !== undefined) {
		return timeLine(state, state.typedTime, width, zone);
	}

	const typed = typedFilter(state);
	if (typed !== undefined) {
		return filterLine(typed, width);
	}

	const inner = Math.max(width - 4, 0);
	if (state.message !== undefined) {
		return [span(` ${symbols.dot} `, 'accent'), span(cutEnd(state.message, inner))];
	}

	if (state.overlay.kind === 'deployments') {
		return selectedDeploymentLine(state, width, zone);
	}

	const {component, live} = state;
	const {snapshot} = activeView(state);
	const found = shownFindings(state);
	for (const failing of component === 'trainer' ? (['trainer'] as const) : (['sampler', 'trainer'] as const)) {
		const link = live.links[failing];
		if (link.kind === 'failing' || link.kind === 'refused') {
			const forms = faultForms(state, failing, link, zone);
			return [span(` ${symbols.broken} `, 'bad'), span(firstFittingText(forms, inner), 'warn')];
		}
	}

	const {recording, replay} = state;
	if (replay?.ended?.why !== undefined) {
		return [span(` ! ${truncateWords(`the recording can't be read: ${replay.ended.why}`, inner)}`, 'warn')];
	}

	const silence = silenceWords(state, zone);
	if (silence !== undefined) {
		return [span(` ${symbols.waiting} ${firstFittingText(silence, inner)}`, 'warn')];
	}

	if (recording.kind === 'stopped' && !recording.isSeen) {
		return [span(` ! ${truncateWords(`the recording stopped: ${recording.why} ${symbols.dot} esc`, inner)}`, 'warn')];
	}

	if (found.length > 0) {
		return findingLine(state, found, width, zone);
	}

	if (component === 'trainer' && live.links.trainer.kind === 'no-metrics') {
		const forms = [
			'the server has no metrics for this deployment now',
			'the server has no metrics now',
			'no metrics now',
		];
		return [span(` ${symbols.waiting} ${firstFittingText(forms, inner)}`, 'warn')];
	}

	const [problem] = snapshot.problems;
	if (problem !== undefined) {
		// These messages are about the received data, not about the run.
		const forms = [
			`the server's ${problem.field} ${problem.problem}`,
			`${problem.field} is unreadable`,
			'data is unreadable',
		];
		return [span(` ${symbols.dot} `, 'accent'), span(firstFittingText(forms, inner))];
	}

	if (hasEndedRun(live.deployment, state.run?.run)) {
		return [
			span(` ${symbols.mark} `, 'bad'),
			span(firstFittingText([endedRunWords, 'the run is INACTIVE: it has ended', 'the run has ended'], inner), 'warn'),
		];
	}

	const missing = missingReferenceWords(state, zone);
	if (missing !== undefined) {
		return [span(` ! ${firstFittingText(missing, inner)}`, 'warn')];
	}

	const gap = gapWords(state);
	if (gap !== undefined) {
		return [
			span(` ${symbols.dot} `, 'accent'),
			span(firstFittingText([gap, 'assembled from other windows', 'assembled'], inner), 'dim'),
		];
	}

	const {dropped} = snapshot;
	if (dropped > 0) {
		const [points, are] = dropped === 1 ? ['point', 'is'] : ['points', 'are'];
		const left = `${dropped} ${points} left out`;
		const forms = [
			`${dropped} ${points} of the last response ${are} left out: unreadable, or in the future`,
			`${dropped} invalid ${points} left out`,
			left,
		];
		return [span(` ${symbols.dot} `, 'accent'), span(firstFittingText(forms, inner))];
	}

	return [];
}

/**
 * Says why the view can't be compared, in forms from long to short; undefined if it can be, if nothing is compared, or
 * if the response is pending.
 */
function missingReferenceWords(state: State, zone: Zone): readonly string[] | undefined {
	const {choices, sideFailures, live, replay} = state;
	const {comparison} = choices;
	const what = comparison === 'window' ? 'the previous window' : comparison === '1d' ? 'a day ago' : 'a week ago';
	const fault = sideFailures.reference;
	const reference = referenceOf(state);
	if (comparison === 'off') {
		return undefined;
	}

	if (reference === undefined) {
		const again = fault?.nextAtMs === undefined ? '' : `, retry ${formatMoment(fault.nextAtMs, live.nowMs, zone)}`;
		const cant = `can't compare with ${what}`;
		return fault && [`${cant}: ${describeFailure(fault.failure)}${again}`, cant, "can't compare"];
	}

	return newestTimes(reference.history).length === 0
		? [
				`nothing to compare with: ${replay === undefined ? 'the API has' : 'the recording has'} ${noSamplesWords(reference.history)} from ${what}`,
				'nothing to compare with',
			]
		: undefined;
}

/** Describes why a component's requests fail, when that began, and how to retry, in forms from long to short. */
function faultForms(
	{component, live, replay}: State,
	failing: Component,
	link: Extract<Link, {kind: 'failing' | 'refused'}>,
	zone: Zone,
): readonly string[] {
	const {failure, sinceMs, receivedMs} = link;
	const ageMs = live.nowMs - sinceMs;
	const age = ageMs < 60_000 ? '' : ` (${formatAge(ageMs)})`;
	const moment = formatMoment(sinceMs, live.nowMs, zone);
	const [since, aged] = receivedMs === undefined ? ['', ''] : [`, since ${moment}`, `, since ${moment}${age}`];
	const means = replay === undefined ? ` ${symbols.dot} r retries now` : '';
	const whose = component === 'trainer' ? (failure.kind === 'status' ? 'API: ' : '') : `the ${failing}: `;
	const [what, name] = [`${whose}${describeFailure(failure)}`, nameFailure(failure)];
	const full = `${what}${aged}${means}`;
	// The reason is more important than how to retry, because the nodes pane shows the reason only in free rows.
	return [full, `${what}${since}`, `${name}${since}${means}`, `${name}${since}`, what];
}

/**
 * Says when the current gap in the recording ends, in forms from long to short; undefined if playback isn't in a gap.
 */
function silenceWords({replay, live}: State, zone: Zone): readonly string[] | undefined {
	const endMs = replay?.gapEndMs;
	if (endMs === undefined || endMs <= live.nowMs || replay?.ended !== undefined) {
		return undefined;
	}

	const until = `until ${formatMoment(endMs, live.nowMs, zone)}`;
	return [`nothing was recorded ${until}`, `nothing ${until}`];
}

/**
 * Says that the window wasn't recorded, so its data comes from other windows; undefined if it was recorded, if it is
 * the window on which findings are based, or if nothing is being replayed.
 */
function gapWords(state: State): string | undefined {
	const {replay, mode} = state;
	const {name} = selectedWindow(state);
	if (replay === undefined || name === replay.recordedWindow || name === findingsWindow.name) {
		return undefined;
	}

	const of = mode.kind === 'past' ? `this ${name} range` : `the ${name} window`;
	return `${of} wasn't recorded here; it's assembled from other windows`;
}
