import type {GpuSeries, NodeSeries, RequestSeries} from '../api/series-table.ts';
import {
	createFilling,
	createNoise,
	hasBadClients,
	hour,
	isGpuSilentAt,
	isHungAt,
	isIdleNodeAt,
	isLost,
	isSilentAt,
	isSlowedAt,
	lifetime,
	minute,
	newestSampleMs,
	ramPartAt,
	type SimulationSettings,
	second,
	smoothNoise,
	storageBytes,
	stragglerOf,
} from './troubles.ts';

const gibibyte = 1024 ** 3;

/** The interval between the service's samples, in milliseconds. A shorter requested step doesn't change it. */
export const simulatedSampleMs = 30 * second;

/** The delay of the collector of compute metrics relative to the collector of request metrics, in milliseconds. */
const computeLateMs = 20 * second;

type RequestValues = Readonly<Record<RequestSeries, number>> & {
	/** Milliseconds, or null if no requests completed. */
	readonly latency: {readonly p50: number; readonly p95: number; readonly p99: number} | null;
	readonly status: {readonly status_2xx: number; readonly status_4xx: number; readonly status_5xx: number};
};

/** Values of one node: cores, whole bytes, and the share of storage in use as a fraction from 0 to 1. */
type NodeValues = Readonly<Record<NodeSeries, number>>;

/** Utilization as a fraction, memory in whole bytes. */
type GpuValues = Readonly<Record<GpuSeries, number>>;

/** A simulated trainer, with its values at any time. Times are epoch milliseconds. */
export type Simulation = {
	readonly setting: SimulationSettings;
	/** Returns whether the collectors have a sample for this time as of `nowMs`. */
	hasSample(kind: 'requests' | 'compute', timeMs: number, nowMs: number): boolean;
	/** Returns whether a node is silent at a given time while the others report. */
	isSilent(node: number, timeMs: number): boolean;
	/** Returns whether a GPU is silent at a given time while its node reports. */
	isGpuSilent(node: number, rank: number, timeMs: number): boolean;
	requests(timeMs: number): RequestValues;
	node(node: number, timeMs: number): NodeValues;
	gpu(node: number, rank: number, timeMs: number): GpuValues;
};

/** The noise keys, one for each value that varies independently. */
const keys = {volume: 1, jitter: 2, latency: 3, spike: 4, errors: 5, cpu: 6, ram: 7, gpu: 1000} as const;

/**
 * The length of a training step, in milliseconds. In its last half minute, the optimizer runs, and fewer forward and
 * backward calls arrive.
 */
export const stepMs = 4 * minute;

/** Returns whether the optimizer is running at a given time. */
export function isOptimizing(timeMs: number): boolean {
	return timeMs % stepMs >= stepMs - 0.5 * minute;
}

const noRequests: RequestValues = {
	volume: 0,
	inProgress: 0,
	latency: null,
	status: {status_2xx: 0, status_4xx: 0, status_5xx: 0},
};

/** The number of requests in progress while none completes. */
const hungRequests = 12;

/** Returns a simulation with these settings. */
export function createSimulation(setting: SimulationSettings): Simulation {
	const {scenario, startedAtMs, seed} = setting;
	const noise = createNoise(seed);
	const {fromMs, quietFromMs, toMs} = lifetime(setting);
	const newestMs = newestSampleMs(setting);
	const filling = createFilling(setting);
	const isQuiet = (timeMs: number): boolean => timeMs >= quietFromMs;
	const isSlowed = (timeMs: number): boolean => isSlowedAt(setting, timeMs);
	const straggler = stragglerOf(setting);
	const isFailing = (timeMs: number): boolean => scenario === 'errors' && timeMs >= startedAtMs - 10 * minute;
	const jitter = (key: number, timeMs: number): number => noise(key, timeMs / simulatedSampleMs);

	return {
		setting,
		hasSample(kind, timeMs, nowMs) {
			const lateMs = kind === 'compute' ? computeLateMs : 0;
			return (
				timeMs >= fromMs && timeMs < toMs && timeMs <= Math.min(nowMs - lateMs, newestMs) && !isLost(scenario, timeMs)
			);
		},
		isSilent: (node, timeMs) => isSilentAt(setting, node, timeMs),
		isGpuSilent: (node, rank, timeMs) => isGpuSilentAt(setting, node, rank, timeMs),
		requests(timeMs) {
			if (isQuiet(timeMs)) {
				return noRequests;
			}

			if (isHungAt(setting, timeMs)) {
				return {...noRequests, inProgress: hungRequests};
			}

			const slowed = isSlowed(timeMs);
			const wave = 8 + 5 * smoothNoise(noise, keys.volume, timeMs, 12 * minute);
			const volume = (wave + jitter(keys.jitter, timeMs)) * (isOptimizing(timeMs) ? 0.7 : 1) * (slowed ? 0.75 : 1);
			const failing = isFailing(timeMs);
			const status4xx = volume * (failing ? 0.25 : hasBadClients(timeMs) ? 0.12 : 0.006);
			const status5xx = volume * (failing ? 0.08 : 0.004 * jitter(keys.errors, timeMs));
			const load = smoothNoise(noise, keys.latency, timeMs, 9 * minute);
			const spike = jitter(keys.spike, timeMs) > 0.97 ? 2200 : 0;
			return {
				volume,
				inProgress: Math.round(3 + volume * (slowed ? 0.9 : 0.45)),
				latency: {
					p50: 112 + 22 * load + 6 * jitter(keys.jitter, timeMs),
					p95: (390 + 120 * load + 30 * jitter(keys.spike, timeMs)) * (slowed ? 1.6 : 1),
					p99: (1050 + 550 * load + spike) * (slowed ? 3 : 1),
				},
				status: {
					status_2xx: volume - status4xx - status5xx,
					status_4xx: status4xx,
					status_5xx: status5xx,
				},
			};
		},
		node(node, timeMs) {
			const usualDisk = diskInUse(Math.min(timeMs, quietFromMs) + node * checkpoints.aheadMs);
			const disk = filling(node === 0, timeMs, usualDisk, 0.94 * storageBytes);
			const usualRam = (296 + 8 * smoothNoise(noise, keys.ram + 10 * node, timeMs, 20 * minute)) * gibibyte;
			const ram = usualRam * ramPartAt(setting, node, timeMs);
			const busyCores = 17 + 2 * smoothNoise(noise, keys.cpu, timeMs, 6 * minute);
			const jitterCores = (isQuiet(timeMs) ? 1 : 4) * jitter(keys.cpu + 10 * node, timeMs);
			return {
				cpu: 2 + (isQuiet(timeMs) ? 0 : busyCores) + jitterCores,
				ram: Math.round(filling(node === 1, timeMs, ram, 990 * gibibyte)),
				disk: Math.round(disk),
				diskShare: disk / storageBytes,
			};
		},
		gpu(node, rank, timeMs) {
			const key = keys.gpu + node * 64 + rank;
			const isStraggler = isSlowed(timeMs) && node === straggler.node && rank === straggler.rank;
			const busy = 0.86 + 0.05 * noise(key, 0) + 0.06 * jitter(key, timeMs) - (isOptimizing(timeMs) ? 0.06 : 0);
			const utilization = isStraggler ? 0.306 + 0.008 * jitter(key, timeMs) : busy * (isSlowed(timeMs) ? 0.88 : 1);
			const runMs = scenario === 'deploying' ? timeMs - fromMs : Math.min(timeMs, quietFromMs) % longestRunMs;
			return {
				utilization: isQuiet(timeMs) || isIdleNodeAt(setting, node, timeMs) ? 0 : utilization,
				memory: Math.round(
					filling(node === 2 && rank === 3, timeMs, memoryInUse(runMs, noise(key, 1)) * gibibyte, 78.5 * gibibyte),
				),
			};
		},
	};
}

const longestRunMs = 9 * hour;

/** Returns the memory in use on a GPU, in GiB: it rises in the first ten minutes of a run, and then stays constant. */
function memoryInUse(runMs: number, share: number): number {
	const grown = Math.min(1, Math.max(0, runMs) / (10 * minute));
	return 42 + 18 * Math.sqrt(grown) + 2.5 * share;
}

/**
 * The interval between a node's checkpoints, the time it takes to write one, and the time by which each node is ahead
 * of the previous one, in milliseconds; and the number of checkpoints after which all of them are deleted.
 */
export const checkpoints = {everyMs: 45 * minute, writtenInMs: 3 * minute, aheadMs: 7 * minute, kept: 8} as const;

/** Returns the ephemeral storage in use, in bytes. After `kept` checkpoints, all of them are deleted together. */
function diskInUse(timeMs: number): number {
	const {everyMs, writtenInMs, kept} = checkpoints;
	const finished = Math.floor(timeMs / everyMs) % kept;
	const written = Math.min(1, (timeMs % everyMs) / writtenInMs);
	return (240 + 26 * (finished + written)) * gibibyte;
}
