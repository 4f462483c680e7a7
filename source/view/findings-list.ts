import type {Finding} from '../metrics/findings.ts';
import {toMs} from '../state/logs.ts';
import {activeView, costOf} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {lastErrorBefore, lastErrorText, listed, listedPosition} from '../state/timeline.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {idleCostWords} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {noFindingsWords} from '../text/status-text.ts';
import {firstFitting, type Line, scrollOffset, span, wrapWords} from './line.ts';
import type {HitTarget} from './pane-content.ts';
import {eventLines, findingLines} from './timeline-lines.ts';

/** The list of findings (active, unknown, and resolved) and other events, with one of them selected. */
type FindingsView = {
	readonly count: string;
	readonly lines: readonly Line[];
	readonly targets: ReadonlyArray<HitTarget | undefined>;
};

/** A row of the list: its lines and its key; headings and other text have no key. */
type Block = {readonly lines: readonly Line[]; readonly key: string | undefined};

/**
 * Lays out the findings in order (active, unknown, resolved) and, below them, the events in the time range on the
 * screen, newest first.
 */
export function findingsView(state: State, width: number, height: number, zone: Zone): FindingsView {
	const rows = listed(state);
	const position = listedPosition(state);
	const {nowMs} = state.live;
	const blocks = rows.map((row, index): Block => {
		const how = {isSelected: index === position, width, nowMs, zone, lastError: lastErrorWords(state, zone)};
		const lines =
			row.kind === 'finding'
				? [...findingLines(row.finding, how), ...idleLines(state, row.finding, width)]
				: eventLines(row, how);
		return {lines, key: row.key};
	});
	const findings = rows.filter(({kind}) => kind === 'finding').length;
	const all = [
		...(findings === 0 ? [saidBlock(whyNoFindings(state), width)] : blocks.slice(0, findings)),
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

/**
 * Returns the cost of an idle deployment so far, and the command that ends its run, as far as they are known. An empty
 * string for other findings, for a finding that isn't active, and in an earlier range.
 */
export function idleWords(state: State, finding: Finding): string {
	const {views, live, mode} = state;
	if (finding.rule !== 'idle-deployment' || finding.state !== 'active' || mode.kind === 'past') {
		return '';
	}

	const cost = costOf(state, 'trainer', views.trainer);
	return idleCostWords([finding], {cost, runId: live.deployment?.runId, nowMs: live.nowMs}) ?? '';
}

/** Returns the result of `idleWords` as lines to be shown below the finding. */
function idleLines(state: State, finding: Finding, width: number): readonly Line[] {
	const words = idleWords(state, finding);
	if (words === '') {
		return [];
	}

	return wrapWords(words, Math.max(width - 4, 1)).map(text => [span(`   ${text}`, 'dim')]);
}

function saidBlock(text: string, width: number): Block {
	return {lines: wrapWords(text, Math.max(width - 4, 1)).map(words => [span(`   ${words}`, 'dim')]), key: undefined};
}

/** Says that there are no findings (noting incomplete data), or that findings aren't known yet. */
function whyNoFindings(state: State): string {
	const {findings, snapshot} = activeView(state);
	return findings.isEvaluated ? noFindingsWords(snapshot) : "findings aren't known yet";
}

/** Returns the heading of the timeline, with its time range if that is known and fits. */
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

/** Says which errors in the logs are missing from the timeline; empty if it has all of them, and in a replay. */
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

/**
 * Returns the numbers of findings: `2 active, 1 unknown, 3 resolved`; for an earlier range, `4 found in this range`.
 */
function countWords(state: State): string {
	const {current, resolved} = activeView(state).findings;
	if (state.mode.kind === 'past') {
		return `${current.length + resolved.length} found in this range`;
	}

	const active = current.filter(finding => finding.state === 'active').length;
	const unknown = current.length === active ? [] : [`${current.length - active} unknown`];
	return [`${active} active`, ...unknown, `${resolved.length} resolved`].join(', ');
}

/**
 * Describes the last error in the logs of a failed deployment: its time and its last line, which in a traceback is the
 * error itself. Empty if there is none.
 */
export function lastErrorWords(state: State, zone: Zone): string {
	const line = lastErrorBefore(state);
	const text = lastErrorText(state);
	return line === undefined || text === ''
		? ''
		: `last log error, ${formatMoment(toMs(line.timeNs), state.live.nowMs, zone)}: ${text}`;
}
