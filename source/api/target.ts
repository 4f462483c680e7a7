/** What is to be watched: a deployment, that of a run, which is yet to be asked for, or one that is yet to be chosen. */
export type Target =
	| {readonly kind: 'deployment'; readonly id: string}
	| {readonly kind: 'run'; readonly id: string}
	| {readonly kind: 'unchosen'};

/** What it is called on the screen. */
export function targetName(target: Target): string {
	return target.kind === 'unchosen' ? '' : target.id;
}
