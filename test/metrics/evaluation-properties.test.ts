import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {nodeOf, type ResolvedFinding, ranksOf} from '../../source/metrics/findings.ts';
import {changesBetween} from '../../source/metrics/known-findings.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {
	brief,
	type DeploymentModel,
	minute,
	type NodeModel,
	noon,
	pollAt,
	type Signal,
	startState,
} from '../helpers/simulated-deployment.ts';

/** A signal that stays at each of its levels for 1 to 25 minutes; null is a gap. */
const course: fc.Arbitrary<Signal> = fc
	.array(
		fc.record({
			level: fc.constantFrom(0, 0.02, 0.3, 0.6, 0.89, 0.93, 0.97, 0.995, null),
			minutes: fc.integer({min: 1, max: 25}),
		}),
		{minLength: 1, maxLength: 8},
	)
	.map(levels => at => {
		let end = -20;
		for (const {level, minutes} of levels) {
			end += minutes;
			if (at < end) {
				return level;
			}
		}

		return levels.at(-1)?.level ?? null;
	});

const node: fc.Arbitrary<NodeModel> = fc.record({
	gpus: fc.record({0: course, 1: course, 2: course}),
	ram: course,
	disk: course,
});

const model: fc.Arbitrary<DeploymentModel> = fc.record({
	nodes: fc.record({a: node, b: node}),
	nodeCount: fc.constant(2),
	gpusPerNode: fc.constant(3),
	rate: course,
	inProgress: course,
});

/** The times of polls, in minutes from noon: up to 40 polls before minute 100, and one at minute 100. */
const polls: fc.Arbitrary<readonly number[]> = fc
	.uniqueArray(fc.integer({min: 1, max: 199}), {maxLength: 40})
	.map(list => [...list.toSorted((a, b) => a - b).map(half => half / 2), 100]);

function statesOf(of: DeploymentModel, times: readonly number[]): readonly State[] {
	const states: State[] = [];
	let state = startState();
	let before: number | undefined;
	for (const minutes of times) {
		state = pollAt(of, minutes, before).reduce(reduce, state);
		before = minutes;
		states.push(state);
	}

	return states;
}

/** Returns whether the subject of a finding has a sample after the finding began, up to a time in minutes from noon. */
function hasSampleAfter(
	{nodes, rate, inProgress}: DeploymentModel,
	finding: ResolvedFinding,
	minutes: number,
): boolean {
	const name = nodeOf(finding);
	const of = name === undefined ? undefined : nodes[name];
	const ranks = ranksOf(finding);
	const compute = (some: NodeModel): readonly (Signal | undefined)[] => [
		some.ram,
		some.disk,
		...Object.values(some.gpus ?? {}),
	];
	const courses =
		of === undefined
			? [rate, inProgress, ...Object.values(nodes).flatMap(compute)]
			: ranks.length > 0
				? ranks.map(rank => of.gpus?.[rank])
				: compute(of);
	for (let at = Math.floor(((finding.sinceMs - noon) / minute) * 2) / 2 + 0.5; at <= minutes; at += 0.5) {
		if (courses.some(one => typeof one?.(at) === 'number')) {
			return true;
		}
	}

	return false;
}

test('no finding is resolved without a sample of its subject after the finding began', () => {
	fc.assert(
		fc.property(model, polls, (of, times) => {
			let [before] = statesOf(of, times.slice(0, 1));
			for (const [index, state] of statesOf(of, times).entries()) {
				const {resolved} = changesBetween((before ?? state).findings, state.findings);
				for (const finding of resolved) {
					assert.ok(
						hasSampleAfter(of, finding, times[index] ?? 0),
						`${brief(finding)} was resolved at minute ${times[index]}`,
					);
				}

				before = state;
			}
		}),
		{numRuns: 25},
	);
});

test('a finding about RAM or a disk is active only if there is a sample within the stale limit', () => {
	fc.assert(
		fc.property(model, polls, (of, times) => {
			for (const [index, {findings, thresholds}] of statesOf(of, times).entries()) {
				const minutes = times[index] ?? 0;
				const limit = thresholds.staleMs / minute;
				for (const finding of findings.current) {
					const isOfNode = ['disk', 'ram', 'disk-growth', 'restarted'].includes(finding.rule);
					const name = nodeOf(finding);
					const some = name === undefined ? undefined : of.nodes[name];
					const points = finding.rule.startsWith('disk') ? some?.disk : some?.ram;
					if (isOfNode && finding.state === 'active') {
						const isFresh = Array.from({length: limit * 2 + 1}, (_, back) => minutes - back / 2).some(
							at => typeof points?.(at) === 'number',
						);
						assert.ok(isFresh, `${brief(finding)} is active at minute ${minutes}`);
					}
				}
			}
		}),
		{numRuns: 25},
	);
});

test('totals include the newest value of each GPU if it is no older than the limit, and no other values', () => {
	fc.assert(
		fc.property(model, polls, (of, times) => {
			for (const [index, {views, thresholds, live}] of statesOf(of, times).entries()) {
				const minutes = times[index] ?? 0;
				const oldest = (live.nowMs - thresholds.staleMs - noon) / minute;
				const current = Object.values(of.nodes).flatMap(({gpus = {}}) =>
					Object.values(gpus).flatMap(one => {
						for (let at = Math.floor(minutes * 2) / 2; at >= oldest; at -= 0.5) {
							const value = one(at);
							if (typeof value === 'number') {
								return [value];
							}
						}

						return [];
					}),
				);
				const {gpusReporting, utilization} = views.trainer.snapshot.totals;
				const mean = current.reduce((sum, value) => sum + value, 0) / current.length;
				assert.equal(gpusReporting, current.length, `${minutes}`);
				assert.equal(utilization?.toFixed(9), current.length === 0 ? undefined : mean.toFixed(9), `${minutes}`);
			}
		}),
		{numRuns: 25},
	);
});

/**
 * The rules that are evaluated only at the newest sample of each poll, so that their findings depend on the times of
 * polls.
 */
const splitDependent = new Set(['disk-growth']);

test("findings don't depend on how the samples were split into responses", () => {
	fc.assert(
		fc.property(model, polls, polls, (of, some, others) => {
			const [one, other] = [some, others].map(times => {
				// Both sequences begin with the same evaluation, and have a poll at least every half hour, so that no
				// sample is missed.
				const regular = [0, 30, 60, 90];
				const all = [...new Set([...regular, ...times])].toSorted((a, b) => a - b);
				const findings = statesOf(of, all).at(-1)?.findings.current ?? [];
				return findings
					.filter(({rule}) => !splitDependent.has(rule))
					.map(finding => `${brief(finding)} ${finding.sinceMs}`);
			});
			assert.deepEqual(one, other);
		}),
		{numRuns: 25},
	);
});
