/** What distinguishes one deployment of the demo from another. */
export type Identity = {readonly id: string; readonly owner: string; readonly ageMs: number};

export const demoDeploymentId = 'k4q95w5';

/** The deployment that is watched. */
export const demoIdentity: Identity = {id: demoDeploymentId, owner: 'you@example.com', ageMs: 26 * 3_600_000};

export const demoSampler = {modelId: 'q8x2m1w', deploymentId: 'w3n7k9d'} as const;

/** The sampler of a deployment of the demo. */
export function samplerOf(id: string): {readonly modelId: string; readonly deploymentId: string} {
	return id === demoDeploymentId ? demoSampler : {modelId: demoSampler.modelId, deploymentId: `${id}-sampler`};
}
