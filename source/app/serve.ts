import type {ListenAddress} from '../command-line/listen-address.ts';
import type {MetricsServer} from '../output/metrics-server.ts';
import type {Store} from '../state/store.ts';

/** Serves Prometheus metrics if an address is given. The code for it is loaded only then. */
export async function serve(
	address: ListenAddress | undefined,
	store: Store,
	now: () => number,
): Promise<MetricsServer | undefined> {
	if (address === undefined) {
		return undefined;
	}

	const {serveMetrics} = await import('../output/metrics-server.ts');
	return serveMetrics(address, store, now);
}
