import {
	createNoise,
	isHungAt,
	isSamplerFailingAt,
	type Noise,
	type SimulationSettings,
	smoothNoise,
	statusAt,
} from './troubles.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const gpusPerReplica = 2;
/** The short IDs of the sampler's replicas. The last one exists only for part of each hour (`replicasAt`). */
export const replicaNames = ['7c9f2a', 'b41e08', 'e65d93'] as const;

/** The value of a step; null if there is none. */
type Value = number | null;
type Labels = Readonly<Record<string, string>>;
type Metric = {
	readonly unit: string;
	readonly kind: string;
	readonly labels: readonly Labels[];
	/** Returns one value per label set, for the step that begins at `timeMs` and lasts `seconds`. */
	readonly values: (timeMs: number, seconds: number) => readonly Value[];
};

const keys = {volume: 51, jitter: 52, latency: 53, errors: 54, cache: 55, gpu: 5000} as const;

/** Returns the number of replicas: two, or three for twenty minutes of every hour. */
export function replicasAt(timeMs: number): number {
	const inHour = timeMs % hour;
	return inHour >= 20 * minute && inHour < 40 * minute ? 3 : 2;
}

/**
 * Returns the number of generations per second. Those for one step of reinforcement learning come in a burst; while the
 * trainer works on them, there are fewer.
 */
function rateAt(noise: Noise, timeMs: number): number {
	const wave = 14 + 9 * smoothNoise(noise, keys.volume, timeMs, 10 * minute);
	return (wave + noise(keys.jitter, timeMs / (30 * second))) * (timeMs % (4 * minute) >= 3 * minute ? 0.35 : 1);
}

function ofReplicas<Reported>(describe: (replica: number, name: string) => readonly Reported[]): readonly Reported[] {
	return replicaNames.flatMap((name, replica) => describe(replica, name));
}

/** Returns all metrics of the sampler by name. Names and units are those of the API. */
function metricsOf(setting: SimulationSettings): Readonly<Record<string, Metric>> {
	const noise = createNoise(setting.seed);
	const gauge = {kind: 'GAUGE'} as const;
	const ranks = Array.from({length: gpusPerReplica}, (_, rank) => rank);
	const gpuLabels = ofReplicas((_, replica) => ranks.map(rank => ({replica, gpu: String(rank)})));
	const replicaLabels = replicaNames.map(replica => ({replica}));
	const load = (timeMs: number): number => rateAt(noise, timeMs) / 24 / (replicasAt(timeMs) / 2);
	const ofGpus = (timeMs: number, value: (key: number) => number): readonly Value[] =>
		ofReplicas(replica =>
			ranks.map(rank => (replica < replicasAt(timeMs) ? value(keys.gpu + replica * gpusPerReplica + rank) : null)),
		);
	const ofEach = (timeMs: number, value: (replica: number) => number): readonly Value[] =>
		replicaNames.map((_, replica) => (replica < replicasAt(timeMs) ? value(replica) : null));
	return {
		baseten_replicas_active: {...gauge, unit: 'COUNT', labels: [{}], values: time => [replicasAt(time)]},
		baseten_inference_requests_total: {
			kind: 'COUNTER',
			unit: 'COUNT',
			labels: [{status: '200'}, {status: '429'}, {status: '500'}],
			values(time, seconds) {
				const all = isHungAt(setting, time) ? 0 : Math.round(rateAt(noise, time) * seconds);
				const busy = Math.round(all * 0.01 * load(time));
				const failing = isSamplerFailingAt(setting, time) ? 0.3 : 0.004;
				const failed = Math.round(all * failing * noise(keys.errors, time / (30 * second)));
				return [all - busy - failed, busy, failed];
			},
		},
		baseten_end_to_end_response_time_seconds: {
			kind: 'HISTOGRAM',
			unit: 'SECONDS',
			labels: [...['0.5', '0.9', '0.95', '0.99'].map(quantile => ({quantile})), {stat: 'avg'}],
			values(time) {
				if (isHungAt(setting, time)) {
					return [null, null, null, null, null];
				}

				const slow = 1 + load(time) + 0.2 * noise(keys.latency, time / (30 * second));
				return [0.9, 1.8, 2.4, 4.1, 1.1].map(seconds => seconds * slow);
			},
		},
		baseten_concurrent_requests: {
			...gauge,
			unit: 'COUNT',
			labels: [{}],
			values: time => [Math.round(rateAt(noise, time) * (0.9 + load(time)))],
		},
		baseten_gpu_utilization: {
			...gauge,
			unit: 'RATIO',
			labels: gpuLabels,
			values: time =>
				ofGpus(time, key => Math.min(0.99, 0.12 + 0.75 * load(time) + 0.08 * noise(key, time / (30 * second)))),
		},
		baseten_gpu_memory_used: {
			...gauge,
			unit: 'MEBIBYTES',
			labels: gpuLabels,
			values: time => ofGpus(time, key => Math.round(68_000 + 4000 * noise(key, 1))),
		},
		baseten_container_cpu_usage_seconds_total: {
			kind: 'COUNTER',
			unit: 'RATIO',
			labels: replicaLabels,
			values: time => ofEach(time, replica => 3 + 5 * load(time) + noise(keys.gpu + replica, time / (30 * second))),
		},
		baseten_container_cpu_memory_working_set_bytes: {
			...gauge,
			unit: 'BYTES',
			labels: replicaLabels,
			values: time => ofEach(time, replica => Math.round((42 + 3 * replica) * 1024 ** 3)),
		},
		...extraMetricsOf(setting, noise, load),
	};
}

/** Returns further metrics, such as those about scaling, restarts, queues, and tokens. */
function extraMetricsOf(
	setting: SimulationSettings,
	noise: Noise,
	load: (timeMs: number) => number,
): Readonly<Record<string, Metric>> {
	const gauge = {kind: 'GAUGE', unit: 'COUNT', labels: [{}]} as const;
	const tokens = {kind: 'COUNTER', unit: 'COUNT', labels: [{}]} as const;
	const startsWithin = 3 * minute;
	const perSecond = (time: number): number => (isHungAt(setting, time) ? 0 : rateAt(noise, time));
	return {
		// A replica is desired a few minutes before it is active.
		baseten_replicas_desired: {...gauge, values: time => [replicasAt(time + startsWithin)]},
		baseten_replicas_starting: {
			...gauge,
			values: time => [Math.max(0, replicasAt(time + startsWithin) - replicasAt(time))],
		},
		baseten_container_restarts_total: {
			kind: 'COUNTER',
			unit: 'COUNT',
			labels: replicaNames.map(replica => ({replica})),
			values: time => replicaNames.map((_, replica) => (replica < replicasAt(time) ? 0 : null)),
		},
		baseten_time_to_first_byte_seconds: {
			kind: 'HISTOGRAM',
			unit: 'SECONDS',
			labels: ['0.5', '0.95', '0.99'].map(quantile => ({quantile})),
			values: time => [0.11, 0.32, 0.6].map(seconds => (isHungAt(setting, time) ? null : seconds * (1 + load(time)))),
		},
		baseten_async_queue_size: {...gauge, values: time => [Math.max(0, Math.round(20 * (load(time) - 0.8)))]},
		baseten_time_in_async_queue_seconds: {
			kind: 'HISTOGRAM',
			unit: 'SECONDS',
			labels: ['0.5', '0.95'].map(quantile => ({quantile})),
			values: time => [0.02, 0.09].map(seconds => seconds * (1 + 4 * load(time))),
		},
		baseten_llm_input_tokens_total: {
			...tokens,
			values: (time, seconds) => [Math.round(410 * perSecond(time) * seconds)],
		},
		baseten_llm_output_tokens_total: {
			...tokens,
			values: (time, seconds) => [Math.round(680 * perSecond(time) * seconds)],
		},
		baseten_llm_kv_cache_hit_rate: {
			kind: 'GAUGE',
			unit: 'RATIO',
			labels: [{}],
			values: time => [0.55 + 0.2 * smoothNoise(noise, keys.cache, time, 10 * minute)],
		},
		baseten_llm_num_requests: {...gauge, values: time => [Math.round(rateAt(noise, time) * (0.9 + load(time)))]},
	};
}

const defaultMetrics = [
	'baseten_replicas_active',
	'baseten_inference_requests_total',
	'baseten_end_to_end_response_time_seconds',
];

type SamplerSpan = {readonly startMs: number; readonly endMs: number; readonly stepMs: number};

/** Returns the names that aren't metrics of the sampler. */
export function unknownMetrics(setting: SimulationSettings, names: readonly string[]): readonly string[] {
	const known = Object.keys(metricsOf(setting));
	return names.filter(name => !known.includes(name));
}

/**
 * Returns the sampler's status at a given time. The status follows the trainer's; in the scenario `sampler`, it is
 * UNHEALTHY once the demo has started.
 */
export function samplerStatusAt(setting: SimulationSettings, timeMs: number): string {
	const status = statusAt(setting, timeMs);
	if (status === 'RUNNING') {
		return setting.scenario === 'sampler' && timeMs >= setting.startedAtMs ? 'UNHEALTHY' : 'ACTIVE';
	}

	return status === 'DEPLOYING' ? 'LOADING_MODEL' : status;
}

/** Returns whether the sampler's replicas are running at a given time. */
export function isSamplerRunningAt(setting: SimulationSettings, timeMs: number): boolean {
	return statusAt(setting, timeMs) === 'RUNNING';
}

/**
 * Returns the response of the sampler's metrics route: the metrics with these names, or the usual ones if no names are
 * given.
 */
export function samplerBody(
	setting: SimulationSettings,
	span: SamplerSpan,
	names: readonly string[],
	nowMs: number,
): object {
	const {startMs, endMs, stepMs} = span;
	const all = metricsOf(setting);
	const wanted = (names.length === 0 ? defaultMetrics : names).flatMap(name => {
		const metric = all[name];
		return metric === undefined ? [] : [{name, ...metric}];
	});
	const hasData = (timeMs: number): boolean => timeMs <= nowMs && isSamplerRunningAt(setting, timeMs);
	const steps: object[] = [];
	for (let time = Math.floor(startMs / second) * second; time <= endMs; time += stepMs) {
		const seconds = (Math.min(time + stepMs, nowMs) - time) / second;
		steps.push({
			start_epoch_millis: time,
			values: wanted.map(({labels, values}) => (hasData(time) ? values(time, seconds) : labels.map(() => null))),
		});
	}

	return {
		start_epoch_millis: startMs,
		end_epoch_millis: endMs,
		mode: 'SERIES',
		step_seconds: stepMs / second,
		metric_descriptors: wanted.map(({name, unit, kind, labels}) => ({name, unit_hint: unit, kind, label_sets: labels})),
		metric_values: steps,
	};
}
