// Longer than 250 lines because it contains every kind of entry that a node of the demo logs.
import type {Level} from '../api/logs.ts';
import {checkpoints, isOptimizing, type Simulation, stepMs} from './simulation.ts';
import {
	createNoise,
	isHungAt,
	isSlowedAt,
	lifetime,
	type Noise,
	type SimulationSettings,
	stragglerOf,
} from './troubles.ts';

/**
 * The length of a tick, in milliseconds. Log entries are generated tick by tick; the entries of a tick depend only on
 * its time and the simulation.
 */
export const tickMs = 5000;

/** The interval between the samples of the metrics, in milliseconds. */
const sampleMs = 30_000;

/** An entry that a node logs. Its message is generated only on demand. */
export type LogEvent = {
	/** The offset from the beginning of the tick, in milliseconds. */
	readonly afterMs: number;
	readonly level: Level;
	readonly node: number;
	readonly requestId?: string;
	readonly message: () => string;
};

/** Returns everything that the nodes log in the tick that begins at a given time. */
export type LogEvents = (timeMs: number) => readonly LogEvent[];

/** The noise keys, which differ from those of the metrics. */
const keys = {when: 20_000, loss: 21_000, failed: 22_000, refused: 23_000, ring: 24_000, request: 25_000} as const;

/** The maximum number of entries for failed requests, and for rejected ones, in a tick. */
const maxAlike = 8;

const shards = 16;

/**
 * Returns the log entries of a simulation's trainer. The steps, the failed requests, and the slow GPU match the
 * metrics.
 */
export function createLogEvents(simulation: Simulation): LogEvents {
	const {setting} = simulation;
	const noise = createNoise(setting.seed);
	const {fromMs, quietFromMs, toMs} = lifetime(setting);
	const nodes = Array.from({length: setting.nodes}, (_, node) => node);
	const isFailed = setting.scenario === 'failed';
	// Logs end at the last sample, because the deployment failed at that time.
	const endMs = isFailed ? Math.floor((toMs - 1) / sampleMs) * sampleMs : toMs;
	return timeMs => {
		if (timeMs >= endMs) {
			return [];
		}

		if (timeMs < fromMs) {
			return timeMs < setting.startedAtMs - tickMs ? [] : loading(timeMs, {fromMs, nodes, noise});
		}

		const tick = timeMs / tickMs;
		const isQuiet = timeMs >= quietFromMs;
		const events = nodes.flatMap((node): readonly LogEvent[] => {
			const afterMs = whenOf(noise, node, tick, setting.nodes);
			return [
				...(isQuiet || isHungAt(setting, timeMs) ? [] : [step(simulation, noise, {timeMs, node, afterMs})]),
				...(tick % 6 === node % 6 ? [heartbeat(simulation, {timeMs, node, afterMs: afterMs / 2})] : []),
				...(isQuiet ? [] : checkpointing({timeMs, node, afterMs: afterMs / 3})),
				...(isSlowedAt(setting, timeMs) ? slowRing(setting, noise, {tick, node, afterMs: (afterMs + tickMs) / 2}) : []),
			];
		});
		const failure = isFailed && timeMs + tickMs >= endMs ? [crash(setting.nodes - 1)] : [];
		const served = isQuiet ? idling({timeMs, quietFromMs, toMs}) : requests(simulation, noise, timeMs);
		return [...events, ...served, ...failure].sort((a, b) => a.afterMs - b.afterMs);
	};
}

/** Returns the last log entry of a trainer that fails. */
function crash(node: number): LogEvent {
	const message = (): string => `the worker of rank 29 died, stopping all ranks
Traceback (most recent call last):
  File "/app/loops/engine.py", line 91, in step
    dist.all_reduce(loss)
torch.distributed.DistBackendError: NCCL error: remote process exited or there was a network error`;
	return {afterMs: 4500, level: 'ERROR', node, message};
}

type Moment = {readonly timeMs: number; readonly node: number; readonly afterMs: number};

function whenOf(noise: Noise, node: number, tick: number, nodes: number): number {
	return ((node + noise(keys.when + node, tick)) / nodes) * tickMs;
}

function stepNumber(timeMs: number): number {
	return Math.floor(timeMs / stepMs) % 100_000;
}

function loading(
	timeMs: number,
	{fromMs, nodes, noise}: {readonly fromMs: number; readonly nodes: readonly number[]; readonly noise: Noise},
): readonly LogEvent[] {
	const left = Math.floor((fromMs - timeMs) / tickMs);
	const shard = Math.max(1, shards - left);
	return nodes.map(node => ({
		afterMs: whenOf(noise, node, timeMs / tickMs, nodes.length),
		level: 'INFO',
		node,
		message: () =>
			left === 0 ? 'weights are loaded, waiting for the others' : `loading weights: shard ${shard} of ${shards}`,
	}));
}

function step({requests}: Simulation, noise: Noise, {timeMs, node, afterMs}: Moment): LogEvent {
	const number = stepNumber(timeMs);
	const share = noise(keys.loss + node, timeMs / tickMs);
	const message = (): string => {
		if (isOptimizing(timeMs)) {
			return `optim_step step=${number} lr=9.6e-05 grad_norm=${(0.35 + 0.2 * share).toFixed(3)}`;
		}

		const tookMs = (requests(timeMs).latency?.p50 ?? 0) * (0.9 + 0.2 * share);
		const loss = 1.42 + 0.8 * Math.exp(-number / 20_000) + 0.05 * share;
		return `forward_backward step=${number} tokens=${16_384 + Math.floor(16_384 * share)} loss=${loss.toFixed(4)} took=${tookMs.toFixed(0)}ms`;
	};
	return {afterMs, level: 'INFO', node, message};
}

function heartbeat({setting, gpu}: Simulation, {timeMs, node, afterMs}: Moment): LogEvent {
	const ranks = Array.from({length: setting.gpusPerNode}, (_, rank) => rank);
	const message = (): string =>
		`heartbeat gpu=[${ranks.map(rank => `${Math.round(100 * gpu(node, rank, timeMs).utilization)}%`).join(' ')}]`;
	return {afterMs, level: 'DEBUG', node, message};
}

function checkpointing({timeMs, node, afterMs}: Moment): readonly LogEvent[] {
	const {everyMs, writtenInMs, aheadMs, kept} = checkpoints;
	const own = timeMs + node * aheadMs;
	const number = Math.floor(own / everyMs);
	const path = `/mnt/checkpoints/step-${stepNumber(number * everyMs)}`;
	const info = (message: string): LogEvent => ({afterMs, level: 'INFO', node, message: () => message});
	const sinceMs = own % everyMs;
	if (sinceMs < tickMs) {
		const isFull = number % kept === 0;
		return [
			...(isFull ? [info(`deleted the ${kept} oldest checkpoints`)] : []),
			info(`writing checkpoint ${path} (26 GiB)`),
		];
	}

	const isWritten = sinceMs >= writtenInMs && sinceMs < writtenInMs + tickMs;
	return isWritten ? [info(`wrote checkpoint ${path} in ${writtenInMs / 1000}s`)] : [];
}

/**
 * Returns the log entry of a node, if any, about the straggling GPU: that a collective is slow, that the GPU is
 * throttled, or that the node waits for that GPU. NCCL colors its warnings.
 */
function slowRing(
	setting: SimulationSettings,
	noise: Noise,
	{tick, node, afterMs}: {readonly tick: number; readonly node: number; readonly afterMs: number},
): readonly LogEvent[] {
	const slow = stragglerOf(setting);
	const rank = slow.node * setting.gpusPerNode + slow.rank;
	const share = noise(keys.ring + node, tick);
	const seconds = (2 + share).toFixed(2);
	if (node === slow.node) {
		return share < 0.3
			? [
					{
						afterMs,
						level: 'WARNING',
						node,
						message: () => `\u{1B}[33mNCCL WARN\u{1B}[0m [rank ${rank}] AllReduce took ${seconds}s, usually 0.31s`,
					},
				]
			: share > 0.9
				? [{afterMs, level: 'WARNING', node, message: () => `GPU ${slow.rank}: thermal slowdown, SM clock at 345 MHz`}]
				: [];
	}

	const own = node * setting.gpusPerNode;
	return share < 0.08
		? [
				{
					afterMs,
					level: 'WARNING',
					node,
					message: () => `\u{1B}[33mNCCL WARN\u{1B}[0m [rank ${own}] waited ${seconds}s for rank ${rank}`,
				},
			]
		: [];
}

function idling({
	timeMs,
	quietFromMs,
	toMs,
}: {
	readonly timeMs: number;
	readonly quietFromMs: number;
	readonly toMs: number;
}): readonly LogEvent[] {
	const quietMinutes = Math.floor((timeMs - quietFromMs) / 60_000);
	const isMinute = (timeMs - quietFromMs) % 60_000 < tickMs;
	if (timeMs + tickMs >= toMs) {
		return [{afterMs: 4000, level: 'INFO', node: 0, message: () => 'no requests for 15m: scaling to zero'}];
	}

	return isMinute && quietMinutes > 0
		? [{afterMs: 1000, level: 'INFO', node: 0, message: () => `no requests for ${quietMinutes}m`}]
		: [];
}

/** Returns the entries for failed and rejected requests: as many as in the metrics, but at most `maxAlike` of each. */
function requests(simulation: Simulation, noise: Noise, timeMs: number): readonly LogEvent[] {
	const {status} = simulation.requests(timeMs);
	const tick = timeMs / tickMs;
	const many = (rate: number, key: number): number =>
		Math.min(maxAlike, Math.floor((rate * tickMs) / 1000 + noise(key, tick)));
	const each = (count: number, key: number, level: Level, message: (share: number) => string): readonly LogEvent[] =>
		Array.from({length: count}, (_, index): LogEvent => {
			const share = noise(key + 1 + index, tick);
			const node = Math.floor(share * simulation.setting.nodes);
			const requestId = `req-${Math.floor(noise(keys.request + index, tick + key) * 16 ** 8)
				.toString(16)
				.padStart(8, '0')}`;
			return {afterMs: ((index + share) / count) * tickMs, level, node, requestId, message: () => message(share)};
		});
	return [
		...each(many(status.status_5xx, keys.failed), keys.failed, 'ERROR', stackTrace),
		...each(many(status.status_4xx, keys.refused), keys.refused, 'WARNING', share => {
			const tokens = 32_768 + Math.floor(share * 8192);
			return `422 a sequence of ${tokens} tokens is longer than 32768`;
		}),
	];
}

function stackTrace(share: number): string {
	const gibibytes = (1 + 3 * share).toFixed(2);
	return `500 forward_backward failed
Traceback (most recent call last):
  File "/app/loops/server.py", line 212, in forward_backward
    outputs = self.engine.step(batch)
  File "/app/loops/engine.py", line 87, in step
    loss.backward()
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate ${gibibytes} GiB`;
}
