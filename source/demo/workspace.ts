import {demoIdentity, type Identity} from './identity.ts';
import {type ScenarioName, scenarios} from './scenarios.ts';
import {createSimulation, type Simulation} from './simulation.ts';

export type WorkspaceOptions = {
	/** The scenario of the watched deployment. */
	readonly scenario: ScenarioName;
	/** Other seeds give other noise. */
	readonly seed?: number;
	/** Epoch milliseconds. */
	readonly startedAtMs: number;
	/** The size of that deployment, if it isn't the scenario's. */
	readonly nodes?: number;
	readonly gpusPerNode?: number;
};

export type Listed = Identity & {readonly simulation: Simulation};

/** All deployments of the demo: the watched one, and one of every other scenario. */
export type Workspace = {
	readonly target: Simulation;
	readonly deployment: (id: string) => Listed | undefined;
	readonly list: (scope: 'own' | 'org') => readonly Listed[];
};

const nodesOf: Partial<Readonly<Record<ScenarioName, number>>> = {single: 1, fleet: 16};

/** These are one's own, the others a colleague's. */
const own: ReadonlySet<ScenarioName> = new Set<ScenarioName>(['straggler', 'idle']);

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

/** A run is named after its deployment. */
export function deploymentOfRun(run: string): string {
	return run.replace(/-run$/, '');
}
