import Series from '@prometheus-io/client/lib/gauge.js';
import Registry from '@prometheus-io/client/lib/registry.js';
import type {Gauge} from './gauge.ts';

/** The media type of the text that `expose` returns. */
export const expositionType = Registry.PROMETHEUS_CONTENT_TYPE;

/** Formats gauges in the text format of Prometheus. Each text is made from scratch, so that it has no stale series. */
export async function expose(gauges: readonly Gauge[]): Promise<string> {
	const registry = new Registry();
	for (const {name, help, samples} of gauges) {
		const labelNames = Object.keys(samples[0]?.labels ?? {});
		const series = new Series({name, help, labelNames, registers: [registry]});
		for (const {labels, value} of samples) {
			series.set(labels, value);
		}
	}

	return registry.metrics();
}
