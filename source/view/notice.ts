import {newestTimes} from '../metrics/history.ts';
import {hasEndedRun} from '../metrics/rules/status.ts';
import {chosenPosition} from '../state/choose.ts';
import type {Component} from '../state/component.ts';
import {listedRows} from '../state/overview-list.ts';
import {referenceOf} from '../state/reference.ts';
import {
	activeView,
	canHaveNewerCheckpoints,
	lastCheckpoint,
	selectedWindow,
	shownCost,
	shownTimeMs,
} from '../state/selectors.ts';
import {findingsWindow, type Link, type State} from '../state/state.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {rateWords} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {clauseSince, describeFinding, sinceWords} from '../text/finding-text.ts';
import {formatAge} from '../text/format.ts';
import {endedRunWords, lastCheckpointParts} from '../text/status-text.ts';
import {symbols} from '../theme/theme.ts';
import {findingLine, isOnsetObserved, shownFindings} from './finding-line.ts';
import {filterLine, timeLine, typedFilter} from './input-line.ts';
import {cutEnd, type Line, lineWidth, span, textWidth, truncateWords} from './line.ts';

/**
 * Returns the status line, by priority: a failure, a stopped recording, the worst finding, unreadable points. A filter
 * that is being typed and the result of the last key come first. Empty if there is nothing to say.
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
			const words = faultWords(state, failing, link, zone);
			return [span(` ${symbols.broken} `, 'bad'), span(truncateWords(words, inner), 'warn')];
		}
	}

	const {recording, replay} = state;
	if (replay?.ended?.why !== undefined) {
		return [span(` ! ${truncateWords(`the recording can't be read: ${replay.ended.why}`, inner)}`, 'warn')];
	}

	const silence = silenceWords(state, zone);
	if (silence !== undefined) {
		return [span(` ${symbols.waiting} ${truncateWords(silence, inner)}`, 'warn')];
	}

	if (recording.kind === 'stopped' && !recording.isSeen) {
		return [span(` ! ${truncateWords(`the recording stopped: ${recording.why} ${symbols.dot} esc`, inner)}`, 'warn')];
	}

	if (found.length > 0) {
		return findingLine(state, found, width, zone);
	}

	if (component === 'trainer' && live.links.trainer.kind === 'no-metrics') {
		return [
			span(` ${symbols.waiting} ${truncateWords('the server has no metrics for this deployment now', inner)}`, 'warn'),
		];
	}

	const [problem] = snapshot.problems;
	if (problem !== undefined) {
		// About the received data, not about the run.
		const forms = [
			`the server's ${problem.field} ${problem.problem}`,
			`${problem.field} is unreadable`,
			'data is unreadable',
		];
		const words = forms.find(form => textWidth(form) <= inner) ?? '';
		return [span(` ${symbols.dot} `, 'accent'), span(truncateWords(words, inner))];
	}

	const {live: known, run} = state;
	if (hasEndedRun(known.deployment, run?.run)) {
		return [span(` ${symbols.mark} `, 'bad'), span(truncateWords(endedRunWords, inner), 'warn')];
	}

	const missing = missingReferenceWords(state, zone);
	if (missing !== undefined) {
		return [span(` ! ${truncateWords(missing, inner)}`, 'warn')];
	}

	const gap = gapWords(state);
	if (gap !== undefined) {
		return [span(` ${symbols.dot} `, 'accent'), span(truncateWords(gap, inner), 'dim')];
	}

	const {dropped} = snapshot;
	if (dropped > 0) {
		const points = dropped === 1 ? 'point' : 'points';
		const words = `${dropped} ${points} left out of the last response: unreadable, or in the future`;
		return [span(` ${symbols.dot} `, 'accent'), span(truncateWords(words, inner))];
	}

	return [];
}

/**
 * Says why the view can't be compared; undefined if it can be, if nothing is compared, or if the response is pending.
 */
function missingReferenceWords(state: State, zone: Zone): string | undefined {
	const {comparison, sideFailures, live, replay} = state;
	const what = comparison === 'window' ? 'the previous window' : comparison === '1d' ? 'a day ago' : 'a week ago';
	const fault = sideFailures.reference;
	const reference = referenceOf(state);
	if (comparison === 'off') {
		return undefined;
	}

	if (reference === undefined) {
		const again = fault?.nextAtMs === undefined ? '' : `, retry ${formatMoment(fault.nextAtMs, live.nowMs, zone)}`;
		return fault && `can't compare with ${what}: ${describeFailure(fault.failure)}${again}`;
	}

	return newestTimes(reference.history).length === 0
		? `nothing to compare with: ${replay === undefined ? 'the API has' : 'the recording has'} no samples from ${what}`
		: undefined;
}

/** Describes the findings of the deployment selected in the overview, or why its last request failed. */
function selectedDeploymentLine(state: State, width: number, zone: Zone): Line {
	const row = listedRows(state)[chosenPosition(state)];
	const {nowMs} = state.live;
	if (row?.link.kind === 'failing' || row?.link.kind === 'refused') {
		const {failure, sinceMs} = row.link;
		const words = `${row.deployment.id}: ${describeFailure(failure)}, since ${formatMoment(sinceMs, nowMs, zone)}`;
		return [span(` ${symbols.broken} `, 'bad'), span(truncateWords(words, width - 4), 'warn')];
	}

	const [worst] = row?.findings ?? [];
	if (row === undefined || worst === undefined) {
		return [];
	}

	const mark = worst.state === 'unknown' ? span(' ? ', 'warn') : span(` ${symbols.mark} `, 'bad');
	const since = isOnsetObserved(worst) ? sinceWords(worst, nowMs, zone) : '';
	const dated = since === '' ? describeFinding(worst).what : clauseSince(worst, describeFinding(worst), since);
	return [mark, span(truncateWords(`${row.deployment.id}: ${dated}`, width - 4), 'warn')];
}

/**
 * Returns the end of the line, which says in how many pieces the metrics were requested; empty if they weren't
 * requested in pieces, or if it doesn't fit.
 */
function piecesEnd(state: State, before: Line, width: number): Line {
	const {pieces} = activeView(state).snapshot;
	const words =
		pieces > 1 ? `${before.length > 0 ? ` ${symbols.dot} ` : ' '}metrics requested in ${pieces} pieces` : '';
	return words !== '' && lineWidth(before) + words.length < width ? [span(words, 'dim')] : [];
}

/** The minimum width at which both the findings and the last checkpoint are spelled out. */
const bothFrom = 60;

/**
 * Returns the line that says that there are no findings (if that is known), describes the last checkpoint of the run,
 * and says whether the metrics were too large for one response.
 */
export function noFindingsLine(state: State, width: number): Line {
	if (state.overlay.kind === 'deployments') {
		return [];
	}

	const line = wellWords(state, width);
	return [...line, ...piecesEnd(state, line, width)];
}

function wellWords(state: State, width: number): Line {
	const {live, component, mode} = state;
	// In the past, those of the range on the screen, once it is loaded.
	const {isEvaluated, current, resolved} = activeView(state).findings;
	const isEmpty = current.length === 0 && (mode.kind !== 'past' || resolved.length === 0);
	const isKnown = isEvaluated && isEmpty && live.links.trainer.kind === 'ok';
	const well: Line =
		isKnown && component === 'trainer' ? [span(` ${symbols.well} `, 'good'), span('no findings', 'dim')] : [];
	const last = lastCheckpoint(state);
	const timeMs = shownTimeMs(state);
	if (last === undefined) {
		return withRate(state, well, width);
	}

	// On a narrow screen, the mark says the same.
	const brief = width < bothFrom ? well.slice(0, 1) : well;
	const before = brief.length === well.length ? span(` ${symbols.dot} `, 'dim') : span('');
	const room = Math.max(width - lineWidth([...brief, before]) - 1, 0);
	const parts = lastCheckpointParts(last, timeMs, canHaveNewerCheckpoints(state, timeMs));
	const forms = parts.map((_, index) => parts.slice(0, parts.length - index).join(` ${symbols.dot} `));
	const words = forms.find(form => textWidth(form) <= room) ?? truncateWords(parts[0] ?? '', room);
	return withRate(state, [...brief, before, span(words, 'dim')], width);
}

/** The minimum width at which the header has space for the cost per hour. */
const rateInHeaderFrom = 120;

/** Adds the cost per hour if there is space for it here but not in the header. */
function withRate(state: State, line: Line, width: number): Line {
	const cost = shownCost(state);
	const words = cost?.perHour === undefined ? '' : rateWords(cost.perHour, cost.price.source);
	const before = line.length === 0 ? ' ' : ` ${symbols.dot} `;
	const isNeeded = words !== '' && width < rateInHeaderFrom;
	return isNeeded && lineWidth(line) + before.length + words.length < width
		? [...line, span(before + words, 'dim')]
		: line;
}

/** Describes why a component's requests fail, since when, and when the next attempt is. */
function faultWords(
	{component, live, replay}: State,
	failing: Component,
	link: Extract<Link, {kind: 'failing' | 'refused'}>,
	zone: Zone,
): string {
	const ageMs = live.nowMs - link.sinceMs;
	const age = ageMs < 60_000 ? '' : ` (${formatAge(ageMs)})`;
	const since = link.receivedMs !== undefined ? `, since ${formatMoment(link.sinceMs, live.nowMs, zone)}${age}` : '';
	const whose = component === 'trainer' ? '' : `the ${failing}: `;
	const means = replay === undefined ? ` ${symbols.dot} r retries now` : '';
	return `${whose}${describeFailure(link.failure)}${since}${means}`;
}

/** Says that playback is in a gap of the recording; undefined if playback isn't in a gap. */
function silenceWords({replay, live}: State, zone: Zone): string | undefined {
	const endMs = replay?.gapEndMs;
	return endMs === undefined || endMs <= live.nowMs || replay?.ended !== undefined
		? undefined
		: `nothing was recorded until ${formatMoment(endMs, live.nowMs, zone)}`;
}

/** Describes what the recording doesn't contain; undefined if nothing is missing. */
function gapWords(state: State): string | undefined {
	const {replay, mode} = state;
	const {name} = selectedWindow(state);
	if (replay === undefined || name === replay.recordedWindow || name === findingsWindow.name) {
		return undefined;
	}

	const of = mode.kind === 'past' ? `${name} to then` : name;
	return `${of} wasn't recorded here; assembled from other windows`;
}
