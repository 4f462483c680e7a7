import type {Points} from '../../api/points.ts';
import type {Snapshot} from '../../metrics/snapshot.ts';

/** What holds for this long has changed; RL training alternates between all and nothing every few minutes. */
const recentMs = 600_000;

/** The lowest and highest known value of the last ten minutes; undefined if none is known. */
export type Recent = {readonly low: number; readonly high: number} | undefined;

/** Of the numbers that changes are announced of: what they were in the last ten minutes. */
export type RecentValues = {
	readonly volume: Recent;
	readonly inProgress: Recent;
	readonly latency: Readonly<Record<'p50' | 'p95' | 'p99', Recent>>;
	/** How many GPUs were over the idle limit at some time, of those with a known sample. */
	readonly gpus: {readonly busy: number; readonly known: number};
};

function recentOf({times, values}: Points, nowMs: number): Recent {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (let position = times.length - 1; position >= 0 && (times[position] ?? 0) > nowMs - recentMs; position--) {
		const value = values[position] ?? Number.NaN;
		if (!Number.isNaN(value)) {
			low = Math.min(low, value);
			high = Math.max(high, value);
		}
	}

	return low > high ? undefined : {low, high};
}

/** Returns what the numbers were in the ten minutes up to `nowMs`, in epoch milliseconds. */
export function recentValues({requests: {series}, nodes}: Snapshot, nowMs: number, idle: number): RecentValues {
	const of = (points: Points): Recent => recentOf(points, nowMs);
	const present = nodes.filter(({presence}) => presence !== 'gone');
	const gpus = present.flatMap(node => node.gpus.flatMap(gpu => of(gpu.series.utilization) ?? []));
	return {
		volume: of(series.volume),
		inProgress: of(series.inProgress),
		latency: {p50: of(series.latency.p50), p95: of(series.latency.p95), p99: of(series.latency.p99)},
		gpus: {busy: gpus.filter(({high}) => high >= idle).length, known: gpus.length},
	};
}
