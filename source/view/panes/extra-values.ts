import type {ExtraKind} from '../../api/sampler-extras.ts';
import {restartsIn, type ShownExtras} from '../../state/sampler-extras.ts';
import {formatLatency, formatRate, formatShare, formatWhole, withNoun} from '../../text/format.ts';
import {symbols} from '../../theme/theme.ts';
import {type Line, lineWidth, span, truncateWords} from '../line.ts';
import {type SummaryRow, summaryTable} from '../metric-line.ts';
import type {PaneInput} from '../pane-content.ts';

type Shown = {
	readonly label: string;
	/** The label to use after another value in the same line. */
	readonly short?: string;
	readonly format: (value: number | undefined) => string;
};

const shown: Readonly<Record<Exclude<ExtraKind, 'replicasDesired' | 'replicasStarting' | 'restarts'>, Shown>> = {
	firstByteP50: {label: 'first byte p50', format: formatLatency},
	firstByteP95: {label: 'first byte p95', short: 'p95', format: formatLatency},
	queueTimeP95: {label: 'in queue p95', short: 'queue p95', format: formatLatency},
	queueSize: {label: 'async queue', format: formatWhole},
	engineRequests: {label: 'in the engine', format: formatWhole},
	inputTokens: {label: 'tokens in', format: formatRate},
	outputTokens: {label: 'tokens out', format: formatRate},
	cacheHits: {label: 'KV cache hits', format: formatShare},
};
type ShownKind = keyof typeof shown;

/** The extra metrics that the sampler's panes show, by line. */
const requestLines: readonly (readonly ShownKind[])[] = [
	['outputTokens', 'inputTokens', 'cacheHits'],
	['queueSize', 'engineRequests'],
];
const latencyLines: readonly (readonly ShownKind[])[] = [['firstByteP50', 'firstByteP95', 'queueTimeP95']];
const linesOf = {requests: requestLines, latency: latencyLines} as const;

/** The minimum height of a pane that has space for these lines below its chart. */
const minHeight = 10;

function extrasOf({component, extras}: PaneInput): ShownExtras | undefined {
	return component === 'sampler' ? extras : undefined;
}

function isKnown(kind: ExtraKind, {series}: ShownExtras): boolean {
	return series[kind].times.length > 0;
}

/**
 * Returns the lines of extra metrics below the chart of a framed pane and, in the requests pane, the reason why the
 * last request for them failed; none for the trainer, if the pane is small, or if the server doesn't have them. A
 * metric that doesn't fit in the width is omitted.
 */
export function extraLines(input: PaneInput, pane: keyof typeof linesOf): readonly Line[] {
	const extras = extrasOf(input);
	if (extras === undefined || input.height < minHeight) {
		return [];
	}

	const lines = linesOf[pane].flatMap(kinds => {
		let line: Line = [];
		for (const kind of kinds.filter(one => isKnown(one, extras))) {
			const {label, short = label, format} = shown[kind];
			const lead = line.length === 0 ? ` ${label} ` : ` ${symbols.dot} ${short} `;
			const longer: Line = [...line, span(lead, 'dim'), span(format(extras.values[kind]), 'strong')];
			line = lineWidth(longer) <= input.width ? longer : line;
		}

		return line.length === 0 ? [] : [line];
	});
	const {extrasFault} = input;
	const why = extrasFault === '' || pane !== 'requests' ? '' : ` tokens, queues: ${extrasFault}`;
	return why === '' ? lines : [...lines, [span(truncateWords(why, input.width), 'dim')]];
}

/** Returns the table of a pane in full screen, with the rows of extra metrics if all of them fit. */
export function tableWithExtras(
	input: PaneInput,
	rows: readonly SummaryRow[],
	pane: keyof typeof linesOf,
): readonly Line[] {
	const all = summaryTable(input, [...rows, ...extraRows(input, pane)]);
	return all.length > 0 ? all : summaryTable(input, rows);
}

function extraRows(input: PaneInput, pane: keyof typeof linesOf): readonly SummaryRow[] {
	const extras = extrasOf(input);
	return extras === undefined
		? []
		: linesOf[pane].flat().flatMap(kind => {
				const row = {...shown[kind], now: extras.values[kind], points: extras.series[kind]};
				return isKnown(kind, extras) ? [row] : [];
			});
}

/**
 * Describes changes in the replicas: the number of desired ones (if that differs from the number of active ones), the
 * number of starting ones, and restarts.
 */
export function replicaChanges(input: PaneInput): Line {
	const extras = extrasOf(input);
	if (extras === undefined) {
		return [];
	}

	const {active} = input.view.snapshot.replicas;
	const {replicasDesired: desired, replicasStarting: starting} = extras.values;
	const restarts = restartsIn(extras);
	const parts: Line = [
		...(desired === undefined || desired === active ? [] : [span(`${formatWhole(desired)} desired`)]),
		...(starting === undefined || starting === 0 ? [] : [span(`${formatWhole(starting)} starting`)]),
		...(restarts === undefined || restarts < 0.5
			? []
			: [
					span(
						`${withNoun(formatWhole(Math.round(restarts)), 'restart')} in ${input.view.snapshot.window.name}`,
						'warn',
					),
				]),
	];
	return parts.flatMap(part => [span(` ${symbols.dot} `), part]);
}
