import {type Finding, type Findings, nodeOf, type RuleName, ranksOf} from '../metrics/findings.ts';
import {describeStatus} from '../text/status-text.ts';
import {symbols, type Tone} from '../theme/theme.ts';

/** The values that a finding is about and that it colors. */
export type Marked = 'presence' | 'utilization' | 'gpu memory' | 'ram' | 'disk' | '4xx' | '5xx' | 'nothing';

const markedBy: Readonly<Record<RuleName, Marked>> = {
	status: 'nothing',
	stale: 'nothing',
	'missing-node': 'presence',
	'missing-gpu': 'presence',
	'sampler-status': 'nothing',
	stalled: 'nothing',
	'sampler-stalled': 'nothing',
	'5xx': '5xx',
	'sampler-5xx': 'nothing',
	disk: 'disk',
	ram: 'ram',
	restarted: 'ram',
	'idle-gpus': 'utilization',
	straggler: 'utilization',
	'disk-growth': 'disk',
	'idle-deployment': 'nothing',
	'checkpoint-age': 'nothing',
	'gpu-memory': 'gpu memory',
	'4xx': '4xx',
};

/** The values of the deployment, its nodes, and its GPUs that findings are about at the time on the screen. */
export type FindingMarkers = {
	/**
	 * Returns whether a finding is about the node or one of its GPUs; with `marked`, whether it is about those values
	 * of the node or its GPUs.
	 */
	readonly hasNode: (node: string, marked?: Marked) => boolean;
	readonly hasGpu: (node: string, rank: string, marked?: Marked) => boolean;
	readonly hasDeployment: (marked: Marked) => boolean;
};

/** Markers that mark nothing. */
export const noMarkers: FindingMarkers = {hasNode: () => false, hasGpu: () => false, hasDeployment: () => false};

/**
 * Returns the markers of a time range, which can be a single instant: those of all findings that were active at some
 * time in it. A finding that is now unknown counts up to the time at which it was last known.
 */
export function markersWithin({current, resolved}: Findings, fromMs: number, toMs: number): FindingMarkers {
	const held: readonly Finding[] = [
		...current.filter(finding => finding.state === 'active' || finding.lastKnownMs >= fromMs),
		...resolved.filter(({untilMs}) => untilMs > fromMs),
	];
	const keys = new Set<string>();
	const add = (...parts: readonly string[]): void => {
		keys.add(JSON.stringify(parts));
	};
	for (const finding of held.filter(({sinceMs}) => sinceMs <= toMs)) {
		const node = nodeOf(finding);
		for (const marked of ['any', markedBy[finding.rule]]) {
			if (node === undefined) {
				add('deployment', marked);
				continue;
			}

			add('node', marked, node);
			for (const rank of ranksOf(finding)) {
				add('gpu', marked, node, rank);
			}
		}
	}

	if (keys.size === 0) {
		return noMarkers;
	}

	const has = (...parts: readonly string[]): boolean => keys.has(JSON.stringify(parts));
	return {
		hasNode: (node, marked) => has('node', marked ?? 'any', node),
		hasGpu: (node, rank, marked) => has('gpu', marked ?? 'any', node, rank),
		hasDeployment: marked => has('deployment', marked),
	};
}

/**
 * Returns the tone of a finding's mark: for the rule `status`, the tone of the status, or `warn` if it is the run's;
 * otherwise `bad`.
 */
export function findingTone(finding: Finding): Tone {
	return finding.rule === 'status' ? (finding.ofRun ? 'warn' : describeStatus(finding.status).tone) : 'bad';
}

/**
 * Returns the mark of a finding: `?` if it is unknown; the mark of its status if that status needs no attention; in
 * all other cases, `!`.
 */
export function findingMark(finding: Finding): string {
	return finding.state === 'unknown' ? '?' : findingTone(finding) === 'plain' ? symbols.waiting : symbols.mark;
}
