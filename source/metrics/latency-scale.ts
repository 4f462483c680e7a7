import type {RequestPoints} from '../api/metrics-response.ts';
import {statistics} from './series.ts';

/** From this ratio on, p50 would lie flat on the floor of a linear axis. */
const logarithmicRatio = 10;

/**
 * Returns whether latencies need a logarithmic axis: the highest p99 of the window is more than ten times its mean p50.
 */
export function wantsLogarithmicAxis(latency: RequestPoints['latency']): boolean {
	const {peak} = statistics(latency.p99);
	const {mean} = statistics(latency.p50);
	return peak !== undefined && mean !== undefined && mean > 0 && peak > logarithmicRatio * mean;
}
