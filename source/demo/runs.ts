import type {Setting} from './setting.ts';
import {checkpoints, lifetime, statusAt} from './simulation.ts';

/** The first run is this old when the demo starts. */
const runAgeMs = 26 * 3_600_000;

/** The run of a deployment of the demo. */
export function runBody(
	setting: Setting,
	nowMs: number,
	{id, deploymentId}: {id: string; deploymentId: string},
): object {
	return {
		id,
		session_id: `${deploymentId}-session`,
		deployment_id: deploymentId,
		name: 'math-rl',
		base_model: 'Qwen/Qwen3-30B-A3B-Instruct-2507',
		created_at: new Date(setting.startedAtMs - runAgeMs).toISOString(),
		status: {name: isActive(setting, nowMs) ? 'ACTIVE' : 'INACTIVE'},
	};
}

/** Returns whether a run trains: its deployment is RUNNING, and requests come. */
function isActive(setting: Setting, nowMs: number): boolean {
	return statusAt(setting, nowMs) === 'RUNNING' && nowMs < lifetime(setting).quietFromMs;
}

/** The checkpoints of a run by `nowMs`, the newest first: one each time that the nodes have written theirs. */
export function checkpointsBody(setting: Setting, nowMs: number): object {
	const {everyMs, writtenInMs} = checkpoints;
	const firstMs = Math.ceil((setting.startedAtMs - runAgeMs) / everyMs) * everyMs;
	const list: object[] = [];
	const untilMs = Math.min(nowMs, lifetime(setting).quietFromMs);
	for (let time = firstMs, step = 20; time + writtenInMs <= untilMs; time += everyMs, step += 20) {
		list.unshift({
			checkpoint_id: `step-${step}`,
			created_at: new Date(time + writtenInMs).toISOString(),
			checkpoint_type: 'lora',
			size_bytes: 33_638_400,
			sync_status: time + 2 * writtenInMs <= nowMs ? 'COMPLETE' : 'SYNCING',
			id: `c${step}`,
			target: step % 60 === 0 ? 'sampler' : 'trainer',
			base_model: null,
			lora_adapter_config: null,
		});
	}

	return {checkpoints: list};
}
