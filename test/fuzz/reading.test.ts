import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {cleanText} from '../../source/api/clean-text.ts';
import {readDeployment, readDeployments} from '../../source/api/deployment.ts';
import {readErrorBody} from '../../source/api/failure.ts';
import {readLogs} from '../../source/api/logs.ts';
import {type MetricsResponse, readMetricsResponse} from '../../source/api/metrics-response.ts';
import {type Points, parseTime} from '../../source/api/points.ts';
import {readRun} from '../../source/api/run.ts';
import {readSamplerResponse} from '../../source/api/sampler-response.ts';
import {Secret} from '../../source/api/secret.ts';
import type {NodePoints} from '../../source/api/series-table.ts';
import {requestSeries, seriesOf} from '../../source/metrics/history.ts';
import {assertSafeText} from './checks.ts';
import {hostileNumber, hostileText, hostileTime, hostileValue, timeForm, toJson, writeTime} from './hostile.ts';
import {anyMutation, mutate} from './mutations.ts';
import {anyDeployment, anyResponse, deploymentOf, metricsOf} from './responses.ts';

const nowMs = Date.UTC(2026, 10, 23, 9, 5, 42);
const secret = new Secret('a-key-that-nobody-sends-back');
const mutations = fc.array(anyMutation(fc.oneof(hostileValue, hostileTime)), {maxLength: 5});

function assertPoints({times, values}: Points): void {
	assert.equal(times.length, values.length);
	assert.ok(times.every((time, index) => Number.isFinite(time) && (index === 0 || time > (times[index - 1] ?? time))));
	assert.ok(values.every(value => Number.isNaN(value) || (value >= 0 && Number.isFinite(value))));
}

function assertNode(node: NodePoints): void {
	assert.equal(node.id, cleanText(node.id));
	for (const [rank, {utilization, memory}] of node.gpus) {
		assert.equal(rank, cleanText(rank));
		assertPoints(utilization);
		assertPoints(memory);
	}

	seriesOf(node).forEach(assertPoints);
}

function assertResponse({requests, replicas, leader, nodes, dropped}: MetricsResponse): void {
	[...requestSeries(requests), replicas].forEach(assertPoints);
	[leader, ...nodes].forEach(assertNode);
	assert.ok(Number.isInteger(dropped) && dropped >= 0);
}

/** A response with a sampler's metrics. */
const samplerBody = fc
	.record({
		times: fc.array(
			fc.oneof(
				fc.nat(120).map(step => nowMs - step * 30_000),
				hostileNumber,
			),
			{maxLength: 5},
		),
		labels: fc.array(fc.dictionary(fc.constantFrom('replica', 'gpu', 'status', 'quantile'), hostileText), {
			maxLength: 3,
		}),
		values: fc.array(hostileNumber, {minLength: 1, maxLength: 3}),
		unit: fc.constantFrom('SECONDS', 'RATIO', 'MEBIBYTES', 'COUNT', 'PER_SECOND', 'BYTES', 'FURLONGS'),
	})
	.map(({times, labels, values, unit}): Record<string, unknown> => {
		const names = [
			'baseten_replicas_active',
			'baseten_inference_requests_total',
			'baseten_end_to_end_response_time_seconds',
			'baseten_gpu_utilization',
			'baseten_gpu_memory_used',
		];
		return {
			mode: 'SERIES',
			step_seconds: 30,
			end_epoch_millis: nowMs,
			metric_descriptors: names.map(name => ({name, unit_hint: unit, kind: 'GAUGE', label_sets: labels})),
			metric_values: times.map(start => ({
				start_epoch_millis: start,
				values: names.map(() => labels.map((_, index) => values[index % values.length])),
			})),
		};
	});

/** Generates bodies with errors in them, or occasionally any JSON at all. */
function anyBody(good: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<unknown> {
	const wrong = fc.tuple(good, mutations).map(([body, faults]) => {
		const copy = structuredClone(body);
		for (const fault of faults) {
			mutate(copy, fault);
		}

		return JSON.parse(toJson(copy)) as unknown;
	});
	return fc.oneof({weight: 9, arbitrary: wrong}, {weight: 1, arbitrary: fc.jsonValue()});
}

const anyMetrics = anyResponse(hostileNumber).map(spec => ({metrics: metricsOf(spec, nowMs)}));
const anyDescription = anyDeployment(hostileNumber).map(spec => ({deployment: deploymentOf(spec)}));
const anyLogs = fc
	.array(fc.record({timestamp: fc.oneof(hostileTime, fc.nat().map(String)), message: hostileText, level: hostileText}))
	.map((logs): Record<string, unknown> => ({logs}));

test('any metrics are parsed into points in chronological order, with values that are NaN or at least 0', () => {
	fc.assert(
		fc.property(anyBody(anyMetrics), body => {
			const read = readMetricsResponse(body);
			if ('response' in read) {
				assertResponse(read.response);
			}
		}),
		{numRuns: 3000},
	);
});

test('any sampler metrics are parsed into points in chronological order, with values that are NaN or at least 0', () => {
	fc.assert(
		fc.property(anyBody(samplerBody), body => {
			const read = readSamplerResponse(body);
			if ('response' in read) {
				assertResponse(read.response);
			}
		}),
		{numRuns: 2000},
	);
});

test('any other response is read or rejected, and its strings are clean', () => {
	fc.assert(
		fc.property(anyBody(fc.oneof(anyDescription, anyLogs)), hostileText, (body, text) => {
			const deployment = readDeployment(body);
			for (const text of [deployment?.baseModel, deployment?.status, deployment?.instance?.gpuType]) {
				assert.equal(text, text === undefined ? undefined : cleanText(text));
			}

			readDeployments(body);
			readRun(body);
			for (const line of readLogs(body, 'desc')?.lines ?? []) {
				assertSafeText(line.message.replaceAll('\t', ' '));
			}

			const {message} = readErrorBody(text, secret);
			assert.equal(message, cleanText(message));
		}),
		{numRuns: 2000},
	);
});

test('a time is parsed correctly, whatever its offset, fraction, and separator', () => {
	const anySecond = fc.integer({min: 0, max: Date.UTC(2999, 0, 1) / 1000});
	fc.assert(
		fc.property(anySecond, timeForm, (second, form) => {
			assert.equal(parseTime(writeTime(second * 1000, form)), second * 1000);
		}),
		{numRuns: 1000},
	);
});
