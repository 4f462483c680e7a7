import type {Respond} from './scripted-server.ts';
import {healthy, isMetrics, type Served, servedMetrics} from './served.ts';

/** Replaces the values of a series, or of each series in a record, with one value. */
function constant(series: unknown, value: number): unknown {
	return Array.isArray(series)
		? series.map(point => ({...point, value}))
		: Object.fromEntries(Object.entries(series ?? {}).map(([rank, points]) => [rank, constant(points, value)]));
}

/** Returns a server whose deployment has been idle for the whole hour. */
export function idleServer(served: Served): Respond {
	const respond = healthy(served);
	return request =>
		isMetrics(request)
			? {
					json: JSON.parse(JSON.stringify(servedMetrics(request.body, served)), (name, value) =>
						['gpu_utilization', 'inference_volume', 'concurrent_requests'].includes(name)
							? constant(value, name === 'gpu_utilization' ? 0.01 : 0)
							: value,
					),
				}
			: respond(request);
}
