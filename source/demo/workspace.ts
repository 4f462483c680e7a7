import {type ScenarioName, scenarios} from './scenarios.ts';
import {checkpoints, createSimulation, type Simulation} from './simulation.ts';
import {lifetime, type SimulationSettings, statusAt} from './troubles.ts';

/** The properties that distinguish one deployment of the demo from another. */
type Identity = {readonly id: string; readonly owner: string; readonly ageMs: number};

export const demoDeploymentId = 'k4q95w5';

/** The identity of the watched deployment. */
export const demoIdentity: Identity = {id: demoDeploymentId, owner: 'you@example.com', ageMs: 26 * 3_600_000};

/** The IDs of the watched deployment's sampler. */
export const demoSampler = {modelId: 'q8x2m1w', deploymentId: 'w3n7k9d'} as const;

/** Returns the IDs of the sampler of a demo deployment. */
export function samplerOf(id: string): {readonly modelId: string; readonly deploymentId: string} {
	return id === demoDeploymentId ? demoSampler : {modelId: demoSampler.modelId, deploymentId: `${id}-sampler`};
}

/** The price of one GPU of each type, in US dollars per minute; the list price of an H100 is $6.50 per hour. */
const perGpuMinute = {H100: 0.108_33} as const;

/** The IDs of the instance types of the demo. */
export const instanceIds = {trainer: 'demo-instance', sampler: 'demo-sampler-instance'} as const;

/** Returns the response of the prices route. One of the amounts is a string, as the API allows. */
export function pricesBody(gpusPerNode: number): object {
	return {
		instance_types: [
			{
				instance_type: {id: 'demo-small', name: 'CPU', gpu_count: 0, gpu_type: null, gpu_memory_limit_mib: null},
				price: '0.0058',
			},
			{
				instance_type: {id: instanceIds.trainer, name: `H100:${gpusPerNode}`, gpu_count: gpusPerNode, gpu_type: 'H100'},
				price: perGpuMinute.H100 * gpusPerNode,
			},
			{
				instance_type: {id: instanceIds.sampler, name: 'H100:2', gpu_count: 2, gpu_type: 'H100'},
				price: perGpuMinute.H100 * 2,
			},
		],
	};
}

/** The age of every run when the demo starts, in milliseconds. */
const runAgeMs = 26 * 3_600_000;

/** Returns the run of a demo deployment. */
export function runBody(
	setting: SimulationSettings,
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

/**
 * Returns whether a run is active: its deployment is RUNNING, and receives requests or, in the scenario `waiting`,
 * waits for them.
 */
function isActive(setting: SimulationSettings, nowMs: number): boolean {
	const isAlive = setting.scenario === 'waiting' || nowMs < lifetime(setting).quietFromMs;
	return statusAt(setting, nowMs) === 'RUNNING' && isAlive;
}

/** In the scenario `hung`, the time without new checkpoints before the demo starts, in milliseconds. */
const hungForMs = 3 * 3_600_000;

/**
 * Returns the checkpoints of a run as of `nowMs`, newest first. A checkpoint is listed once all nodes have written it.
 */
export function checkpointsBody(setting: SimulationSettings, nowMs: number): object {
	const {everyMs, writtenInMs} = checkpoints;
	const firstMs = Math.ceil((setting.startedAtMs - runAgeMs) / everyMs) * everyMs;
	const list: object[] = [];
	const hungMs = setting.scenario === 'hung' ? setting.startedAtMs - hungForMs : nowMs;
	const {quietFromMs, toMs} = lifetime(setting);
	const untilMs = Math.min(nowMs, quietFromMs, toMs, hungMs);
	for (let time = firstMs, step = 20; time + writtenInMs <= untilMs; time += everyMs, step += 20) {
		list.unshift({
			checkpoint_id: `step-${step}`,
			created_at: new Date(time + writtenInMs).toISOString(),
			checkpoint_type: 'lora',
			size_bytes: 1_352_663_040,
			sync_status: time + 2 * writtenInMs <= nowMs ? 'COMPLETE' : 'SYNCING',
			id: `c${step}`,
			target: step % 60 === 0 ? 'sampler' : 'trainer',
			base_model: null,
			lora_adapter_config: null,
		});
	}

	return {checkpoints: list};
}

/** The scenario, the seed, the start, and the size of the simulation. */
export type WorkspaceOptions = {
	/** The scenario of the watched deployment. */
	readonly scenario: ScenarioName;
	/** Different seeds produce different noise. */
	readonly seed?: number;
	/** The time at which the demo started, in epoch milliseconds. */
	readonly startedAtMs: number;
	/** The number of nodes of the watched deployment, if it differs from the scenario's. */
	readonly nodes?: number;
	readonly gpusPerNode?: number;
};

type Listed = Identity & {readonly simulation: Simulation};

/** All deployments of the demo: the watched one, and one for each of the other scenarios. */
export type Workspace = {
	readonly target: Simulation;
	readonly deployment: (id: string) => Listed | undefined;
	readonly list: (scope: 'own' | 'org') => readonly Listed[];
};

const nodesOf: Partial<Readonly<Record<ScenarioName, number>>> = {single: 1, fleet: 16};

/**
 * The scenarios whose deployments belong to the user, in addition to the watched one; the rest belong to a colleague.
 */
const own: ReadonlySet<ScenarioName> = new Set<ScenarioName>(['straggler', 'idle']);

/**
 * Creates the deployments of the demo. By default, the watched one has 4 nodes, unless its scenario specifies a
 * different number.
 */
export function createWorkspace(options: WorkspaceOptions): Workspace {
	const {scenario, seed = 1, startedAtMs, nodes = nodesOf[scenario] ?? 4, gpusPerNode = 8} = options;
	const target = createSimulation({scenario, seed, startedAtMs, nodes, gpusPerNode});
	const others = scenarios.filter(({name}) => name !== scenario);
	const listed: readonly Listed[] = [
		{...demoIdentity, simulation: target},
		...others.map(({name}, index) => ({
			id: `demo-${name}`,
			owner: own.has(name) ? demoIdentity.owner : 'colleague@example.com',
			ageMs: (index + 1) * 9 * 3_600_000,
			simulation: createSimulation({
				scenario: name,
				seed: seed + index + 1,
				startedAtMs,
				nodes: nodesOf[name] ?? 4,
				gpusPerNode: 8,
			}),
		})),
	];
	return {
		target,
		deployment: id => listed.find(one => one.id === id),
		list: scope => listed.filter(({owner}) => scope === 'org' || owner === demoIdentity.owner),
	};
}

/** Returns the ID of a run's deployment. The run's ID is the same ID followed by `-run`. */
export function deploymentOfRun(run: string): string {
	return run.replace(/-run$/, '');
}
