import type {Deployment} from '../../source/api/deployment.ts';
import type {Run} from '../../source/api/run.ts';

/** Returns a deployment with only these properties known. */
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

/** Returns a run with only these properties known. */
export function runOf(id: string, deploymentId?: string, known: Partial<Run> = {}): Run {
	return {id, deploymentId, name: undefined, sessionId: undefined, status: undefined, createdAtMs: undefined, ...known};
}
