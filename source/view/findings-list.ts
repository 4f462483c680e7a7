import type {Finding} from '../metrics/findings.ts';
import {listedFindings, selectedFindingPosition} from '../state/select.ts';
import {activeView} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import type {Zone} from '../text/clock-time.ts';
import {describeFinding, findingClause, sinceWords} from '../text/finding-text.ts';
import {symbols} from '../theme/theme.ts';
import {cutNameStart, type Line, padEnd, scrollOffset, spaceBetween, span, textWidth, truncateWords} from './line.ts';
import {centered, type HitTarget} from './pane-content.ts';

/** The list of findings: the active ones, the unknown ones, those that are over, with one selected. */
export type FindingsView = {
	readonly count: string;
	readonly lines: readonly Line[];
	readonly targets: readonly HitTarget[];
};

const nameWidth = 16;

/** The width from which on a finding has one line instead of two. */
const oneLineFrom = 76;

export function findingsView(state: State, width: number, height: number, zone: Zone): FindingsView {
	const listed = listedFindings(state);
	const selected = selectedFindingPosition(state);
	const count = countWords(state);
	if (listed.length === 0) {
		return {count, lines: centered('no findings', width, height), targets: []};
	}

	const {nowMs} = state.live;
	const rows = listed.map(({finding}, index) =>
		findingLines(finding, {isSelected: index === selected, width, nowMs, zone}),
	);
	const rowHeight = rows[0]?.length ?? 1;
	const room = Math.max(1, Math.floor(height / rowHeight));
	const first = scrollOffset(selected, rows.length, room);
	const shown = rows.slice(first, first + room);
	const targets = shown.flatMap((lines, place) =>
		lines.flatMap((): readonly HitTarget[] => {
			const key = listed[first + place]?.key;
			return key === undefined ? [] : [{kind: 'finding', key}];
		}),
	);
	return {count, lines: shown.flat(), targets};
}

/** How many there are: `2 active, 1 unknown, 3 resolved`; in an earlier stretch how many were found in it. */
function countWords(state: State): string {
	const {current, resolved} = activeView(state).findings;
	if (state.mode.kind === 'past') {
		return `${current.length + resolved.length} found here`;
	}

	const active = current.filter(finding => finding.state === 'active').length;
	const unknown = current.length === active ? [] : [`${current.length - active} unknown`];
	return [`${active} active`, ...unknown, `${resolved.length} resolved`].join(', ');
}

/** Draws a finding: its rule, its words, and since when, in one line, or in two if it is narrow. */
export function findingLines(
	finding: Finding,
	how: {
		readonly isSelected: boolean;
		readonly width: number;
		readonly nowMs: number;
		readonly zone: Zone;
	},
): readonly Line[] {
	const {isSelected, width, nowMs, zone} = how;
	const isOver = finding.state === 'resolved';
	const mark = {active: symbols.mark, unknown: '?', resolved: ' '}[finding.state];
	const words = describeFinding(finding, name => cutNameStart(name, Math.max(8, width - 30)));
	const since = `${sinceWords(finding, nowMs, zone)} `;
	const text = findingClause(words);
	const tone = isOver ? 'dim' : 'plain';
	const head: Line = [
		span(isSelected ? symbols.pointer : ' ', 'selected'),
		span(`${mark} `, finding.state === 'unknown' ? 'warn' : 'bad'),
		span(padEnd(finding.rule, nameWidth), isSelected ? 'selected' : isOver ? 'dim' : 'strong'),
	];
	if (width < oneLineFrom) {
		return [
			spaceBetween(head, [span(textWidth(since) + 16 <= width ? since : '', 'dim')], width),
			[span('   '), span(truncateWords(text, width - 4), tone)],
		];
	}

	const room = width - nameWidth - 4 - textWidth(since);
	return [spaceBetween([...head, span(truncateWords(text, room), tone)], [span(since, 'dim')], width)];
}
