import {chosenPosition, listedRows, overviewRows, totalsOfRows} from '../state/overview-list.ts';
import type {OverviewRow} from '../state/overview-row.ts';
import type {State} from '../state/state.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {formatDollars} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {formatGrouped} from '../text/format.ts';
import {describeStatus} from '../text/status-text.ts';
import {symbols} from '../theme/theme.ts';
import {cutNameEnd} from './distinct-name.ts';
import {findingMark, findingTone} from './finding-markers.ts';
import {firstFitting, fitLine, type Line, padTo, rowMark, scrollOffset, span, truncateWords} from './line.ts';
import {findingWidths, type OverviewTable, overviewTable, type TableColumn, trendWidths} from './overview-columns.ts';
import {centered, type HitTarget} from './pane-content.ts';

/** The width of the marks before each row, and of the space between two columns. */
const markWidth = 4;
const gapWidth = 2;

/** All deployments, one row each, with one selected. */
type OverviewView = {
	/** The number of deployments, their scope, and how they are filtered and sorted, in forms from wide to narrow. */
	readonly counts: readonly Line[];
	readonly lines: readonly Line[];
	readonly targets: ReadonlyArray<HitTarget | undefined>;
};

/**
 * Lays out the overview in `width` × `height` cells: the totals, the column titles, and one row for each deployment.
 */
export function overviewView(state: State, width: number, height: number, zone: Zone): OverviewView {
	const rows = listedRows(state);
	const counts = countForms(state, rows.length);
	if (rows.length === 0) {
		return {counts, lines: centered(whyEmpty(state, zone), width, height), targets: []};
	}

	const sums = fitLine(totalsLine(state, width, zone), width);
	const columns = fitColumns(overviewTable(rows, width, state), width);
	// On the shortest screens, rows are more important than column titles.
	const titles = height < 7 ? [] : [titlesOf(columns, state)];
	const room = Math.max(height - 1 - titles.length, 1);
	const selected = chosenPosition(state);
	const first = scrollOffset(selected, rows.length, room);
	const shown = rows.slice(first, first + room);
	const lines = shown.map((row, index) => lineOf(row, first + index === selected, columns));
	const targets = shown.map(({deployment: {id}}): HitTarget => ({kind: 'deployment', id}));
	return {
		counts,
		lines: [sums, ...titles, ...lines],
		targets: [undefined, ...titles.map(() => undefined), ...targets],
	};
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
	const again = nextAtMs === undefined ? '' : `, retry at ${formatMoment(nextAtMs, nextAtMs, zone)}`;
	return `can't load the list: ${describeFailure(failure)}${again}`;
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

/**
 * Returns the totals of all live deployments (regardless of the filter), or the reason why the list couldn't be loaded.
 */
function totalsLine(state: State, width: number, zone: Zone): Line {
	const fault = faultWords(state, zone);
	if (fault !== undefined) {
		return [span(` ${symbols.broken} `, 'bad'), span(truncateWords(fault, width - 4), 'warn')];
	}

	const {live, gpus, busyGpus, idleGpus, perHour, found, failing, awaited} = totalsOfRows(overviewRows(state));
	const dot = span(` ${symbols.dot} `, 'dim');
	const unknown = gpus - busyGpus - idleGpus;
	const strong = (value: number): ReturnType<typeof span> => span(formatGrouped(value), 'strong');
	const dim = (text: string): ReturnType<typeof span> => span(text, 'dim');
	const counted: Line = [span(' '), strong(live), dim(' live')];
	const isKnown = busyGpus + idleGpus > 0;
	const all: Line = [dot, strong(gpus), dim(' GPUs')];
	const use: Line = isKnown ? [dot, strong(busyGpus), dim(' GPUs in use, '), strong(idleGpus), dim(' idle')] : all;
	const rest: Line = isKnown && unknown > 0 ? [dim(`, ${formatGrouped(unknown)} unknown`)] : [];
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
		failing === 0 ? [] : [dot, span(`${symbols.broken} `, 'bad'), span(`${failing} with failed polls`, 'warn')];
	// Problems are more important than cost.
	const brieflyFailing: Line = failing === 0 ? [] : [dot, span(`${symbols.broken}${failing}`, 'bad')];
	const concerns: Line = [...marks, ...brieflyFailing];
	const loading: Line = awaited === 0 ? [] : [dot, dim(`loading ${awaited}`)];
	return firstFitting(
		[
			[...counted, ...use, ...rest, ...cost, ...notes, ...faults, ...loading],
			[...counted, ...use, ...rest, ...cost, ...marks, ...faults, ...loading],
			[...counted, ...use, ...rest, ...cost, ...concerns],
			[...counted, ...brief, ...rest, ...cost, ...concerns],
			[span(' '), ...brief.slice(1), ...cost, ...concerns],
			[...counted, ...brief, ...concerns],
			[span(' '), ...brief.slice(1), ...concerns],
			[...counted, ...concerns],
			counted,
		],
		width,
	);
}

function titlesOf(columns: readonly TableColumn[], {overview}: State): Line {
	const {column: by, reversed} = overview.sort;
	const titles = columns.flatMap(({title, width, align, by: own}): Line => {
		const isSorted = own === by && (by !== 'status' || reversed);
		const text = cutNameEnd(title, width);
		return [span(padTo(text, width, align), isSorted ? 'selected' : 'dim'), span(' '.repeat(gapWidth))];
	});
	return [span(' '.repeat(markWidth)), ...titles];
}

function lineOf(row: OverviewRow, isSelected: boolean, columns: readonly TableColumn[]): Line {
	const {deployment, findings, link} = row;
	const {mark, tone} = describeStatus(deployment.status);
	const [worst] = findings ?? [];
	const isFailing = link.kind === 'failing' || link.kind === 'refused';
	const found = isFailing
		? span('?', 'warn')
		: worst === undefined
			? span(' ')
			: span(findingMark(worst), worst.state === 'unknown' ? 'warn' : findingTone(worst));
	const head: Line = [rowMark(isSelected), span(mark, tone), found, span(' ')];
	const cells = columns.flatMap(({cell, width, title}): Line => {
		const line = cell(row, width);
		const shown = isSelected && title === 'id' ? line.map(({text}) => span(text, 'selected')) : line;
		return [...shown, span(' '.repeat(gapWidth))];
	});
	return [...head, ...cells];
}

/** The minimum and the preferred width of the model's name. */
const modelWidths = {least: 10, wanted: 16} as const;

/**
 * Returns the columns that fit, in the order of the table: they get space by priority, and the trend, the model, and
 * the finding get the space that the others leave.
 */
function fitColumns({table, model, trend, finding}: OverviewTable, width: number): readonly TableColumn[] {
	let room = width - markWidth;
	const widths = new Map<TableColumn, number>();
	for (const column of [...table].sort((a, b) => a.priority - b.priority)) {
		const wanted = column === model ? Math.min(model.width, modelWidths.wanted) : column.width;
		const least = column === model ? Math.min(model.width, modelWidths.least) : column.width;
		const given = Math.min(wanted, room - gapWidth);
		if (given >= least) {
			widths.set(column, given);
			room -= given + gapWidth;
		}
	}

	const grow = (column: TableColumn, most: number): void => {
		const before = widths.get(column);
		if (before !== undefined && room > 0) {
			const after = Math.min(most, before + room);
			room -= Math.max(after - before, 0);
			widths.set(column, Math.max(after, before));
		}
	};
	grow(finding, findingWidths.usual);
	grow(trend, trendWidths.usual);
	grow(model, model.width);
	grow(finding, 2 * findingWidths.usual);
	grow(trend, trendWidths.most);
	return table.flatMap(column => {
		const given = widths.get(column);
		return given === undefined ? [] : [{...column, width: given}];
	});
}
