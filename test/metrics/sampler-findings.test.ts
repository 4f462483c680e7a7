import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readDeployment} from '../../source/api/deployment.ts';
import {evaluate} from '../../source/metrics/evaluate.ts';
import {type Finding, type Findings, noFindings, samplerRules} from '../../source/metrics/findings.ts';
import {emptyHistory, type History} from '../../source/metrics/history.ts';
import {addMetrics} from '../../source/metrics/merge-history.ts';
import {errorsMs} from '../../source/metrics/rules/requests.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {describeEnd, findingSentence} from '../../source/text/finding-sentence.ts';
import {errorRange} from '../../source/text/finding-text.ts';
import {fixedThresholds} from '../helpers/fixed-thresholds.ts';
import {responseOf} from '../helpers/responses.ts';
import {
	bodyOf,
	brief,
	constant,
	type DeploymentModel,
	minute,
	noon,
	type Signal,
} from '../helpers/simulated-deployment.ts';

type Course = {
	/** The status of the sampler at a given time, in minutes from noon; null if the deployment has no sampler. */
	readonly status?: (minutes: number) => string | null;
	readonly deployment?: (minutes: number) => string;
	readonly requests?: DeploymentModel;
	/** The time until which the sampler's metrics are requested, in minutes from noon. */
	readonly until?: number;
};

function samplerHistory(requests: DeploymentModel, minutes: number): History {
	const endMs = noon + minutes * minute;
	const range = {startMs: endMs - defaultWindow.lengthMs, endMs, whole: true};
	return addMetrics(emptyHistory(defaultWindow), responseOf(bodyOf(requests, minutes - 60, minutes)), range);
}

/** Evaluates the simulated sampler at these times, in minutes from noon. */
function follow(course: Course, times: readonly number[]): Findings {
	const {status = () => 'ACTIVE', deployment = () => 'RUNNING', requests, until = 1000} = course;
	return times.reduce<Findings>((before, at) => {
		const name = status(at);
		const sampler = name === null ? null : {id: 's', model_id: 'm', deployment_id: 'd', status: {name}};
		return evaluate(before, emptyHistory(defaultWindow), {
			deployment: readDeployment({deployment: {id: 'd', status: {name: deployment(at)}, sampler}}),
			samplerHistory: requests && samplerHistory(requests, Math.min(at, until)),
			isResponding: true,
			hasUnreadable: false,
			nowMs: noon + at * minute,
			thresholds: fixedThresholds,
		});
	}, noFindings);
}

function statesOf({current, resolved}: Findings): readonly string[] {
	return [...current, ...resolved]
		.filter(({rule}) => samplerRules.has(rule))
		.map(finding => (finding.state === 'resolved' ? `- ${brief(finding)}` : brief(finding)));
}

const errorMinutes = errorsMs / minute;
const model = (failed: Signal, inProgress: Signal = constant(3), rate: Signal = constant(10)): DeploymentModel => ({
	nodes: {},
	rate,
	failed,
	inProgress,
});
const failing =
	(from: number, to: number): Signal =>
	minutes =>
		minutes >= from && minutes < to ? 5 : 0;
const hung = model(
	constant(0),
	minutes => (minutes > 0 ? 4 : 3),
	minutes => (minutes > 0 ? 0 : 10),
);

const cases: ReadonlyArray<
	readonly [what: string, course: Course, times: readonly number[], states: readonly string[]]
> = [
	['a healthy sampler', {requests: model(constant(0))}, [0, 10, 20], []],
	['a sampler whose metrics were never requested', {}, [0, 10], []],
	['a failed sampler', {status: () => 'FAILED'}, [0], ['sampler-status']],
	[
		'an unhealthy sampler that recovers',
		{status: at => (at < 5 ? 'UNHEALTHY' : 'ACTIVE')},
		[0, 10],
		['- sampler-status'],
	],
	['a sampler that is scaled to zero', {status: () => 'SCALED_TO_ZERO'}, [0, 10], []],
	['a sampler with a new status', {status: () => 'SOMETHING_NEW'}, [0, 10], []],
	['a failed sampler of an ended deployment', {status: () => 'FAILED', deployment: () => 'STOPPED'}, [0, 10], []],
	[
		'a failed sampler of a deployment that ends',
		{status: () => 'FAILED', deployment: at => (at < 5 ? 'RUNNING' : 'STOPPED')},
		[0, 10],
		['- sampler-status'],
	],
	['a failed sampler that is gone', {status: at => (at < 5 ? 'FAILED' : null)}, [0, 10], ['- sampler-status']],
	['failing requests', {requests: model(failing(-5, 1000))}, [0], ['sampler-5xx']],
	['requests that failed', {requests: model(failing(-5, 3))}, [0, 5 + errorMinutes], ['- sampler-5xx']],
	[
		"requests that failed before the sampler's metrics were first requested",
		{requests: model(failing(-30 - errorMinutes, -20 - errorMinutes))},
		[0],
		['- sampler-5xx'],
	],
	[
		'failing requests to a sampler whose metrics are no longer requested',
		{requests: model(failing(-5, 1000)), until: 0},
		[0, 10],
		['? sampler-5xx'],
	],
	['refused requests', {requests: {...model(constant(0)), refused: constant(5)}}, [0, 10], []],
	['requests that hang', {requests: hung}, [0, 15], ['sampler-stalled']],
];

for (const [what, course, times, states] of cases) {
	test(`findings about ${what}: ${states.join(', ') || 'none'}`, () => {
		assert.deepEqual(statesOf(follow(course, times)), states);
	});
}

test("a burst of failures that is a small share of all requests isn't reported, even at the edge of the window", () => {
	const course = {requests: model(failing(0, 1), constant(3), minutes => (minutes < 8 ? 1000 : 10))};
	const every = Array.from({length: 80}, (_, index) => index);
	assert.deepEqual(statesOf(follow(course, every)), []);
});

test('the sentences about findings name the sampler, and those about their ends give the reason', () => {
	const firstOf = (course: Course, times: readonly number[]): Finding | undefined =>
		follow(course, times).current.find(({rule}) => samplerRules.has(rule));
	const status = firstOf({status: () => 'DEPLOY_FAILED'}, [0]);
	const errors = firstOf({requests: model(failing(-10 - errorMinutes, 1000))}, [0]);
	const stalled = firstOf({requests: hung}, [0, 15]);
	assert.deepEqual(
		[status, errors, stalled].map(finding => finding && findingSentence(finding)),
		[
			'sampler-status: the sampler has failed to deploy',
			`sampler-5xx: 50.0% of the sampler's requests in the last ${errorRange.words} failed`,
			'sampler-stalled: 4 requests are in progress on the sampler, and none is completing',
		],
	);
	const ends = [
		follow({status: at => (at < 5 ? 'FAILED' : 'ACTIVE')}, [0, 10]),
		follow({status: at => (at < 5 ? 'FAILED' : null)}, [0, 10]),
		follow({status: () => 'FAILED', deployment: at => (at < 5 ? 'RUNNING' : 'STOPPED')}, [0, 10]),
	].flatMap(({resolved}) => resolved.filter(({rule}) => rule === 'sampler-status').map(describeEnd));
	assert.deepEqual(ends, [
		'the sampler no longer has the status FAILED',
		'the deployment no longer has a sampler',
		"the deployment isn't running",
	]);
});
