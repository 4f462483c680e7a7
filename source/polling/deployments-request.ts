import type {SideRequest} from './side-request.ts';

/** Statuses change within minutes. */
const everyMs = 10_000;

/** The list of deployments, while it is open. */
export const deploymentsRequest: SideRequest = {
	name: 'deployments',
	wanted: ({overlay, deployments: {scope}}) => (overlay.kind === 'deployments' ? {key: scope, everyMs} : undefined),
	async ask({client, state, signal}) {
		const result = await client.deployments(state.deployments.scope, signal);
		return result.ok ? {...result, value: {kind: 'deployments', list: result.value}} : result;
	},
};
