import type {NodePoints} from '../../api/series-table.ts';
import type {Steps} from '../../api/slices.ts';
import type {Evidence} from '../findings.ts';
import {seriesOf} from '../history.ts';
import {type FoundEpisode, gapSlots, type RuleInput, type RuleResult} from './rule.ts';

/** Returns the times of all known samples of a node, ascending. */
function timesOf(node: NodePoints): Float64Array {
	const times = new Set<number>();
	for (const points of seriesOf(node)) {
		for (const [position, timeMs] of points.times.entries()) {
			if (!Number.isNaN(points.values[position])) {
				times.add(timeMs);
			}
		}
	}

	return Float64Array.from(times).sort();
}

/**
 * Finds the `missing-node` episodes that ended within an earlier time range: a node was silent for longer than the
 * stale limit (or `gapSlots` slots, if that is longer) and then reported again, while another node reported without
 * such a gap. Yields before each node.
 */
export function* evaluateSilences({nodes, slotMs, thresholds}: RuleInput): Steps<readonly RuleResult[]> {
	const all: {readonly node: string; readonly times: Float64Array}[] = [];
	for (const node of nodes) {
		yield;
		all.push({node: node.id, times: timesOf(node)});
	}

	const limitMs = Math.max(thresholds.staleMs, gapSlots * slotMs);
	const results: RuleResult[] = [];
	for (const {node, times} of all) {
		yield;
		const subject: Evidence = {
			rule: 'missing-node',
			subject: {kind: 'node', node},
			value: Math.max(0, all.length - 1),
			reference: all.length,
		};
		const episodes: FoundEpisode[] = [];
		for (let position = 1; position < times.length; position++) {
			const sinceMs = times[position - 1] ?? 0;
			const untilMs = times[position] ?? 0;
			const isSilent = untilMs - sinceMs > limitMs;
			if (isSilent && all.some(other => other.node !== node && reportsWithin(other.times, sinceMs, untilMs, limitMs))) {
				episodes.push({sinceMs, sinceIsLowerBound: false, untilMs, evidence: subject});
			}
		}

		results.push(...(episodes.length === 0 ? [] : [{subject, newestMs: times.at(-1) ?? 0, episodes}]));
	}

	return results;
}

/** Returns whether samples between two times leave no gap longer than the limit. */
function reportsWithin(times: Float64Array, fromMs: number, toMs: number, limitMs: number): boolean {
	let lastMs = fromMs;
	for (const timeMs of times) {
		if (timeMs > fromMs && timeMs <= toMs) {
			if (timeMs - lastMs > limitMs) {
				return false;
			}

			lastMs = timeMs;
		}
	}

	return toMs - lastMs <= limitMs;
}
