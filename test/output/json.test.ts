import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Validator} from '@cfworker/json-schema';
import * as z from 'zod';
import type {Failure} from '../../source/api/failure.ts';
import {findWindow} from '../../source/metrics/windows.ts';
import {jsonLine, jsonSnapshot} from '../../source/output/json.ts';
import {lineSchema} from '../../source/output/snapshot-schema.ts';
import type {Line, Snapshot} from '../../source/output/snapshot-types.ts';
import {type InitialStateOptions, initialState} from '../../source/state/initial-state.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/**
 * The paths of the fields in which two types differ, such as `snapshot.nodes.metrics.ram`; `never` if they don't
 * differ.
 */
type Difference<A, B, Path extends string> =
	Same<A, B> extends true
		? never
		: [A, B] extends [ReadonlyArray<infer C>, ReadonlyArray<infer D>]
			? Difference<C, D, Path>
			: [A, B] extends [object, object]
				? DifferenceOfKeys<A, B, Extract<keyof A | keyof B, string>, Path>
				: Path;

type DifferenceOfKeys<A, B, Keys extends string, Path extends string> = Known<
	{[Key in Keys]: Difference<Field<A, Key>, Field<B, Key>, `${Path}.${Key}`>}[Keys],
	Path
>;

/** The paths; or, if there are none because the differing types are unions, `Path` itself. */
type Known<Paths, Path> = [Paths] extends [never] ? Path : Paths;

type DifferenceOfLines<A extends {type: string}, B extends {type: string}> = {
	[Type in B['type']]: Difference<Extract<A, {type: Type}>, Extract<B, {type: Type}>, Type>;
}[B['type']];

type Field<T, Key> = Key extends keyof T ? T[Key] : 'missing';

/** A type with all its fields written out, so that `A & B` equals a single object type with the same fields. */
type Flat<T> = T extends object ? {[Key in keyof T]: Flat<T[Key]>} : T;

/** The validator for the schema of the output (`io: 'output'`), which rejects unknown fields. */
const validator = new Validator(z.toJSONSchema(lineSchema, {io: 'output'}) as object, '2020-12', false);

/** Returns the validation errors of a value after a round trip through JSON. */
function mistakes(value: unknown): readonly string[] {
	const {errors} = validator.validate(JSON.parse(JSON.stringify(value)));
	return errors.map(({instanceLocation, error}) => `${instanceLocation} ${error}`);
}

const beginning: InitialStateOptions = {
	target: {kind: 'deployment', id: 'k4q95w5'},
	host: 'api.baseten.co',
	window: findWindow('1h') ?? assert.fail(),
	intervalMs: 10_000,
	nowMs: sampleNow,
};

function answered(metrics: object, state: State = initialState(beginning)): State {
	const range = {startMs: sampleNow - 3_600_000, endMs: sampleNow, whole: true};
	const response = responseOf(metrics);
	return reduce(state, {
		type: 'metricsReceived',
		kind: 'live',
		window: '1h',
		response,
		range,
		atMs: sampleNow,
		tookMs: 212.4,
	});
}

/** Returns every metric of a snapshot. */
function metricsOf({metrics, nodes}: Snapshot) {
	return [
		...Object.values(metrics),
		...nodes.flatMap(node => [...Object.values(node.metrics), ...node.gpus.flatMap(gpu => Object.values(gpu.metrics))]),
	];
}

test('the published types match the published schema', () => {
	type Schema = Flat<z.infer<typeof lineSchema>>;
	type Published = Flat<Line>;
	// The compiler compares the types. If they differ, its message contains the paths of the differing fields.
	const verdict: Same<Schema, Published> extends true ? 'equal' : `not ${DifferenceOfLines<Schema, Published>}` =
		'equal';
	assert.equal(verdict, 'equal');
});

const states: Readonly<Record<string, State>> = {
	'of four nodes': sampleState({nodes: 4, gpus: 8}),
	'of only a leader': sampleState({nodes: 1, gpus: 2, leaderOnly: true}),
	'without any data': initialState(beginning),
	'without metrics': reduce(initialState(beginning), {type: 'noMetrics', atMs: sampleNow, tookMs: 3}),
	'of an empty response': answered({inference_volume: []}),
	'of a response with the wrong structure': answered({
		inference_volume: 7,
		per_node_metrics: [{gpu_utilization: null}],
	}),
};

for (const [name, state] of Object.entries(states)) {
	test(`the snapshot ${name} matches the schema, and has a time for each value`, () => {
		const snapshot = jsonSnapshot(state);
		assert.deepEqual(mistakes(snapshot), []);
		for (const {value, time} of metricsOf(snapshot)) {
			assert.equal(value === null, time === null);
		}
	});
}

const failures: readonly Failure[] = [
	{kind: 'status', status: 503, message: 'no upstream', retryAfterMs: 5000},
	{kind: 'redirect', status: 302, host: 'h'},
	{kind: 'network', code: 'ECONNREFUSED', host: 'h'},
	{kind: 'timeout', afterMs: 30_000},
	{kind: 'too-large', limitBytes: 1},
	{kind: 'cut-off'},
	{kind: 'not-json', contentType: 'text/html'},
	{kind: 'wrong-shape', problem: 'p'},
];

for (const failure of failures) {
	test(`the line for a failure of kind ${failure.kind} matches the schema`, () => {
		const state = sampleState(
			{nodes: 1, gpus: 1},
			{type: 'pollFailed', failure, atMs: sampleNow, nextAtMs: sampleNow + 10_000},
		);
		const line = jsonLine(state);
		assert.deepEqual(mistakes(line), []);
		assert.ok(line.type === 'failure');
		assert.equal(line.status, failure.kind === 'status' ? 503 : null);
		assert.equal(line.retry, '2026-11-23T09:05:52Z');
	});
}

test('the schema rejects unknown fields, missing fields, and times with milliseconds', () => {
	const snapshot = jsonSnapshot(sampleState({nodes: 1, gpus: 1}));
	assert.notDeepEqual(mistakes({...snapshot, more: 1}), []);
	assert.notDeepEqual(mistakes({...snapshot, metrics: {...snapshot.metrics, requests: undefined}}), []);
	assert.notDeepEqual(mistakes({...snapshot, time: '2026-11-23T09:05:30.000Z'}), []);
});

test('a snapshot describes the deployment and the window', () => {
	const {nodes, metrics, findings, ...head} = jsonSnapshot(sampleState({nodes: 4, gpus: 8}));
	assert.deepEqual(head, {
		schema: 'loops-top/1',
		type: 'snapshot',
		time: '2026-11-23T09:05:42Z',
		deployment: {
			id: 'k4q95w5',
			model: 'Qwen/Qwen3-30B-A3B-Instruct-2507',
			status: 'RUNNING',
			node_count: 4,
			gpus_per_node: 8,
			gpu_type: 'H100',
		},
		window: {name: '1h', step_seconds: 30, start: '2026-11-23T08:06:00Z', end: '2026-11-23T09:06:00Z'},
		has_metrics: true,
		took_ms: 212,
		newest_sample: '2026-11-23T09:05:30Z',
		age_seconds: 12,
		activity: 'busy',
		cost: null,
		run: null,
		checkpoints: null,
		sampler: null,
		logs: null,
		comparison: null,
		status_shares: head.status_shares,
		problems: [],
		dropped_points: 0,
	});
	const shares = Object.values(head.status_shares ?? {});
	assert.equal(shares.reduce((sum, share) => sum + share).toFixed(9), '1.000000000');
});

test('the reason why logs are unknown depends on whether a recording is being replayed', () => {
	const replay = {speed: 1, isPaused: false, ended: undefined, seekTarget: undefined, recordedWindow: '1h'};
	const problems = (options: Partial<InitialStateOptions>): unknown =>
		jsonSnapshot(answered({inference_volume: []}, initialState({...beginning, ...options}))).problems.filter(
			({field}) => field === 'logs',
		);
	const because = (why: string): unknown => [{field: 'logs', problem: `are unknown: they ${why}`}];
	assert.deepEqual(problems({hasLogOutput: true}), because("weren't requested"));
	assert.deepEqual(problems({hasLogOutput: true, replay}), because("aren't in the recording"));
	assert.deepEqual(problems({}), []);
});

test('a value comes with its unit, the time of its own sample, and its statistics in the window', () => {
	const snapshot = jsonSnapshot(
		answered({
			inference_volume: servedPoints([sampleNow - 60_000, 1], [sampleNow - 30_000, 5]),
			response_time_stats: [{timestamp: new Date(sampleNow - 45_000).toISOString(), p50: 120, p95: 0, p99: null}],
			per_node_metrics: [
				{
					node_id: 'a',
					gpu_utilization: {10: servedPoints([sampleNow, 0.25]), 2: servedPoints([sampleNow - 30_000, 0.75])},
					gpu_memory_usage_bytes: {2: servedPoints([sampleNow, 1024])},
					cpu_usage: servedPoints([sampleNow - 600_000, 8]),
					ephemeral_storage: {usage_bytes: servedPoints([sampleNow, 0]), utilization: []},
				},
			],
		}),
	);
	const {metrics, nodes} = snapshot;
	const nothing = {value: null, time: null, mean: null, min: null, max: null};
	const only = (value: number, time: string): object => ({value, time, mean: value, min: value, max: value});
	assert.deepEqual(metrics.requests, {
		unit: 'requests/s',
		value: 5,
		time: '2026-11-23T09:05:12Z',
		mean: 3,
		min: 1,
		max: 5,
	});
	assert.deepEqual(metrics.latency_p50, {unit: 'ms', ...only(120, '2026-11-23T09:04:57Z')});
	assert.deepEqual(metrics.latency_p95, {unit: 'ms', ...only(0, '2026-11-23T09:04:57Z')});
	assert.deepEqual(metrics.latency_p99, {unit: 'ms', ...nothing});
	assert.deepEqual(metrics.responses_2xx, {unit: 'requests/s', ...nothing});
	// The schema rejects fields that it doesn't list.
	assert.deepEqual(mistakes(snapshot), []);
	assert.deepEqual(
		nodes.map(({gpus}) => gpus.map(({rank}) => rank)),
		[['2', '10']],
	);
	assert.partialDeepStrictEqual(nodes, [
		{
			id: 'a',
			reporting: true,
			last_seen: '2026-11-23T09:05:42Z',
			metrics: {
				// A sample from ten minutes ago isn't current.
				cpu: {unit: 'cores', value: null, time: null, mean: 8, min: 8, max: 8, limit: null},
				ram: {unit: 'bytes', ...nothing, limit: null},
				disk: {unit: 'bytes', ...only(0, '2026-11-23T09:05:42Z')},
				disk_utilization: {unit: 'ratio', ...nothing},
			},
			gpus: [
				{
					rank: '2',
					metrics: {
						utilization: {unit: 'ratio', ...only(0.75, '2026-11-23T09:05:12Z')},
						memory: {unit: 'bytes', ...only(1024, '2026-11-23T09:05:42Z'), limit: null},
					},
				},
				{
					rank: '10',
					metrics: {
						utilization: {unit: 'ratio', ...only(0.25, '2026-11-23T09:05:42Z')},
						memory: {unit: 'bytes', ...nothing, limit: null},
					},
				},
			],
		},
	]);
});

test('limits are next to the values that they limit', () => {
	const [node] = jsonSnapshot(sampleState({nodes: 1, gpus: 1})).nodes;
	assert.equal(node?.metrics.cpu.limit, 96);
	assert.equal(node?.metrics.ram.limit, 1_000_000 * 1024 ** 2);
	assert.equal(node?.gpus[0]?.metrics.memory.limit, 80 * 1024 ** 3);
});

test('findings contain their rule, subject, value, and start', () => {
	const {findings} = jsonSnapshot(sampleState({nodes: 4, gpus: 8}));
	assert.deepEqual(findings, [
		{
			rule: 'straggler',
			id: 'straggler/loops-trainer-2/5',
			state: 'active',
			subject: {node: 'loops-trainer-2', gpu: '5', gpus: ['5']},
			value: 0.31,
			reference: findings?.[0]?.reference,
			status: null,
			full_in_seconds: null,
			since: '2026-11-23T08:51:30Z',
			or_earlier: false,
			last_known: null,
			until: null,
			message: 'straggler: loops-trainer-2 GPU 5 at 31%, the others at 90%',
		},
	]);
});

test('if nothing is known, the only numbers are the step and the count of dropped points', () => {
	const snapshot = jsonSnapshot(initialState(beginning));
	const numbers: string[] = [];
	JSON.parse(JSON.stringify(snapshot), (key, value: unknown) => {
		if (typeof value === 'number') {
			numbers.push(key);
		}
	});
	assert.deepEqual(numbers, ['step_seconds', 'dropped_points']);
	assert.equal(snapshot.findings, null);
});
