import type {Deployment} from '../../source/api/deployment.ts';

/** A deployment of which only this is known. */
export function deploymentOf(known: Partial<Deployment> = {}): Deployment {
	return {
		id: 'k4q95w5',
		baseModel: undefined,
		status: undefined,
		owner: undefined,
		createdAtMs: undefined,
		runId: undefined,
		activeRunId: undefined,
		availability: undefined,
		nodeCount: undefined,
		instance: undefined,
		sampler: undefined,
		...known,
	};
}
