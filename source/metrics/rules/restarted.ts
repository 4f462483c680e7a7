import type {Points} from '../../api/points.ts';
import type {Evidence, Onset} from '../findings.ts';
import type {FoundEpisode, RuleInput, Verdict} from './rule.ts';

/** Within this time the RAM falls. */
const fallMs = 180_000;

/** It was at least this share of the node's RAM, 0–1: below it anything may come and go. */
const leastShare = 0.2;

/** It falls below this part of what it was. */
const part = 0.5;

/** After this time it is no longer news. */
const lastsMs = 1_800_000;

/** Returns what the RAM was, in bytes, before the fall that ends at a sample; undefined if it doesn't fall there. */
function fallenFrom({times, values}: Points, position: number, totalBytes: number): number | undefined {
	const value = values[position] ?? Number.NaN;
	const timeMs = times[position] ?? 0;
	let before = 0;
	let previous = Number.NaN;
	for (let at = position - 1; at >= 0 && (times[at] ?? 0) >= timeMs - fallMs; at--) {
		before = Math.max(before, values[at] ?? 0) || before;
		previous = Number.isNaN(previous) ? (values[at] ?? Number.NaN) : previous;
	}

	const isFallen = before >= leastShare * totalBytes && value < part * before;
	return isFallen && previous >= part * before ? before : undefined;
}

/**
 * `restarted`: a node's RAM falls below half of what it was within 3 min, from at least 20 % of the total: its processes
 * ended, or were killed. Ends 30 min after the last fall. A node that was silent for longer than 3 min was `missing-node`.
 */
export function judgeRestarts(input: RuleInput): readonly Verdict[] {
	const total = input.deployment?.instance?.ramBytes;
	return total === undefined ? [] : input.nodes.flatMap(({id, ram}) => judgeNode(id, ram, total, input));
}

function judgeNode(node: string, ram: Points, total: number, input: RuleInput): readonly Verdict[] {
	const describe = (value: number, reference: number): Evidence => ({
		rule: 'restarted',
		subject: {kind: 'node', node},
		value,
		reference,
	});
	const subject = describe(0, 0);
	const newestMs = ram.times.at(-1);
	if (newestMs === undefined) {
		return [];
	}

	const episodes: FoundEpisode[] = [];
	let open: (Onset & {readonly endMs: number; readonly evidence: Evidence | undefined}) | undefined;
	const held = input.held(subject, ram.times[0] ?? 0);
	if (held !== undefined) {
		open = {...held, endMs: held.sinceMs + lastsMs, evidence: undefined};
	}

	const close = (timeMs: number): void => {
		if (open !== undefined && timeMs >= open.endMs) {
			const {sinceMs, sinceIsLowerBound, endMs, evidence} = open;
			episodes.push({sinceMs, sinceIsLowerBound, untilMs: endMs, evidence});
			open = undefined;
		}
	};
	for (let position = 0; position < ram.times.length; position++) {
		const timeMs = ram.times[position] ?? 0;
		close(timeMs);
		const before = fallenFrom(ram, position, total);
		if (before !== undefined) {
			const onset = open ?? {sinceMs: timeMs, sinceIsLowerBound: false};
			const {sinceMs, sinceIsLowerBound} = onset;
			const evidence = describe(ram.values[position] ?? 0, before);
			open = {sinceMs, sinceIsLowerBound, endMs: timeMs + lastsMs, evidence};
		}
	}

	if (open !== undefined) {
		const {sinceMs, sinceIsLowerBound, evidence} = open;
		episodes.push({sinceMs, sinceIsLowerBound, untilMs: undefined, evidence});
	}

	return [{subject, newestMs, episodes}];
}
