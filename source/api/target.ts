/**
 * The watch target: a deployment, a run whose deployment isn't known yet, or `unchosen` if no deployment has been
 * chosen yet.
 */
export type Target =
	| {readonly kind: 'deployment'; readonly id: string}
	| {readonly kind: 'run'; readonly id: string}
	| {readonly kind: 'unchosen'};

/** Returns the target's name as shown on the screen; empty if no deployment has been chosen. */
export function targetName(target: Target): string {
	return target.kind === 'unchosen' ? '' : target.id;
}
