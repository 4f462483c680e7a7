import type {Finding} from '../metrics/findings.ts';
import {listedFindings} from '../state/select.ts';
import type {State} from '../state/state.ts';
import type {Zone} from '../text/clock-time.ts';
import {describeFinding, ruleNames, sinceWords} from '../text/finding-text.ts';
import {symbols} from '../theme/theme.ts';
import {cells, cutNameStart, cutWords, type Line, padEnd, span, spread} from './line.ts';
import {centered, type HitTarget} from './pane-content.ts';
import {firstShown} from './scroll.ts';

/** The list of findings, those that hold first, with one selected. */
export type FindingsView = {
	readonly count: string;
	readonly lines: readonly Line[];
	readonly targets: readonly HitTarget[];
};

const nameWidth = 13;

/** From this width on a finding has one line, below it two. */
const oneLineFrom = 76;

export function findingsView(state: State, width: number, height: number, zone: Zone): FindingsView {
	const {current, ended} = state.findings;
	const listed = listedFindings(state);
	const selected = state.overlay.kind === 'findings' ? state.overlay.selected : 0;
	const count = `${current.length} now, ${ended.length} over`;
	if (listed.length === 0) {
		return {count, lines: centered('nothing is amiss', width, height), targets: []};
	}

	const {nowMs} = state.live;
	const rows = listed.map((finding, index) => {
		const isOver = index >= current.length;
		return findingLines(finding, {isOver, isSelected: index === selected, width, nowMs, zone});
	});
	const rowHeight = rows[0]?.length ?? 1;
	const room = Math.max(1, Math.floor(height / rowHeight));
	const first = firstShown(selected, rows.length, room);
	const shown = rows.slice(first, first + room);
	const targets = shown.flatMap((lines, place) =>
		lines.map((): HitTarget => ({kind: 'finding', index: first + place})),
	);
	return {count, lines: shown.flat(), targets};
}

function findingLines(
	finding: Finding,
	how: {
		readonly isOver: boolean;
		readonly isSelected: boolean;
		readonly width: number;
		readonly nowMs: number;
		readonly zone: Zone;
	},
): readonly Line[] {
	const {isOver, isSelected, width, nowMs, zone} = how;
	const {what, against} = describeFinding(finding, name => cutNameStart(name, Math.max(8, width - 30)));
	const since = `${sinceWords(finding, nowMs, zone)} `;
	const text = against === '' ? what : `${what}, ${against}`;
	const tone = isOver ? 'dim' : 'plain';
	const head: Line = [
		span(isSelected ? symbols.pointer : ' ', 'selected'),
		span(isOver ? '  ' : `${symbols.mark} `, 'bad'),
		span(padEnd(ruleNames[finding.rule], nameWidth), isSelected ? 'selected' : isOver ? 'dim' : 'strong'),
	];
	if (width < oneLineFrom) {
		return [
			spread(head, [span(cells(since) + 16 <= width ? since : '', 'dim')], width),
			[span('   '), span(cutWords(text, width - 4), tone)],
		];
	}

	const room = width - nameWidth - 4 - cells(since);
	return [spread([...head, span(cutWords(text, room), tone)], [span(since, 'dim')], width)];
}
