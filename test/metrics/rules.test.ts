import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Deployment} from '../../source/api/deployment.ts';
import {type Finding, noFindings, rules, updateFindings} from '../../source/metrics/findings.ts';
import {addMetrics, emptyHistory} from '../../source/metrics/history.ts';
import {type Circumstances, findAll} from '../../source/metrics/rules.ts';
import {takeSnapshot} from '../../source/metrics/snapshot.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {answerOf} from '../helpers/answers.ts';
import {deploymentOf} from '../helpers/deployments.ts';

const stepMs = 30_000;
const count = 100;
const startMs = Date.UTC(2026, 10, 23, 9, 0);
const endMs = startMs + count * stepMs;
const gibibyte = 1024 ** 3;

type Course = (index: number) => number | null;

function series(value: Course, until = count): readonly object[] {
	return Array.from({length: until}, (_, index) => ({timestamp: timeOf(index), value: value(index)}));
}

function timeOf(index: number): string {
	return new Date(startMs + index * stepMs).toISOString();
}

type Trouble = {
	readonly straggler?: Course;
	readonly others?: Course;
	readonly memory?: Course;
	readonly ram?: Course;
	readonly disk?: Course;
	readonly serverErrors?: Course;
	readonly clientErrors?: Course;
	readonly requests?: Course;
	/** The last node tells nothing from this sample on. */
	readonly silentFrom?: number;
	readonly nodes?: number;
};

/** Three nodes of four GPUs on which all is well but for the trouble. */
function answerWith(trouble: Trouble) {
	const {others = () => 0.85, nodes = 3} = trouble;
	const node = (position: number): object => {
		const until = position === nodes - 1 ? (trouble.silentFrom ?? count) : count;
		const rank = (index: number): readonly object[] =>
			series(position === 1 && index === 2 ? (trouble.straggler ?? others) : others, until);
		return {
			node_id: `t-${position}`,
			gpu_utilization: {0: rank(0), 1: rank(1), 2: rank(2), 3: rank(3)},
			gpu_memory_usage_bytes: {
				0: series(index => (position === 1 ? (trouble.memory?.(index) ?? 0.7) : 0.7) * 80 * gibibyte, until),
			},
			cpu_usage: series(() => 20, until),
			cpu_memory_usage_bytes: series(
				index => (position === 1 ? (trouble.ram?.(index) ?? 0.3) : 0.3) * 1000 * gibibyte,
				until,
			),
			ephemeral_storage: {
				usage_bytes: series(() => 200 * gibibyte, until),
				utilization: series(index => (position === 1 ? (trouble.disk?.(index) ?? 0.3) : 0.3), until),
			},
		};
	};
	return answerOf({
		inference_volume: series(() => 10),
		inference_volume_by_status: Array.from({length: count}, (_, index) => {
			const all = trouble.requests?.(index) ?? 10;
			const server = all * (trouble.serverErrors?.(index) ?? 0);
			const client = all * (trouble.clientErrors?.(index) ?? 0);
			return {timestamp: timeOf(index), status_2xx: all - server - client, status_4xx: client, status_5xx: server};
		}),
		...node(0),
		per_node_metrics: Array.from({length: nodes}, (_, position) => node(position)),
	});
}

const deployment = deploymentOf({
	baseModel: 'm',
	status: 'RUNNING',
	nodeCount: 3,
	instance: {
		id: undefined,
		name: undefined,
		gpuType: 'H100',
		gpusPerNode: 4,
		gpuMemoryBytes: 80 * gibibyte,
		ramBytes: 1000 * gibibyte,
		cores: 96,
	},
});

function find(
	trouble: Trouble,
	{circumstances = {}, described = deployment}: {circumstances?: Partial<Circumstances>; described?: Deployment} = {},
): readonly Finding[] {
	const range = {startMs, endMs, whole: true};
	const history = addMetrics(emptyHistory(defaultWindow), answerWith(trouble), range);
	return findAll(takeSnapshot(history, described), {
		status: described.status,
		isAnswered: true,
		nowMs: endMs,
		thresholds: defaultThresholds,
		...circumstances,
	});
}

/** Rule, subject, and the number of the sample since when. */
function brief(findings: readonly Finding[]): readonly string[] {
	return findings.map(({rule, subject, sinceMs, isOlder}) => {
		const place = subject.kind === 'deployment' ? '' : ` ${subject.node}`;
		const rank = subject.kind === 'gpu' ? ` ${subject.rank}` : '';
		return `${rule}${place}${rank} ${isOlder ? '<' : ''}${(sinceMs - startMs) / stepMs}`;
	});
}

const from =
	(index: number, value: number, before = 0.85): Course =>
	at =>
		at >= index ? value : before;

/** Goes to and fro between two values from a sample on. */
const toAndFro =
	(index: number, a: number, b: number, before: number): Course =>
	at =>
		at < index ? before : at % 2 === 0 ? a : b;

const cases: ReadonlyArray<{readonly name: string; readonly trouble: Trouble; readonly expected: readonly string[]}> = [
	{name: 'all is well', trouble: {}, expected: []},
	{name: 'a GPU stands still', trouble: {straggler: from(80, 0.02)}, expected: ['straggler t-1 2 80']},
	{name: 'a GPU stands still for two samples', trouble: {straggler: from(98, 0.02)}, expected: []},
	{
		name: 'a GPU stands still for three samples',
		trouble: {straggler: from(97, 0.02)},
		expected: ['straggler t-1 2 97'],
	},
	{
		name: 'a GPU stands still from before the window',
		trouble: {straggler: () => 0.02},
		expected: ['straggler t-1 2 <0'],
	},
	{name: 'a GPU is slow, not still', trouble: {straggler: from(80, 0.12)}, expected: []},
	{
		name: 'a GPU goes to and fro over the limit',
		trouble: {straggler: toAndFro(80, 0.09, 0.11, 0.85)},
		expected: [],
	},
	{
		name: 'a straggler goes to and fro over the limit',
		trouble: {straggler: at => (at < 80 ? 0.85 : at < 84 ? 0.02 : at % 2 === 0 ? 0.09 : 0.14)},
		expected: ['straggler t-1 2 80'],
	},
	{name: 'a straggler recovers', trouble: {straggler: at => (at >= 60 && at < 90 ? 0.02 : 0.85)}, expected: []},
	{name: 'all stand still', trouble: {others: from(80, 0.02), straggler: from(80, 0.02)}, expected: []},
	{
		name: 'a straggler among GPUs that all stop is none',
		trouble: {straggler: from(60, 0.02), others: from(80, 0.01)},
		expected: [],
	},
	{name: 'GPU memory is full', trouble: {memory: from(50, 0.96)}, expected: ['gpu-memory t-1 0 50']},
	{name: 'GPU memory is nearly full', trouble: {memory: from(50, 0.949)}, expected: []},
	{
		name: 'GPU memory goes to and fro around the limit',
		trouble: {memory: toAndFro(50, 0.955, 0.94, 0.7)},
		expected: ['gpu-memory t-1 0 50'],
	},
	{name: 'GPU memory is freed', trouble: {memory: at => (at > 50 && at < 70 ? 0.97 : 0.9)}, expected: []},
	{name: 'RAM is full', trouble: {ram: from(50, 0.951)}, expected: ['ram t-1 50']},
	{name: 'RAM goes to and fro', trouble: {ram: toAndFro(50, 0.951, 0.935, 0.3)}, expected: ['ram t-1 50']},
	{name: 'RAM is freed', trouble: {ram: at => (at < 70 ? 0.96 : 0.92)}, expected: []},
	{name: 'storage is full', trouble: {disk: from(50, 0.9)}, expected: ['disk t-1 50']},
	{name: 'storage goes to and fro', trouble: {disk: toAndFro(50, 0.91, 0.885, 0.3)}, expected: ['disk t-1 50']},
	{name: 'storage is freed', trouble: {disk: at => (at < 70 ? 0.96 : 0.5)}, expected: []},
	{name: 'requests fail', trouble: {serverErrors: from(90, 0.06, 0)}, expected: ['server-errors 90']},
	{name: 'requests fail in two samples', trouble: {serverErrors: from(98, 0.5, 0)}, expected: []},
	{
		name: 'failures go to and fro around the limit',
		trouble: {serverErrors: at => (at < 80 ? 0 : at < 84 ? 0.06 : at % 2 === 0 ? 0.045 : 0.055)},
		expected: ['server-errors 80'],
	},
	{name: 'failures are over', trouble: {serverErrors: at => (at > 60 && at < 80 ? 0.3 : 0)}, expected: []},
	{
		name: 'failures are over because no request comes any more',
		trouble: {serverErrors: from(60, 0.3, 0), requests: at => (at < 90 ? 10 : 0)},
		expected: [],
	},
	{name: 'requests are refused', trouble: {clientErrors: from(90, 0.25, 0)}, expected: ['client-errors 90']},
	{name: 'few requests are refused', trouble: {clientErrors: from(50, 0.19, 0)}, expected: []},
	{name: 'a node falls silent', trouble: {silentFrom: 80}, expected: ['missing-node t-2 79']},
	{name: 'a node is a little late', trouble: {silentFrom: count - 3}, expected: []},
	{name: 'a node never reported', trouble: {nodes: 2}, expected: ['missing-node <-20']},
];

for (const {name, trouble, expected} of cases) {
	test(`${name}: ${expected.join(', ') || 'nothing is found'}`, () => {
		assert.deepEqual(brief(find(trouble)), expected);
	});
}

test('what is found has its numbers', () => {
	const [straggler] = find({straggler: from(80, 0.02)});
	assert.equal(straggler?.value, 0.02);
	assert.equal(straggler?.against, 0.85);
	const [missing] = find({silentFrom: 50});
	assert.deepEqual([missing?.value, missing?.against], [2, 3]);
	const [errors] = find({serverErrors: from(80, 0.08, 0)});
	assert.equal(errors?.value?.toFixed(3), '0.080');
});

test('without a count of nodes every node that stops reporting is missed', () => {
	const found = find({silentFrom: 50}, {described: {...deployment, nodeCount: undefined}});
	assert.deepEqual(brief(found), ['missing-node t-2 49']);
});

test('a node that another one took the place of is not missed', () => {
	assert.deepEqual(find({silentFrom: 50}, {described: {...deployment, nodeCount: 2}}), []);
});

test('without totals nothing is full', () => {
	const found = find({memory: () => 0.99, ram: () => 0.99}, {described: {...deployment, instance: undefined}});
	assert.deepEqual(found, []);
});

test('samples that stop are found after three minutes, unless the server does not answer or the trainer does not run', () => {
	const lastMs = endMs - stepMs;
	const at = (nowMs: number, others: Partial<Circumstances> = {}): readonly string[] =>
		brief(find({}, {circumstances: {nowMs, ...others}}));
	assert.deepEqual(at(lastMs + 180_000), []);
	assert.deepEqual(at(lastMs + 180_001), ['stale 99']);
	assert.deepEqual(at(lastMs + 600_000, {isAnswered: false}), []);
	assert.deepEqual(at(lastMs + 600_000, {thresholds: {...defaultThresholds, staleMs: 900_000}}), []);
	const [status] = find({}, {circumstances: {nowMs: lastMs + 600_000, status: 'SCALED_TO_ZERO'}});
	assert.equal(status?.rule, 'status');
});

test('thresholds are what the user says', () => {
	const thresholds = {...defaultThresholds, straggler: 0.5, disk: 0.25};
	const found = brief(find({straggler: from(80, 0.4)}, {circumstances: {thresholds}}));
	assert.deepEqual(found, ['straggler t-1 2 80', 'disk t-0 <0', 'disk t-1 <0', 'disk t-2 <0']);
});

test('any status but RUNNING is found', () => {
	for (const status of ['FAILED', 'SCALED_TO_ZERO', 'SOMETHING_NEW']) {
		const [found] = find({}, {circumstances: {status}});
		assert.deepEqual([found?.rule, found?.word, found?.isOlder], ['status', status, true]);
	}

	assert.deepEqual(find({}, {circumstances: {status: undefined}}), []);
});

test('a finding keeps its beginning when the window has moved past it, and gets a new one when it is a new spell', () => {
	const first = find({disk: from(50, 0.95)});
	const before = updateFindings(noFindings, first, endMs);
	const later = updateFindings(before, find({disk: () => 0.95}), endMs + 1000);
	assert.deepEqual(brief(later.current), ['disk t-1 50']);
	const anew = updateFindings(before, find({disk: from(80, 0.95)}), endMs + 2000);
	assert.deepEqual(brief(anew.current), ['disk t-1 80']);
});

test('a finding that is over is kept with its end, and one that comes after the first look counts as new', () => {
	const looked = updateFindings(noFindings, find({disk: from(50, 0.95)}), endMs);
	assert.equal(looked.appeared, 0);
	const over = updateFindings(looked, [], endMs + 1000);
	assert.deepEqual(
		[brief(over.current), brief(over.ended), over.ended[0]?.untilMs],
		[[], ['disk t-1 50'], endMs + 1000],
	);
	const again = updateFindings(over, find({ram: from(50, 0.97)}), endMs + 2000);
	assert.equal(again.appeared, 1);
	assert.equal(updateFindings(again, find({ram: from(50, 0.97)}), endMs + 3000).appeared, 1);
});

test('the worst finding comes first', () => {
	const found = find({disk: from(50, 0.95), straggler: from(80, 0.02), serverErrors: from(90, 0.3, 0)});
	const {current} = updateFindings(noFindings, found, endMs);
	assert.deepEqual(
		current.map(({rule}) => rule),
		['straggler', 'server-errors', 'disk'],
	);
	assert.ok(current.every(({rule}) => rules.includes(rule)));
});
