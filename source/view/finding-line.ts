import {type Finding, nodeOf} from '../metrics/findings.ts';
import {chosenPosition, listedRows} from '../state/overview-list.ts';
import {activeView, canHaveNewerCheckpoints, lastCheckpoint, shownCost, shownTimeMs} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {rateWords} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {clauseSince, sinceWords} from '../text/finding-sentence.ts';
import {describeFinding, type FindingWords} from '../text/finding-text.ts';
import {formatTimeLeft, withNoun} from '../text/format.ts';
import {lastCheckpointParts} from '../text/status-text.ts';
import {symbols} from '../theme/theme.ts';
import {cutNameStart} from './distinct-name.ts';
import {findingMark, findingTone} from './finding-markers.ts';
import {idleWords, lastErrorWords} from './findings-list.ts';
import {
	firstFitting,
	firstFittingText,
	type Line,
	lineWidth,
	spaceBetween,
	span,
	textWidth,
	truncateWords,
} from './line.ts';
import {withLastError, withoutRepeats} from './timeline-lines.ts';

/** The minimum width, in cells, to which a node's name is cut; shorter names might not be distinguishable. */
const minName = 8;

/** The widths, in cells, to which names of nodes are cut if there is little space. */
const briefNames = [32, 16, 12, 10, 8];

/** The minimum width, in cells, at which a long error is cut rather than omitted. */
const minForError = 100;

/**
 * Returns the findings that are active or unknown and, for an earlier time range, also those that ended within it. A
 * nearly full disk whose use also grows is included only once.
 */
export function shownFindings(state: State): readonly Finding[] {
	const {current, resolved} = activeView(state).findings;
	const shown = withoutRepeats(current);
	return state.mode.kind === 'past' ? [...shown, ...resolved] : shown;
}

/**
 * Returns the first finding, which is the worst, in as many words as fit, and, on a screen with at least 60 columns,
 * the number of findings if there is space for it. Empty without findings.
 */
export function findingLine(state: State, found: readonly Finding[], width: number, zone: Zone): Line {
	const [worst] = found;
	if (worst === undefined) {
		return [];
	}

	const count: Line = [span(`${withNoun(found.length, 'finding')} ${symbols.dot} n `, 'dim')];
	const tone = findingTone(worst);
	const textsFor = (room: number): readonly Line[] => {
		const since = isOnsetObserved(worst) ? sinceWords(worst, state.live.nowMs, zone) : '';
		const described = describeFinding(worst);
		const words = withLastError(worst, described, lastErrorWords(state, zone));
		const dated = (named: FindingWords): string => (since === '' ? named.what : clauseSince(worst, named, since));
		const {what, comparison, hint} = words;
		const node = nodeOf(worst) ?? '';
		const around = textWidth(what) - textWidth(node);
		const cut = (rest: number): FindingWords =>
			describeFinding(worst, name => cutNameStart(name, Math.max(minName, room - around - rest)));
		const name = worst.rule;
		const idle = idleWords(state, worst);
		// If only one of the two fits, the amount is more useful than the command.
		const idleForms = idle === '' ? [] : [idle, idle.split('; ')[0] ?? idle];
		const briefForms = briefNames.map(
			least => `${name}  ${describeFinding(worst, id => cutNameStart(id, least)).brief}`,
		);
		return [
			...idleForms.map(clause => `${name}  ${dated(words)}; ${clause}`),
			...idleForms.slice(1).flatMap(clause => [`${name}  ${what}; ${clause}`, `${what}; ${clause}`]),
			...(comparison === '' ? [] : [`${name}  ${dated(words)}, ${comparison}`]),
			...(hint === '' ? [] : [`${name}  ${dated(words)}${hint}`]),
			// The header shows the status and how long it has lasted.
			...(hint === described.hint ? [] : [`failed${hint}`]),
			// The beginning of a long error is better than nothing.
			...(hint.startsWith(';') && room >= minForError ? [truncateWords(`${name}  ${dated(words)}${hint}`, room)] : []),
			// The time until the storage or the RAM is full is more important than how long its use has been growing.
			...('fullInMs' in worst && worst.fullInMs !== undefined
				? [
						`${name}  ${dated(words)}, full in ${formatTimeLeft(worst.fullInMs)}`,
						`${dated(words)}, full in ${formatTimeLeft(worst.fullInMs)}`,
						`${name}  ${words.brief}`,
						...briefForms,
					]
				: []),
			`${name}  ${dated(words)}`,
			// The header of a narrow screen also shows how long there have been findings.
			...(width < 60 ? [`${name}  ${cut(textWidth(name) + 2).what}`] : []),
			dated(words),
			dated(cut(textWidth(dated(words)) - textWidth(what))),
			...(width < 60 ? [] : [cut(0).what]),
			...briefForms,
			// Users recognize rules by these words.
			words.brief,
			...briefNames.map(least => describeFinding(worst, id => cutNameStart(id, least)).brief),
		].map(text => [span(text, tone === 'plain' ? 'plain' : 'warn')]);
	};
	const mark = span(` ${findingMark(worst)} `, worst.state === 'unknown' ? 'warn' : tone);
	const room = width - lineWidth(count) - 4;
	const text = width < 60 ? undefined : textsFor(room).find(form => lineWidth(form) <= room);
	if (text !== undefined) {
		return spaceBetween([mark, ...text], count, width);
	}

	const [alone = span('')] = firstFitting(textsFor(width - 4), width - 4);
	return [mark, span(truncateWords(alone.text, width - 4), alone.tone)];
}

/**
 * Returns whether to show when a finding began: always, except for a status whose beginning wasn't observed, because
 * the server doesn't report when a status began.
 */
function isOnsetObserved({rule, sinceIsLowerBound}: Finding): boolean {
	return (rule !== 'status' && rule !== 'sampler-status') || !sinceIsLowerBound;
}

/**
 * Says why the last request for the deployment selected in the overview failed, or otherwise describes the worst
 * finding of that deployment. Empty without a failure or finding.
 */
export function selectedDeploymentLine(state: State, width: number, zone: Zone): Line {
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
 * Returns the end of the line: the number of pieces in which the metrics were requested. Empty if there was only one
 * piece, or if the text doesn't fit.
 */
function piecesEnd(state: State, before: Line, width: number): Line {
	const {pieces} = activeView(state).snapshot;
	const words =
		pieces > 1 ? `${before.length > 0 ? ` ${symbols.dot} ` : ' '}metrics requested in ${pieces} pieces` : '';
	return words !== '' && lineWidth(before) + words.length < width ? [span(words, 'dim')] : [];
}

/** The minimum width at which both `no findings` and the last checkpoint are spelled out. */
const bothFrom = 60;

/**
 * Returns the line that says that there are no findings (if that is known), describes the last checkpoint of the run,
 * and, if there is space, contains the cost per hour and the number of pieces in which the metrics were requested.
 * Empty in the overview.
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
	// For an earlier range on the screen, these are the findings of that range, once it is loaded.
	const {isEvaluated, current, resolved} = activeView(state).findings;
	const isEmpty = current.length === 0 && (mode.kind !== 'past' || resolved.length === 0);
	const isKnown = isEvaluated && isEmpty && live.links.trainer.kind === 'ok';
	const well: Line =
		isKnown && component === 'trainer' ? [span(` ${symbols.well} `, 'good'), span('no findings', 'dim')] : [];
	const last = lastCheckpoint(state);
	const timeMs = shownTimeMs(state);
	const isPast = timeMs < activeView(state).nowMs;
	if (last === undefined) {
		return withRate(state, well, width);
	}

	// On a narrow screen, the mark alone means "no findings".
	const brief = width < bothFrom ? well.slice(0, 1) : well;
	const before = brief.length === well.length ? span(` ${symbols.dot} `, 'dim') : span('');
	const room = Math.max(width - lineWidth([...brief, before]) - 1, 0);
	const parts = lastCheckpointParts(last, timeMs, canHaveNewerCheckpoints(state, timeMs), isPast);
	const forms = parts.map((_, index) => parts.slice(0, parts.length - index).join(` ${symbols.dot} `));
	return withRate(state, [...brief, before, span(firstFittingText(forms, room), 'dim')], width);
}

/** The minimum width of the screen at which the header is expected to have space for the cost per hour. */
const rateInHeaderFrom = 120;

/** Adds the cost per hour if there is space for it here and the screen is too narrow for it in the header. */
function withRate(state: State, line: Line, width: number): Line {
	const cost = shownCost(state);
	const words = cost?.perHour === undefined ? '' : rateWords(cost.perHour, cost.price.source);
	const before = line.length === 0 ? ' ' : ` ${symbols.dot} `;
	const isNeeded = words !== '' && width < rateInHeaderFrom;
	return isNeeded && lineWidth(line) + before.length + words.length < width
		? [...line, span(before + words, 'dim')]
		: line;
}
