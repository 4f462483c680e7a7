import type {State} from '../state/state.ts';
import type {SideRequest} from './side-request.ts';

/** Both together take one request a minute. */
const everyMs = 120_000;

/** While the list of checkpoints is open. */
const openEveryMs = 60_000;

function runOf({live}: State): string | undefined {
	return live.deployment?.runId;
}

/** The run of the deployment, if the server says which that is. */
export const runRequest: SideRequest = {
	name: 'run',
	wanted(state) {
		const id = runOf(state);
		return id === undefined ? undefined : {key: id, everyMs};
	},
	async ask({client, state, now, signal}) {
		const result = await client.run(runOf(state) ?? '', signal);
		return result.ok ? {...result, value: {kind: 'run', run: result.value, atMs: now()}} : result;
	},
};

/** The checkpoints of that run. */
export const checkpointsRequest: SideRequest = {
	name: 'checkpoints',
	wanted(state) {
		const id = runOf(state);
		return id === undefined ? undefined : {key: id, everyMs: state.overlay.kind === 'run' ? openEveryMs : everyMs};
	},
	async ask({client, state, now, signal}) {
		const runId = runOf(state) ?? '';
		const result = await client.checkpoints(runId, signal);
		return result.ok ? {...result, value: {kind: 'checkpoints', runId, list: result.value, atMs: now()}} : result;
	},
};
