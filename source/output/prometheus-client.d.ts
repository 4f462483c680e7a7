// The two bundled parts of the client. Its index would also add the push gateway, clusters, and tracing: 65 KB.

declare module '@prometheus-io/client/lib/gauge.js' {
	import {Gauge} from '@prometheus-io/client';
	export = Gauge;
}

declare module '@prometheus-io/client/lib/registry.js' {
	import {Registry} from '@prometheus-io/client';
	export = Registry;
}
