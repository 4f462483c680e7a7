/**
 * The watch target: a deployment, the deployment of a run that hasn't been requested yet, or a deployment that hasn't
 * been chosen yet.
 */
export type Target =
	| {readonly kind: 'deployment'; readonly id: string}
	| {readonly kind: 'run'; readonly id: string}
	| {readonly kind: 'unchosen'};

/** Returns the target's name as shown on the screen; empty if no deployment has been chosen. */
export function targetName(target: Target): string {
	return target.kind === 'unchosen' ? '' : target.id;
}
