import type {RequestPoints} from '../api/metrics-response.ts';
import {statistics} from './series.ts';

/** From this ratio on, p50 would lie flat on the floor of a linear axis. */
const logarithmicRatio = 10;

/** Whether the window's latencies want a logarithmic axis: its highest p99 is more than ten times its mean p50. */
export function wantsLogarithmicAxis(latency: RequestPoints['latency']): boolean {
	const {peak} = statistics(latency.p99);
	const {mean} = statistics(latency.p50);
	return peak !== undefined && mean !== undefined && mean > 0 && peak > logarithmicRatio * mean;
}
