import type {Deployment} from '../api/deployment.ts';
import {compareNames} from './natural-order.ts';

/** Statuses of a deployment that costs money now, and of one that a new run can use again. */
const live: ReadonlySet<string | undefined> = new Set(['RUNNING', 'DEPLOYING', 'CREATED']);
const dormant: ReadonlySet<string | undefined> = new Set(['SCALED_TO_ZERO']);

/** Whether a deployment runs, or is about to. */
export function isLive({status}: Deployment): boolean {
	return live.has(status);
}

function rank({status}: Deployment): number {
	return status === 'RUNNING' ? 0 : live.has(status) ? 1 : dormant.has(status) ? 2 : 3;
}

function textOf({id, baseModel, status, owner, instance}: Deployment): string {
	return [id, baseModel, status, owner, instance?.gpuType].join(' ').toLowerCase();
}

/** Returns the deployments that contain every word of `filter`: live ones first, the newest of them first. */
export function arrangeDeployments(list: readonly Deployment[], filter: string): readonly Deployment[] {
	const words = filter.toLowerCase().split(/\s+/);
	return list
		.filter(deployment => words.every(word => textOf(deployment).includes(word)))
		.sort((a, b) => rank(a) - rank(b) || (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0) || compareNames(a.id, b.id));
}
