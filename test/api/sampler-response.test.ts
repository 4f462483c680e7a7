import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {MetricsResponse} from '../../source/api/metrics-response.ts';
import type {Points} from '../../source/api/points.ts';
import {readSamplerResponse} from '../../source/api/sampler-response.ts';
import {pairsOf} from '../helpers/points.ts';

const start = Date.UTC(2026, 10, 23, 9);

type Metric = {
	readonly name: string;
	readonly unit_hint?: unknown;
	readonly kind?: unknown;
	readonly label_sets: unknown;
	/** One list per step, with one value per label set. */
	readonly values: readonly unknown[];
};

/** Returns a response with steps of 30 s that ends with the last step. */
function bodyOf(metrics: readonly Metric[], rest: object = {}): object {
	const steps = Math.max(0, ...metrics.map(({values}) => values.length));
	return {
		start_epoch_millis: start,
		end_epoch_millis: start + steps * 30_000,
		mode: 'SERIES',
		step_seconds: 30,
		metric_descriptors: metrics.map(({values: _, ...descriptor}) => descriptor),
		metric_values: Array.from({length: steps}, (_, step) => ({
			start_epoch_millis: start + step * 30_000,
			values: metrics.map(({values}) => values[step] ?? null),
		})),
		...rest,
	};
}

function read(body: unknown): MetricsResponse {
	const result = readSamplerResponse(body);
	assert.ok('response' in result);
	return result.response;
}

/** Returns the values with their times in seconds after the start. */
function seen(points: Points | undefined): ReadonlyArray<readonly [number, number | null]> {
	return pairsOf(points ?? assert.fail('The series is missing.')).map(([time, value]) => [
		(time - start) / 1000,
		value,
	]);
}

function requests(unit: string, kind: string, sets: readonly object[], ...values: readonly unknown[]): Metric {
	return {name: 'baseten_inference_requests_total', unit_hint: unit, kind, label_sets: sets, values};
}

/** A value in each of two steps, so that neither step is empty. */
const known = {
	name: 'baseten_concurrent_requests',
	unit_hint: 'COUNT',
	kind: 'GAUGE',
	label_sets: [{}],
	values: [[7], [7]],
};

const classes = [{status: '2xx'}, {status: '4xx'}, {status: '5xx'}];

test("every metric is converted to the trainer's series and units", () => {
	const quantiles = [{quantile: '0.5'}, {quantile: '0.9'}, {quantile: '0.95'}, {quantile: '0.99'}, {stat: 'avg'}];
	const gauge = (name: string, unit: string, sets: readonly object[], values: readonly number[]): Metric => ({
		name,
		unit_hint: unit,
		kind: 'GAUGE',
		label_sets: sets,
		values: [values],
	});
	const response = read(
		bodyOf([
			gauge('baseten_replicas_active', 'COUNT', [{}], [2]),
			requests('PER_SECOND', 'COUNTER', classes, [10, 2, 0.3]),
			{
				name: 'baseten_end_to_end_response_time_seconds',
				unit_hint: 'SECONDS',
				kind: 'HISTOGRAM',
				label_sets: quantiles,
				values: [[0.123, 0.4, 0.456, 1.89, 0.2]],
			},
			gauge('baseten_concurrent_requests', 'COUNT', [{}], [7]),
			gauge(
				'baseten_gpu_utilization',
				'RATIO',
				[
					{replica: 'a', gpu: '0'},
					{replica: 'b', gpu: '0'},
				],
				[0.88, 0.5],
			),
			gauge('baseten_gpu_memory_used', 'MEBIBYTES', [{replica: 'a', gpu: '0'}], [1024]),
			gauge('baseten_container_cpu_usage_seconds_total', 'RATIO', [{replica: 'a'}], [22.5]),
			gauge('baseten_container_cpu_memory_working_set_bytes', 'BYTES', [{replica: 'a'}], [3e11]),
		]),
	);
	const {replicas, leader, nodes, problems, dropped} = response;
	assert.deepEqual(seen(replicas), [[0, 2]]);
	assert.deepEqual(seen(response.requests.volume), [[0, 12.3]]);
	assert.deepEqual(seen(response.requests.status.status_2xx), [[0, 10]]);
	assert.deepEqual(seen(response.requests.status.status_5xx), [[0, 0.3]]);
	assert.deepEqual(seen(response.requests.latency.p50), [[0, 123]]);
	assert.deepEqual(seen(response.requests.latency.p95), [[0, 456]]);
	assert.deepEqual(seen(response.requests.latency.p99), [[0, 1890]]);
	assert.deepEqual(seen(response.requests.inProgress), [[0, 7]]);
	assert.deepEqual(leader.gpus.size, 0);
	assert.deepEqual(
		nodes.map(({id}) => id),
		['a', 'b'],
	);
	const gpu = nodes[0]?.gpus.get('0');
	assert.deepEqual(seen(gpu?.utilization), [[0, 0.88]]);
	assert.deepEqual(seen(gpu?.memory), [[0, 1024 ** 3]]);
	assert.deepEqual(seen(nodes[0]?.cpu), [[0, 22.5]]);
	assert.deepEqual(seen(nodes[0]?.ram), [[0, 3e11]]);
	assert.deepEqual(problems, []);
	assert.equal(dropped, 0);
});

test('totals are divided by the length of their step, and the total of an unfinished step is omitted', () => {
	// As observed in July 2026: the last step begins just before the end of the range.
	const body = bodyOf([requests('COUNT', 'COUNTER', [{status: '200'}], [0], [60], [15], [0])], {
		end_epoch_millis: start + 90_703,
	});
	const {volume, status} = read(body).requests;
	assert.deepEqual(seen(volume), [
		[0, 0],
		[30, 2],
		[60, 0.5],
	]);
	assert.deepEqual(seen(status.status_2xx), seen(volume));
});

const lengths: ReadonlyArray<readonly [name: string, rest: object, rates: readonly number[]]> = [
	['the end is within the last step', {end_epoch_millis: start + 89_000}, [2, 2]],
	['the end is missing', {end_epoch_millis: undefined}, [2, 2]],
	['the length of a step is missing', {step_seconds: null}, [2, 2]],
	['the length of a step is invalid', {step_seconds: 5e-324}, [2, 2]],
	['nothing is missing', {}, [2, 2, 2]],
];

for (const [name, rest, rates] of lengths) {
	test(`rates are computed from the totals of complete steps if ${name}`, () => {
		const {volume} = read(bodyOf([requests('COUNT', 'COUNTER', [{}], [60], [60], [60])], rest)).requests;
		assert.deepEqual([...volume.values], rates);
	});
}

test("a missing step doesn't make the previous one longer", () => {
	const body = bodyOf([requests('COUNT', 'COUNTER', [{}], [60], [60], [60])]) as {metric_values: unknown[]};
	const {volume} = read({...body, metric_values: body.metric_values.filter((_, index) => index !== 1)}).requests;
	assert.deepEqual(seen(volume), [
		[0, 2],
		[60, 2],
	]);
});

test('codes are grouped into classes, and all of them count toward the volume', () => {
	const sets = ['200', '201', '404', '302', '503', '500'].map(status => ({status}));
	const {volume, status} = read(bodyOf([requests('PER_SECOND', 'COUNTER', sets, [8, 1, 0.5, 4, 0.25, 0.25])])).requests;
	assert.deepEqual(seen(volume), [[0, 14]]);
	assert.deepEqual(seen(status.status_2xx), [[0, 9]]);
	assert.deepEqual(seen(status.status_4xx), [[0, 0.5]]);
	assert.deepEqual(seen(status.status_5xx), [[0, 0.5]]);
});

test('if the rate of one status is unknown, so is the volume', () => {
	const {volume, status} = read(bodyOf([requests('PER_SECOND', 'COUNTER', classes, [9, null, 1], [9, 1, 0])])).requests;
	assert.deepEqual(seen(volume), [
		[0, null],
		[30, 10],
	]);
	assert.deepEqual(seen(status.status_2xx), [
		[0, 9],
		[30, 9],
	]);
	assert.deepEqual(seen(status.status_4xx), [
		[0, null],
		[30, 1],
	]);
});

test('a class without reported statuses has a rate of zero if the other classes are known', () => {
	const {volume, status} = read(
		bodyOf([requests('PER_SECOND', 'COUNTER', [{status: '2xx'}], [9], [null]), known]),
	).requests;
	assert.deepEqual(seen(volume), [
		[0, 9],
		[30, null],
	]);
	assert.deepEqual(seen(status.status_5xx), [
		[0, 0],
		[30, null],
	]);
});

test("requests that aren't reported by status have a volume, but no classes", () => {
	const {volume, status} = read(bodyOf([requests('PER_SECOND', 'COUNTER', [{}], [9])])).requests;
	assert.deepEqual(seen(volume), [[0, 9]]);
	assert.deepEqual(seen(status.status_2xx), []);
	assert.deepEqual(seen(status.status_5xx), []);
});

test('a status that is neither a code nor a class leaves unreported classes unknown', () => {
	const sets = [{status: '2xx'}, {status: 'cancelled'}];
	const {volume, status} = read(bodyOf([requests('PER_SECOND', 'COUNTER', sets, [9, 1])])).requests;
	assert.deepEqual(seen(volume), [[0, 10]]);
	assert.deepEqual(seen(status.status_2xx), [[0, 9]]);
	assert.deepEqual(seen(status.status_5xx), []);
});

const units: ReadonlyArray<{
	readonly name: string;
	readonly unit: unknown;
	readonly kind: unknown;
	readonly problem: string;
}> = [
	{
		name: 'baseten_inference_requests_total',
		unit: 'COUNT',
		kind: 'GAUGE',
		problem: 'has an unknown unit: GAUGE in COUNT',
	},
	{
		name: 'baseten_end_to_end_response_time_seconds',
		unit: 'MILLISECONDS',
		kind: 'HISTOGRAM',
		problem: 'has an unknown unit: HISTOGRAM in MILLISECONDS',
	},
	{
		name: 'baseten_gpu_memory_used',
		unit: 'COUNT',
		kind: 'GAUGE',
		problem: 'has an unknown unit: GAUGE in COUNT',
	},
	{name: 'baseten_replicas_active', unit: undefined, kind: undefined, problem: 'has no unit'},
	{name: 'baseten_concurrent_requests', unit: 7, kind: null, problem: 'has no unit'},
	{
		name: 'baseten_gpu_utilization',
		unit: 'PER\u001b[31mCENT',
		kind: 'GAUGE',
		problem: 'has an unknown unit: GAUGE in PERCENT',
	},
];

for (const {name, unit, kind, problem} of units) {
	test(`the problem "${name} ${problem}" is reported, and the values are unknown`, () => {
		const metric = {name, unit_hint: unit, kind, label_sets: [{}], values: [[3]]};
		const {requests, replicas, leader, problems} = read(bodyOf([metric]));
		assert.deepEqual(problems, [{field: name, problem}]);
		const series = [requests.volume, requests.inProgress, requests.latency.p50, replicas, leader.cpu];
		assert.ok(series.every(({times}) => times.length === 0));
		assert.equal(leader.gpus.size, 0);
	});
}

test('if one utilization contradicts the unit, all of them are unknown, and the problem is reported', () => {
	const percent = {
		name: 'baseten_gpu_utilization',
		unit_hint: 'RATIO',
		kind: 'GAUGE',
		label_sets: [{gpu: '0'}, {gpu: '1'}],
		values: [[0.9, 187]],
	};
	const {leader, problems} = read(bodyOf([percent]));
	assert.equal(leader.gpus.size, 0);
	assert.deepEqual(problems, [
		{field: 'baseten_gpu_utilization', problem: 'has values above 1, although its unit is RATIO'},
	]);
});

test('CPU time in seconds per step is converted to cores', () => {
	const cpu = {
		name: 'baseten_container_cpu_usage_seconds_total',
		unit_hint: 'SECONDS',
		kind: 'COUNTER',
		label_sets: [{}],
		values: [[675]],
	};
	assert.deepEqual(seen(read(bodyOf([cpu])).leader.cpu), [[0, 22.5]]);
});

test('without labels for replicas and GPUs, values belong to the leader and to the GPU "all"', () => {
	const metric = {
		name: 'baseten_gpu_utilization',
		unit_hint: 'RATIO',
		kind: 'GAUGE',
		label_sets: [{}],
		values: [[0.6]],
	};
	const {leader, nodes} = read(bodyOf([metric]));
	assert.deepEqual(nodes, []);
	assert.deepEqual(seen(leader.gpus.get('all')?.utilization), [[0, 0.6]]);
});

test('a latency with an additional label is left out, and so is a count with several labeled series', () => {
	const latency = {
		name: 'baseten_end_to_end_response_time_seconds',
		unit_hint: 'SECONDS',
		kind: 'HISTOGRAM',
		label_sets: [{quantile: '0.5', region: 'eu'}, {quantile: '0.99'}],
		values: [[1, 2]],
	};
	const replicas = {
		name: 'baseten_replicas_active',
		unit_hint: 'COUNT',
		kind: 'GAUGE',
		label_sets: [{phase: 'stable'}, {phase: 'promoting'}],
		values: [[1, 2]],
	};
	const response = read(bodyOf([latency, replicas]));
	assert.deepEqual(seen(response.requests.latency.p50), []);
	assert.deepEqual(seen(response.requests.latency.p99), [[0, 2000]]);
	assert.deepEqual(seen(response.replicas), []);
});

const two = {name: 'baseten_replicas_active', unit_hint: 'COUNT', kind: 'GAUGE', label_sets: [{}]};

const unreadable: ReadonlyArray<{
	readonly name: string;
	readonly values: readonly unknown[];
	readonly replicas: ReadonlyArray<readonly [number, number | null]>;
	readonly dropped: number;
}> = [
	{
		name: 'null',
		values: [[null], [2]],
		replicas: [
			[0, null],
			[30, 2],
		],
		dropped: 0,
	},
	{
		name: 'a string',
		values: [['2'], [2]],
		replicas: [
			[0, null],
			[30, 2],
		],
		dropped: 1,
	},
	{
		name: 'a list that is too long',
		values: [[2, 2], [2]],
		replicas: [
			[0, null],
			[30, 2],
		],
		dropped: 1,
	},
	{
		name: 'a list that is too short',
		values: [[], [2]],
		replicas: [
			[0, null],
			[30, 2],
		],
		dropped: 1,
	},
	{
		name: 'a value outside a list',
		values: [2, [2]],
		replicas: [
			[0, null],
			[30, 2],
		],
		dropped: 1,
	},
];

for (const {name, values, replicas, dropped} of unreadable) {
	test(`a step with ${name} has an unknown value, which is counted unless it is null`, () => {
		const response = read(bodyOf([{...two, values}, known]));
		assert.deepEqual(seen(response.replicas), replicas);
		assert.equal(response.dropped, dropped);
	});
}

test('a step whose number of values differs from the number of metrics is left out and counted', () => {
	const body = bodyOf([{...two, values: [[2], [3]]}]) as {metric_values: Array<{values: unknown[]}>};
	body.metric_values[1]?.values.push([4]);
	const response = read(body);
	assert.deepEqual(seen(response.replicas), [[0, 2]]);
	assert.equal(response.dropped, 1);
});

test("a step without a known value in any series isn't a sample", () => {
	const response = read(
		bodyOf([
			{...two, values: [[1], [null], [2]]},
			{...known, values: [[null], [null], [7]]},
		]),
	);
	assert.deepEqual(seen(response.replicas), [
		[0, 1],
		[60, 2],
	]);
	assert.deepEqual(seen(response.requests.inProgress), [
		[0, null],
		[60, 7],
	]);
});

test('a replica has samples for the steps in which it is reported; a replica without samples is omitted', () => {
	const cpu = {
		name: 'baseten_container_cpu_usage_seconds_total',
		unit_hint: 'RATIO',
		kind: 'GAUGE',
		label_sets: [{replica: 'a'}, {replica: 'b'}],
		values: [
			[1, null],
			[null, null],
		],
	};
	const {nodes} = read(bodyOf([cpu, known]));
	assert.deepEqual(
		nodes.map(({id}) => id),
		['a'],
	);
	assert.deepEqual(seen(nodes[0]?.cpu), [[0, 1]]);
});

test('steps are sorted, the last of those with the same time applies, and those without a time are counted', () => {
	const at = (seconds: unknown, value: number): object => ({start_epoch_millis: seconds, values: [[value]]});
	const values = [at(start + 60_000, 3), at(start, 1), at(start + 60_000, 4), at('soon', 5), 7, at(start + 30_000, 2)];
	const response = read(bodyOf([{...two, values: []}], {metric_values: values}));
	assert.deepEqual(seen(response.replicas), [
		[0, 1],
		[30, 2],
		[60, 4],
	]);
	assert.equal(response.dropped, 2);
});

test('a malformed descriptor keeps its position and is reported, and the others are parsed', () => {
	const {replicas, problems} = read(
		bodyOf([
			{...two, label_sets: 'none', values: [[1]]},
			{...two, values: [[2]]},
		]),
	);
	assert.deepEqual(seen(replicas), [[0, 2]]);
	assert.deepEqual(problems, [{field: 'metric_descriptors', problem: "entry 0 doesn't describe a metric"}]);
});

test('unknown metrics are ignored', () => {
	const other = {name: 'baseten_pod_readiness', unit_hint: 'COUNT', kind: 'GAUGE', label_sets: [{}], values: [[1]]};
	const {problems, replicas} = read(bodyOf([other, {...two, values: [[2]]}]));
	assert.deepEqual(problems, []);
	assert.deepEqual(seen(replicas), [[0, 2]]);
});

const strangers: ReadonlyArray<readonly [name: string, body: unknown]> = [
	['null', null],
	['a list', []],
	['an empty map', {}],
	['a response from the trainer', {metrics: {inference_volume: []}}],
	['a summary', bodyOf([], {mode: 'SUMMARY'})],
	["descriptors that aren't a list", bodyOf([], {metric_descriptors: {}})],
];

for (const [name, body] of strangers) {
	test(`${name} isn't a response from the sampler's metrics route`, () => {
		assert.ok('problem' in readSamplerResponse(body));
	});
}

test('no JSON makes the reader throw', () => {
	const name = fc.constantFrom('baseten_inference_requests_total', 'baseten_gpu_utilization', '__proto__');
	const unit = fc.constantFrom('COUNT', 'RATIO', 'PER_SECOND', 7);
	const kind = fc.constantFrom('COUNTER', 'GAUGE', null);
	const labels = fc.oneof(
		fc.jsonValue(),
		fc.array(fc.dictionary(fc.constantFrom('status', 'gpu', '__proto__'), fc.string())),
	);
	const descriptor = fc.oneof(fc.record({name, unit_hint: unit, kind, label_sets: labels}), fc.jsonValue());
	const value = fc.oneof(fc.array(fc.array(fc.oneof(fc.double(), fc.constant(null)))), fc.jsonValue());
	const step = fc.oneof(fc.record({start_epoch_millis: fc.double(), values: value}), fc.jsonValue());
	fc.assert(
		fc.property(fc.array(descriptor), fc.array(step), fc.jsonValue(), (descriptors, steps, rest) => {
			const body: unknown = JSON.parse(
				JSON.stringify({metric_descriptors: descriptors, metric_values: steps, step_seconds: rest}),
			);
			assert.ok(typeof readSamplerResponse(body) === 'object');
		}),
	);
});

for (const [values, expected] of [
	[
		[0.5, 87],
		[0.005, 0.87],
	],
	[
		[100, 0],
		[1, 0],
	],
	[
		[0.9, 1],
		[0.9, 1],
	],
] as const) {
	test(`utilizations of ${values.join(' and ')} are the fractions ${expected.join(' and ')}`, () => {
		const metric = {
			name: 'baseten_gpu_utilization',
			unit_hint: 'RATIO',
			kind: 'GAUGE',
			label_sets: [{gpu: '0'}, {gpu: '1'}],
			values: [[...values]],
		};
		const {leader, problems} = read(bodyOf([metric]));
		assert.deepEqual(problems, []);
		assert.deepEqual(
			[...leader.gpus.values()].map(({utilization}) => utilization.values[0]),
			expected,
		);
	});
}
