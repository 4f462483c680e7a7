import type {Network, ProxyServer} from './network.ts';

/** Returns a connection, through a proxy if there is one. Its code is loaded with the first request. */
export function openNetwork(proxy: ProxyServer | undefined): Network {
	let loading: Promise<Network> | undefined;
	return {
		async send(url, sent) {
			loading ??= load(proxy);
			const {send} = await loading;
			return send(url, sent);
		},
	};
}

async function load(proxy: ProxyServer | undefined): Promise<Network> {
	if (proxy === undefined) {
		const {direct} = await import('./direct.ts');
		return direct;
	}

	const {openTunnel} = await import('./tunnel.ts');
	return openTunnel(proxy);
}
