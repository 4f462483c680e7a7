import type {Deployment} from '../api/deployment.ts';
import type {CurrentFinding, RuleName} from '../metrics/findings.ts';
import {isLive} from '../state/overview.ts';
import type {OverviewColumn} from '../state/overview-list.ts';
import type {OverviewRow} from '../state/overview-row.ts';
import type {State} from '../state/state.ts';
import {formatDollars} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {describeFinding} from '../text/finding-text.ts';
import {formatAge, formatCount, formatLatency, formatPercentIn, formatShare, formatTimeLeft} from '../text/format.ts';
import {describeStatus} from '../text/status-text.ts';
import {symbols, type Tone} from '../theme/theme.ts';
import {cutNameEnd, cutNameStart} from './distinct-name.ts';
import {findingTone} from './finding-markers.ts';
import {fitLine, type Line, lineWidth, padTo, span, textWidth, truncateWords} from './line.ts';
import {joinGlyphs, levelGlyph, utilizationTone} from './sparkline.ts';

/**
 * Draws the utilization of the GPUs over the last hour: for each cell, the mean of its minutes, as one of the levels
 * from idle to busy.
 */
function trendCell({measures}: OverviewRow, width: number): Line {
	const trend = measures?.trend ?? [];
	const cells = Array.from({length: width}, (_, column) => {
		const from = Math.floor((column * trend.length) / width);
		const to = Math.max(Math.floor(((column + 1) * trend.length) / width), from + 1);
		const known = trend.slice(from, to).filter(value => value !== undefined);
		const value = known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0) / known.length;
		return value === undefined ? undefined : {glyph: levelGlyph(value, 1), tone: utilizationTone(value)};
	});
	return joinGlyphs(cells);
}

/**
 * If requests fail, returns the reason and how long they have been failing; otherwise, the worst finding with its
 * duration and, if there is space, its text. Without findings, returns `✓`, or, if findings aren't known, `loading` or
 * `–`.
 */
function findingCell(row: OverviewRow, width: number, nowMs: number): Line {
	const {link, findings, deployment} = row;
	const [worst, ...others] = findings ?? [];
	if (link.kind === 'failing' || link.kind === 'refused') {
		const since = formatAge(nowMs - link.sinceMs);
		const failure = describeFailure(link.failure);
		const words = [`${failure}, for ${since}`, failure, 'request failed', 'failing'];
		const fitting = words.find(text => textWidth(text) <= width) ?? 'failing';
		return fitLine([span(fitting, 'warn')], width);
	}

	if (worst !== undefined) {
		const since = worst.state === 'unknown' ? worst.lastKnownMs : worst.sinceMs;
		const age = `${formatAge(nowMs - since)}${worst.state === 'active' && worst.sinceIsLowerBound ? '+' : ''}`;
		const more = others.length === 0 ? '' : ` +${others.length}`;
		const found = worst.state === 'unknown' ? `${worst.rule} ? ${age}` : `${worst.rule} ${age}`;
		const full = fullWords(worst, others);
		const brief =
			[`${found}${full}`, `disk${full}`].find(text => full !== '' && textWidth(text + more) <= width) ?? found;
		const room = width - textWidth(brief) - textWidth(more) - 2;
		const words = room < 16 ? '' : `  ${truncateWords(describeFinding(worst, shortName(room)).what, room)}`;
		const tone = findingTone(worst) === 'plain' ? 'plain' : 'warn';
		const line = [span(brief, tone), span(more, 'dim'), span(words)];
		return fitLine(lineWidth(line) <= width ? line : [span(worst.rule, tone)], width);
	}

	const words = findings !== undefined ? '' : isLive(deployment) ? 'loading' : symbols.unknown;
	return fitLine(findings === undefined ? [span(words, 'dim')] : [span(symbols.well, 'good')], width);
}

/** Formats the shortest time until a node's storage is full; empty if the worst finding isn't about storage. */
function fullWords(worst: CurrentFinding, others: readonly CurrentFinding[]): string {
	const isStorage = worst.rule === 'disk-growth' || worst.rule === 'disk';
	const times = [worst, ...others].flatMap(finding =>
		finding.rule === 'disk-growth' && finding.state === 'active' ? finding.fullInMs : [],
	);
	return isStorage && times.length > 0 ? `, full in ${formatTimeLeft(Math.min(...times))}` : '';
}

function shortName(room: number): (name: string) => string {
	return name => cutNameStart(name, Math.max(8, room - 24));
}

/** One column of the overview. `by` is the sort order that it represents, and `width` is in cells. */
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

/** Returns the name of the model without its owner, because most models have the same owner; `–` if it is unknown. */
function modelName({baseModel}: Deployment): string {
	return baseModel === undefined ? symbols.unknown : baseModel.slice(baseModel.lastIndexOf('/') + 1);
}

/**
 * Returns the part of the owner's email address before the `@`, because most addresses share the domain; `–` if it is
 * unknown.
 */
function ownerName({owner}: Deployment): string {
	return owner === undefined ? symbols.unknown : (owner.split('@')[0] ?? owner);
}

function hasFinding({findings}: OverviewRow, ...rules: readonly RuleName[]): boolean {
	return findings?.some(({rule, state}) => state === 'active' && rules.includes(rule)) === true;
}

/** Returns a function that determines the tone of a value: `bad` if one of these rules has an active finding. */
function toneBy(...rules: readonly RuleName[]): (row: OverviewRow) => Tone {
	return row => (hasFinding(row, ...rules) ? 'bad' : 'plain');
}

/** The minimum, usual, and maximum widths of the utilization trend, in cells. */
export const trendWidths = {least: 9, usual: 12, most: 30} as const;

/** The widths of the finding, in cells: the minimum, the minimum with a duration, and the usual one. */
export const findingWidths = {least: 8, dated: 18, usual: 34} as const;

/** The minimum width at which the duration of a finding is more important than another column. */
const datedFrom = 64;

/** All columns, in the order of the table, and those of them that share the space that the others leave. */
export type OverviewTable = {
	readonly table: readonly TableColumn[];
	readonly model: TableColumn;
	readonly trend: TableColumn;
	readonly finding: TableColumn;
};

/**
 * Returns the columns for these rows. The trend and the finding have their minimum widths (for the finding, with or
 * without a duration, depending on `width`); each of the others has the width that it needs, up to a maximum.
 */
export function overviewTable(rows: readonly OverviewRow[], width: number, {live, prices}: State): OverviewTable {
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
	const trend: TableColumn = {
		title: 'last hour',
		by: 'busy',
		priority: 3,
		align: 'left',
		width: trendWidths.least,
		cell: trendCell,
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
		trend,
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
	return {table, model, trend, finding};
}
