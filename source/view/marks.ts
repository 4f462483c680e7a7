import type {EndedFinding, Finding, Findings} from '../metrics/findings.ts';

/** Which nodes and GPUs a finding is about at the time that is shown. */
export type Marks = {
	readonly hasNode: (node: string) => boolean;
	readonly hasGpu: (node: string, rank: string) => boolean;
};

/** The marks at a time: of what had been found amiss by then, and was not over yet. */
export function marksAt({current, ended}: Findings, timeMs: number): Marks {
	const held = ended.filter(({untilMs}: EndedFinding) => untilMs >= timeMs);
	const nodes = new Set<string>();
	const gpus = new Set<string>();
	for (const {subject, sinceMs} of [...current, ...held] satisfies readonly Finding[]) {
		if (sinceMs <= timeMs && subject.kind !== 'deployment') {
			nodes.add(subject.node);
			if (subject.kind === 'gpu') {
				gpus.add(JSON.stringify([subject.node, subject.rank]));
			}
		}
	}

	return {hasNode: node => nodes.has(node), hasGpu: (node, rank) => gpus.has(JSON.stringify([node, rank]))};
}
