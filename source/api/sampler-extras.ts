import type {FieldProblem} from './metrics-response.ts';
import {
	convert,
	readModelMetrics,
	type ServedMetric,
	type ServedMetrics,
	type UnitConversion,
} from './model-metrics.ts';
import {noPoints, type Points} from './points.ts';

/** The extra quantities of a sampler, in the order in which they are shown. */
export const extraKinds = [
	'replicasDesired',
	'replicasStarting',
	'restarts',
	'firstByteP50',
	'firstByteP95',
	'queueSize',
	'queueTimeP95',
	'inputTokens',
	'outputTokens',
	'cacheHits',
	'engineRequests',
] as const;

/** One of the extra quantities of a sampler. */
export type ExtraKind = (typeof extraKinds)[number];

/** The series of each extra quantity; those that the server doesn't report are empty. */
export type SamplerExtras = Readonly<Record<ExtraKind, Points>>;

/** Extra quantities of a sampler that reports none of them. */
export const noExtras: SamplerExtras = {
	replicasDesired: noPoints,
	replicasStarting: noPoints,
	restarts: noPoints,
	firstByteP50: noPoints,
	firstByteP95: noPoints,
	queueSize: noPoints,
	queueTimeP95: noPoints,
	inputTokens: noPoints,
	outputTokens: noPoints,
	cacheHits: noPoints,
	engineRequests: noPoints,
};

/**
 * The choice among a metric's series: the one without labels or the only one, the sum of known values, or a quantile.
 */
type Choice = 'single' | 'sum' | 0.5 | 0.95;

type Described = {
	/** The metric's name in the API. */
	readonly name: string;
	readonly readings: readonly UnitConversion[];
	readonly choice: Choice;
	/** Whether the quantity is a count per step; rates per second are converted to counts. */
	readonly isCount?: boolean;
	/** Values are percentages if the highest one in a response is above this. */
	readonly percentAbove?: number;
};

const gauges = ['GAUGE'];
const rates = ['COUNTER', 'GAUGE'];
const count: readonly UnitConversion[] = [{unit: 'COUNT', kinds: gauges, factor: 1}];
const milliseconds: readonly UnitConversion[] = [{unit: 'SECONDS', kinds: ['HISTOGRAM', 'GAUGE'], factor: 1000}];
const perSecond: readonly UnitConversion[] = [
	{unit: 'PER_SECOND', kinds: rates, factor: 1},
	{unit: 'COUNT', kinds: ['COUNTER'], factor: 1, isTotal: true},
];
const firstByte = 'baseten_time_to_first_byte_seconds';

/**
 * The metric from which each extra quantity is read. Quantities are counts, milliseconds, tokens per second, or
 * fractions from 0 to 1.
 */
const described: Readonly<Record<ExtraKind, Described>> = {
	replicasDesired: {name: 'baseten_replicas_desired', readings: count, choice: 'single'},
	replicasStarting: {name: 'baseten_replicas_starting', readings: count, choice: 'single'},
	restarts: {name: 'baseten_container_restarts_total', readings: perSecond, choice: 'sum', isCount: true},
	firstByteP50: {name: firstByte, readings: milliseconds, choice: 0.5},
	firstByteP95: {name: firstByte, readings: milliseconds, choice: 0.95},
	queueSize: {name: 'baseten_async_queue_size', readings: count, choice: 'single'},
	queueTimeP95: {name: 'baseten_time_in_async_queue_seconds', readings: milliseconds, choice: 0.95},
	inputTokens: {name: 'baseten_llm_input_tokens_total', readings: perSecond, choice: 'sum'},
	outputTokens: {name: 'baseten_llm_output_tokens_total', readings: perSecond, choice: 'sum'},
	cacheHits: {
		name: 'baseten_llm_kv_cache_hit_rate',
		readings: [{unit: 'RATIO', kinds: gauges, factor: 1}],
		choice: 'single',
		percentAbove: 1.5,
	},
	engineRequests: {name: 'baseten_llm_num_requests', readings: count, choice: 'sum'},
};

/**
 * The names of the extra metrics, without duplicates. A server doesn't necessarily know all of them, and rejects a
 * request that contains an unknown one.
 */
export const extraMetricNames: readonly string[] = [...new Set(Object.values(described).map(({name}) => name))];

/** Returns the quantities that are read from the metrics with these names. */
export function extraKindsOf(names: readonly string[]): readonly ExtraKind[] {
	return extraKinds.filter(kind => names.includes(described[kind].name));
}

/**
 * Returns the sum of the known values at each time. Unknown values are skipped, because the values of a replica that is
 * gone are unknown. If no value is known, the sum is unknown.
 */
function sumOfKnown(columns: readonly Float64Array[], length: number): Float64Array {
	const sum = new Float64Array(length).fill(Number.NaN);
	for (const column of columns) {
		for (const [index, value] of column.entries()) {
			const before = sum[index] ?? Number.NaN;
			sum[index] = Number.isNaN(value) ? before : Number.isNaN(before) ? value : before + value;
		}
	}

	return sum;
}

function chosenValues({series}: ServedMetric, choice: Choice, length: number): Float64Array | undefined {
	if (choice === 'sum') {
		return series.length === 0
			? undefined
			: sumOfKnown(
					series.map(({values}) => values),
					length,
				);
	}

	if (choice === 'single') {
		const plain = series.find(({labels}) => Object.keys(labels).length === 0);
		return (plain ?? (series.length === 1 ? series[0] : undefined))?.values;
	}

	// Quantiles with further labels can't be combined.
	return series.find(({labels}) => Object.keys(labels).join() === 'quantile' && Number(labels['quantile']) === choice)
		?.values;
}

/** Drops the steps without a known value. */
function known({times, values}: Points): Points {
	const isKnown = (_: number, index: number): boolean => !Number.isNaN(values[index]);
	return {times: times.filter(isKnown), values: values.filter(isKnown)};
}

function readKind(kind: ExtraKind, served: ServedMetrics, problems: FieldProblem[]): Points {
	const {name, readings, choice, isCount = false, percentAbove = Number.POSITIVE_INFINITY} = described[kind];
	const metric = served.metrics.find(other => other.name === name);
	const values = metric && chosenValues(metric, choice, served.times.length);
	if (metric === undefined || values === undefined) {
		return noPoints;
	}

	const reading = readings.find(({unit, kinds}) => unit === metric.unit && kinds.includes(metric.kind));
	if (reading === undefined) {
		problems.push({field: name, problem: 'is in an unknown unit'});
		return noPoints;
	}

	if (isCount) {
		// A total is already the count for the step; a rate is multiplied by the length of the step.
		const counts =
			reading.isTotal === true ? values : values.map((value, row) => value * (served.seconds[row] ?? Number.NaN));
		return known({times: served.times, values: counts});
	}

	const factor = values.some(value => value > percentAbove) ? reading.factor / 100 : reading.factor;
	return known(convert(values, {...reading, factor}, served));
}

/** A response with the extra metrics: their series, and the problems found in the response. */
export type SamplerExtrasResponse = {readonly extras: SamplerExtras; readonly problems: readonly FieldProblem[]};

/** Parses the extra metrics in a response from the sampler's metrics route, or returns why it isn't such a response. */
export function readSamplerExtras(
	body: unknown,
): {readonly response: SamplerExtrasResponse} | {readonly problem: string} {
	const served = readModelMetrics(body);
	if ('problem' in served) {
		return served;
	}

	const problems: FieldProblem[] = [];
	const entries = extraKinds.map(kind => [kind, readKind(kind, served, problems)] as const);
	const extras: SamplerExtras = {...noExtras, ...Object.fromEntries(entries)};
	return {response: {extras, problems}};
}
