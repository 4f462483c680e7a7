import {type Group, groups, type KeyEntry} from '../keymap/entry.ts';
import {logKeys} from '../keymap/logs.ts';
import {keyNames} from '../keymap/names.ts';
import {overviewKeys} from '../keymap/typing.ts';
import type {PaneName} from '../state/panes.ts';
import {symbols} from '../theme/theme.ts';
import {legend} from './legend.ts';
import {fitLine, type Line, lineWidth, padEnd, span, truncateWords, wrapWords} from './line.ts';

/** What the help shows: the keys that apply in the panes, and where the user is. */
export type HelpInput = {
	readonly keys: readonly KeyEntry[];
	/** The focused pane, whose keys are first; the logs if they are open, or the overview of all deployments. */
	readonly place: PaneName | 'logs' | 'deployments';
	/** The text that is searched for. */
	readonly filter: string;
	readonly scroll: number;
	readonly isAscii: boolean;
};

/** The lines of the help that are visible, and the last line that it scrolls to. */
export type HelpView = {readonly lines: readonly Line[]; readonly limit: number};

/** The available width and height, in cells. */
type Extent = {readonly width: number; readonly height: number};

/** One row: what is pressed or seen, and what that means. */
type Row = {readonly shown: Line; readonly means: string};
type Section = {readonly title: string; readonly rows: readonly Row[]};

const leastColumn = 52;

/** From this width on, descriptions are next to the keys; below it, under them. */
const besideFrom = 44;

const groupTitles: Readonly<Record<Group, string>> = {
	move: 'Move',
	time: 'Time',
	view: 'View',
	lists: 'Open',
	data: 'Data',
	program: 'Program',
};

const paneTitles: Readonly<Record<PaneName, string>> = {
	requests: 'Requests',
	latency: 'Latency',
	status: 'Status',
	gpus: 'GPUs',
	nodes: 'Nodes',
};

/** Returns the sections: the keys of the focused pane or the logs first, then the groups, and the legend last. */
function sections({keys, place, isAscii}: HelpInput): readonly Section[] {
	const rowsOf = (entries: readonly KeyEntry[]): readonly Row[] =>
		entries.map(entry => ({shown: [span(keyNames(entry, isAscii), 'accent')], means: entry.help}));
	const isHere = ({panes = []}: KeyEntry): boolean => panes.some(pane => pane === place);
	const logs = {title: 'Logs', rows: rowsOf(logKeys)};
	const overview = {title: 'Deployments', rows: rowsOf(overviewKeys)};
	const here =
		place === 'logs'
			? logs
			: place === 'deployments'
				? overview
				: {title: paneTitles[place], rows: rowsOf(keys.filter(isHere))};
	const others = keys.filter(entry => !isHere(entry));
	return [
		here,
		{title: 'Recording', rows: rowsOf(others.filter(({group}) => group === undefined))},
		...groups.map(name => ({title: groupTitles[name], rows: rowsOf(others.filter(({group}) => group === name))})),
		...(place === 'logs' ? [] : [logs]),
		{
			title: 'Colors and symbols',
			rows: legend.map(({shown, where, means}) => ({shown: [...shown, span(where)], means})),
		},
	];
}

/** Returns the sections with those rows that have every word of the text, in a row or in the title above it. */
function search(all: readonly Section[], text: string): readonly Section[] {
	const words = text
		.toLowerCase()
		.split(/\s+/)
		.filter(word => word !== '');
	return all
		.map(({title, rows}) => ({
			title,
			rows: rows.filter(({shown, means}) => {
				const row = `${shown.map(part => part.text).join('')} ${means} ${title}`.toLowerCase();
				return words.every(word => row.includes(word));
			}),
		}))
		.filter(({rows}) => rows.length > 0);
}

/** Returns the lines of one row: what is shown, and its description, wrapped at words. */
function rowLines({shown, means}: Row, shownWidth: number, width: number): readonly Line[] {
	if (width < besideFrom) {
		return [[span(' '), ...shown], ...wrapWords(means, width - 3).map(text => [span(`   ${text}`)])];
	}

	return wrapWords(means, width - shownWidth - 2).map((text, row) => [
		...(row === 0 ? fitLine([span(' '), ...shown], shownWidth) : [span(padEnd('', shownWidth))]),
		span(` ${text}`),
	]);
}

function sectionLines({title, rows}: Section, shownWidth: number, width: number): readonly Line[] {
	return [[span(` ${title}`, 'strong')], ...rows.flatMap(row => rowLines(row, shownWidth, width)), []];
}

/** Puts sections into columns of about equal height; a section is divided only if it is higher than a column. */
function columnsOf(blocks: ReadonlyArray<readonly Line[]>, count: number): ReadonlyArray<readonly Line[]> {
	const all = blocks.flat();
	if (count === 1 || blocks.length === 0) {
		return [all];
	}

	const ends = blocks.map((_, index) => blocks.slice(0, index + 1).flat().length);
	const middle = ends.reduce((best, end) =>
		Math.abs(end - all.length / 2) < Math.abs(best - all.length / 2) ? end : best,
	);
	return [all.slice(0, middle), all.slice(middle)];
}

/** Lays out the help in `width` × `height` cells: the text that is searched for, and the rows that match it. */
export function helpView(input: HelpInput, {width, height}: Extent): HelpView {
	const {filter, scroll} = input;
	const field: Line = [
		span(' /', 'accent'),
		span(filter, 'strong'),
		span(symbols.caret, 'selected'),
		span(filter === '' ? truncateWords(' type to search', Math.max(width - 4, 0)) : '', 'dim'),
	];
	const found = search(sections(input), filter);
	const columns = width >= 2 * leastColumn ? 2 : 1;
	const columnWidth = Math.floor(width / columns);
	const widest = Math.max(0, ...found.flatMap(({rows}) => rows.map(({shown}) => lineWidth(shown))));
	const shownWidth = Math.min(widest, Math.floor(columnWidth / 2)) + 2;
	const blocks = found.map(section => sectionLines(section, shownWidth, columnWidth));
	const [left = [], right = []] = columnsOf(blocks, columns);
	const rows = Math.max(left.length, right.length);
	const lines =
		found.length === 0
			? [[span(truncateWords(' no key or symbol matches', width), 'dim')]]
			: Array.from(
					{length: rows},
					(_, row): Line =>
						columns === 1
							? (left[row] ?? [])
							: [...fitLine(left[row] ?? [], columnWidth), ...fitLine(right[row] ?? [], columnWidth)],
				);
	const room = Math.max(height - 1, 0);
	const limit = Math.max(lines.length - room, 0);
	const first = Math.min(scroll, limit);
	return {lines: [field, ...lines.slice(first, first + room)], limit};
}
