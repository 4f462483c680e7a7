import type {EndedFinding, Finding, Findings, RuleName} from '../metrics/findings.ts';

/** What a finding colors: the values that it is about. */
export type Marked = 'presence' | 'utilization' | 'gpu memory' | 'ram' | 'disk' | '4xx' | '5xx' | 'nothing';

const markedBy: Readonly<Record<RuleName, Marked>> = {
	status: 'nothing',
	stale: 'nothing',
	'missing-node': 'presence',
	straggler: 'utilization',
	'server-errors': '5xx',
	'client-errors': '4xx',
	'gpu-memory': 'gpu memory',
	ram: 'ram',
	disk: 'disk',
};

/** Which values of the deployment, its nodes and its GPUs a finding is about at the time that is shown. */
export type Marks = {
	/** Whether any finding is about the node or one of its GPUs, or one about those values of it. */
	readonly hasNode: (node: string, marked?: Marked) => boolean;
	readonly hasGpu: (node: string, rank: string, marked?: Marked) => boolean;
	readonly hasDeployment: (marked: Marked) => boolean;
};

/** Nothing is marked. */
export const noMarks: Marks = {hasNode: () => false, hasGpu: () => false, hasDeployment: () => false};

/** Returns the marks at a time: of what had been found by then, and was not over yet. */
export function marksAt({current, ended}: Findings, timeMs: number): Marks {
	const held = ended.filter(({untilMs}: EndedFinding) => untilMs >= timeMs);
	const keys = new Set<string>();
	const add = (...parts: readonly string[]): void => {
		keys.add(JSON.stringify(parts));
	};
	for (const {rule, subject, sinceMs} of [...current, ...held] satisfies readonly Finding[]) {
		if (sinceMs > timeMs) {
			continue;
		}

		for (const marked of ['any', markedBy[rule]]) {
			if (subject.kind === 'deployment') {
				add('deployment', marked);
				continue;
			}

			add('node', marked, subject.node);
			if (subject.kind === 'gpu') {
				add('gpu', marked, subject.node, subject.rank);
			}
		}
	}

	const has = (...parts: readonly string[]): boolean => keys.has(JSON.stringify(parts));
	return {
		hasNode: (node, marked) => has('node', marked ?? 'any', node),
		hasGpu: (node, rank, marked) => has('gpu', marked ?? 'any', node, rank),
		hasDeployment: marked => has('deployment', marked),
	};
}
