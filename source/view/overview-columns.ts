import type {Deployment} from '../api/deployment.ts';
import type {RuleName} from '../metrics/findings.ts';
import type {OverviewColumn} from '../state/overview-list.ts';
import type {OverviewRow} from '../state/overview-row.ts';
import type {State} from '../state/state.ts';
import {formatDollars} from '../text/cost-text.ts';
import {formatCount, formatLatency, formatPercentIn, formatShare} from '../text/format.ts';
import {describeStatus} from '../text/status-text.ts';
import {symbols, type Tone} from '../theme/theme.ts';
import {cutNameEnd, type Line, padTo, span, textWidth} from './line.ts';
import {courseCell, findingCell} from './overview-cells.ts';
import {utilizationTone} from './sparkline.ts';

export type TableColumn = {
	readonly title: string;
	readonly by: OverviewColumn | undefined;
	readonly width: number;
	readonly align: 'left' | 'right';
	/** The priority: the column with the lowest number gets space first. */
	readonly priority: number;
	readonly cell: (row: OverviewRow, width: number) => Line;
};

function sizeOf({nodeCount, instance}: Deployment): string {
	const counts = [nodeCount, instance?.gpusPerNode].filter(count => count !== undefined).join('×');
	return [counts, instance?.gpuType].filter(text => text !== undefined && text !== '').join(' ');
}

/** Returns the name of the model without its owner, which most models share. */
function modelName({baseModel}: Deployment): string {
	return baseModel === undefined ? symbols.unknown : baseModel.slice(baseModel.lastIndexOf('/') + 1);
}

/** Returns the part of the owner's email address before the domain, because most owners share the domain. */
function ownerName({owner}: Deployment): string {
	return owner === undefined ? symbols.unknown : (owner.split('@')[0] ?? owner);
}

function hasFinding({findings}: OverviewRow, ...rules: readonly RuleName[]): boolean {
	return findings?.some(({rule, state}) => state === 'active' && rules.includes(rule)) === true;
}

/** Returns the tone of a value: bad if one of these rules has an active finding. */
function toneBy(...rules: readonly RuleName[]): (row: OverviewRow) => Tone {
	return row => (hasFinding(row, ...rules) ? 'bad' : 'plain');
}

/** The minimum and maximum widths of the utilization trend, the finding, and the model's name. */
const courseWidths = {least: 9, usual: 12, most: 30} as const;

const findingWidths = {least: 8, dated: 18, usual: 34} as const;

/** The minimum width at which the duration of a finding is more important than another column. */
const datedFrom = 64;

const modelWidths = {least: 10, wanted: 16} as const;

/**
 * Returns the columns that fit, in the order of the table. The trend, the model, and the finding take the space that
 * the others leave.
 */
export function chooseOverviewColumns(
	rows: readonly OverviewRow[],
	width: number,
	{live, prices}: State,
): readonly TableColumn[] {
	const {nowMs} = live;
	const text = (
		title: string,
		priority: number,
		words: (row: OverviewRow) => string,
		look: {
			readonly most: number;
			readonly by?: OverviewColumn;
			readonly align?: 'left' | 'right';
			readonly tone?: (row: OverviewRow) => Tone;
		},
	): TableColumn => {
		const widest = rows.reduce((most, row) => Math.max(most, textWidth(words(row))), textWidth(title));
		const {align = 'left', tone = () => 'plain'} = look;
		return {
			title,
			by: look.by,
			priority,
			align,
			width: Math.max(Math.min(widest, look.most), textWidth(title)),
			cell: (row, room) => [span(padTo(cutNameEnd(words(row), room), room, align), tone(row))],
		};
	};
	const right = 'right';
	const utilizationRules = ['idle-gpus', 'straggler', 'idle-deployment', 'missing-gpu', 'missing-node'] as const;
	const model = text('model', 8, ({deployment}) => modelName(deployment), {most: 48, by: 'model'});
	const hasPrice = rows.some(({perHour}) => perHour !== undefined);
	const course: TableColumn = {
		title: 'last hour',
		by: 'busy',
		priority: 3,
		align: 'left',
		width: courseWidths.least,
		cell: courseCell,
	};
	const finding: TableColumn = {
		title: 'finding',
		by: 'finding',
		priority: 2,
		align: 'left',
		width: width < datedFrom ? findingWidths.least : findingWidths.dated,
		cell: (row, room) => findingCell(row, room, nowMs),
	};
	const table: readonly TableColumn[] = [
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
	table: readonly TableColumn[],
	width: number,
	{model, course, finding}: Readonly<Record<'model' | 'course' | 'finding', TableColumn>>,
): readonly TableColumn[] {
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
	grow(course, courseWidths.usual);
	grow(model, model.width);
	grow(finding, 2 * findingWidths.usual);
	grow(course, courseWidths.most);
	return table.flatMap(column => {
		const given = widths.get(column);
		return given === undefined ? [] : [{...column, width: given}];
	});
}

export const markWidth = 4;

export const gapWidth = 2;
