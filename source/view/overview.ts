import type {Deployment} from '../api/deployment.ts';
import type {RuleName} from '../metrics/findings.ts';
import {chosenPosition} from '../state/choose.ts';
import {isLive} from '../state/overview.ts';
import {listedRows, type OverviewColumn, overviewRows, totalsOfRows} from '../state/overview-list.ts';
import type {OverviewRow} from '../state/overview-row.ts';
import type {State} from '../state/state.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {formatDollars} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {describeFinding} from '../text/finding-text.ts';
import {formatAge, formatCount, formatLatency, formatPercentIn, formatShare} from '../text/format.ts';
import {describeStatus} from '../text/status-text.ts';
import {symbols, type Tone, utilizationTone} from '../theme/theme.ts';
import {
	cutNameEnd,
	cutNameStart,
	firstFitting,
	fitLine,
	type Line,
	lineWidth,
	padEnd,
	padStart,
	scrollOffset,
	span,
	textWidth,
	truncateWords,
} from './line.ts';
import {centered, type HitTarget} from './pane-content.ts';
import {joinGlyphs, levelGlyph} from './sparkline.ts';

/** All deployments, one row each, with one selected. */
export type OverviewView = {
	/** The number of deployments, whose they are, and how they are filtered and sorted, in forms from wide to narrow. */
	readonly counts: readonly Line[];
	readonly lines: readonly Line[];
	readonly targets: ReadonlyArray<HitTarget | undefined>;
};

/** Lays out the overview in `width` × `height` cells: the totals, the column titles, and one row for each deployment. */
export function overviewView(state: State, width: number, height: number, zone: Zone): OverviewView {
	const rows = listedRows(state);
	const counts = countForms(state, rows.length);
	if (rows.length === 0) {
		return {counts, lines: centered(whyEmpty(state, zone), width, height), targets: []};
	}

	const sums = fitLine(totalsLine(state, width, zone), width);
	const columns = chooseColumns(rows, width, state);
	const room = Math.max(height - 2, 1);
	const selected = chosenPosition(state);
	const first = scrollOffset(selected, rows.length, room);
	const shown = rows.slice(first, first + room);
	const lines = shown.map((row, index) => lineOf(row, first + index === selected, columns));
	const targets = shown.map(({deployment: {id}}): HitTarget => ({kind: 'deployment', id}));
	// On the lowest screens, rows are more important than column titles.
	return height < 7
		? {counts, lines: [sums, ...lines], targets: [undefined, ...targets]}
		: {counts, lines: [sums, titlesOf(columns, state), ...lines], targets: [undefined, undefined, ...targets]};
}

function whoseWords({deployments}: State): string {
	return deployments.scope === 'org' ? "the organization's" : 'your own';
}

function countForms(state: State, shown: number): readonly Line[] {
	const {deployments, overview} = state;
	if (deployments.list === undefined) {
		return [[span(whoseWords(state))]];
	}

	const {filter, sort} = overview;
	const count = span(`${shown} of ${deployments.list.length}`);
	const filtered: Line = filter.text === '' ? [] : [span(`/${filter.text}`, 'accent'), span(` ${symbols.dot} `)];
	const isUsual = sort.column === 'status' && !sort.reversed;
	const sorted: Line = isUsual ? [] : [span(` ${symbols.dot} by ${sort.column}${sort.reversed ? ', reversed' : ''}`)];
	const whose = span(` ${symbols.dot} ${whoseWords(state)}`);
	return [[...filtered, count, whose, ...sorted], [...filtered, count, whose], [count, whose], [count]];
}

function faultWords({sideFailures}: State, zone: Zone): string | undefined {
	const fault = sideFailures.deployments;
	if (fault === undefined) {
		return undefined;
	}

	const {failure, nextAtMs} = fault;
	const again = nextAtMs === undefined ? '' : `, again at ${formatMoment(nextAtMs, nextAtMs, zone)}`;
	return `no list: ${describeFailure(failure)}${again}`;
}

function whyEmpty(state: State, zone: Zone): string {
	const {list, scope} = state.deployments;
	const fault = faultWords(state, zone);
	if (fault !== undefined) {
		return fault;
	}

	if (list === undefined) {
		return `loading ${whoseWords(state)} deployments from ${state.host}`;
	}

	return list.length === 0
		? `no deployments: tab lists ${scope === 'own' ? "the organization's" : 'your own'}`
		: 'no deployment matches the filter: esc clears it';
}

/** The totals over all live deployments, regardless of the filter, or the reason why there is no list. */
function totalsLine(state: State, width: number, zone: Zone): Line {
	const fault = faultWords(state, zone);
	if (fault !== undefined) {
		return [span(` ${symbols.broken} `, 'bad'), span(truncateWords(fault, width - 4), 'warn')];
	}

	const {live, gpus, busyGpus, idleGpus, perHour, found, failing, awaited} = totalsOfRows(overviewRows(state));
	const dot = span(` ${symbols.dot} `, 'dim');
	const unknown = gpus - busyGpus - idleGpus;
	const strong = (value: number): ReturnType<typeof span> => span(formatWholeCount(value), 'strong');
	const dim = (text: string): ReturnType<typeof span> => span(text, 'dim');
	const counted: Line = [span(' '), strong(live), dim(' live')];
	const isKnown = busyGpus + idleGpus > 0;
	const all: Line = [dot, strong(gpus), dim(' GPUs')];
	const use: Line = isKnown ? [dot, strong(busyGpus), dim(' GPUs in use, '), strong(idleGpus), dim(' idle')] : all;
	const rest: Line = isKnown && unknown > 0 ? [dim(`, ${formatWholeCount(unknown)} unknown`)] : [];
	const brief: Line = isKnown ? [dot, strong(busyGpus), dim(' busy, '), strong(idleGpus), dim(' idle')] : all;
	const cost: Line =
		perHour === undefined
			? []
			: [
					dot,
					span(formatDollars(perHour), 'strong'),
					dim(`/h ${state.prices.own === undefined ? 'list' : 'own price'}`),
				];
	const notes: Line = found === 0 ? [] : [dot, span(`${symbols.mark} `, 'bad'), span(`${found} with findings`, 'warn')];
	const marks: Line = found === 0 ? [] : [dot, span(`${symbols.mark}${found}`, 'bad')];
	const faults: Line =
		failing === 0 ? [] : [dot, span(`${symbols.broken} `, 'bad'), span(`${failing} not answering`, 'warn')];
	const loading: Line = awaited === 0 ? [] : [dot, dim(`loading ${awaited}`)];
	return firstFitting(
		[
			[...counted, ...use, ...rest, ...cost, ...notes, ...faults, ...loading],
			[...counted, ...use, ...rest, ...cost, ...marks, ...faults, ...loading],
			[...counted, ...use, ...cost, ...marks],
			[...counted, ...brief, ...cost],
			[span(' '), ...brief.slice(1), ...cost],
			[...counted, ...brief],
			[...counted, ...marks],
			counted,
		],
		width,
	);
}

function formatWholeCount(value: number): string {
	return value.toLocaleString('en-US');
}

type Column = {
	readonly title: string;
	readonly by: OverviewColumn | undefined;
	readonly width: number;
	readonly align: 'left' | 'right';
	/** The priority: the column with the lowest number gets space first. */
	readonly worth: number;
	readonly cell: (row: OverviewRow, width: number) => Line;
};

function sizeOf({nodeCount, instance}: Deployment): string {
	const counts = [nodeCount, instance?.gpusPerNode].filter(count => count !== undefined).join('×');
	return [counts, instance?.gpuType].filter(text => text !== undefined && text !== '').join(' ');
}

/** The name of the model without its owner, which most of them share. */
function modelName({baseModel}: Deployment): string {
	return baseModel === undefined ? symbols.unknown : baseModel.slice(baseModel.lastIndexOf('/') + 1);
}

/** The user name of the owner's email address, without the domain, which most owners share. */
function ownerName({owner}: Deployment): string {
	return owner === undefined ? symbols.unknown : (owner.split('@')[0] ?? owner);
}

function hasFinding({findings}: OverviewRow, ...rules: readonly RuleName[]): boolean {
	return findings?.some(({rule, state}) => state === 'active' && rules.includes(rule)) === true;
}

/** A value that a finding is about is bad. */
function toneBy(...rules: readonly RuleName[]): (row: OverviewRow) => Tone {
	return row => (hasFinding(row, ...rules) ? 'bad' : 'plain');
}

/** The minimum and maximum widths of the utilization trend, the finding, and the model's name. */
const courseWidths = {least: 9, usual: 12, most: 30} as const;
const findingWidths = {least: 8, dated: 18, usual: 34} as const;

/** From this width on, the duration of a finding is more important than another column. */
const datedFrom = 64;
const modelWidths = {least: 10, wanted: 16} as const;

/**
 * Returns the columns that fit, in the order of the table. The trend, the model, and the finding take the space that
 * the others leave.
 */
function chooseColumns(rows: readonly OverviewRow[], width: number, {live, prices}: State): readonly Column[] {
	const {nowMs} = live;
	const text = (
		title: string,
		worth: number,
		words: (row: OverviewRow) => string,
		look: {
			readonly most: number;
			readonly by?: OverviewColumn;
			readonly align?: 'left' | 'right';
			readonly tone?: (row: OverviewRow) => Tone;
		},
	): Column => {
		const widest = rows.reduce((most, row) => Math.max(most, textWidth(words(row))), textWidth(title));
		const {align = 'left', tone = () => 'plain'} = look;
		return {
			title,
			by: look.by,
			worth,
			align,
			width: Math.max(Math.min(widest, look.most), textWidth(title)),
			cell: (row, room) => [span(pad(cutNameEnd(words(row), room), room, align), tone(row))],
		};
	};
	const right = 'right';
	const utilizationRules = ['idle-gpus', 'straggler', 'idle-deployment', 'missing-gpu', 'missing-node'] as const;
	const model = text('model', 8, ({deployment}) => modelName(deployment), {most: 48, by: 'model'});
	const hasPrice = rows.some(({perHour}) => perHour !== undefined);
	const course: Column = {
		title: 'last hour',
		by: 'busy',
		worth: 3,
		align: 'left',
		width: courseWidths.least,
		cell: courseCell,
	};
	const finding: Column = {
		title: 'finding',
		by: 'finding',
		worth: 2,
		align: 'left',
		width: width < datedFrom ? findingWidths.least : findingWidths.dated,
		cell: (row, room) => findingCell(row, room, nowMs),
	};
	const table: readonly Column[] = [
		text('id', 0, ({deployment}) => deployment.id, {most: 16, by: 'id'}),
		model,
		text('status', 5, ({deployment}) => deployment.status ?? symbols.unknown, {
			most: 14,
			by: 'status',
			tone: ({deployment}) => describeStatus(deployment.status).tone,
		}),
		text('owner', 10, ({deployment}) => ownerName(deployment), {most: 14, by: 'owner', tone: () => 'dim'}),
		text('GPUs', 4, ({deployment}) => sizeOf(deployment), {most: 12}),
		text('now', 1, ({measures}) => formatPercentIn(measures?.utilization, 4), {
			most: 4,
			align: right,
			tone: row => (hasFinding(row, ...utilizationRules) ? 'bad' : utilizationTone(row.measures?.utilization)),
		}),
		course,
		text('mean', 11, ({measures}) => formatPercentIn(measures?.busy, 4), {most: 4, by: 'busy', align: right}),
		text('req/s', 6, ({measures}) => formatCount(measures?.requests), {
			most: 6,
			by: 'req/s',
			align: right,
			tone: toneBy('stalled'),
		}),
		text('p99', 7, ({measures}) => formatLatency(measures?.p99), {most: 6, by: 'p99', align: right}),
		text('failed', 6.5, ({measures}) => formatShare(measures?.failed), {
			most: 6,
			by: 'failed',
			align: right,
			tone: toneBy('5xx', '4xx'),
		}),
		...(hasPrice
			? [
					text(
						`$/h${prices.own === undefined ? '' : ' own'}`,
						7.5,
						({perHour}) => (perHour === undefined ? symbols.unknown : formatDollars(perHour)),
						{most: 7, by: '$/h', align: right},
					),
				]
			: []),
		finding,
	];
	return fitColumns(table, width, {model, course, finding});
}

/** Gives columns space by priority, and the remaining space to those that can use it. */
function fitColumns(
	table: readonly Column[],
	width: number,
	{model, course, finding}: Readonly<Record<'model' | 'course' | 'finding', Column>>,
): readonly Column[] {
	let room = width - markWidth;
	const widths = new Map<Column, number>();
	for (const column of [...table].sort((a, b) => a.worth - b.worth)) {
		const wanted = column === model ? Math.min(model.width, modelWidths.wanted) : column.width;
		const least = column === model ? Math.min(model.width, modelWidths.least) : column.width;
		const given = Math.min(wanted, room - gapWidth);
		if (given >= least) {
			widths.set(column, given);
			room -= given + gapWidth;
		}
	}

	const grow = (column: Column, most: number): void => {
		const before = widths.get(column);
		if (before !== undefined && room > 0) {
			const after = Math.min(most, before + room);
			room -= Math.max(after - before, 0);
			widths.set(column, Math.max(after, before));
		}
	};
	grow(finding, findingWidths.usual);
	grow(course, courseWidths.usual);
	grow(model, model.width);
	grow(finding, 2 * findingWidths.usual);
	grow(course, courseWidths.most);
	return table.flatMap(column => {
		const given = widths.get(column);
		return given === undefined ? [] : [{...column, width: given}];
	});
}

const markWidth = 4;
const gapWidth = 2;

function pad(text: string, width: number, align: Column['align']): string {
	return align === 'left' ? padEnd(text, width) : padStart(text, width);
}

/**
 * Draws how busy the GPUs were over the hour: for each cell, the mean of its minutes, as one of the levels from idle to
 * busy.
 */
function courseCell({measures}: OverviewRow, width: number): Line {
	const course = measures?.course ?? [];
	const cells = Array.from({length: width}, (_, column) => {
		const from = Math.floor((column * course.length) / width);
		const to = Math.max(Math.floor(((column + 1) * course.length) / width), from + 1);
		const known = course.slice(from, to).filter(value => value !== undefined);
		const value = known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0) / known.length;
		return value === undefined ? undefined : {glyph: levelGlyph(value, 1), tone: utilizationTone(value)};
	});
	return joinGlyphs(cells);
}

/** The worst finding with its duration, and its text if there is space; or why nothing is known. */
function findingCell(row: OverviewRow, width: number, nowMs: number): Line {
	const {link, findings, deployment} = row;
	const [worst, ...others] = findings ?? [];
	if (link.kind === 'failing' || link.kind === 'refused') {
		const since = formatAge(nowMs - link.sinceMs);
		const words = [`${describeFailure(link.failure)}, for ${since}`, describeFailure(link.failure), 'not answering'];
		const fitting = words.find(text => textWidth(text) <= width) ?? 'not answering';
		return fitLine([span(fitting, 'warn')], width);
	}

	if (worst !== undefined) {
		const since = worst.state === 'unknown' ? worst.lastKnownMs : worst.sinceMs;
		const age = `${formatAge(nowMs - since)}${worst.state === 'active' && worst.sinceIsLowerBound ? '+' : ''}`;
		const brief = worst.state === 'unknown' ? `${worst.rule} ? ${age}` : `${worst.rule} ${age}`;
		const more = others.length === 0 ? '' : ` +${others.length}`;
		const room = width - textWidth(brief) - textWidth(more) - 2;
		const words = room < 16 ? '' : `  ${truncateWords(describeFinding(worst, shortName(room)).what, room)}`;
		const line = [span(brief, 'warn'), span(more, 'dim'), span(words)];
		return fitLine(lineWidth(line) <= width ? line : [span(worst.rule, 'warn')], width);
	}

	const words = findings !== undefined ? '' : isLive(deployment) ? 'loading' : symbols.unknown;
	return fitLine(findings === undefined ? [span(words, 'dim')] : [span(symbols.well, 'good')], width);
}

function shortName(room: number): (name: string) => string {
	return name => cutNameStart(name, Math.max(8, room - 24));
}

function titlesOf(columns: readonly Column[], {overview}: State): Line {
	const {column: by, reversed} = overview.sort;
	const titles = columns.flatMap(({title, width, align, by: own}): Line => {
		const isSorted = own === by && (by !== 'status' || reversed);
		const text = cutNameEnd(title, width);
		return [span(pad(text, width, align), isSorted ? 'selected' : 'dim'), span(' '.repeat(gapWidth))];
	});
	return [span(' '.repeat(markWidth)), ...titles];
}

function lineOf(row: OverviewRow, isSelected: boolean, columns: readonly Column[]): Line {
	const {deployment, findings, link} = row;
	const {mark, tone} = describeStatus(deployment.status);
	const [worst] = findings ?? [];
	const isFailing = link.kind === 'failing' || link.kind === 'refused';
	const found = isFailing
		? span('?', 'warn')
		: worst === undefined
			? span(' ')
			: worst.state === 'unknown'
				? span('?', 'warn')
				: span(symbols.mark, 'bad');
	const head: Line = [span(isSelected ? symbols.pointer : ' ', 'selected'), span(mark, tone), found, span(' ')];
	const cells = columns.flatMap(({cell, width, title}): Line => {
		const line = cell(row, width);
		const shown = isSelected && title === 'id' ? line.map(({text}) => span(text, 'selected')) : line;
		return [...shown, span(' '.repeat(gapWidth))];
	});
	return [...head, ...cells];
}
