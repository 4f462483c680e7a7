import type {RequestPoints} from '../api/metrics-response.ts';
import type {Points} from '../api/points.ts';
import type {Finding, RuleName, Subject} from './findings.ts';
import {type Gpu, type Node, share} from './node.ts';
import {valueNear} from './series.ts';
import type {Snapshot} from './snapshot.ts';
import {currentSpell, type Rule} from './spell.ts';
import type {Thresholds} from './thresholds.ts';

/** What the rules look at beside the samples. */
export type Circumstances = {
	readonly status: string | undefined;
	/** Whether the server answers; during a fault nothing is known to be old or missing. */
	readonly isAnswered: boolean;
	readonly nowMs: number;
	readonly thresholds: Thresholds;
};

/** The others are busy from this median utilization on: a GPU that does nothing among idle ones is no straggler. */
const busyMedian = 0.5;
const noLongerBusyMedian = 0.4;

/** So many samples in a row make a straggler, or errors that last. */
const lastingSamples = 3;

type Details = {readonly value?: number | undefined; readonly against?: number | undefined; readonly word?: string};

function finding(
	rule: RuleName,
	subject: Subject,
	since: {sinceMs: number; isOlder: boolean},
	details: Details,
): Finding {
	const {value, against, word} = details;
	return {rule, subject, sinceMs: since.sinceMs, isOlder: since.isOlder, value, against, word};
}

/** All that is amiss in a snapshot of newest values. */
export function findAll(snapshot: Snapshot, circumstances: Circumstances): readonly Finding[] {
	const {thresholds} = circumstances;
	return [
		...findStatus(circumstances),
		...findMissingNodes(snapshot, circumstances),
		...findStale(snapshot, circumstances),
		...findStragglers(snapshot, thresholds),
		...findErrors(snapshot, thresholds),
		...snapshot.nodes.filter(({reporting}) => reporting).flatMap(node => findFull(node, thresholds)),
	];
}

const deployment: Subject = {kind: 'deployment'};

/** A status that is not RUNNING. Since when is not told by the server: since it was first seen. */
export function findStatus({status, nowMs}: Circumstances): readonly Finding[] {
	return status === undefined || status === 'RUNNING'
		? []
		: [finding('status', deployment, {sinceMs: nowMs, isOlder: true}, {word: status})];
}

function isRunning({status}: Circumstances): boolean {
	return status === undefined || status === 'RUNNING';
}

/** No sample for too long, though the server answers. */
export function findStale(snapshot: Snapshot, circumstances: Circumstances): readonly Finding[] {
	const {nowMs, thresholds, isAnswered} = circumstances;
	const {newestMs} = snapshot;
	return newestMs !== undefined && isAnswered && isRunning(circumstances) && nowMs - newestMs > thresholds.staleMs
		? [finding('stale', deployment, {sinceMs: newestMs, isOlder: false}, {})]
		: [];
}

/**
 * Fewer nodes report than the deployment has: those that were heard of last are missed, each since then; of others it is
 * only known that they are missing. Where the server tells no count, every node that stopped reporting is missed.
 */
export function findMissingNodes(snapshot: Snapshot, circumstances: Circumstances): readonly Finding[] {
	const {nodes, expectedNodes, hasBreakdown, startMs} = snapshot;
	if (!hasBreakdown || !circumstances.isAnswered || !isRunning(circumstances)) {
		return [];
	}

	const reporting = nodes.filter(node => node.reporting).length;
	const silent = nodes.filter(node => !node.reporting).sort((a, b) => (b.lastHeardMs ?? 0) - (a.lastHeardMs ?? 0));
	const missing = Math.max(0, expectedNodes === undefined ? silent.length : expectedNodes - reporting);
	const counts = {value: reporting, against: reporting + missing};
	const named = silent.slice(0, missing).map(({id, lastHeardMs}) => {
		const since = {sinceMs: lastHeardMs ?? startMs, isOlder: lastHeardMs === undefined};
		return finding('missing-node', {kind: 'node', node: id}, since, counts);
	});
	return named.length < missing
		? [...named, finding('missing-node', deployment, {sinceMs: startMs, isOlder: true}, counts)]
		: named;
}

/** The median utilization of all GPUs near a time, which is worked out once for all that ask. */
function createMedian(nodes: readonly Node[], stepMs: number): (timeMs: number) => number {
	const known = new Map<number, number>();
	return timeMs => {
		const place = Math.round(timeMs / stepMs);
		const before = known.get(place);
		if (before !== undefined) {
			return before;
		}

		const values = nodes.flatMap(({gpus}) =>
			gpus.flatMap(({series}) => valueNear(series.utilization, place * stepMs, 1.5 * stepMs) ?? []),
		);
		const median = Float64Array.from(values).sort()[values.length >> 1] ?? 0;
		known.set(place, median);
		return median;
	};
}

/** A GPU that does next to nothing while the others work, as one does that waits for a stuck collective operation. */
export function findStragglers({nodes, window}: Snapshot, {straggler}: Thresholds): readonly Finding[] {
	const median = createMedian(nodes, window.stepMs);
	const rule: Rule = {
		begins: (value, timeMs) => value < straggler && median(timeMs) > busyMedian,
		ends: (value, timeMs) => value >= 1.5 * straggler || median(timeMs) < noLongerBusyMedian,
		samples: lastingSamples,
	};
	return nodes.flatMap(({id, gpus}) =>
		gpus.flatMap(({rank, utilization, series}): readonly Finding[] => {
			const spell = utilization === undefined ? undefined : currentSpell(series.utilization, rule);
			const subject: Subject = {kind: 'gpu', node: id, rank};
			const against = median(series.utilization.times.at(-1) ?? 0);
			return spell === undefined ? [] : [finding('straggler', subject, spell, {value: utilization, against})];
		}),
	);
}

/** The part of each class in the requests over time. Where there was no request, none failed. */
function sharesOver(status: RequestPoints['status'], failed: Points): Points {
	const {times} = failed;
	const all = [status.status_2xx, status.status_4xx, status.status_5xx];
	const values = failed.values.map((value, index) => {
		const sum = all.reduce((total, {values: rates}) => total + (rates[index] ?? Number.NaN), 0);
		return sum === 0 ? 0 : value / sum;
	});
	return {times, values};
}

/** Shares of failed requests that last. */
export function findErrors({requests}: Snapshot, thresholds: Thresholds): readonly Finding[] {
	const {status} = requests.series;
	const look = (rule: RuleName, failed: Points, limit: number): readonly Finding[] => {
		const shares = sharesOver(status, failed);
		const spell = currentSpell(shares, above(limit, 0.8 * limit, lastingSamples));
		return spell === undefined ? [] : [finding(rule, deployment, spell, {value: lastKnown(shares)})];
	};
	return [
		...look('server-errors', status.status_5xx, thresholds.serverErrors),
		...look('client-errors', status.status_4xx, thresholds.clientErrors),
	];
}

function lastKnown({values}: Points): number | undefined {
	return values.findLast(value => !Number.isNaN(value));
}

function above(limit: number, under: number, samples: number): Rule {
	return {begins: value => value >= limit, ends: value => value < under, samples};
}

/** What is full is so until it is this much emptier, as a share of the whole. */
const fullBand = 0.02;

/** Memory or storage that is about to run out. */
export function findFull(node: Node, thresholds: Thresholds): readonly Finding[] {
	const {id, series, diskShare, ram, ramTotal, gpus} = node;
	const subject: Subject = {kind: 'node', node: id};
	const look = (
		rule: RuleName,
		about: Subject,
		points: Points,
		{limit, total, value}: {limit: number; total: number | undefined; value: number | undefined},
	): readonly Finding[] => {
		if (total === undefined || value === undefined) {
			return [];
		}

		const spell = currentSpell(points, above(limit * total, (limit - fullBand) * total, 1));
		return spell === undefined ? [] : [finding(rule, about, spell, {value})];
	};
	return [
		...gpus.flatMap((gpu: Gpu) =>
			look('gpu-memory', {kind: 'gpu', node: id, rank: gpu.rank}, gpu.series.memory, {
				limit: thresholds.gpuMemory,
				total: gpu.memoryTotal,
				value: share(gpu.memory, gpu.memoryTotal),
			}),
		),
		...look('ram', subject, series.ram, {limit: thresholds.ram, total: ramTotal, value: share(ram, ramTotal)}),
		...look('disk', subject, series.diskShare, {limit: thresholds.disk, total: 1, value: diskShare}),
	];
}
