import {typedKeys} from '../api/points.ts';
import type {ExtraKind} from '../api/sampler-extras.ts';
import {toBaseUnit} from '../metrics/metric-table.ts';
import {takeSnapshot} from '../metrics/snapshot.ts';
import {recentSamplerHistory} from '../state/component.ts';
import {samplerSizes} from '../state/derive-views.ts';
import {extrasAt, type ShownExtras, untriedExtras} from '../state/sampler-extras.ts';
import {costOf} from '../state/selectors.ts';
import {receivedMs, type State} from '../state/state.ts';
import {type Gauge, valueGauges} from './value-gauges.ts';

/** The names of a metric that only the sampler has: in `-o json`, and in Prometheus (without `loops_sampler_`). */
export type SamplerMetric = {
	readonly name: string;
	/** The unit of its stored values. */
	readonly unit: 'replicas' | 'restarts' | 'requests' | 'tokens/s' | 'ms' | 'ratio';
	readonly gauge: {readonly name: string; readonly help: string; readonly labels?: Readonly<Record<string, string>>};
};

const firstByte = {
	name: 'time_to_first_byte_seconds',
	help: 'Time to the first byte, at this percentile.',
};
const queued = {
	name: 'async_queue_time_seconds',
	help: 'Time in the async queue, at this percentile.',
};

/** The metrics that only the sampler has, in the order of the output. */
export const samplerMetrics: Readonly<Record<ExtraKind, SamplerMetric>> = {
	replicasDesired: {
		name: 'replicas_desired',
		unit: 'replicas',
		gauge: {name: 'replicas_desired', help: 'Replicas that should exist.'},
	},
	replicasStarting: {
		name: 'replicas_starting',
		unit: 'replicas',
		gauge: {name: 'replicas_starting', help: 'Replicas that are starting.'},
	},
	restarts: {
		name: 'restarts',
		unit: 'restarts',
		gauge: {name: 'restarts_of_step', help: 'Container restarts during the step that the sample covers.'},
	},
	firstByteP50: {name: 'first_byte_p50', unit: 'ms', gauge: {...firstByte, labels: {percentile: '50'}}},
	firstByteP95: {name: 'first_byte_p95', unit: 'ms', gauge: {...firstByte, labels: {percentile: '95'}}},
	queueSize: {
		name: 'async_queue',
		unit: 'requests',
		gauge: {name: 'async_queue_requests', help: 'Requests in the async queue.'},
	},
	queueTimeP95: {name: 'async_queue_time_p95', unit: 'ms', gauge: {...queued, labels: {percentile: '95'}}},
	inputTokens: {
		name: 'tokens_in',
		unit: 'tokens/s',
		gauge: {name: 'input_tokens_per_second', help: 'Input tokens per second.'},
	},
	outputTokens: {
		name: 'tokens_out',
		unit: 'tokens/s',
		gauge: {name: 'output_tokens_per_second', help: 'Generated tokens per second.'},
	},
	cacheHits: {
		name: 'kv_cache_hits',
		unit: 'ratio',
		gauge: {name: 'kv_cache_hit_ratio', help: 'Fraction of prompt tokens found in the KV cache, 0 to 1.'},
	},
	engineRequests: {
		name: 'engine_requests',
		unit: 'requests',
		gauge: {name: 'engine_requests', help: 'Requests in the inference engine.'},
	},
};

/** Returns the metrics that only the sampler has, as far as they are known in its window. */
export function shownExtras({samplerExtras, views}: State): ShownExtras {
	return extrasAt(samplerExtras, views.sampler.snapshot);
}

/**
 * Returns the gauges of the sampler, each named `loops_sampler_…`: the same values as for the trainer (except the
 * numbers of nodes), and values that only the sampler has. Only `loops_sampler_info` is returned if the sampler didn't
 * respond within `longestSilenceMs` (milliseconds) before `nowMs` (epoch milliseconds), or if it has no recent values.
 */
export function samplerGauges(state: State, nowMs: number, longestSilenceMs: number): readonly Gauge[] {
	const {live, thresholds, samplerExtras, prices, views} = state;
	const {sampler} = live.deployment ?? {};
	const received = receivedMs(live.links.sampler);
	const info: Gauge = {
		name: 'loops_sampler_info',
		help: "Always 1, with the sampler's status and GPU type as labels.",
		samples:
			sampler === undefined
				? []
				: [{labels: {status: sampler.status ?? '', gpu_type: sampler.instance?.gpuType ?? ''}, value: 1}],
	};
	if (sampler === undefined || received === undefined || nowMs - received > longestSilenceMs) {
		return [info];
	}

	const history = recentSamplerHistory(state);
	if (history === undefined) {
		return [info];
	}

	const {staleMs} = thresholds;
	const snapshot = takeSnapshot(history, samplerSizes(live.deployment, history), {nowMs: received, staleMs});
	const isSameRange = samplerExtras.received?.rangeName === history.window.name;
	const {values} = extrasAt(isSameRange ? samplerExtras : untriedExtras, snapshot);
	const cost = costOf({prices}, 'sampler', {...views.sampler, deployment: live.deployment, snapshot});
	const own = (
		name: string,
		help: string,
		value: number | undefined,
		labels: Gauge['samples'][number]['labels'] = {},
	): Gauge => ({
		name: `loops_sampler_${name}`,
		help,
		samples: value === undefined ? [] : [{labels, value}],
	});
	const extra = typedKeys(samplerMetrics).map(kind => {
		const {unit, gauge} = samplerMetrics[kind];
		const value = values[kind];
		return own(gauge.name, gauge.help, value === undefined ? undefined : toBaseUnit(value, unit), gauge.labels);
	});
	return joinGauges([
		info,
		...valueGauges(snapshot)
			.filter(({name}) => !name.startsWith('loops_nodes_'))
			.map(gauge => ({...gauge, name: gauge.name.replace(/^loops_/, 'loops_sampler_')})),
		own('replicas_active', 'Active replicas.', snapshot.replicas.active),
		own(
			'cost_dollars_per_hour',
			"Cost of the sampler's active replicas at the list price; not a bill.",
			cost?.perHour,
			cost === undefined ? {} : {source: cost.price.source},
		),
		...extra,
	]);
}

/** Joins the samples of gauges with the same name. */
function joinGauges(gauges: readonly Gauge[]): readonly Gauge[] {
	const joined = new Map<string, Gauge>();
	for (const gauge of gauges) {
		const before = joined.get(gauge.name);
		joined.set(gauge.name, before === undefined ? gauge : {...before, samples: [...before.samples, ...gauge.samples]});
	}

	return [...joined.values()];
}
