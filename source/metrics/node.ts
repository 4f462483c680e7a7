// Longer than 250 lines because it describes nodes, GPUs, and their totals in one pass.

import type {Deployment} from '../api/deployment.ts';
import {mapRecord, type Points} from '../api/points.ts';
import type {GpuPoints, GpuSeries, NodePoints, NodeSeries} from '../api/series-table.ts';
import type {Freshness, ValueReader} from './freshness.ts';
import {computeOf, gpuSeries, seriesOf} from './history.ts';
import {lengthOf, type SteppedRange, statistics} from './series.ts';

/** Matches names made up of lowercase letters, hyphens, and numbers without leading zeros, as clusters assign them. */
const plainName = /^(?:[a-z-]|0(?!\d)|[1-9]\d*)*$/;

/** The maximum length of a plain name. ICU compares numbers as a whole only up to 254 digits. */
const maxPlainLength = 200;

let collator: Intl.Collator | undefined;

/**
 * Orders names naturally, as `Intl.Collator` does: `trainer-2` before `trainer-10`, rank `2` before `10`, and
 * numbers before words. Plain names are compared without the collator, because the collator loads 3 MB of ICU data.
 */
export function compareNames(a: string, b: string): number {
	if (Math.max(a.length, b.length) <= maxPlainLength && plainName.test(a) && plainName.test(b)) {
		return comparePlainNames(a, b);
	}

	collator ??= new Intl.Collator('en', {numeric: true});
	return collator.compare(a, b);
}

function isDigit(code: number): boolean {
	return code >= 0x30 && code <= 0x39;
}

/** Returns the position after the digits that begin at a position. */
function endOfDigits(text: string, from: number): number {
	let end = from;
	while (end < text.length && isDigit(text.charCodeAt(end))) {
		end++;
	}

	return end;
}

/**
 * Compares plain names: numbers by their values, and other characters by their codes, because the codes of the hyphen,
 * the digits, and the letters are in the collator's order.
 */
function comparePlainNames(a: string, b: string): number {
	let at = 0;
	while (at < a.length && at < b.length) {
		const [codeA, codeB] = [a.charCodeAt(at), b.charCodeAt(at)];
		if (isDigit(codeA) && isDigit(codeB)) {
			const [endA, endB] = [endOfDigits(a, at), endOfDigits(b, at)];
			const [numberA, numberB] = [a.slice(at, endA), b.slice(at, endB)];
			if (numberA !== numberB) {
				return Math.sign(endA - endB) || (numberA < numberB ? -1 : 1);
			}

			at = endA;
		} else if (codeA === codeB) {
			at++;
		} else {
			return codeA < codeB ? -1 : 1;
		}
	}

	return Math.sign(a.length - b.length);
}

/**
 * The utilization of GPUs over the whole window: the mean, minimum, and maximum of their known samples (fractions 0–1),
 * and the time for which any of them has samples, in milliseconds.
 */
export type Busy = {readonly mean: number; readonly low: number; readonly high: number; readonly knownMs: number};

/**
 * One GPU: its series, and its values at the time of the snapshot (utilization as a fraction 0–1, memory in bytes;
 * undefined if unknown).
 */
export type Gpu = Readonly<Record<GpuSeries, number | undefined>> & {
	readonly rank: string;
	readonly series: GpuPoints;
	readonly freshness: Freshness;
	readonly memoryTotal: number | undefined;
	/** Undefined until the window is known, and if the GPU has no known utilization in it. */
	readonly busy: Busy | undefined;
};

/** Returns the fraction `part / whole`; undefined if either is unknown. */
export function share(part: number | undefined, whole: number | undefined): number | undefined {
	return part === undefined || whole === undefined ? undefined : part / whole;
}

/**
 * The presence of a node: it reports, it is missing, or it is gone because others took its place.
 *
 * Of the nodes that don't report, those that reported most recently are missing, as many as are needed to make up the
 * expected number. If that number is unknown, every node that doesn't report is missing.
 */
type Presence = 'reporting' | 'missing' | 'gone';

/**
 * One node: its series, and their values at the time of the snapshot (undefined if unknown). `gpuMemory` is the sum
 * over its GPUs if the memory of each of them is known.
 */
export type Node = Readonly<Record<NodeSeries, number | undefined>> & {
	readonly id: string;
	/** Whether it has a fresh sample at the time of the snapshot. */
	readonly reporting: boolean;
	readonly presence: Presence;
	/** The time of its newest sample as of the snapshot, in epoch milliseconds; undefined if there is none. */
	readonly lastSeenMs: number | undefined;
	readonly gpus: readonly Gpu[];
	/** The number of its GPUs with a known utilization; `utilization` is their mean. */
	readonly gpusReporting: number;
	/**
	 * The number of its GPUs, from its instance type or otherwise from its series; never less than the number that
	 * report.
	 */
	readonly gpusExpected: number;
	readonly utilization: number | undefined;
	readonly busy: Busy | undefined;
	readonly gpuMemory: number | undefined;
	/** The sum over the GPUs whose memory is known, in bytes; undefined if there are none. */
	readonly gpuMemoryKnown: number | undefined;
	readonly gpuMemoryTotal: number | undefined;
	readonly cpuTotal: number | undefined;
	readonly ramTotal: number | undefined;
	readonly series: NodePoints;
};

/** The totals of all nodes at the time of the snapshot. Only `busy` includes values older than the stale limit. */
export type Totals = {
	readonly nodesReporting: number;
	/**
	 * The number of nodes according to the deployment, or otherwise the number of those that aren't gone; never less
	 * than the number that report.
	 */
	readonly nodesExpected: number;
	/** The number of GPUs with a known utilization; `utilization` is their mean. */
	readonly gpusReporting: number;
	readonly gpusExpected: number;
	readonly utilization: number | undefined;
	/** Over the whole window, for all GPUs that have samples in it. */
	readonly busy: Busy | undefined;
};

/** Returns the sum of values; undefined if one of them is unknown, or if there are none. */
export function sumOfKnown(values: ReadonlyArray<number | undefined>): number | undefined {
	let sum = 0;
	for (const value of values) {
		if (value === undefined) {
			return undefined;
		}

		sum += value;
	}

	return values.length === 0 ? undefined : sum;
}

function meanOf(values: readonly number[]): number | undefined {
	return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Returns the utilization of GPUs over the whole window, based on all known samples in it; undefined if there are none.
 */
function busyOf(utilizations: readonly Points[], range: SteppedRange): Busy | undefined {
	let sum = 0;
	let count = 0;
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (const points of utilizations) {
		const known = statistics(points);
		sum += known.sum;
		count += known.count;
		low = Math.min(low, known.lowest ?? low);
		high = Math.max(high, known.peak ?? high);
	}

	return count === 0 ? undefined : {mean: sum / count, low, high, knownMs: lengthOf(utilizations, range)};
}

/** The inputs for describing a node: how values are read, its size, and whether the window is known. */
type Description = {
	readonly reader: ValueReader;
	/** The node in the findings' window, if that is finer. */
	readonly recent?: NodePoints | undefined;
	readonly deployment: Deployment | undefined;
	readonly complete: boolean;
	readonly range: SteppedRange;
};

/** A node whose presence hasn't been determined yet. */
export type DescribedNode = Omit<Node, 'presence'>;

/** Returns a node with its values, but without its presence, which depends on the other nodes. */
export function describeNode(
	points: NodePoints,
	{reader, recent, deployment, complete, range}: Description,
): DescribedNode {
	const instance = deployment?.instance;
	const gpuMemoryBytes = instance?.gpuMemoryBytes;
	const gpus = [...points.gpus]
		.map(([rank, series]): Gpu => {
			const near = recent?.gpus.get(rank);
			return {
				rank,
				series,
				freshness: reader.freshness(gpuSeries(series), near && gpuSeries(near)),
				...mapRecord(series, (points, name) => reader.value(points, near?.[name])),
				memoryTotal: gpuMemoryBytes,
				busy: complete ? busyOf([series.utilization], range) : undefined,
			};
		})
		.sort((a, b) => compareNames(a.rank, b.rank));
	const {newestMs, isFresh} = reader.freshness(seriesOf(points), recent && seriesOf(recent));
	const memories = gpus.flatMap(({memory}) => memory ?? []);
	const gpuMemoryKnown = sumOfKnown(memories);
	const utilizations = gpus.flatMap(({utilization}) => utilization ?? []);
	const gpusReporting = utilizations.length;
	return {
		id: points.id,
		reporting: isFresh,
		lastSeenMs: newestMs,
		gpus,
		gpusReporting,
		gpusExpected: Math.max(instance?.gpusPerNode ?? gpus.length, gpusReporting),
		utilization: meanOf(utilizations),
		busy: complete
			? busyOf(
					gpus.map(({series}) => series.utilization),
					range,
				)
			: undefined,
		gpuMemory: memories.length === gpus.length ? gpuMemoryKnown : undefined,
		gpuMemoryKnown,
		gpuMemoryTotal: gpuMemoryBytes === undefined ? undefined : gpuMemoryBytes * gpus.length,
		...mapRecord(computeOf(points), (series, name) => reader.value(series, recent?.[name])),
		cpuTotal: instance?.cores,
		ramTotal: instance?.ramBytes,
		series: points,
	};
}

/** Returns the nodes with their presence, in the natural order of their names. */
export function withPresence(nodes: readonly DescribedNode[], expected: number | undefined): readonly Node[] {
	const silent = nodes
		.filter(({reporting}) => !reporting)
		.sort((a, b) => (b.lastSeenMs ?? 0) - (a.lastSeenMs ?? 0) || compareNames(a.id, b.id));
	const reporting = nodes.length - silent.length;
	const missing = new Set(silent.slice(0, expected === undefined ? silent.length : Math.max(0, expected - reporting)));
	return nodes
		.map(
			(node): Node => ({
				...node,
				presence: node.reporting ? 'reporting' : missing.has(node) ? 'missing' : 'gone',
			}),
		)
		.sort((a, b) => compareNames(a.id, b.id));
}

/** Returns the totals of all nodes. */
export function totalsOf(
	nodes: readonly Node[],
	deployment: Deployment | undefined,
	{complete, range}: Pick<Description, 'complete' | 'range'>,
): Totals {
	const present = nodes.filter(({presence}) => presence !== 'gone');
	const nodesReporting = nodes.filter(({reporting}) => reporting).length;
	const nodesExpected = Math.max(deployment?.nodeCount ?? present.length, nodesReporting);
	const utilizations = nodes.flatMap(({gpus}) => gpus.flatMap(({utilization}) => utilization ?? []));
	const {gpusPerNode} = deployment?.instance ?? {};
	const known = present.reduce((sum, {gpusExpected}) => sum + gpusExpected, 0);
	return {
		nodesReporting,
		nodesExpected,
		gpusReporting: utilizations.length,
		gpusExpected: Math.max(gpusPerNode === undefined ? known : gpusPerNode * nodesExpected, utilizations.length),
		utilization: meanOf(utilizations),
		busy: complete
			? busyOf(
					nodes.flatMap(({gpus}) => gpus.map(({series}) => series.utilization)),
					range,
				)
			: undefined,
	};
}
