import assert from 'node:assert/strict';
import {test} from 'node:test';
import {extraMetricNames, readSamplerExtras, type SamplerExtras} from '../../source/api/sampler-extras.ts';

type Descriptor = readonly [name: string, unit: string, kind: string, sets: readonly object[]];

/** Parses a response with one metric and a row of values for each step of 30 s. */
function read([name, unit, kind, sets]: Descriptor, ...rows: readonly (readonly unknown[])[]): SamplerExtras {
	const body = {
		start_epoch_millis: 0,
		end_epoch_millis: rows.length * 30_000,
		mode: 'SERIES',
		step_seconds: 30,
		metric_descriptors: [{name, unit_hint: unit, kind, label_sets: sets}],
		metric_values: rows.map((values, row) => ({start_epoch_millis: row * 30_000, values: [values]})),
	};
	const outcome = readSamplerExtras(body);
	assert.ok('response' in outcome);
	return outcome.response.extras;
}

const one = [{}];
const desired: Descriptor = ['baseten_replicas_desired', 'COUNT', 'GAUGE', one];
const restarts = 'baseten_container_restarts_total';
const two = [{replica: 'a'}, {replica: 'b'}];

const cases: ReadonlyArray<
	readonly [name: string, extras: SamplerExtras, kind: keyof SamplerExtras, values: readonly number[]]
> = [
	['a gauge with a single series without labels is read', read(desired, [2], [3]), 'replicasDesired', [2, 3]],
	['null is a gap', read(desired, [2], [null], [4]), 'replicasDesired', [2, 4]],
	[
		"several series of a metric that should have only one aren't combined",
		read(['baseten_replicas_desired', 'COUNT', 'GAUGE', two], [1, 2]),
		'replicasDesired',
		[],
	],
	[
		'a metric with an unexpected unit is left out',
		read(['baseten_replicas_desired', 'BYTES', 'GAUGE', one], [2]),
		'replicasDesired',
		[],
	],
	[
		'restarts of all replicas are added up',
		read([restarts, 'COUNT', 'COUNTER', two], [1, 2], [1, null]),
		'restarts',
		[3, 1],
	],
	['a rate of restarts becomes a count', read([restarts, 'PER_SECOND', 'COUNTER', one], [0.1]), 'restarts', [3]],
	[
		'totals of tokens become a rate',
		read(['baseten_llm_input_tokens_total', 'COUNT', 'COUNTER', one], [600]),
		'inputTokens',
		[20],
	],
	[
		'a rate of tokens stays a rate',
		read(['baseten_llm_output_tokens_total', 'PER_SECOND', 'COUNTER', one], [20]),
		'outputTokens',
		[20],
	],
	[
		'a ratio is a fraction',
		read(['baseten_llm_kv_cache_hit_rate', 'RATIO', 'GAUGE', one], [0.5], [1]),
		'cacheHits',
		[0.5, 1],
	],
	[
		'ratios are read as percentages if any of them is above 1.5',
		read(['baseten_llm_kv_cache_hit_rate', 'RATIO', 'GAUGE', one], [1], [80]),
		'cacheHits',
		[0.01, 0.8],
	],
	[
		'seconds become milliseconds',
		read(['baseten_time_to_first_byte_seconds', 'SECONDS', 'HISTOGRAM', [{quantile: '0.95'}]], [0.5]),
		'firstByteP95',
		[500],
	],
	[
		"a quantile of one replica isn't used as that of all replicas",
		read(['baseten_time_to_first_byte_seconds', 'SECONDS', 'HISTOGRAM', [{quantile: '0.95', replica: 'a'}]], [0.5]),
		'firstByteP95',
		[],
	],
];

for (const [name, extras, kind, values] of cases) {
	test(`extra metrics: ${name}`, () => {
		assert.deepEqual([...extras[kind].values], values);
	});
}

test('each extra metric is requested once', () => {
	assert.equal(extraMetricNames.length, 10);
	assert.equal(new Set(extraMetricNames).size, 10);
});

test('a response of a different type is rejected', () => {
	assert.ok('problem' in readSamplerExtras({metrics: []}));
});
