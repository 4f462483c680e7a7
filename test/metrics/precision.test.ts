import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	constant,
	type DeploymentModel,
	every,
	type NodeModel,
	type Signal,
	simulate,
} from '../helpers/simulated-deployment.ts';

/** A finding that an engineer who knows the whole trace would expect: a rule, its node, and its start, in minutes. */
type Label = readonly [rule: string, node: string, from: number, to: number];
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
		[['idle-gpus', 'a', -60, 15]],
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
		[['straggler', 'a', 40, 55]],
	],
	[
		'checkpoints that fill a disk',
		{
			...usual,
			nodes: {a: node(10, {disk: minutes => Math.min(1, 0.6 + Math.floor(Math.max(minutes, 0) / 10) * 0.035)})},
		},
		[
			['disk-growth', 'a', 0, 75],
			['disk', 'a', 80, 95],
		],
	],
	[
		'checkpoints written and deleted',
		{...usual, nodes: {a: node(11, {disk: minutes => 0.6 + (((minutes % 20) + 20) % 20) * 0.001})}},
		[],
	],
	[
		'a memory leak',
		{...usual, nodes: {a: node(12, {ram: minutes => Math.min(0.98, 0.5 + Math.max(minutes, 0) * 0.006)})}},
		[['ram', 'a', 70, 90]],
	],
	[
		'a restart',
		{
			...usual,
			nodes: {a: node(13, {ram: from(50, constant(0.6), minutes => Math.min(0.6, 0.05 + (minutes - 50) * 0.02))})},
		},
		[['restarted', 'a', 49, 60]],
	],
	[
		'failing requests',
		{...usual, nodes: {a: node(14)}, failed: minutes => (minutes > 60 && minutes < 80 ? 3 : 0.01)},
		[['5xx', '', 58, 75]],
	],
	[
		'a failed request now and then',
		{...usual, nodes: {a: node(15)}, failed: minutes => (minutes % 25 === 0 ? 0.04 : 0)},
		[],
	],
	[
		'requests that hang',
		{...usual, nodes: {a: node(16)}, rate: from(50, constant(10), constant(0)), inProgress: constant(4)},
		[['stalled', '', 49, 65]],
	],
	[
		'an idle deployment',
		{
			...usual,
			rate: from(60, constant(10), constant(0)),
			inProgress: from(60, constant(3), constant(0)),
			nodes: {a: node(17, {gpus: each(from(60, constant(0.9), constant(0)))})},
		},
		[['idle-deployment', '', 58, 80]],
	],
	[
		'a node that dies',
		{...usual, nodes: {a: node(18), b: {gpus: each(stopped(70)), ram: from(70, constant(0.5), () => null)}}},
		[['missing-node', 'b', 69, 78]],
	],
	[
		'a GPU that disappears',
		{...usual, nodes: {a: node(19, {gpus: gpus(19, {2: course => from(45, course, () => null)})})}},
		[['missing-gpu', 'a', 44, 52]],
	],
	[
		'samples that arrive late or not at all',
		{
			...usual,
			nodes: {a: node(20, {gpus: each(minutes => (((minutes % 7) + 7) % 7 < 2.5 ? null : 0.9))}), b: node(21)},
		},
		[],
	],
];

test('across many kinds of traces, at most one finding in ten is false, one label in ten is missed, and few are repeated', () => {
	let right = 0;
	let repeats = 0;
	let missed = 0;
	let labeled = 0;
	const wrong: string[] = [];
	for (const [what, model, labels] of traces) {
		const {state, events} = simulate(model, every(2, 0, 120));
		const began = events.flatMap(event => {
			const [, at = '', rule = '', place = ''] = /^(\S+) \+ (\S+) ?(\S*)/.exec(event) ?? [];
			return at === '' ? [] : [{at: Number(at), rule, place}];
		});
		// Findings of the first evaluation didn't begin during the trace.
		const first = simulate(model, [0]).state.findings.current.map(({rule, subject}) => ({
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

		missed += labels.length - met.size;
		labeled += labels.length;
		wrong.push(...labels.filter(label => !met.has(label)).map(label => `${what}: missed ${label.join(' ')}`));
	}

	const shown = right + wrong.filter(text => !text.includes(': missed ')).length;
	assert.ok(right / shown >= 0.9, wrong.join('\n'));
	assert.ok(1 - missed / labeled >= 0.9, wrong.join('\n'));
	assert.ok(repeats <= labeled, `${repeats} repeats of ${labeled} labels`);
});
