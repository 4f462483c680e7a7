import {direct, type Network, type ProxyServer} from './network.ts';

/** The way through a proxy, or the direct one where there is none. What a tunnel needs is loaded with the first request. */
export function openNetwork(proxy: ProxyServer | undefined): Network {
	if (proxy === undefined) {
		return direct;
	}

	let loading: Promise<Network> | undefined;
	return {
		async send(url, sent) {
			loading ??= import('./tunnel.ts').then(({openTunnel}) => openTunnel(proxy));
			const {send} = await loading;
			return send(url, sent);
		},
	};
}
