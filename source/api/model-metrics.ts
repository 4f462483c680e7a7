import * as z from 'zod/mini';
import {cleanText} from './clean-text.ts';
import type {FieldProblem} from './metrics-response.ts';
import {isMeasure, isRecord, type Points} from './points.ts';

/** One series of a metric: its labels, and its value in each step (NaN if unknown). */
export type ServedSeries = {readonly labels: Readonly<Record<string, string>>; readonly values: Float64Array};

/** A metric as it is served, with the server's own names for its unit and kind. */
export type ServedMetric = {
	readonly name: string;
	readonly unit: string;
	readonly kind: string;
	readonly series: readonly ServedSeries[];
};

/** All metrics of a response, over the same steps. */
export type ServedMetrics = {
	/** When each step begins, in epoch milliseconds, strictly ascending. */
	readonly times: Float64Array;
	/** The length of each step in seconds; NaN for the last step if it hasn't ended, or if its length is unknown. */
	readonly seconds: Float64Array;
	readonly metrics: readonly ServedMetric[];
	readonly problems: readonly FieldProblem[];
	/** The number of values, lists of values, and whole steps that couldn't be read. */
	readonly dropped: number;
};

/** The end of the year 9999. */
const latestMs = 253_402_300_799_999;

function isTime(value: unknown): value is number {
	return Number.isInteger(value) && isMeasure(value) && value <= latestMs;
}

/**
 * The maximum number of series of a metric: parsing more would block keyboard input. The largest known deployment has
 * 128 GPUs.
 */
const maxSeries = 2048;

const text = z.pipe(
	z.string(),
	z.transform(value => cleanText(value, 100)),
);
const label = z.union([text, z.pipe(z.number(), z.transform(String))]);
const descriptorSchema = z.object({
	name: text,
	unit_hint: z.catch(text, ''),
	kind: z.catch(text, ''),
	label_sets: z.array(z.record(z.string(), label)).check(z.maxLength(maxSeries)),
});
const responseSchema = z.object({
	mode: z.optional(z.literal('SERIES')),
	step_seconds: z.catch(z.optional(z.number().check(z.minimum(1))), undefined),
	end_epoch_millis: z.catch(z.optional(z.number()), undefined),
	metric_descriptors: z.array(z.unknown()),
	metric_values: z.array(z.unknown()),
});

type Descriptor = z.infer<typeof descriptorSchema>;
type Step = {readonly startMs: number; readonly values: readonly unknown[]};

/** Parses one response, and collects its problems. */
class StepReader {
	readonly problems: FieldProblem[] = [];
	dropped = 0;

	/**
	 * Returns the descriptors by position, which is also the position of their values in each step; undefined for an
	 * unreadable one.
	 */
	descriptors(list: readonly unknown[]): ReadonlyArray<Descriptor | undefined> {
		return list.map((entry, index) => {
			const parsed = descriptorSchema.safeParse(entry);
			if (!parsed.success) {
				this.problems.push({field: 'metric_descriptors', problem: `entry ${index} doesn't describe a metric`});
			}

			return parsed.data;
		});
	}

	/**
	 * Returns the steps in ascending order of time. Of several steps with the same time, only the last one is included.
	 * If the number of values in a step differs from the number of metrics, none of its values are used.
	 */
	steps(list: readonly unknown[], metrics: number): readonly Step[] {
		const byTime = new Map<number, Step>();
		for (const entry of list) {
			const startMs = isRecord(entry) ? entry['start_epoch_millis'] : undefined;
			if (!isRecord(entry) || !isTime(startMs)) {
				this.dropped++;
				continue;
			}

			const values: unknown = entry['values'];
			const isAligned = Array.isArray(values) && values.length === metrics;
			this.dropped += isAligned ? 0 : 1;
			byTime.set(startMs, {startMs, values: isAligned ? values : []});
		}

		return [...byTime.values()].sort((a, b) => a.startMs - b.startMs);
	}

	metric({name, unit_hint: unit, kind, label_sets: sets}: Descriptor, place: number, steps: readonly Step[]) {
		const columns = sets.map(() => new Float64Array(steps.length).fill(Number.NaN));
		for (const [row, step] of steps.entries()) {
			const values = step.values[place];
			if (Array.isArray(values) && values.length === sets.length) {
				this.#fill(columns, row, values);
			} else if (step.values.length > 0) {
				this.dropped++;
			}
		}

		const series = sets.map((labels, index) => ({labels, values: columns[index] ?? new Float64Array()}));
		return {name, unit, kind, series} satisfies ServedMetric;
	}

	#fill(columns: readonly Float64Array[], row: number, values: readonly unknown[]): void {
		for (const [index, column] of columns.entries()) {
			const value = values[index];
			if (isMeasure(value)) {
				column[row] = value;
			} else if (value !== null) {
				this.dropped++;
			}
		}
	}
}

/**
 * Returns the lengths of steps in seconds. A step lasts until the next one, and the last one until the end of the
 * range, but none is longer than `stepSeconds`: a gap between two steps isn't part of the first one. A shorter last
 * step hasn't ended, so its length is NaN; it is also NaN if the response has no readable `step_seconds` or end.
 */
function lengthsOf(times: Float64Array, stepSeconds: number | undefined, endMs: number | undefined): Float64Array {
	const longest = stepSeconds ?? Number.POSITIVE_INFINITY;
	return times.map((time, index) => {
		const next = times[index + 1];
		const seconds = ((next ?? endMs ?? Number.NaN) - time) / 1000;
		const isOver = next !== undefined || (stepSeconds !== undefined && seconds >= stepSeconds);
		return isOver ? Math.min(seconds, longest) : Number.NaN;
	});
}

/** Parses a response from a model's metrics route in `SERIES` mode, or returns why it isn't one. */
export function readModelMetrics(body: unknown): ServedMetrics | {readonly problem: string} {
	const parsed = responseSchema.safeParse(body);
	if (!parsed.success) {
		return {problem: 'no metric series'};
	}

	const {metric_descriptors: described, metric_values: values, step_seconds: step, end_epoch_millis: end} = parsed.data;
	const reader = new StepReader();
	const steps = reader.steps(values, described.length);
	const metrics = reader
		.descriptors(described)
		.flatMap((descriptor, place) => (descriptor === undefined ? [] : [reader.metric(descriptor, place, steps)]));
	const times = Float64Array.from(steps, ({startMs}) => startMs);
	const {problems, dropped} = reader;
	return withoutEmptySteps({times, seconds: lengthsOf(times, step, end), metrics, problems, dropped});
}

/** Omits the steps without a known value in any series, because they aren't samples. */
function withoutEmptySteps(served: ServedMetrics): ServedMetrics {
	const all = served.metrics.flatMap(({series}) => series);
	const isKnown = (_: number, index: number): boolean => all.some(({values}) => !Number.isNaN(values[index]));
	return {
		...served,
		times: served.times.filter(isKnown),
		seconds: served.seconds.filter(isKnown),
		metrics: served.metrics.map(metric => ({
			...metric,
			series: metric.series.map(({labels, values}) => ({labels, values: values.filter(isKnown)})),
		})),
	};
}

/**
 * The conversion for a metric with this unit and one of these kinds: its values are multiplied by a factor and, if they
 * are totals over a step, divided by the length of the step in seconds.
 */
export type UnitConversion = {
	readonly unit: string;
	readonly kinds: readonly string[];
	readonly factor: number;
	/** Whether the values are totals over a step, as for a COUNTER. Totals are converted to rates per second. */
	readonly isTotal?: boolean;
};

/**
 * Returns a series in the displayed unit. The total of a step whose length is unknown is omitted, because its rate
 * isn't known either.
 */
export function convert(values: Float64Array, reading: UnitConversion, {times, seconds}: ServedMetrics): Points {
	const {factor, isTotal = false} = reading;
	if (!isTotal) {
		return {times, values: values.map(value => value * factor)};
	}

	const over = times.filter((_, index) => !Number.isNaN(seconds[index]));
	const rates = values.map((value, index) => (value * factor) / (seconds[index] ?? Number.NaN));
	return {times: over, values: rates.filter((_, index) => !Number.isNaN(seconds[index]))};
}
