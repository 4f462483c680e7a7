import {constant, type DeploymentModel, during, type NodeModel} from './simulated-deployment.ts';

function node(from: number, to: number, disk = 0.3): NodeModel {
	const gpus = Object.fromEntries([0, 1].map(rank => [String(rank), during(from, to, constant(0.9))]));
	return {gpus, ram: during(from, to, constant(0.4)), disk: during(from, to, constant(disk))};
}

const always = [-100, 1000] as const;
const requests = {rate: constant(10), inProgress: constant(3), gpusPerNode: 2};

/** A scenario of a deployment, and its findings. */
export type FindingScenario = {
	readonly what: string;
	readonly model: DeploymentModel;
	/** The end of the scenario, in minutes from noon. */
	readonly until: number;
	/** The findings at the end: state, rule, and node. A program that starts at that time has the same findings. */
	readonly found: readonly string[];
	/** The findings that became active or were resolved up to that time, in order, including those active at noon. */
	readonly events: readonly string[];
};

/** Seven scenarios of an unhealthy deployment. */
export const findingScenarios: readonly FindingScenario[] = [
	{
		what: 'a node dies with a full disk',
		model: {...requests, nodes: {a: node(...always), b: node(-100, 10, 0.97)}},
		until: 20,
		found: ['active missing-node b', 'unknown disk b'],
		events: ['active disk/b', 'active missing-node/b'],
	},
	{
		what: 'all samples stop for three hours',
		model: {
			nodes: {a: node(-100, 4)},
			gpusPerNode: 2,
			rate: during(-100, 4, constant(10)),
			inProgress: during(-100, 4, constant(3)),
		},
		until: 184,
		found: ['active stale '],
		events: ['active stale'],
	},
	{
		what: 'one collector stops',
		model: {...requests, nodes: {a: node(-100, 10)}},
		until: 20,
		found: ['active stale '],
		events: ['active stale'],
	},
	{
		what: 'a deployment starts, runs, and fails',
		model: {
			nodes: {a: node(4, 15)},
			rate: during(4, 15, constant(10)),
			gpusPerNode: 2,
			createdAt: -1,
			status: minutes => (minutes < 3 ? 'DEPLOYING' : minutes < 16 ? 'RUNNING' : 'FAILED'),
		},
		until: 25,
		found: ['active status '],
		events: ['active status/DEPLOYING', 'resolved status/DEPLOYING', 'active status/FAILED'],
	},
	{
		what: 'pods are renamed',
		model: {...requests, nodeCount: 1, nodes: {a: node(-100, 10, 0.95), z: node(10, 1000)}},
		until: 20,
		found: [],
		events: ['active disk/a', 'resolved disk/a'],
	},
	{
		what: 'a GPU disappears',
		model: {
			...requests,
			nodes: {a: {...node(...always), gpus: {...node(...always).gpus, 1: during(-100, 10, constant(0.9))}}},
		},
		until: 20,
		found: ['active missing-gpu a'],
		events: ['active missing-gpu/a'],
	},
	{
		what: 'a run ends',
		model: {
			nodes: {a: node(-100, 10, 0.95)},
			rate: during(-100, 10, constant(10)),
			gpusPerNode: 2,
			status: minutes => (minutes < 11 ? 'RUNNING' : 'SCALED_TO_ZERO'),
		},
		until: 20,
		found: ['active status ', 'unknown disk a'],
		events: ['active disk/a', 'active status/SCALED_TO_ZERO'],
	},
];
