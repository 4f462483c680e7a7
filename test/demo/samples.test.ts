import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type MetricsResponse, readMetricsResponse} from '../../source/api/metrics-response.ts';
import type {Points} from '../../source/api/points.ts';
import {metricsBody} from '../../source/demo/bodies.ts';
import type {ScenarioName} from '../../source/demo/scenarios.ts';
import {createSimulation} from '../../source/demo/simulation.ts';
import {pairsOf} from '../helpers/points.ts';

const minute = 60_000;
const fullHour = Date.UTC(2026, 10, 23, 9);

type Asking = {
	readonly startedAtMs: number;
	readonly nowMs: number;
	readonly lengthMs?: number;
	readonly stepMs?: number;
};

function ask(scenario: ScenarioName, asking: Asking): MetricsResponse {
	const {startedAtMs, nowMs, lengthMs = 60 * minute, stepMs = 30_000} = asking;
	const simulation = createSimulation({scenario, seed: 1, startedAtMs, nodes: 4, gpusPerNode: 8});
	const read = readMetricsResponse(metricsBody(simulation, {startMs: nowMs - lengthMs, endMs: nowMs, stepMs}, nowMs));
	assert.ok('response' in read);
	return read.response;
}

function gpuOf({nodes}: MetricsResponse): {readonly utilization: Points; readonly memory: Points} {
	return nodes[0]?.gpus.get('0') ?? assert.fail('There is no GPU.');
}

test('the newest sample of the steady scenario is never more than three minutes old, even during the data gap', () => {
	for (let nowMs = fullHour; nowMs < fullHour + 60 * minute; nowMs += 5000) {
		const {times} = ask('steady', {startedAtMs: fullHour, nowMs, lengthMs: 15 * minute}).requests.volume;
		assert.ok(nowMs - (times.at(-1) ?? 0) <= 3 * minute, new Date(nowMs).toISOString());
	}
});

test('the deploying scenario has its first sample after a minute, regardless of the minute at which it starts', () => {
	for (let startedAtMs = fullHour; startedAtMs < fullHour + 60 * minute; startedAtMs += minute) {
		const {requests} = ask('deploying', {startedAtMs, nowMs: startedAtMs + 2 * minute});
		assert.equal(requests.volume.times[0], startedAtMs + minute);
	}
});

test("a GPU's memory use rises when the run begins, and then stays constant", () => {
	const {memory} = gpuOf(ask('deploying', {startedAtMs: fullHour, nowMs: fullHour + 40 * minute}));
	const values = memory.values.map(value => value / 1024 ** 3);
	const rising = values.slice(0, 20);
	assert.ok(rising.every((value, index) => index === 0 || value > (rising[index - 1] ?? 0)));
	assert.ok((values.at(-1) ?? 0) > (values[0] ?? 0) + 15);
	assert.ok(values.slice(25).every(value => value === values.at(-1)));
});

test('the idle scenario is busy, then receives no requests for 15 minutes, and then has no samples', () => {
	const {requests, nodes} = ask('idle', {startedAtMs: fullHour, nowMs: fullHour});
	const quietMs = fullHour - 35 * minute;
	const latency = pairsOf(requests.latency.p50);
	assert.equal(latency.length, 80);
	for (const [time, value] of latency) {
		assert.equal(value === null, time >= quietMs);
	}

	for (const [time, value] of pairsOf(requests.volume)) {
		assert.equal(value === 0, time >= quietMs);
	}

	for (const {gpus} of nodes) {
		for (const {utilization, memory} of gpus.values()) {
			assert.ok(pairsOf(utilization).every(([time, value]) => (value === 0) === time >= quietMs));
			assert.ok(memory.values.every(value => value > 40 * 1024 ** 3));
		}
	}
});

test('a step that had requests in only one part has the latency of that part', () => {
	const startedAtMs = fullHour + 30_000;
	const {latency} = ask('idle', {startedAtMs, nowMs: startedAtMs, stepMs: minute}).requests;
	const quietMs = startedAtMs - 35 * minute;
	const values = new Map(pairsOf(latency.p50));
	assert.ok((values.get(quietMs - 30_000) ?? 0) > 100);
	assert.equal(values.get(quietMs + 30_000), null);
});

test('the value of a longer step is the mean of its samples', () => {
	const asking = {startedAtMs: fullHour, nowMs: fullHour + 10 * minute, lengthMs: 20 * minute};
	const fine = new Map(pairsOf(ask('errors', asking).requests.volume));
	const coarse = pairsOf(ask('errors', {...asking, stepMs: minute}).requests.volume).slice(0, -1);
	assert.equal(coarse.length, 20);
	for (const [time, value] of coarse) {
		const [first, second] = [fine.get(time), fine.get(time + 30_000)];
		assert.ok(first !== null && first !== undefined && second !== null && second !== undefined);
		assert.equal(value, (first + second) / 2);
	}
});

for (const stepMs of [30_000, minute, 8 * minute]) {
	test(`points served with a step of ${stepMs / 1000} s don't change, except for the newest point`, () => {
		let known = new Map<number, number | null>();
		let compared = 0;
		for (let nowMs = fullHour; nowMs < fullHour + 3 * stepMs + 2 * minute; nowMs += 10_000) {
			const response = ask('errors', {startedAtMs: fullHour, nowMs, lengthMs: 20 * stepMs, stepMs});
			const served = pairsOf(gpuOf(response).utilization);
			for (const [time, value] of served) {
				const before = known.get(time);
				compared += before === undefined ? 0 : 1;
				assert.equal(before ?? value, value);
			}

			known = new Map(served.slice(0, -1));
		}

		assert.ok(compared > 100);
	});
}

test('the status classes add up to the volume', () => {
	for (const scenario of ['steady', 'errors', 'idle'] as const) {
		const {volume, status} = ask(scenario, {startedAtMs: fullHour, nowMs: fullHour}).requests;
		for (const [index, value] of volume.values.entries()) {
			const sum = Object.values(status).reduce((total, {values}) => total + (values[index] ?? Number.NaN), 0);
			assert.ok(Math.abs(sum - value) < 1e-9);
		}
	}
});
