/**
 * Tests findings at the edges of the data: samples without a value, polls that fail, and samples that leave the hour.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {changesBetween} from '../../source/metrics/known-findings.ts';
import {longestWindow as week} from '../../source/metrics/windows.ts';
import {gaugesOf} from '../../source/output/gauges.ts';
import {jsonSnapshot} from '../../source/output/json.ts';
import type {Action} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {reduce} from '../../source/state/reducer.ts';
import {responseOf} from '../helpers/responses.ts';
import {screenText} from '../helpers/screen-text.ts';
import {
	bodyOf,
	brief,
	constant,
	currentFindings,
	type DeploymentModel,
	every,
	minute,
	type NodeModel,
	noon,
	pollAt,
	type Signal,
	simulate,
	startState,
} from '../helpers/simulated-deployment.ts';

/** Returns a signal whose samples after a given time, in minutes, have no value. */
const nullAfter =
	(at: number, course: Signal): Signal =>
	minutes =>
		minutes > at ? Number.NaN : course(minutes);

const busy: NodeModel = {
	gpus: {0: constant(0.9), 1: constant(0.9), 2: constant(0.9), 3: constant(0.9)},
	ram: constant(0.4),
	disk: constant(0.3),
};
const requests = {rate: constant(10), inProgress: constant(3), gpusPerNode: 4};

/** Returns RAM usage that falls at a given time, in minutes. */
const fallen =
	(at: number): Signal =>
	minutes =>
		minutes < at ? 0.6 : 0.1;

for (const [rule, model] of [
	['disk', {...requests, nodes: {a: {...busy, disk: nullAfter(20, constant(0.95))}}}],
	['ram', {...requests, nodes: {a: {...busy, ram: nullAfter(20, constant(0.97))}}}],
	['restarted', {...requests, nodes: {a: {...busy, ram: nullAfter(20, fallen(10))}}}],
	['idle-gpus', {...requests, nodes: {a: {...busy, gpus: {...busy.gpus, 3: nullAfter(20, constant(0.01))}}}}],
	['straggler', {...requests, nodes: {a: {...busy, gpus: {...busy.gpus, 3: nullAfter(20, constant(0.3))}}}}],
	['5xx', {...requests, failed: constant(2), rate: nullAfter(20, constant(10)), nodes: {a: busy}}],
	['stalled', {...requests, rate: nullAfter(20, constant(0)), nodes: {a: busy}}],
	[
		'idle-deployment',
		{
			...requests,
			rate: nullAfter(20, constant(0)),
			inProgress: constant(0),
			nodes: {a: {...busy, gpus: {0: constant(0.01)}}},
			gpusPerNode: 1,
		},
	],
] satisfies ReadonlyArray<readonly [rule: string, model: DeploymentModel]>) {
	test(`${rule} is unknown, rather than resolved, while the samples of its subject have no values`, () => {
		const before = simulate(model, every(1, 0, 20));
		assert.ok(before.state.findings.current.some(finding => finding.rule === rule && finding.state === 'active'));
		for (const until of [25, 45, 90]) {
			const {state, events} = simulate(model, every(1, 0, until));
			const [finding] = state.findings.current.filter(one => one.rule === rule);
			assert.equal(finding?.state, 'unknown', `${until}: ${currentFindings({state}).join()}`);
			assert.equal(finding?.state === 'unknown' && finding.lastKnownMs, noon + 20 * minute);
			assert.deepEqual(
				events.filter(event => event.includes(` - ${rule}`)),
				[],
			);
		}
	});
}

const failed: Omit<Extract<Action, {type: 'pollFailed'}>, 'atMs'> = {
	type: 'pollFailed',
	failure: {kind: 'status', status: 500, message: '', retryAfterMs: undefined},
	nextAtMs: noon,
};

for (const [what, actions] of [
	['a failed request', (atMs: number): readonly Action[] => [{...failed, atMs}]],
	['a response without metrics', (atMs: number): readonly Action[] => [{type: 'noMetrics', atMs, tookMs: 1}]],
] as const) {
	test(`a node that was replaced by another stays gone after ${what}`, () => {
		const of: DeploymentModel = {
			...requests,
			nodeCount: 1,
			nodes: {
				a: {gpus: {0: minutes => (minutes <= 5 ? 0.9 : null)}, disk: minutes => (minutes <= 5 ? 0.95 : null)},
				b: {gpus: {0: minutes => (minutes >= 5 ? 0.9 : null)}, disk: minutes => (minutes >= 5 ? 0.3 : null)},
			},
			gpusPerNode: 1,
		};
		const {state} = simulate(of, every(1, 0, 20));
		const [gone, ...others] = state.findings.resolved;
		assert.deepEqual([gone && brief(gone), gone?.ending, others.length], ['disk a', 'gone', 0]);
		let before = state;
		for (const action of actions(noon + 20.5 * minute)) {
			before = reduce(before, action);
			assert.deepEqual(before.findings.current.map(brief), []);
			assert.deepEqual(before.findings.resolved, state.findings.resolved);
		}

		const after = pollAt(of, 21, 20).reduce(reduce, before);
		assert.deepEqual(changesBetween(before.findings, after.findings).resolved, []);
		assert.deepEqual(after.findings.resolved, state.findings.resolved);
	});
}

/** Returns a signal without samples from 20 minutes before noon until a given time, in minutes. */
const gappy =
	(from: number, course: Signal): Signal =>
	minutes =>
		minutes >= -20 && minutes < from ? null : course(minutes);

for (const [rule, model, isOrEarlier] of [
	[
		'5xx',
		{...requests, failed: minutes => (minutes < 7 ? 0 : 3), rate: gappy(7, constant(10)), nodes: {a: busy}},
		false,
	],
	['disk', {...requests, nodes: {a: {...busy, disk: minutes => (minutes < 7 ? Number.NaN : 0.95)}}}, true],
	[
		'straggler',
		{...requests, nodes: {a: {...busy, gpus: {...busy.gpus, 3: minutes => (minutes < 7 ? 0.9 : 0.3)}}}},
		false,
	],
] satisfies ReadonlyArray<readonly [rule: string, model: DeploymentModel, isOrEarlier: boolean]>) {
	test(`the start of ${rule} doesn't change while its first samples leave the hour`, () => {
		let state = startState();
		let before: number | undefined;
		const onsets = new Set<string>();
		for (const minutes of every(0.5, 0, 90)) {
			state = pollAt(model, minutes, before).reduce(reduce, state);
			before = minutes;
			for (const finding of state.findings.current) {
				if (finding.rule === rule) {
					onsets.add(`${(finding.sinceMs - noon) / minute} ${finding.sinceIsLowerBound}`);
				}
			}
		}

		assert.deepEqual([...onsets], [`7 ${isOrEarlier}`]);
	});
}

/** Returns a copy of a body with only the points whose times are whole hours. */
function hourly(body: unknown): unknown {
	if (Array.isArray(body)) {
		return body
			.filter((point: {readonly timestamp?: string}) => point.timestamp?.endsWith(':00:00.000Z') ?? true)
			.map(hourly);
	}

	return typeof body === 'object' && body !== null
		? Object.fromEntries(Object.entries(body).map(([key, value]) => [key, hourly(value)]))
		: body;
}

/** Returns the action for a seven-day response, which arrives after the responses of `pollAt`. */
function weekAt(model: DeploymentModel, minutes: number): Action {
	const endMs = Math.ceil((noon + minutes * minute) / week.stepMs) * week.stepMs;
	const startMs = endMs - week.lengthMs;
	return {
		type: 'metricsReceived',
		kind: 'live',
		window: week.name,
		response: responseOf(hourly(bodyOf(model, (startMs - noon) / minute, minutes)) as object),
		range: {startMs, endMs, whole: true},
		atMs: noon + minutes * minute + 1000,
		tookMs: 5,
	};
}

const until =
	(at: number, course: Signal): Signal =>
	minutes =>
		minutes > at ? null : course(minutes);

/** Returns a node that reports until a given time, in minutes. */
function stopping(at: number): NodeModel {
	const gpus = Object.fromEntries(['0', '1', '2', '3'].map(rank => [rank, until(at, constant(0.9))]));
	return {gpus, ram: until(at, constant(0.4)), disk: until(at, constant(0.3))};
}

for (const [what, model, reporting, gpus, hasRequests] of [
	['all nodes', {...requests, nodes: {a: stopping(40), b: stopping(40)}}, 0, 0, true],
	['one node', {...requests, nodes: {a: busy, b: stopping(40)}}, 1, 4, true],
	[
		'one GPU',
		{...requests, nodes: {a: busy, b: {...busy, gpus: {...busy.gpus, 3: until(40, constant(0.9))}}}},
		2,
		7,
		true,
	],
	[
		'requests',
		{...requests, rate: until(40, constant(10)), inProgress: until(40, constant(3)), nodes: {a: busy, b: busy}},
		2,
		8,
		false,
	],
] as const) {
	test(`a window of seven days doesn't show data that stopped half an hour ago as current: ${what}`, () => {
		const target = {kind: 'deployment', id: 'k4q95w5'} as const;
		let state = initialState({target, host: 'host', window: week, intervalMs: 30_000, nowMs: noon});
		let before: number | undefined;
		for (const minutes of every(5, 20, 70)) {
			// A response for the window of seven days arrives only twice, because generating it takes a long time.
			const ofWeek = minutes === 20 || minutes === 70 ? [weekAt(model, minutes)] : [];
			state = [...pollAt(model, minutes, before), ...ofWeek].reduce(reduce, state);
			before = minutes;
		}

		const {totals, requests: shown, nodes} = state.views.trainer.snapshot;
		assert.deepEqual([totals.nodesReporting, totals.gpusReporting], [reporting, gpus]);
		assert.equal(shown.volume !== undefined, hasRequests);
		const gauges = gaugesOf(state, state.live.nowMs);
		const samples = (name: string) => gauges.find(gauge => gauge.name === name)?.samples ?? [];
		assert.equal(samples('loops_nodes_reporting')[0]?.value, reporting);
		assert.equal(samples('loops_gpu_utilization_ratio').length, gpus);
		assert.equal(samples('loops_requests_per_second').length, hasRequests ? 1 : 0);
		const json = jsonSnapshot(state);
		assert.equal(json.nodes.filter(node => node.reporting).length, reporting);
		assert.equal(json.metrics.requests.value !== null, hasRequests);
		const screen = screenText(state, {columns: 160, rows: 45}).join('\n');
		assert.equal(/last sample 12:40:00 · 30m ago/.test(screen), what === 'all nodes' || what === 'requests', screen);
		for (const {id, presence} of nodes) {
			const isFound = state.findings.current.some(
				({rule, subject}) => rule === 'missing-node' && 'node' in subject && subject.node === id,
			);
			assert.equal(isFound, presence === 'missing' && what === 'one node', id);
		}
	});
}

test('a node that reports again is shown as reporting before a window with a coarse step has a new sample', () => {
	const again =
		(course: Signal): Signal =>
		minutes =>
			minutes > -200 && minutes < 65 ? null : course(minutes);
	const model: DeploymentModel = {
		...requests,
		nodes: {a: {gpus: {0: again(constant(0.9))}, ram: again(constant(0.4))}},
		gpusPerNode: 1,
	};
	const target = {kind: 'deployment', id: 'k4q95w5'} as const;
	let state = initialState({target, host: 'host', window: week, intervalMs: 30_000, nowMs: noon});
	const counts: string[] = [];
	for (const [index, minutes] of [20, 50, 66].entries()) {
		const before = [undefined, 20, 50][index];
		state = [...pollAt(model, minutes, before), weekAt(model, minutes)].reduce(reduce, state);
		const {totals} = state.views.trainer.snapshot;
		const gauge = gaugesOf(state, state.live.nowMs).find(({name}) => name === 'loops_nodes_reporting');
		counts.push(`${minutes}: ${totals.nodesReporting} ${gauge?.samples[0]?.value}`);
	}

	assert.deepEqual(counts, ['20: 0 0', '50: 0 0', '66: 1 1']);
});
