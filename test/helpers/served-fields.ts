import type {Fields} from '../../source/api/points.ts';
import type {GpuSeries, NodeSeries, RequestSeries} from '../../source/api/series-table.ts';
import {type NodeFields, nodeFields, requestFields} from '../../source/demo/served-fields.ts';
import {
	gpuMetrics,
	type MetricDescription,
	nodeMetrics,
	requestMetrics,
	type Unit,
} from '../../source/metrics/metric-table.ts';

type ServedPoints = readonly object[];

/**
 * A value in each unit for the series that a test doesn't specify, and its texts, written by hand: first the text with
 * the unit, and then the forms on the screen.
 */
export const usualValues: Readonly<Record<Unit, {readonly value: number; readonly texts: readonly string[]}>> = {
	cores: {value: 20, texts: ['20.0 cores', '20.0']},
	bytes: {value: 300 * 1024 ** 3, texts: ['300 GiB', '300', '300G']},
	ratio: {value: 0.3, texts: ['30%']},
	ms: {value: 120, texts: ['120ms']},
	requests: {value: 5, texts: ['5']},
	'requests/s': {value: 10, texts: ['10.0/s', '10.0']},
};

/** The points of the series that a test specifies, and a function that returns the points of the others. */
type Specified = {
	readonly gpu?: Readonly<Partial<Record<GpuSeries, (rank: number) => ServedPoints>>>;
	readonly node?: Readonly<Partial<Record<NodeSeries, ServedPoints>>>;
	/** Returns the points of a series that isn't specified, from a typical value in its unit. */
	readonly others: (value: number) => ServedPoints;
};

/**
 * Returns the fields of a node as the API serves them, with all series of the node and its GPUs. The functions in `gpu`
 * are called with the position of a rank in `ranks`.
 */
export function servedNode(ranks: readonly string[], {gpu = {}, node = {}, others}: Specified): NodeFields {
	const usual = (unit: Unit): ServedPoints => others(usualValues[unit].value);
	return nodeFields(
		ranks,
		(name, rank) => gpu[name]?.(ranks.indexOf(rank)) ?? usual(gpuMetrics[name].unit),
		name => node[name] ?? usual(nodeMetrics[name].unit),
	);
}

/** Returns this number of ranks: `0`, `1`, and so on. */
export function ranksUpTo(count: number): readonly string[] {
	return Array.from({length: count}, (_, rank) => String(rank));
}

/** Returns the fields of requests as the API serves them, without those of latency and status. */
export function servedRates(
	specified: Readonly<Partial<Record<RequestSeries, ServedPoints>>>,
	others: Specified['others'],
): Fields {
	return requestFields(name => specified[name] ?? others(usualValues[requestMetrics[name].unit].value));
}

/** Returns the texts of a GPU's metrics other than utilization and memory, each of which has the usual value. */
export function otherGpuTexts(): readonly string[] {
	const {utilization, memory, ...others} = gpuMetrics;
	return Object.values<MetricDescription>(others).flatMap(({unit}) => usualValues[unit].texts.slice(0, 1));
}
