import {mapRecord} from '../../api/points.ts';
import type {NodeSeries} from '../../api/series-table.ts';
import {emptyNode} from '../../api/series-table.ts';
import {nodeMetrics} from '../../metrics/metric-table.ts';
import {type Node, share, sumOfKnown, type Totals} from '../../metrics/node.ts';
import {formatMoment} from '../../text/clock-time.ts';
import {describeFailure, nameFailure} from '../../text/failure-text.ts';
import {formatAge, formatPercent} from '../../text/format.ts';
import {noSamplesWords} from '../../text/status-text.ts';
import {symbols} from '../../theme/theme.ts';
import {firstFitting, type Line, padEnd, rowMark, spaceBetween, span, textWidth, wrapWords} from '../line.ts';
import {asOld, lastValue, type PaneInput, staleTone} from '../pane-content.ts';
import {findingLines, withoutRepeats} from '../timeline-lines.ts';
import type {NodeColumn} from './node-columns.ts';

/** The maximum numbers of lines of each finding's text, in order of preference. */
const findingForms = [6, 5, 4, 3, 2, 1];

/** Returns lines that say why requests fail and when that began; none if they don't fail, or aren't retried. */
function faultRows({view, width, zone, isReplay}: PaneInput): readonly Line[] {
	const {link, nowMs} = view;
	if (link.kind !== 'failing') {
		return [];
	}

	const {failure, sinceMs, receivedMs} = link;
	const since = receivedMs === undefined ? '' : `since ${formatMoment(sinceMs, nowMs, zone)} `;
	const name: Line = [span(` ${symbols.broken} `, 'bad'), span(nameFailure(failure), 'strong')];
	const words = `${describeFailure(failure)}${isReplay ? '' : ` ${symbols.dot} r retries now`}`;
	return [
		spaceBetween(name, [span(since, 'dim')], width),
		...wrapWords(words, width - 4).map((line): Line => [span(`   ${line}`)]),
	];
}

/**
 * Returns the rows below the trainer's nodes: the reason why requests fail and, below that, the findings that are
 * active or unknown, worst first, or, without findings but with incomplete data, the last checkpoint. None at a cursor.
 */
export function findingRows(free: number, input: PaneInput): readonly Line[] {
	const {view, component, variant} = input;
	const minFree = variant === 'bare' ? 3 : 1;
	if (component !== 'trainer' || view.snapshot.atMs !== undefined) {
		return [];
	}

	const fault = faultRows(input);
	const before = fault.length > 0 && fault.length < free ? [[], ...fault] : [];
	const room = free - before.length;
	if (room < minFree || view.findings.current.length > 0) {
		return room < minFree ? before : [...before, ...currentRows(room, input)];
	}

	// The line above the keys says what is incomplete instead of describing the last checkpoint.
	const {problems, dropped} = view.snapshot;
	const isIncomplete = problems.length > 0 || dropped > 0;
	return isIncomplete && input.checkpoint.length > 0 && room > 1 ? [...before, [], findingsTitle('', input)] : before;
}

function currentRows(free: number, input: PaneInput): readonly Line[] {
	const {view, width, zone, lastError} = input;
	const current = withoutRepeats(view.findings.current);
	const nameWidth = Math.max(...current.map(({rule}) => rule.length)) + 1;
	const rowsWith = (max: number): ReadonlyArray<readonly Line[]> =>
		current.map(finding =>
			findingLines(finding, {isSelected: false, width, nowMs: view.nowMs, zone, lastError, most: max, nameWidth}),
		);
	const room = free - 2;
	const isWhole = (rows: ReadonlyArray<readonly Line[]>): boolean => rows.flat().length <= room;
	const whole = findingForms.map(rowsWith).find(isWhole);
	const [complete = []] = findingForms.map(rowsWith);
	const isTight = complete.flat().length === room + 1;
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
	// The end of a long message is more important than a blank line.
	return isTight
		? [findingsTitle(current.length === 1 ? 'finding' : 'findings, worst first', input), ...complete.flat()]
		: [[], findingsTitle(current.length === 1 ? 'finding' : title, input), ...shown.flat()];
}

/**
 * Returns the title above the findings and, if there is space, information for deciding whether to restart: the last
 * checkpoint and, if no node reports, the cost of the window, which the title of the pane doesn't contain in that
 * case.
 */
function findingsTitle(title: string, {view, width, cost, checkpoint}: PaneInput): Line {
	const shownCost = view.snapshot.totals.nodesReporting === 0 ? cost : '';
	const [age = ''] = checkpoint;
	const forms = [[shownCost, ...checkpoint], [shownCost, age], checkpoint, [age]].map(parts =>
		parts.filter(part => part !== '').join(` ${symbols.dot} `),
	);
	// The order of the findings is less important than the last checkpoint.
	const brief = title.replace(', worst first', '');
	const shown = textWidth(title) + textWidth(age) + 4 <= width ? title : brief;
	const room = width - textWidth(shown) - 4;
	const fitting = forms.find(form => textWidth(form) <= room) ?? '';
	return spaceBetween(
		[span(` ${fitting === '' ? title : shown}`, 'dim')],
		[span(fitting === '' ? '' : `${fitting} `, 'dim')],
		width,
	);
}

/** Draws the row of a node: its name, and either its values or the time at which it was last seen. */
export function nodeRow(
	node: Node,
	isSelected: boolean,
	name: string,
	columns: readonly NodeColumn[],
	input: PaneInput,
): Line {
	const head: Line = [
		rowMark(isSelected),
		span(name, isSelected ? 'selected' : node.presence === 'gone' ? 'dim' : 'plain'),
	];
	const mark = input.markers.hasNode(node.id) ? span(`${symbols.mark} `, 'bad') : span('  ');
	// At the cursor, a node without a sample has unknown values, even if it has earlier or later samples.
	return node.reporting || input.view.snapshot.atMs !== undefined
		? [
				...head,
				...columns.flatMap((column, index) => [index === 0 ? mark : span('  '), ...asOld(column.cell(node), input)]),
			]
		: [...head, mark, ...lastSeen(node, input, input.width - textWidth(name) - 3)];
}

/**
 * Says when a missing or replaced node was last seen, with the values of its last samples if there is space, or that
 * it has no samples. The text is at most `width` cells wide, if possible.
 */
function lastSeen(node: Node, {view, zone}: PaneInput, width: number): Line {
	const {lastSeenMs, presence} = node;
	const gone = presence === 'gone' ? 'gone, ' : '';
	const tone = presence === 'gone' ? 'dim' : staleTone(view);
	if (lastSeenMs === undefined) {
		const words = noSamplesWords(view.snapshot);
		return firstFitting(
			[`${gone}${words}`, words, words.replace(/^no readable.*/, 'unreadable')].map(text => [span(text, tone)]),
			width,
		);
	}

	const age = `${formatAge(view.snapshot.nowMs - lastSeenMs)} ago`;
	const seen = `${gone}last seen ${formatMoment(lastSeenMs, view.nowMs, zone)} ${symbols.dot} ${age}`;
	const values = lastValues(node);
	return firstFitting(
		[
			[span(seen, tone), ...(values === '' ? [] : [span(`: ${values}`, 'dim')])],
			...[seen, `${gone}last seen ${age}`, `last seen ${age}`, age].map((text): Line => [span(text, tone)]),
		],
		width,
	);
}

/** Returns the values of the last samples of a node, `util 92%, ram 29%, disk 36%`, without those that are unknown. */
function lastValues({lastSeenMs, gpus, series, ramTotal}: Node): string {
	const known = gpus.flatMap(gpu => lastValue(gpu.series.utilization, lastSeenMs) ?? []);
	const shares = {
		util: known.length === 0 ? undefined : known.reduce((a, b) => a + b) / known.length,
		ram: share(lastValue(series.ram, lastSeenMs), ramTotal),
		disk: lastValue(series.diskShare, lastSeenMs),
	};
	return Object.entries(shares)
		.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${formatPercent(value)}`]))
		.join(', ');
}

/**
 * Combines the values of all reporting nodes into one node: means over their GPUs, and sums of amounts. A sum
 * is undefined if one of its amounts is unknown, or if no node reports; for `gpuMemoryKnown`, unknown amounts are left
 * out. The result has no name, no GPUs, and no samples.
 */
export function nodeOfAll(listed: readonly Node[], totals: Totals): Node {
	const nodes = listed.filter(({reporting}) => reporting);
	const sumOf = (name: NodeSeries | 'gpuMemory' | 'gpuMemoryTotal' | 'ramTotal' | 'cpuTotal'): number | undefined =>
		sumOfKnown(nodes.map(node => node[name]));
	const values = mapRecord(nodeMetrics, ({isSum}, name) => (isSum ? sumOf(name) : undefined));
	const {gpusReporting, gpusExpected, utilization, busy} = totals;
	return {
		...values,
		id: '',
		reporting: nodes.length > 0,
		presence: 'reporting',
		lastSeenMs: undefined,
		gpus: [],
		gpusReporting,
		gpusExpected,
		utilization,
		busy: nodes.length === 0 ? undefined : busy,
		gpuMemory: sumOf('gpuMemory'),
		gpuMemoryKnown: sumOfKnown(nodes.flatMap(node => node.gpuMemoryKnown ?? [])),
		gpuMemoryTotal: sumOf('gpuMemoryTotal'),
		cpuTotal: sumOf('cpuTotal'),
		ramTotal: sumOf('ramTotal'),
		series: emptyNode(''),
	};
}

/** Draws the row for all nodes that report. If none reports, only their number is known. */
export function allRow(nameWidth: number, columns: readonly NodeColumn[], input: PaneInput): Line {
	const {nodes, snapshot} = input.view;
	const {totals} = snapshot;
	const all = nodeOfAll(nodes, totals);
	const {nodesReporting: reporting, nodesExpected: expected} = totals;
	const name = reporting < expected ? `${reporting} of ${expected}` : `all ${reporting}`;
	return [
		span(` ${padEnd(name, nameWidth)}`, 'dim'),
		...columns.flatMap((column): Line => {
			const {title, width} = column;
			// There is no space for one glyph per GPU, and shares of storage, trends, and times until storage is full
			// can't be added up.
			const isOfEach = title.startsWith('gpu') || title === 'disk%' || title.includes(' in ');
			const blank = title.startsWith('gpu') ? `${totals.gpusReporting} GPUs` : '';
			const words = textWidth(blank) <= width ? blank : '';
			return [span('  '), ...(isOfEach ? [span(padEnd(words, width), 'dim')] : asOld(column.cell(all), input))];
		}),
	];
}
