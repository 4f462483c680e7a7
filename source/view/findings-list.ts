import type {Finding} from '../metrics/findings.ts';
import {toMs} from '../state/logs.ts';
import {activeView, costOf} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {lastErrorBefore, listed, listedPosition} from '../state/timeline.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {idleCostWords} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {describeFinding, type FindingWords, findingClause, sinceWords} from '../text/finding-text.ts';
import {findingMark, findingTone} from './finding-markers.ts';
import {
	cutNameStart,
	firstFitting,
	type Line,
	lineWidth,
	padEnd,
	rowMark,
	scrollOffset,
	spaceBetween,
	span,
	textWidth,
	truncateWords,
	wrapWords,
} from './line.ts';
import type {HitTarget} from './pane-content.ts';
import {eventLine, type TimelineLineOptions} from './timeline-lines.ts';

/** The list of findings: the active ones, the unknown ones, and those that are over, with one selected. */
type FindingsView = {
	readonly count: string;
	readonly lines: readonly Line[];
	readonly targets: ReadonlyArray<HitTarget | undefined>;
};

const usualNameWidth = 16;

/** The minimum width at which a finding has one line instead of two. */
const oneLineFrom = 76;

/** A row of the list: its lines and its key; headings and other text have no key. */
type Block = {readonly lines: readonly Line[]; readonly key: string | undefined};

/** Lays out the findings and, below them, the other events in the time range on the screen, newest first. */
export function findingsView(state: State, width: number, height: number, zone: Zone): FindingsView {
	const rows = listed(state);
	const position = listedPosition(state);
	const {nowMs} = state.live;
	const blocks = rows.map((row, index): Block => {
		const how = {isSelected: index === position, width, nowMs, zone, lastError: lastErrorWords(state, zone)};
		const lines =
			row.kind === 'finding'
				? [...findingLines(row.finding, how), ...idleLines(state, row.finding, width)]
				: [eventLine(row, how)];
		return {lines, key: row.key};
	});
	const findings = rows.filter(({kind}) => kind === 'finding').length;
	const all = [
		...(findings === 0 ? [saidBlock(noFindingsWords(state), width)] : blocks.slice(0, findings)),
		headingOf(state, width, zone),
		...(findings === rows.length ? [saidBlock('nothing else', width)] : blocks.slice(findings)),
		...missingErrors(state, width, zone),
	];
	const lines = all.flatMap(block => block.lines.map(line => ({line, key: block.key})));
	const selected = lines.findIndex(({key}) => key !== undefined && key === rows[position]?.key);
	const first = scrollOffset(Math.max(selected, 0), lines.length, height);
	const shown = lines.slice(first, first + height);
	return {
		count: countWords(state),
		lines: shown.map(({line}) => line),
		targets: shown.map(({key}) => (key === undefined ? undefined : {kind: 'finding', key})),
	};
}

/** Returns what an idle deployment has cost, and the command that ends its run; an empty string for other findings. */
export function idleWords(state: State, finding: Finding): string {
	const {views, live, mode} = state;
	if (finding.rule !== 'idle-deployment' || finding.state !== 'active' || mode.kind === 'past') {
		return '';
	}

	const cost = costOf(state, 'trainer', views.trainer);
	return idleCostWords([finding], {cost, runId: live.deployment?.runId, nowMs: live.nowMs}) ?? '';
}

/** Returns these words as lines, to be shown below the finding. */
function idleLines(state: State, finding: Finding, width: number): readonly Line[] {
	const words = idleWords(state, finding);
	if (words === '') {
		return [];
	}

	return wrapWords(words, Math.max(width - 4, 1)).map(text => [span(`   ${text}`, 'dim')]);
}

function saidBlock(text: string, width: number): Block {
	return {lines: [[span(`   ${truncateWords(text, width - 4)}`, 'dim')]], key: undefined};
}

/** Says that there are no findings, or that there isn't enough data yet to find any. */
function noFindingsWords(state: State): string {
	return activeView(state).findings.isEvaluated ? 'no findings' : 'findings are unknown so far';
}

/** Returns the heading of the timeline, with its time range. */
function headingOf(state: State, width: number, zone: Zone): Block {
	const {startMs, endMs, complete, window} = activeView(state).snapshot;
	const {nowMs} = state.live;
	const range = complete ? `, ${formatMoment(startMs, nowMs, zone)} to ${formatMoment(endMs, nowMs, zone)}` : '';
	const text = firstFitting(
		[[span(` What happened in ${window.name}${range}`, 'strong')], [span(' What happened', 'strong')]],
		width,
	);
	return {lines: [[], text], key: undefined};
}

/** Says which errors in the logs are missing from the timeline; empty if it has all of them. */
function missingErrors(state: State, width: number, zone: Zone): readonly Block[] {
	const {logErrors, sideFailures, replay, live} = state;
	const fault = sideFailures.logErrors;
	if (fault !== undefined) {
		return [saidBlock(`errors in the logs are unknown: ${describeFailure(fault.failure)}`, width)];
	}

	if (replay !== undefined) {
		return [];
	}

	if (logErrors === undefined) {
		return [saidBlock('errors in the logs: loading', width)];
	}

	const [oldest] = logErrors.lines;
	return logErrors.isCut && oldest !== undefined
		? [
				saidBlock(
					`errors in the logs before ${formatMoment(toMs(oldest.timeNs), live.nowMs, zone)} aren't loaded`,
					width,
				),
			]
		: [];
}

/** Returns the numbers of findings: `2 active, 1 unknown, 3 resolved`; for an earlier range, the number in it. */
function countWords(state: State): string {
	const {current, resolved} = activeView(state).findings;
	if (state.mode.kind === 'past') {
		return `${current.length + resolved.length} found here`;
	}

	const active = current.filter(finding => finding.state === 'active').length;
	const unknown = current.length === active ? [] : [`${current.length - active} unknown`];
	return [`${active} active`, ...unknown, `${resolved.length} resolved`].join(', ');
}

/**
 * Draws a finding: its rule, its text, and its time, in one line or, if the pane is narrow, the text below the rule.
 * The text takes at most `most` lines; with 0, the finding takes a single line at any width.
 */
export function findingLines(finding: Finding, how: TimelineLineOptions): readonly Line[] {
	const {isSelected, width, nowMs, zone, lastError, nameWidth = usualNameWidth, most = Number.POSITIVE_INFINITY} = how;
	const isOver = finding.state === 'resolved';
	const mark = isOver ? ' ' : findingMark(finding);
	const words = describeFinding(finding, name => cutNameStart(name, Math.max(8, width - 30)));
	const since = `${sinceWords(finding, nowMs, zone)} `;
	const textIn = (room: number, lines: number): readonly string[] =>
		fittingText(finding, withLastError(finding, words, lastError), room, lines);
	const tone = isOver ? 'dim' : 'plain';
	const headIn = (columns: number): Line => [
		rowMark(isSelected),
		span(`${mark} `, finding.state === 'unknown' ? 'warn' : findingTone(finding)),
		span(padEnd(finding.rule, columns), isSelected ? 'selected' : isOver ? 'dim' : 'strong'),
	];
	if (width < oneLineFrom && most === 0) {
		const head = headIn(textWidth(finding.rule) + 2);
		const [line = ''] = textIn(width - lineWidth(head), 1);
		return [[...head, span(line, tone)]];
	}

	if (width < oneLineFrom) {
		return [
			spaceBetween(headIn(nameWidth), [span(textWidth(since) + 16 <= width ? since : '', 'dim')], width),
			...textIn(width - 4, most).map((line): Line => [span('   '), span(line, tone)]),
		];
	}

	// The first line ends with the time, so that the others are longer.
	const room = width - nameWidth - 4 - textWidth(since);
	const all = textIn(room, Math.max(most, 1));
	const [first = '', ...others] = all.length === 1 ? all : wrapAround(all.join(' '), room, width - nameWidth - 4);
	return [
		spaceBetween([...headIn(nameWidth), span(first, tone)], [span(since, 'dim')], width),
		...others.map((line): Line => [span(' '.repeat(nameWidth + 3)), span(line, tone)]),
	];
}

/** Wraps text whose first line has a different width than the others. */
function wrapAround(text: string, firstWidth: number, width: number): readonly string[] {
	const [first = ''] = wrapWords(text, Math.max(firstWidth, 1));
	const rest = text.slice(first.length).trimStart();
	return [first, ...(rest === '' ? [] : wrapWords(rest, Math.max(width, 1)))];
}

/**
 * Returns the text of a finding in at most `most` lines: the longest form that fits as a whole. Only a hint is cut if
 * what comes before it fits; everything else only if not even the shortest form fits.
 */
function fittingText(finding: Finding, words: FindingWords, width: number, most: number): readonly string[] {
	const {what, brief, hint} = words;
	const wrap = (text: string): readonly string[] => wrapWords(text, Math.max(width, 1));
	const compared = findingClause({...words, hint: ''});
	const clause = compared + hint;
	const lines = wrap(clause);
	if (lines.length <= most) {
		return lines;
	}

	const fits = (text: string, count: number): boolean => {
		const wrapped = wrap(text);
		return wrapped.length <= count && wrapped.join(' ') === text;
	};
	if (hint !== '' && fits(compared, most - 1)) {
		return [...lines.slice(0, most - 1), truncateWords(lines.slice(most - 1).join(' '), width)];
	}

	// When the storage will be full matters more than how full it is.
	const forms = finding.rule === 'disk-growth' ? [compared, brief, what] : [compared, what, brief];
	const text = forms.find(form => fits(form, most));
	return text === undefined ? [truncateWords(brief, width)] : wrap(text);
}

/**
 * Describes the last error in the logs of a failed deployment: its time and its last line, which contains the error in
 * tracebacks.
 */
export function lastErrorWords(state: State, zone: Zone): string {
	const line = lastErrorBefore(state);
	const text = line?.message.trimEnd().split('\n').at(-1)?.trim() ?? '';
	return line === undefined || text === ''
		? ''
		: `last error in the logs, ${formatMoment(toMs(line.timeNs), state.live.nowMs, zone)}: ${text}`;
}

/**
 * Returns the text of a finding; the text of a failure ends with the last error in the logs, instead of the hint to
 * read them.
 */
export function withLastError(finding: Finding, words: FindingWords, lastError: string): FindingWords {
	const isFailure = finding.rule === 'status' && !finding.ofRun && finding.status === 'FAILED';
	return isFailure && lastError !== '' ? {...words, hint: `; ${lastError}`} : words;
}
