/**
 * What is watched: a deployment, the deployment of a run that is yet to be requested, or one that is yet to be chosen.
 */
export type Target =
	| {readonly kind: 'deployment'; readonly id: string}
	| {readonly kind: 'run'; readonly id: string}
	| {readonly kind: 'unchosen'};

/** Returns its name on the screen. */
export function targetName(target: Target): string {
	return target.kind === 'unchosen' ? '' : target.id;
}
