import type {State} from '../state/state.ts';
import type {SideRequest} from './side-request.ts';

/** List prices change rarely. */
const everyMs = 86_400_000;

/** Returns whether a price of Baseten would be shown, for the watched deployment or in the list. */
function isPriceShown({live, deployments, overlay}: State): boolean {
	const listed = overlay.kind === 'deployments' ? (deployments.list ?? []) : [];
	return [live.deployment, ...listed].some(deployment => deployment?.instance?.id !== undefined);
}

/** The list prices: once a day, for as many deployments as there are, and not again if the server refuses them. */
export const pricesRequest: SideRequest = {
	name: 'prices',
	wanted(state) {
		const {prices, sideFailures, live} = state;
		const isNew = prices.atMs !== undefined && live.nowMs - prices.atMs < everyMs;
		const isRefused = sideFailures.prices !== undefined && sideFailures.prices.nextAtMs === undefined;
		return isNew || isRefused || prices.own !== undefined || !isPriceShown(state)
			? undefined
			: {key: 'prices', everyMs};
	},
	async ask({client, now, signal}) {
		const result = await client.prices(signal);
		return result.ok ? {...result, value: {kind: 'prices', list: result.value, atMs: now()}} : result;
	},
};
