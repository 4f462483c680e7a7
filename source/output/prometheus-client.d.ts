// The two parts of the client that are bundled: its index would bring the push gateway, clusters and tracing along, 65 KB.

declare module '@prometheus-io/client/lib/gauge.js' {
	import {Gauge} from '@prometheus-io/client';
	export = Gauge;
}

declare module '@prometheus-io/client/lib/registry.js' {
	import {Registry} from '@prometheus-io/client';
	export = Registry;
}
