import {type ScriptedProxy, startScriptedProxy} from './scripted-proxy.ts';
import {type ScriptedServer, startScriptedServer} from './scripted-server.ts';
import {healthy} from './served.ts';

/** What lies between the program and the API, all of it on this machine and all of it breakable. */
export type World = {
	/** Is asked at `apiUrl`, by https with a certificate that is trusted. */
	readonly server: ScriptedServer;
	readonly apiUrl: URL;
	/** Nobody has reason to ask it anything. */
	readonly elsewhere: ScriptedServer;
	/** Knows the API as api.test. Only whoever knows its name requests it. */
	readonly proxy: ScriptedProxy;
	readonly names: Names;
	close(): Promise<void>;
};

/** Whether names have addresses for who asks. */
export type Names = {lose(): void; find(): void};

/** How the API is asked: at an address of this machine, or by a name that only the proxy knows. */
export type Way = 'direct' | 'proxy';

/** A world in which all is well. */
export async function startWorld(way: Way, names: Names): Promise<World> {
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
