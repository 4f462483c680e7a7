import type {Deployment, Prices} from '../api/deployment.ts';
import type {Points} from '../api/points.ts';
import {seriesOf} from './history.ts';
import {lengthOf, medianSpacing, type SteppedRange} from './series.ts';
import type {Snapshot} from './snapshot.ts';
import {idleBelow} from './thresholds.ts';

const hourMs = 3_600_000;

/** The minimum fraction of GPU time that must be known to extrapolate the idle share to all GPU time. */
const minKnown = 0.9;

/** The activity of a running trainer: working, or waiting for its client's next request. */
export type Activity = 'busy' | 'waiting';

/**
 * Returns the trainer's activity at the time of a snapshot: busy if any GPU isn't idle (`idleBelow`) or a request is in
 * progress; waiting if all expected GPUs are known to be idle, and it is known that no request is in progress.
 * Undefined otherwise.
 */
export function activityOf({requests: {inProgress}, nodes, totals}: Snapshot): Activity | undefined {
	const used = nodes.flatMap(({presence, gpus}) =>
		presence === 'gone' ? [] : gpus.flatMap(({utilization}) => utilization ?? []),
	);
	if ((inProgress ?? 0) > 0 || used.some(utilization => utilization >= idleBelow)) {
		return 'busy';
	}

	return inProgress === 0 && used.length > 0 && used.length >= totals.gpusExpected ? 'waiting' : undefined;
}

/**
 * The price of a node in US dollars per hour, and whether it is Baseten's list price or the user's own. Neither is
 * necessarily what is billed.
 */
export type NodePrice = {readonly perHour: number; readonly source: 'list' | 'user'};

/**
 * The known prices: Baseten's list prices, the time at which they were received, and the user's own price in US dollars
 * per node-hour.
 */
export type KnownPrices = {
	readonly list: Prices | undefined;
	/** Epoch milliseconds. */
	readonly atMs: number | undefined;
	readonly own: number | undefined;
};

/**
 * Returns the price of a trainer's node: the user's own price if given, and otherwise the list price of its instance
 * type. Undefined if neither exists, or if the deployment is unknown.
 */
export function nodePriceOf(deployment: Deployment | undefined, {own, list}: KnownPrices): NodePrice | undefined {
	if (deployment === undefined) {
		return undefined;
	}

	return own === undefined ? listPrice(deployment.instance?.id, list) : {perHour: own, source: 'user'};
}

function listPrice(id: string | undefined, list: Prices | undefined): NodePrice | undefined {
	const perHour = id === undefined ? undefined : list?.get(id);
	return perHour === undefined ? undefined : {perHour, source: 'list'};
}

/**
 * Returns the hourly cost of all nodes of a running deployment, in US dollars; undefined if the price or the number of
 * nodes is unknown, or if the deployment isn't RUNNING, because nodes that aren't up aren't billed.
 */
export function hourlyCost(deployment: Deployment | undefined, price: NodePrice | undefined): number | undefined {
	const isUp = deployment?.status === 'RUNNING' && deployment.nodeCount !== undefined;
	return isUp && price !== undefined ? price.perHour * (deployment.nodeCount ?? 0) : undefined;
}

/**
 * Returns the list price of a sampler's replica: the price of its instance type times its number of nodes. The user's
 * own price applies only to the trainer.
 */
export function replicaPriceOf(deployment: Deployment | undefined, {list}: KnownPrices): NodePrice | undefined {
	const {instance, nodeCount = 1} = deployment?.sampler ?? {};
	const price = listPrice(instance?.id, list);
	return price && {...price, perHour: price.perHour * nodeCount};
}

/**
 * The time for which nodes and GPUs reported in a time range, in milliseconds. All values except `knownMs` are sums
 * over the nodes or GPUs.
 */
type Usage = {
	/**
	 * The time during which a node reported any metric; for a sampler with a known number of replicas, that number ×
	 * time.
	 */
	readonly nodeMs: number;
	/** The time during which at least one node reported any metric, or the number of replicas was known. */
	readonly knownMs: number;
	/** The time during which a GPU's utilization was known, and the time during which it was below `idleBelow`. */
	readonly knownGpuMs: number;
	readonly idleGpuMs: number;
};

/** Caches the usage of a snapshot's nodes, with the range for which it was computed. */
const knownUsage = new WeakMap<Snapshot['nodes'], SteppedRange & {readonly replicas: Points; readonly usage: Usage}>();

/** Adds up the usage that the nodes of a snapshot reported in its window. Gaps in the samples aren't counted. */
export function usageOf({startMs, endMs, window: {stepMs}, replicas: {series: replicas}, nodes}: Snapshot): Usage {
	const known = knownUsage.get(nodes);
	if (known?.startMs === startMs && known.endMs === endMs && known.stepMs === stepMs && known.replicas === replicas) {
		return known.usage;
	}

	const range = {startMs, endMs, stepMs};
	// The number of replicas takes precedence, because the server doesn't necessarily report each of them separately.
	let nodeMs = integral(replicas, range);
	let knownGpuMs = 0;
	let idleGpuMs = 0;
	for (const {series} of nodes) {
		nodeMs += replicas.times.length > 0 ? 0 : lengthOf(seriesOf(series), range);
		for (const {utilization} of series.gpus.values()) {
			knownGpuMs += lengthOf([utilization], range);
			idleGpuMs += lengthOf([utilization], range, idleBelow);
		}
	}

	const knownMs = lengthOf([replicas, ...nodes.flatMap(({series}) => seriesOf(series))], range);
	const usage = {nodeMs, knownMs, knownGpuMs, idleGpuMs};
	knownUsage.set(nodes, {...range, replicas, usage});
	return usage;
}

/**
 * Returns the integral of the values over time in milliseconds. Each value is valid until the next sample is due, and
 * gaps don't count.
 */
function integral({times, values}: Points, {startMs, endMs, stepMs}: SteppedRange): number {
	const spacing = Math.max(stepMs, medianSpacing({times, values}));
	return values.reduce((sum, value, index) => {
		const time = times[index] ?? endMs;
		const untilMs = Math.min(times[index + 1] ?? endMs, time + spacing, endMs);
		const lengthMs = untilMs - Math.max(time, startMs);
		return Number.isNaN(value) ? sum : sum + value * Math.max(lengthMs, 0);
	}, 0);
}

/** The cost, in US dollars, of the nodes in a window, and how much of it is for idle GPUs. */
export type WindowCost = {
	readonly total: number;
	/** The time for which at least one node reported in the window, in milliseconds. */
	readonly knownMs: number;
	/**
	 * The part of the cost that is for idle GPUs, in US dollars and as a fraction 0–1 of the total; undefined if too
	 * little is known about the GPUs.
	 */
	readonly idle: {readonly cost: number; readonly share: number} | undefined;
};

/**
 * Returns the cost of a snapshot's window: node time × price. Its idle part is the cost × the share of GPU time with a
 * utilization below `idleBelow`. Undefined if the price is unknown, if the window's response hasn't been received, or
 * if nodes reported for less than a second.
 */
export function windowCost(snapshot: Snapshot, price: NodePrice | undefined): WindowCost | undefined {
	if (price === undefined || !snapshot.complete) {
		return undefined;
	}

	const {nodeMs, knownMs, knownGpuMs, idleGpuMs} = usageOf(snapshot);
	// A sample at the very end of the window doesn't show how long the nodes were up.
	if (nodeMs === 0 || knownMs < 1000) {
		return undefined;
	}

	const total = (nodeMs / hourMs) * price.perHour;
	const gpuMs = snapshot.nodes.reduce((sum, {series}) => sum + series.gpus.size, 0) / snapshot.nodes.length;
	const isKnown = knownGpuMs > 0 && knownGpuMs >= minKnown * nodeMs * gpuMs;
	const share = isKnown ? idleGpuMs / knownGpuMs : 0;
	return {total, knownMs, idle: isKnown ? {cost: share * total, share} : undefined};
}
