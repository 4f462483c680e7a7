import {findingLines} from '../findings-list.ts';
import {type Line, span} from '../line.ts';
import type {PaneInput} from '../pane-content.ts';

/** The maximum numbers of lines of each finding's text, in order of preference. */
const findingForms = [6, 5, 4, 3, 2, 1];

/** Returns the findings that are active or unknown, worst first, in the free rows below the nodes. */
export function findingRows(
	free: number,
	{view, component, variant, width, zone, lastError}: PaneInput,
): readonly Line[] {
	const {current} = view.findings;
	const minFree = variant === 'bare' ? 3 : 1;
	if (component !== 'trainer' || free < minFree || current.length === 0 || view.snapshot.atMs !== undefined) {
		return [];
	}

	const nameWidth = Math.max(...current.map(({rule}) => rule.length)) + 1;
	const rowsWith = (max: number): ReadonlyArray<readonly Line[]> =>
		current.map(finding =>
			findingLines(finding, {isSelected: false, width, nowMs: view.nowMs, zone, lastError, most: max, nameWidth}),
		);
	const room = free - 2;
	const isWhole = (rows: ReadonlyArray<readonly Line[]>): boolean => rows.flat().length <= room;
	const whole = findingForms.map(rowsWith).find(isWhole);
	const brief = whole === undefined ? rowsWith(0) : [];
	// Showing all findings is more important than the title above them, because the line above the keys says how many
	// there are.
	if (whole === undefined && (free < 3 || brief.length === free - 1)) {
		const blank = brief.length < free ? [[]] : [];
		return [...blank, ...brief.slice(0, free).flat()];
	}

	const shown = whole ?? brief.slice(0, room);
	const more = current.length - shown.length;
	const title = `findings, worst first${more > 0 ? ` (${more} more with n)` : ''}`;
	return [[], [span(` ${title}`, 'dim')], ...shown.flat()];
}
