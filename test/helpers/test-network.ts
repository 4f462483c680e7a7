import {type ScriptedProxy, startScriptedProxy} from './scripted-proxy.ts';
import {type ScriptedServer, startScriptedServer} from './scripted-server.ts';
import {healthy} from './served.ts';

/**
 * The network between the program and the API, including the API's server. All of it is on this machine, and tests can
 * break each part.
 */
export type TestNetwork = {
	/** Serves `apiUrl` over HTTPS with a trusted certificate. */
	readonly server: ScriptedServer;
	readonly apiUrl: URL;
	/** A server that nothing should send requests to. */
	readonly elsewhere: ScriptedServer;
	/** The only part of the network that can resolve api.test. */
	readonly proxy: ScriptedProxy;
	readonly names: Resolver;
	close(): Promise<void>;
};

/** Makes all names unresolvable, or resolvable again. */
export type Resolver = {lose(): void; find(): void};

/** How the API is reached: directly (as `localhost`), or by a name that only the proxy can resolve. */
export type Route = 'direct' | 'proxy';

/** Starts a healthy network. */
export async function startTestNetwork(way: Route, names: Resolver): Promise<TestNetwork> {
	const server = await startScriptedServer(healthy(), 'trusted');
	const elsewhere = await startScriptedServer(healthy(), 'trusted');
	const {port} = new URL(server.url);
	const proxy = await startScriptedProxy(Number(port));
	return {
		server,
		apiUrl: new URL(way === 'direct' ? `https://localhost:${port}` : 'https://api.test'),
		elsewhere,
		proxy,
		names,
		async close() {
			names.find();
			await proxy.close();
			await elsewhere.close();
			await server.close();
		},
	};
}
