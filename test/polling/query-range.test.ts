import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {readMetricsResponse} from '../../source/api/metrics-response.ts';
import {emptyHistory, type History} from '../../source/metrics/history.ts';
import {addMetrics} from '../../source/metrics/merge-history.ts';
import {type Window, windows} from '../../source/metrics/windows.ts';
import {planQuery, planSampler} from '../../source/polling/query-range.ts';

const now = Date.UTC(2026, 10, 23, 9, 5, 42);
const minute = 60_000;

/** Returns a history with responses up to `endMs`. Its request and GPU series end at the given times. */
function historyUpTo(window: Window, endMs: number, newestRequestMs: number, newestGpuMs: number): History {
	const point = (time: number): object => ({timestamp: new Date(time).toISOString(), value: 1});
	const read = readMetricsResponse({
		metrics: {inference_volume: [point(newestRequestMs)], gpu_utilization: {0: [point(newestGpuMs)]}},
	});
	assert.ok('response' in read);
	return addMetrics(emptyHistory(window), read.response, {startMs: endMs - window.lengthMs, endMs, whole: true});
}

function windowOf(name: string): Window {
	return windows.find(window => window.name === name) ?? assert.fail(name);
}

const hour = windowOf('1h');

test('the first request for a window covers all of it, and ends at a multiple of its step', () => {
	for (const window of windows) {
		const {query, range} = planQuery(emptyHistory(window), now, {withStep: true});
		assert.equal(query.endMs - query.startMs, window.lengthMs);
		assert.equal(query.endMs % window.stepMs, 0);
		assert.ok(query.endMs >= now && query.endMs - now < window.stepMs);
		assert.equal(query.stepMs, window.stepMs);
		assert.equal(range.whole, true);
	}
});

const end = Math.ceil(now / 30_000) * 30_000;
const tails = [
	{name: 'two steps before the newest sample', request: end - 30_000, gpu: end - 30_000, startMs: end - 90_000},
	{
		name: 'two steps before the newest sample of the collector that lags',
		request: end - 30_000,
		gpu: end - 4 * minute,
		startMs: end - 5 * minute,
	},
	{name: 'at most ten minutes back', request: end - 30_000, gpu: end - 40 * minute, startMs: end - 10 * minute},
	{
		name: 'at least two steps back if samples are ahead of the clock',
		request: end,
		gpu: end,
		startMs: end - 60_000,
	},
	{
		name: "at a multiple of the step, even if samples aren't",
		request: end - 31_234,
		gpu: end - 31_234,
		startMs: end - 120_000,
	},
];

for (const {name, request, gpu, startMs} of tails) {
	test(`a tail begins ${name}`, () => {
		const {query, range} = planQuery(historyUpTo(hour, end - 30_000, request, gpu), now, {withStep: true});
		assert.deepEqual(query, {startMs, endMs: end, stepMs: 30_000});
		assert.equal(range.whole, false);
	});
}

const wholes: ReadonlyArray<{readonly name: string; readonly history: History; readonly withStep: boolean}> = [
	{
		name: 'a tail would leave a gap',
		history: historyUpTo(hour, end - 11 * minute, end - 11 * minute, end - 11 * minute),
		withStep: true,
	},
	{
		name: "a tail wouldn't overlap the newest known steps, which might have received samples since",
		history: historyUpTo(hour, end - 10 * minute, end - 10 * minute, end - 10 * minute),
		withStep: true,
	},
	{name: 'the clock was set back', history: historyUpTo(hour, end + 60 * minute, end, end), withStep: true},
	{
		name: 'the previous response contained no samples',
		history: addMetrics(emptyHistory(hour), emptyResponse(), {startMs: 0, endMs: end, whole: true}),
		withStep: true,
	},
	{
		name: 'the server chooses the step',
		history: historyUpTo(hour, end - 30_000, end - 30_000, end - 30_000),
		withStep: false,
	},
];

function emptyResponse() {
	const read = readMetricsResponse({metrics: {inference_volume: []}});
	assert.ok('response' in read);
	return read.response;
}

for (const {name, history, withStep} of wholes) {
	test(`the whole window is requested if ${name}`, () => {
		const {query, range} = planQuery(history, now, {withStep});
		assert.equal(query.endMs - query.startMs, hour.lengthMs);
		assert.equal(range.whole, true);
		assert.equal(query.stepMs, withStep ? 30_000 : undefined);
	});
}

test('the bounds of a query are multiples of the step, in order, and no farther apart than the window is long', () => {
	const offset = fc.integer({min: -120 * minute, max: 10 * minute});
	fc.assert(
		fc.property(fc.constantFrom(...windows), offset, offset, offset, (window, answered, request, gpu) => {
			const history = historyUpTo(
				window,
				Math.ceil((now + answered) / window.stepMs) * window.stepMs,
				now + request,
				now + gpu,
			);
			const {query} = planQuery(history, now, {withStep: true});
			assert.equal(query.startMs % window.stepMs, 0);
			assert.equal(query.endMs % window.stepMs, 0);
			assert.ok(query.startMs < query.endMs);
			assert.ok(query.endMs - query.startMs <= window.lengthMs);
		}),
	);
});

test("a sampler's window is always requested completely, up to the end of the last complete step", () => {
	fc.assert(
		fc.property(fc.constantFrom(...windows), fc.integer({min: 0, max: 86_400_000}), (window, laterMs) => {
			const nowMs = now + laterMs;
			const {query, range} = planSampler(emptyHistory(window), nowMs);
			assert.equal(query.endMs - query.startMs, window.lengthMs);
			assert.equal(query.endMs % window.stepMs, 0);
			assert.ok(query.endMs <= nowMs && nowMs - query.endMs < window.stepMs);
			assert.deepEqual(range, {startMs: query.startMs, endMs: query.endMs, whole: true});
		}),
	);
});
