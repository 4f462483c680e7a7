import type {ScenarioName} from './scenarios.ts';

/** Lengths of time, in milliseconds. */
export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;

/**
 * Returns a random-looking number from 0 (inclusive) to 1 (exclusive), which depends only on the seed, the key, and the
 * integer part of the position.
 */
export type Noise = (key: number, position: number) => number;

/** Returns noise that differs by seed. Bits are mixed as in the finalizer of MurmurHash3. */
export function createNoise(seed: number): Noise {
	return (key, position) => {
		let hash = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(key + 1, 0xc2b2_ae35) ^ Math.floor(position);
		hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
		hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
		return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
	};
}

/** Returns noise that moves smoothly from one value to the next, with one value every `periodMs`. */
export function smoothNoise(noise: Noise, key: number, timeMs: number, periodMs: number): number {
	const position = timeMs / periodMs;
	const before = noise(key, position);
	const after = noise(key, position + 1);
	const part = position - Math.floor(position);
	const eased = part * part * (3 - 2 * part);
	return before + (after - before) * eased;
}

/**
 * The simulated deployment. Everything is a function of these fields and the time, so the values at a given time are
 * always the same.
 */
export type SimulationSettings = {
	readonly scenario: ScenarioName;
	readonly seed: number;
	/** The time at which the demo started, in epoch milliseconds. The times of failures are relative to it. */
	readonly startedAtMs: number;
	readonly nodes: number;
	readonly gpusPerNode: number;
};

const gibibyte = 1024 ** 3;

/**
 * Returns the time of the newest sample that can exist: −∞ if the collectors haven't started, and +∞ if they haven't
 * stopped.
 */
export function newestSampleMs({scenario, startedAtMs}: SimulationSettings): number {
	const stale = scenario === 'stale' ? startedAtMs - 12 * minute : Number.POSITIVE_INFINITY;
	return scenario === 'empty' ? Number.NEGATIVE_INFINITY : stale;
}

/**
 * Returns whether a node is silent. In the scenario `missing`, the last node is silent from six minutes before the
 * start onward.
 */
export function isSilentAt({scenario, startedAtMs, nodes}: SimulationSettings, node: number, timeMs: number): boolean {
	return scenario === 'missing' && node === nodes - 1 && timeMs >= startedAtMs - 6 * minute;
}

/**
 * Returns whether a GPU is silent. In the scenario `crash`, the last GPU of the second node is silent after the node
 * restarts.
 */
export function isGpuSilentAt(setting: SimulationSettings, node: number, rank: number, timeMs: number): boolean {
	return isCrashedNode(setting, node) && rank === setting.gpusPerNode - 1 && timeMs >= crashedMs(setting);
}

function isCrashedNode({scenario, nodes}: SimulationSettings, node: number): boolean {
	return scenario === 'crash' && node === Math.min(1, nodes - 1);
}

function crashedMs({startedAtMs}: SimulationSettings): number {
	return startedAtMs - 9 * minute;
}

/**
 * Returns a node's RAM usage as a fraction of the usual: 1, except in the scenario `crash`, in which the usage of the
 * node that restarts falls to 0.1 and grows back to 1.
 */
export function ramPartAt(setting: SimulationSettings, node: number, timeMs: number): number {
	const sinceMs = timeMs - crashedMs(setting);
	return isCrashedNode(setting, node) && sinceMs >= 0 ? Math.min(1, 0.1 + sinceMs / (30 * minute)) : 1;
}

/**
 * Returns whether the GPUs of a node are idle while those of other nodes work. In the scenario `half`, the GPUs of the
 * last node are idle from 12 minutes before the start onward.
 */
export function isIdleNodeAt(
	{scenario, startedAtMs, nodes}: SimulationSettings,
	node: number,
	timeMs: number,
): boolean {
	return scenario === 'half' && node === nodes - 1 && timeMs >= startedAtMs - 12 * minute;
}

/** Returns whether requests hang: in the scenario `hung`, from 14 minutes before the start onward. */
export function isHungAt({scenario, startedAtMs}: SimulationSettings, timeMs: number): boolean {
	return scenario === 'hung' && timeMs >= startedAtMs - 14 * minute;
}

/** Returns whether many sampler requests fail: in the scenario `sampler`, from 9 minutes before the start onward. */
export function isSamplerFailingAt({scenario, startedAtMs}: SimulationSettings, timeMs: number): boolean {
	return scenario === 'sampler' && timeMs >= startedAtMs - 9 * minute;
}

/** The size of a node's ephemeral storage, in bytes. */
export const storageBytes = 960 * gibibyte;

/** Returns the amount of a resource that is in use, from `usual` to `full`, in bytes. */
type Filling = (isConcerned: boolean, timeMs: number, usual: number, full: number) => number;

/**
 * Returns a function that computes the usage of resources. In the scenario `full`, the usage of the affected resources
 * grows steadily for forty minutes, from the usual level to the full one. Otherwise, it stays at the usual level.
 */
export function createFilling({scenario, startedAtMs}: SimulationSettings): Filling {
	const beganMs = startedAtMs - 44 * minute;
	return (isConcerned, timeMs, usual, full) => {
		const part = Math.min(1, Math.max(0, (timeMs - beganMs) / (40 * minute)));
		return scenario === 'full' && isConcerned ? usual + part * (full - usual) : usual;
	};
}

/**
 * Returns whether the sample at a given time is lost. The collectors lose only four samples every hour, so the newest
 * known sample is never older than the stale limit, even if it arrives late. A scenario whose events depend on its
 * start has no such gap, because a gap could hide the events.
 */
export function isLost(scenario: ScenarioName, timeMs: number): boolean {
	const inHour = timeMs % hour;
	const hasGap = scenario === 'steady' || scenario === 'single' || scenario === 'fleet';
	return hasGap && inHour >= 34 * minute && inHour < 36 * minute;
}

/** Returns whether a GPU has fallen behind: in the scenario `straggler`, from 8 minutes before the start onward. */
export function isSlowedAt({scenario, startedAtMs}: SimulationSettings, timeMs: number): boolean {
	return scenario === 'straggler' && timeMs >= startedAtMs - 8 * minute;
}

/** Returns the straggling GPU. */
export function stragglerOf({nodes, gpusPerNode}: SimulationSettings): {readonly node: number; readonly rank: number} {
	return {node: Math.min(2, nodes - 1), rank: 5 % gpusPerNode};
}

/** Returns whether some clients send invalid requests at a given time: they do for two minutes of every hour. */
export function hasBadClients(timeMs: number): boolean {
	const inHour = timeMs % hour;
	return inHour >= 48 * minute && inHour < 50 * minute;
}

/** The time without requests after which a trainer is scaled to zero, in milliseconds. */
const scaleDownDelayMs = 15 * minute;

type Lifetime = {readonly fromMs: number; readonly quietFromMs: number; readonly toMs: number};

/**
 * Returns the times at which a trainer starts running, its requests stop, and it stops running; −∞ or +∞ for an event
 * that isn't simulated.
 */
export function lifetime({scenario, startedAtMs}: SimulationSettings): Lifetime {
	const forever = Number.POSITIVE_INFINITY;
	const fromMs = scenario === 'deploying' ? startedAtMs + minute : -forever;
	switch (scenario) {
		case 'idle': {
			const toMs = startedAtMs - 20 * minute;
			return {fromMs, quietFromMs: toMs - scaleDownDelayMs, toMs};
		}

		case 'waiting':
			return {fromMs, quietFromMs: startedAtMs - 6 * minute, toMs: forever};
		case 'unused':
			return {fromMs, quietFromMs: startedAtMs - 25 * minute, toMs: forever};
		case 'failed':
			return {fromMs, quietFromMs: forever, toMs: startedAtMs - 10 * minute};
		default:
			return {fromMs, quietFromMs: forever, toMs: forever};
	}
}

/** Returns the deployment's status at a given time. In the scenarios `idle` and `failed`, it never changes. */
export function statusAt({scenario, startedAtMs}: SimulationSettings, timeMs: number): string {
	if (scenario === 'idle') {
		return 'SCALED_TO_ZERO';
	}

	if (scenario === 'failed') {
		return 'FAILED';
	}

	return scenario === 'deploying' && timeMs < startedAtMs + minute ? 'DEPLOYING' : 'RUNNING';
}

/** Returns whether the network fails at a given time: in the scenario `outage`, for 50 s every 3 minutes. */
export function isNetworkDown({scenario, startedAtMs}: SimulationSettings, timeMs: number): boolean {
	const inCycle = (timeMs - startedAtMs) % (3 * minute);
	return scenario === 'outage' && inCycle >= 40 * second && inCycle < 90 * second;
}
