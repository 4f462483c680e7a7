import type {Checkpoint, Checkpoints} from '../api/run.ts';
import {hasEndedRun} from '../metrics/rules/status.ts';
import {costOf, type MissingPart, missingParts, shownCost} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {idleCostWords, rateWords, windowCostWords} from '../text/cost-text.ts';
import {describeFailure, describeMissing} from '../text/failure-text.ts';
import {withNoun} from '../text/format.ts';
import {endedRunWords, formatSize, runWords} from '../text/status-text.ts';
import {symbols} from '../theme/theme.ts';
import {cutNameStart} from './distinct-name.ts';
import {cutEnd, type Line, padEnd, padStart, rowMark, scrollOffset, span, textWidth, wrapWords} from './line.ts';

/** The description of the run and its checkpoints, with one selected, and their number in forms from long to short. */
type RunView = {readonly counts: readonly string[]; readonly lines: readonly Line[]};

/**
 * Lays out the run in `width` × `height` cells: its description and cost, then a line for each checkpoint, newest
 * first.
 */
export function runView(state: State, width: number, height: number, zone: Zone): RunView {
	const list = state.checkpoints?.list ?? [];
	const none = list.length === 0 ? wrapWords(whyNone(state), Math.max(width - 2, 1)) : [];
	const head = aboutLines(state, width, Math.max(height - (none.length || 3), 1), zone);
	const room = Math.max(height - head.length - 1, 0);
	const selected = state.overlay.kind === 'run' ? Math.min(state.overlay.selected, list.length - 1) : 0;
	const first = scrollOffset(Math.max(selected, 0), list.length, room);
	const {nowMs} = state.live;
	// The oldest and the newest checkpoint show whether any time has a date.
	const isDated = [list[0], list.at(-1)].some(
		checkpoint => checkpoint !== undefined && formatMoment(checkpoint.createdAtMs, nowMs, zone).length > timeWidth,
	);
	const widths = widthsFor(width, isDated ? dateWidth : timeWidth);
	const rows = list
		.slice(first, first + room)
		.map((checkpoint, index) => rowOf(checkpoint, first + index === selected, {width, widths, zone, nowMs}));
	const titles: readonly Line[] =
		none.length > 0
			? none.map(words => [span(` ${words}`, 'dim')])
			: [[span(cutEnd(`   ${titlesFor(width, widths)}`, width), 'dim')]];
	return {
		counts: state.checkpoints === undefined ? [] : countForms(state.checkpoints),
		lines: [...head, ...titles, ...rows],
	};
}

/**
 * Describes the run, its capacity, and its cost, and says why parts of this are unknown or old. The clauses that don't
 * fit in `height` lines are omitted, starting from the last one.
 */
function aboutLines(state: State, width: number, height: number, zone: Zone): readonly Line[] {
	const {live, run} = state;
	const cost = shownCost(state);
	const rate = cost?.perHour === undefined ? [] : [rateWords(cost.perHour, cost.price.source)];
	const spent =
		cost?.window === undefined
			? []
			: [windowCostWords(state.views[state.component].window, cost.window, cost.price.source)];
	const idle = idleCostWords(state.findings.current, {
		cost: costOf(state, 'trainer', state.views.trainer),
		runId: live.deployment?.runId,
		nowMs: live.nowMs,
	});
	const about = runWords(live.deployment, run?.run);
	const capacity = about.filter(clause => clause.includes(': '));
	const paragraphs = [
		idle === undefined ? [] : [idle],
		about.filter(clause => !capacity.includes(clause)),
		[...rate, ...spent],
		...missingParts(state).map(missing => missingWords(missing, live.nowMs, zone)),
		capacity,
	];
	const inner = Math.max(width - 2, 1);
	const ended = hasEndedRun(live.deployment, run?.run) ? wrapWords(endedRunWords, Math.max(width - 4, 1)) : [];
	const blocks: ReadonlyArray<readonly Line[]> = [
		ended.map((words, index): Line => [span(index === 0 ? ` ${symbols.mark} ` : '   ', 'bad'), span(words, 'warn')]),
		...paragraphs
			.flatMap(clauses => joinClauses(clauses, inner))
			.map(text => wrapWords(text, inner).map((words): Line => [span(` ${words}`)])),
		[[]],
	];
	const lines: Line[] = [];
	for (const block of blocks) {
		if (lines.length > 0 && lines.length + block.length > height) {
			break;
		}

		lines.push(...block);
	}

	return lines.slice(0, height);
}

/** Joins clauses into lines: each line has as many as fit. */
function joinClauses(clauses: readonly string[], width: number): readonly string[] {
	const lines: string[] = [];
	for (const clause of clauses) {
		const before = lines.at(-1);
		const joined = `${before} ${symbols.dot} ${clause}`;
		if (before !== undefined && textWidth(joined) <= width) {
			lines[lines.length - 1] = joined;
		} else {
			lines.push(clause);
		}
	}

	return lines;
}

/**
 * Says why a part is unknown, or why it is old and when it was received. Empty for extra metrics, and for unknown
 * checkpoints, for which another line gives the reason.
 */
function missingWords({part, failure, atMs}: MissingPart, nowMs: number, zone: Zone): readonly string[] {
	const [known, unknown] = partNames[part];
	const why = describeMissing(failure);
	if (atMs !== undefined) {
		return [`${known} as of ${formatMoment(atMs, nowMs, zone)}: ${why}`];
	}

	return unknown === undefined ? [] : [`${unknown}: ${why}${part === 'cost' ? '; set your own with --price' : ''}`];
}

/** The names of the parts if they are known, and if they aren't. */
const partNames = {
	cost: ['list price', 'no list price'],
	run: ['run', 'no description of the run'],
	checkpoints: ['checkpoints', undefined],
	extras: ['', undefined],
} as const;

function whyNone({checkpoints, sideFailures, live, replay, host}: State): string {
	if (checkpoints !== undefined && checkpoints.unreadable > 0) {
		return `${countWords(checkpoints.unreadable)} without a readable name and time`;
	}

	if (checkpoints !== undefined) {
		return 'this run has no checkpoints yet';
	}

	if (sideFailures.checkpoints !== undefined) {
		return `no checkpoints: ${describeFailure(sideFailures.checkpoints.failure)}`;
	}

	if (live.deployment?.runId === undefined) {
		return "the server doesn't report the run of this deployment";
	}

	return replay === undefined ? `loading the checkpoints from ${host}` : 'no checkpoints in the recording yet';
}

/** Returns the number of checkpoints, and of those that are unreadable, in forms from long to short. */
function countForms({list, unreadable}: Checkpoints): readonly string[] {
	const all = list.length + unreadable;
	return unreadable === 0
		? [countWords(all)]
		: [
				`${countWords(all)}, ${unreadable} unreadable`,
				`${unreadable} of ${all} unreadable`,
				`${unreadable} unreadable`,
			];
}

function countWords(count: number): string {
	return withNoun(count, 'checkpoint');
}

/** The minimum width at which no column is omitted. */
const allFrom = 70;

/** The minimum width at which sizes are shown; below that, names need the space. */
const sizesFrom = 36;

/** The widths of a time of day, and of a time with its date. */
const timeWidth = 8;
const dateWidth = 12;

type Widths = {readonly name: number; readonly made: number};

/** Returns the widths of columns, if times take up to `time` cells. */
function widthsFor(width: number, time: number): Widths {
	const others = (width >= sizesFrom ? 15 : 6) + time;
	return width >= allFrom ? {name: 24, made: 15} : {name: Math.max(Math.min(width - others, 24), 4), made: time};
}

function titlesFor(width: number, {name, made}: Widths): string {
	const size = width >= sizesFrom ? `  ${'size'.padStart(8)}` : '';
	const least = `${'checkpoint'.padEnd(name).slice(0, name)}  ${'made'.padEnd(made)}${size}`;
	return width >= allFrom ? `${least}  target    sync` : least;
}

function rowOf(
	{name, createdAtMs, bytes, target, syncStatus}: Checkpoint,
	isSelected: boolean,
	{
		width,
		widths: {name: nameWidth, made: madeWidth},
		zone,
		nowMs,
	}: {readonly width: number; readonly widths: Widths; readonly zone: Zone; readonly nowMs: number},
): Line {
	const made = cutEnd(formatMoment(createdAtMs, nowMs, zone), madeWidth);
	const isSyncing = syncStatus !== undefined && syncStatus !== 'COMPLETE';
	const size = width >= sizesFrom ? `  ${padStart(formatSize(bytes), 8)}` : '';
	const head = `${padEnd(cutNameStart(name, nameWidth), nameWidth)}  ${padEnd(made, madeWidth)}${size}`;
	const line: Line = [span(' '), rowMark(isSelected), span(' '), span(head, isSelected ? 'selected' : 'plain')];
	return width >= allFrom
		? [
				...line,
				span(`  ${padEnd(target ?? symbols.unknown, 8)}  `, 'dim'),
				span(syncStatus ?? symbols.unknown, isSyncing ? 'warn' : 'dim'),
			]
		: line;
}
