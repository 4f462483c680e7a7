import assert from 'node:assert/strict';
import {test} from 'node:test';
import {errorsMs} from '../../source/metrics/rules/requests.ts';
import {sampleMs, startupMs} from '../../source/metrics/rules/rule.ts';
import {fixedThresholds} from '../helpers/fixed-thresholds.ts';
import {
	constant,
	type DeploymentModel,
	every,
	minute,
	type NodeModel,
	noon,
	type Signal,
	simulate,
	span,
} from '../helpers/simulated-deployment.ts';

function node(from: number, to: number, disk = 0.3): NodeModel {
	const within =
		(value: number): Signal =>
		minutes =>
			minutes >= from && minutes <= to ? value : null;
	return {gpus: {0: within(0.9), 1: within(0.9)}, ram: within(0.4), disk: within(disk)};
}

const requests = {rate: constant(10), inProgress: constant(3), gpusPerNode: 2};

/**
 * Returns the findings of a model after one poll per minute from noon to `last`: the rule, the start (with `<` if it
 * might have been earlier), and the end of each, in minutes from noon.
 */
function onsets(model: DeploymentModel, last: number): readonly string[] {
	const {state} = simulate(model, every(1, 0, last));
	const {current, resolved} = state.findings;
	const inMinutes = (timeMs: number): number => (timeMs - noon) / minute;
	return [...current, ...resolved].map(finding => {
		const until = finding.state === 'resolved' ? ` until ${inMinutes(finding.untilMs)}` : '';
		return `${finding.rule} ${finding.sinceIsLowerBound ? '<' : ''}${inMinutes(finding.sinceMs)}${until}`;
	});
}

test("a finding about a node that is gone ends with the node's last sample, whenever it is evaluated", () => {
	const model: DeploymentModel = {...requests, nodeCount: 1, nodes: {a: node(-1000, 20, 0.95), z: node(20, 1000)}};
	for (const last of [23, 40, 75, 120]) {
		assert.deepEqual(onsets(model, last), ['disk <-60 until 20'], String(last));
	}
});

test('a deployment that never reported has been silent since its creation, or since before the first window', () => {
	const model: DeploymentModel = {nodes: {}, nodeCount: 4};
	const startup = startupMs / minute;
	for (const last of [startup - 1, startup + 5, 3 * startup, 200]) {
		assert.deepEqual(onsets({...model, createdAt: -2}, last), ['stale -2', 'missing-node -2'], String(last));
		assert.deepEqual(onsets(model, last), ['stale <-60', 'missing-node <-60'], String(last));
	}

	const started = (minutes: number): string => (minutes < 30 ? 'DEPLOYING' : 'RUNNING');
	const [stale] = onsets({...model, status: started}, 30 + 3 * startup);
	assert.equal(stale, `stale ${30 + 1 / 60}`);
});

test('a finding about failing requests begins at the first sample of the streak, not when it is found', () => {
	const requestsPerRange = 10 * (errorsMs / sampleMs);
	for (const rate of [0.6, 1, 5]) {
		const foundAfter = Math.ceil(span((fixedThresholds.status5xx * requestsPerRange) / rate)) + 1;
		const model: DeploymentModel = {
			...requests,
			nodes: {a: node(-1000, 1000)},
			// A single earlier sample with failures isn't part of the streak.
			failed: minutes => (minutes >= 10 || minutes === 7 ? rate : 0),
		};
		for (const last of [10 + foundAfter, 16 + foundAfter, 60, 90]) {
			assert.deepEqual(onsets(model, last), ['5xx 10'], `${rate} ${last}`);
		}
	}
});

test('a status that was first seen after a long gap might have begun earlier', () => {
	const model: DeploymentModel = {
		...requests,
		nodes: {a: node(-1000, 5)},
		status: minutes => (minutes < 10 ? 'RUNNING' : 'UPDATING'),
	};
	const sinceOf = (polls: readonly number[]): readonly [string, boolean] | undefined => {
		const [status] = simulate(model, polls).state.findings.current;
		return status && [status.rule, status.sinceIsLowerBound];
	};
	assert.deepEqual(sinceOf([...every(1, 0, 12)]), ['status', false]);
	assert.deepEqual(sinceOf([0, 1, 300]), ['status', true]);
});
