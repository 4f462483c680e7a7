// Longer than 250 lines because the columns, the search, and the legend use the same rows.
import {
	type Group,
	groups,
	type Hint,
	hintOf,
	type KeyEntry,
	type KeyFocus,
	keyHint,
	keyNames,
} from '../keymap/entry.ts';
import {logKeys} from '../keymap/keymap.ts';
import {overviewKeys} from '../keymap/typing.ts';
import type {PaneName} from '../state/state.ts';
import {amountTone, symbols} from '../theme/theme.ts';
import {caret, fitLine, type Line, lineWidth, padEnd, span, textWidth, truncateWords, wrapWords} from './line.ts';

/** A symbol on the screen and its meaning, as listed in the help and the README. */
type LegendEntry = {
	readonly shown: Line;
	/** The place of the symbol, such as ` in a chart`; empty if it means the same everywhere. */
	readonly where: string;
	readonly means: string;
};

function entry(shown: Line, means: string, where = ''): LegendEntry {
	return {shown, where, means};
}

const space = span(' ');

/** The colors and symbols of the screen. */
export const legend: readonly LegendEntry[] = [
	entry([span(symbols.unknown)], 'unknown: no current value (never zero)'),
	entry(
		[span(symbols.mark, 'bad'), space, span('?', 'warn')],
		'a finding: active (also marks nodes and GPUs), or unknown',
	),
	entry([span(symbols.pointer, 'selected')], 'the selection, or the focused pane'),
	entry(
		[span(symbols.live, 'good'), space, span(symbols.waiting, 'warn'), space, span(symbols.broken, 'bad')],
		'the deployment is live, waiting or stopped, or failed',
	),
	entry([span(symbols.well, 'good')], 'no findings'),
	entry(
		[span(symbols.noData.repeat(3), 'dim')],
		'no samples: a gap, or the time since the newest sample',
		' in a chart',
	),
	entry([span(symbols.mark, 'bad')], 'a finding began; dim if it has been resolved', ' below a chart'),
	entry([span(symbols.above, 'accent')], 'a checkpoint was created', ' below a chart'),
	entry(
		symbols.steps.map((glyph, step) => span(glyph, amountTone((step + 0.5) / symbols.steps.length))),
		"a share from 0 to 100% in five steps; the color isn't a warning",
		' over time',
	),
	entry(
		[span(symbols.bar.repeat(2)), space, span(symbols.thinBar.repeat(2), 'dim')],
		'utilization; memory',
		' for a GPU',
	),
	entry([span('-1d', 'dim')], 'the values a day earlier, as a dim curve', ' in a chart'),
	entry([span('default'), space, span('dim', 'dim')], 'healthy; idle or old'),
	entry(
		[span('yellow', 'warn'), space, span('red', 'bad')],
		'worth a look; needs attention. If the colors are hard to see, use --theme colorblind or mono',
	),
	entry(
		[span('cyan', 'first'), space, span('blue', 'second'), space, span('violet', 'third')],
		'the series in a chart',
	),
];

/**
 * Returns the bottom line: as many hints as fit, by rank. Hints that are useful right now come first, then the others,
 * each group in the order of `keys`.
 */
export function keyLine(keys: readonly KeyEntry[], focus: KeyFocus, width: number, isAscii = false): Line {
	const hints = keys.flatMap(entry => {
		const hint = hintOf(entry, focus);
		return hint === undefined ? [] : [{...hint, keys: keyHint(entry, isAscii)}];
	});
	const chosen = new Set<Hint>();
	let room = width - 1;
	for (const hint of hints.toSorted((a, b) => a.rank - b.rank)) {
		const needed = textWidth(hint.keys) + 1 + textWidth(hint.word) + 2;
		if (needed > room) {
			break;
		}

		chosen.add(hint);
		room -= needed;
	}

	const shown = hints.filter(hint => chosen.has(hint));
	return [...shown.filter(({rank}) => rank === 0), ...shown.filter(({rank}) => rank > 0)].flatMap(({keys, word}) => [
		span(` ${keys}`, 'accent'),
		span(` ${word} `, 'dim'),
	]);
}

/**
 * The input of the help: the keys that apply in the panes, the place where it was opened, the search text, and the
 * scroll position.
 */
type HelpInput = {
	readonly keys: readonly KeyEntry[];
	/** The focused pane, whose keys come first; or the logs if they are open, or the overview of all deployments. */
	readonly place: PaneName | 'logs' | 'deployments';
	/** The search text. */
	readonly filter: string;
	readonly scroll: number;
	readonly isAscii: boolean;
};

/** The visible lines of the help, and the number of lines by which it can be scrolled. */
type HelpView = {readonly lines: readonly Line[]; readonly limit: number};

/** The available width and height, in cells. */
type Extent = {readonly width: number; readonly height: number};

/** One row: a key or symbol, and its meaning. */
type Row = {readonly shown: Line; readonly means: string};
type Section = {readonly title: string; readonly rows: readonly Row[]};

const minColumn = 52;

/**
 * The minimum width of a column at which descriptions are next to the keys; in narrower columns, they are below the
 * keys.
 */
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

/**
 * Returns the sections: first the keys of the focused pane, the logs, or the overview, then those for recordings, the
 * groups of other keys, those of the logs if they aren't first, and finally the legend.
 */
function sections({keys, place, isAscii}: HelpInput): readonly Section[] {
	const rowsOf = (entries: readonly KeyEntry[]): readonly Row[] =>
		entries.map(entry => ({shown: [span(keyNames(entry, isAscii), 'accent')], means: entry.help}));
	const isHere = ({panes = []}: KeyEntry): boolean => panes.some(pane => pane === place);
	const logs = {title: 'Logs', rows: rowsOf(logKeys)};
	const here =
		place === 'logs'
			? logs
			: place === 'deployments'
				? {title: 'Deployments', rows: rowsOf(overviewKeys)}
				: {title: paneTitles[place], rows: rowsOf(keys.filter(isHere))};
	const others = keys.filter(entry => !isHere(entry));
	return [
		here,
		{title: 'Recording', rows: rowsOf(others.filter(({group}) => group === undefined))},
		...groups.map(name => ({title: groupTitles[name], rows: rowsOf(others.filter(({group}) => group === name))})),
		...(place === 'logs' ? [] : [logs]),
		{
			title: 'Legend: colors and symbols',
			rows: legend.map(({shown, where, means}) => ({shown: [...shown, span(where)], means})),
		},
	];
}

/**
 * Returns the sections with only the rows that match: each word of the text is in the row or in the title of its
 * section. Sections without such a row are omitted.
 */
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

/** Returns the lines of one row: the key or symbol, and its description, wrapped at words. */
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

/** Arranges sections in one column, or in two of about equal height. No section is split between columns. */
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

/** Lays out the help in `width` × `height` cells: the search text, and the matching rows. */
export function helpView(input: HelpInput, {width, height}: Extent): HelpView {
	const {filter, scroll} = input;
	const field: Line = [
		span(' /', 'accent'),
		span(filter, 'strong'),
		caret(),
		span(filter === '' ? truncateWords(' type to search', Math.max(width - 4, 0)) : '', 'dim'),
	];
	const found = search(sections(input), filter);
	const columns = width >= 2 * minColumn ? 2 : 1;
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
