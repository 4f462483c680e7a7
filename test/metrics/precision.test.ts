import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ramSamples} from '../../source/metrics/rules/capacity.ts';
import {minGrowth} from '../../source/metrics/rules/disk-growth.ts';
import {stragglerSamples} from '../../source/metrics/rules/gpus.ts';
import {errorsMs} from '../../source/metrics/rules/requests.ts';
import {sampleMs} from '../../source/metrics/rules/rule.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {
	constant,
	type DeploymentModel,
	every,
	minute,
	type NodeModel,
	type Signal,
	simulate,
	span,
} from '../helpers/simulated-deployment.ts';

/**
 * A finding that should appear, judging by the whole trace: its rule, its node, and the first and last minute in which
 * it can be found.
 */
type Label = readonly [rule: string, node: string, from: number, to: number];

/** The interval between polls, in minutes. */
const interval = 2;

/** Returns the label of a finding that is due at this minute, and must be found within two polls. */
function due(rule: string, node: string, at: number): Label {
	return [rule, node, at, at + 2 * interval];
}

const {disk, diskGrowthMs, idleDeploymentMs, ram, staleMs, stalledMs, status5xx} = defaultThresholds;
const streak = span(stragglerSamples);
const stale = staleMs / minute;

/** A disk that fills in steps: the minutes between two steps, its share at the start, and its growth per step. */
const stepMinutes = 10;
const firstShare = 0.6;
const stepShare = 0.035;
const stepsTo = (share: number): number => Math.ceil((share - firstShare) / stepShare - 1e-9);
const growingSteps = Math.max(
	Math.ceil(minGrowth / stepShare),
	Math.ceil((1 - firstShare) / (stepShare * (1 + diskGrowthMs / 3_600_000))),
);

const leakPerMinute = 0.006;

/**
 * Of about ten requests per second, the number that fail, and the minutes until their share reaches the threshold.
 */
const failedRate = 3;
const failingMinutes = (status5xx * 10 * (errorsMs / minute)) / failedRate;
type Trace = readonly [what: string, model: DeploymentModel, labels: readonly Label[]];

/** Returns a number from 0 to 1 that looks random, but is the same for the same seed and time. */
function noise(seed: number, minutes: number): number {
	const value = Math.sin(seed * 127.1 + minutes * 311.7) * 43_758.5453;
	return value - Math.floor(value);
}

const around =
	(seed: number, middle: number, width: number): Signal =>
	minutes =>
		Math.min(1, Math.max(0, middle + (noise(seed, minutes) - 0.5) * width));
const from =
	(start: number, before: Signal, after: Signal): Signal =>
	minutes =>
		minutes < start ? before(minutes) : after(minutes);

/** Returns eight working GPUs, with an occasional dip of one sample. */
function gpus(
	seed: number,
	changed: Readonly<Record<number, (usual: Signal) => Signal>> = {},
): NonNullable<NodeModel['gpus']> {
	return Object.fromEntries(
		Array.from({length: 8}, (_, rank): [string, Signal] => {
			const usual: Signal = minutes =>
				noise(seed + rank, minutes + 0.1) > 0.97 ? 0.3 : around(seed * 8 + rank, 0.93, 0.1)(minutes);
			return [String(rank), changed[rank]?.(usual) ?? usual];
		}),
	);
}

function node(seed: number, other: NodeModel = {}): NodeModel {
	return {gpus: gpus(seed), ram: around(seed, 0.5, 0.04), disk: around(seed, 0.4, 0.005), ...other};
}

const usual = {
	gpusPerNode: 8,
	rate: (minutes: number) => 8 + 4 * noise(1, minutes),
	inProgress: (minutes: number) => 3 + 2 * noise(2, minutes),
};
const each = (course: Signal): NonNullable<NodeModel['gpus']> =>
	Object.fromEntries(Array.from({length: 8}, (_, rank) => [String(rank), course]));
const phases: Signal = minutes => (minutes % 6 < 4 ? 0.96 : 0.01);
const generation =
	(half: number): Signal =>
	minutes =>
		Math.floor(minutes / 2) % 2 === half ? 0.95 : 0.35;
const stopped = (at: number): Signal => from(at, constant(0.9), () => null);

const traces: readonly Trace[] = [
	['healthy', {...usual, nodes: {a: node(3), b: node(4)}}, []],
	['RL, with all GPUs busy or idle', {...usual, nodes: {a: node(5, {gpus: each(phases)})}}, []],
	[
		'RL, with each half of the GPUs busy in turn',
		{
			...usual,
			nodes: {
				a: node(6, {
					gpus: {...each(generation(0)), 4: generation(1), 5: generation(1), 6: generation(1), 7: generation(1)},
				}),
			},
		},
		[],
	],
	[
		'half of the GPUs unused',
		{
			...usual,
			nodes: {
				a: node(7, {
					gpus: gpus(7, {4: () => constant(0.01), 5: () => constant(0), 6: () => constant(0), 7: () => constant(0)}),
				}),
			},
		},
		[due('idle-gpus', 'a', 0)],
	],
	[
		'a straggler for forty minutes',
		{
			...usual,
			nodes: {
				a: node(8, {gpus: gpus(8, {5: course => minutes => (minutes > 40 && minutes < 80 ? 0.42 : course(minutes))})}),
				b: node(9),
			},
		},
		[due('straggler', 'a', 40 + streak)],
	],
	[
		'checkpoints that fill a disk',
		{
			...usual,
			nodes: {
				a: node(10, {
					disk: minutes => Math.min(1, firstShare + Math.floor(Math.max(minutes, 0) / stepMinutes) * stepShare),
				}),
			},
		},
		[due('disk-growth', 'a', growingSteps * stepMinutes), due('disk', 'a', stepsTo(disk) * stepMinutes)],
	],
	[
		'checkpoints written and deleted',
		{...usual, nodes: {a: node(11, {disk: minutes => 0.6 + (((minutes % 20) + 20) % 20) * 0.001})}},
		[],
	],
	[
		'a memory leak',
		{...usual, nodes: {a: node(12, {ram: minutes => Math.min(0.98, 0.5 + Math.max(minutes, 0) * leakPerMinute)})}},
		[due('ram', 'a', (ram - 0.5) / leakPerMinute + span(ramSamples))],
	],
	[
		'a restart',
		{
			...usual,
			nodes: {a: node(13, {ram: from(50, constant(0.6), minutes => Math.min(0.6, 0.05 + (minutes - 50) * 0.02))})},
		},
		[due('restarted', 'a', 50)],
	],
	[
		'failing requests',
		{...usual, nodes: {a: node(14)}, failed: minutes => (minutes > 60 && minutes < 80 ? failedRate : 0.01)},
		[['5xx', '', 60 + 0.8 * failingMinutes, 60 + 1.2 * failingMinutes + interval]],
	],
	[
		'a failed request now and then',
		{...usual, nodes: {a: node(15)}, failed: minutes => (minutes % 25 === 0 ? 0.04 : 0)},
		[],
	],
	[
		'requests that hang',
		{...usual, nodes: {a: node(16)}, rate: from(50, constant(10), constant(0)), inProgress: constant(4)},
		[due('stalled', '', 50 + stalledMs / minute)],
	],
	[
		'an idle deployment',
		{
			...usual,
			rate: from(60, constant(10), constant(0)),
			inProgress: from(60, constant(3), constant(0)),
			nodes: {a: node(17, {gpus: each(from(60, constant(0.9), constant(0)))})},
		},
		[due('idle-deployment', '', 60 + idleDeploymentMs / minute)],
	],
	[
		'a node that dies',
		{...usual, nodes: {a: node(18), b: {gpus: each(stopped(70)), ram: from(70, constant(0.5), () => null)}}},
		[due('missing-node', 'b', 70 - sampleMs / minute + stale)],
	],
	[
		'a GPU that disappears',
		{...usual, nodes: {a: node(19, {gpus: gpus(19, {2: course => from(45, course, () => null)})})}},
		[due('missing-gpu', 'a', 45 - sampleMs / minute + stale)],
	],
	[
		'samples that are missing for minutes at a time',
		{
			...usual,
			nodes: {
				a: node(20, {gpus: each(minutes => (((minutes % 7) + 7) % 7 < stale - sampleMs / minute ? null : 0.9))}),
				b: node(21),
			},
		},
		[],
	],
];

test('everything is found in time, at most 10% of findings are false, and at most half of the rest are repeats', () => {
	let right = 0;
	let repeats = 0;
	const missed: string[] = [];
	let labeled = 0;
	const wrong: string[] = [];
	for (const [what, model, labels] of traces) {
		const {state, events} = simulate(model, every(interval, 0, 120), defaultThresholds);
		const began = events.flatMap(event => {
			const [, at = '', rule = '', place = ''] = /^(\S+) \+ (\S+) ?(\S*)/.exec(event) ?? [];
			return at === '' ? [] : [{at: Number(at), rule, place}];
		});
		// Findings of the first evaluation didn't begin during the trace.
		const first = simulate(model, [0], defaultThresholds).state.findings.current.map(({rule, subject}) => ({
			at: 0,
			rule: String(rule),
			place: subject.kind === 'deployment' ? '' : subject.node,
		}));
		assert.ok(state.findings.isEvaluated);
		const met = new Set<Label>();
		for (const {at, rule, place} of [...first, ...began]) {
			const label = labels.find(
				([name, about, start, end]) => name === rule && about === place && at >= start && at <= end,
			);
			if (label === undefined) {
				wrong.push(`${what}: ${at} ${rule} ${place}`);
			} else {
				right++;
				repeats += Number(met.has(label));
				met.add(label);
			}
		}

		labeled += labels.length;
		missed.push(...labels.filter(label => !met.has(label)).map(label => `${what}: ${label.join(' ')}`));
	}

	assert.deepEqual(missed, [], wrong.join('\n'));
	assert.ok(right / (right + wrong.length) >= 0.9, wrong.join('\n'));
	assert.ok(repeats <= labeled, `${repeats} repeats of ${labeled} labels`);
});
