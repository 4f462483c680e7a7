import assert from 'node:assert/strict';
import {test} from 'node:test';
import {activeFindings} from '../../source/metrics/findings.ts';
import {errorsMs, minFailed} from '../../source/metrics/rules/requests.ts';
import {startupMs} from '../../source/metrics/rules/rule.ts';
import {jsonSnapshot} from '../../source/output/json.ts';
import {textSnapshot} from '../../source/output/text.ts';
import {reduce} from '../../source/state/reducer.ts';
import {openListed} from '../../source/state/select-and-open.ts';
import {describeEnd} from '../../source/text/finding-sentence.ts';
import {responseOf} from '../helpers/responses.ts';
import {
	bodyOf,
	brief,
	constant,
	currentFindings,
	type DeploymentModel,
	during,
	every,
	minute,
	type NodeModel,
	noon,
	pollAt,
	type Signal,
	simulate,
	startState,
} from '../helpers/simulated-deployment.ts';

/** The time after which the first samples are overdue, in minutes. */
const startup = startupMs / minute;

function node(from = -1000, to = 1000, disk = 0.3): NodeModel {
	const gpus = Object.fromEntries([0, 1].map(rank => [String(rank), during(from, to, constant(0.9))]));
	return {gpus, ram: during(from, to, constant(0.4)), disk: during(from, to, constant(disk))};
}

const requests = {rate: constant(10), inProgress: constant(3), gpusPerNode: 2};
const four = (to: number): DeploymentModel['nodes'] => ({
	a: node(-1000, to),
	b: node(-1000, to),
	c: node(-1000, to),
	d: node(-1000, to),
});

for (const [what, model, watched, alone] of [
	[
		'all samples of four nodes stop',
		{nodes: four(4), gpusPerNode: 2, rate: during(-1000, 4, constant(10))},
		['stale', 'missing-node'],
		['stale', 'missing-node'],
	],
	[
		'the samples of four nodes stop, but those of requests continue',
		{...requests, nodes: four(4)},
		['stale', 'missing-node'],
		['stale', 'missing-node'],
	],
	['all samples of one node stop', {nodes: {a: node(-1000, 4)}, gpusPerNode: 2}, ['stale'], ['stale']],
] as const satisfies ReadonlyArray<readonly [string, DeploymentModel, readonly string[], readonly string[]]>) {
	test(`${what}: starting the program three hours later changes only the start of the findings`, () => {
		const long = simulate(model, every(1, 0, 184));
		const late = simulate(model, [184]);
		assert.deepEqual(currentFindings(long), watched);
		assert.deepEqual(currentFindings(late), alone);
		assert.ok(
			long.state.findings.current.every(
				({sinceMs, sinceIsLowerBound}) => sinceMs === noon + 4 * minute && !sinceIsLowerBound,
			),
		);
		assert.ok(late.state.findings.current.every(({sinceIsLowerBound}) => sinceIsLowerBound));
		assert.deepEqual(
			late.state.findings.current.flatMap(finding =>
				finding.rule === 'missing-node' ? [finding.value, finding.reference] : [],
			),
			alone.length === 2 ? [0, 4] : [],
		);
	});
}

test('if nodes stop one after another, those that stopped long before the rest are still named', () => {
	const pause: Signal = minutes => (minutes > 20 && minutes < 50 ? null : 0.9);
	const paused = {gpus: {0: pause, 1: pause}};
	const model = {...requests, nodes: {...four(20), b: node(-1000, 4)}};
	const {state, events} = simulate(model, every(1, 0, 60));
	assert.deepEqual(currentFindings({state}), ['stale', 'missing-node b', 'missing-node']);
	assert.ok(
		events.every(event => !event.includes(' - ')),
		events.join('\n'),
	);
	assert.deepEqual(
		currentFindings(
			simulate(
				{
					...model,
					nodes: {
						...four(1000),
						b: node(-1000, 4),
						c: paused,
					},
				},
				every(1, 0, 60),
			),
		),
		['missing-node b'],
	);
});

test('if one of several silent nodes reports again, the others stay missing', () => {
	const returning = (at: number): NodeModel => ({gpus: {0: minutes => (minutes > 4 && minutes < at ? null : 0.9)}});
	const nodes = {a: returning(20), b: returning(90), c: returning(90), d: returning(90)};
	const {state, events} = simulate({...requests, gpusPerNode: 1, nodes}, every(1, 0, 30));
	assert.deepEqual(currentFindings({state}), ['missing-node b', 'missing-node c', 'missing-node d']);
	assert.ok(events.includes('20 - missing-node'), events.join('\n'));
	const [ended] = state.findings.resolved.filter(({rule}) => rule === 'missing-node');
	assert.equal(describeEnd(ended ?? assert.fail()), 'nodes report again');
});

test('a deployment created slightly in the future counts as starting, but not one created far in the future', () => {
	const empty: DeploymentModel = {nodes: {}, nodeCount: 4};
	assert.deepEqual(currentFindings(simulate({...empty, createdAt: 1000}, [0])), ['stale', 'missing-node']);
	assert.deepEqual(currentFindings(simulate({...empty, createdAt: 1}, [0])), []);
	assert.deepEqual(currentFindings(simulate({...empty, createdAt: 1}, every(1, 0, startup))), []);
	assert.deepEqual(currentFindings(simulate({...empty, createdAt: 1}, every(1, 0, startup + 2))), [
		'stale',
		'missing-node',
	]);
});

test('findings about missing samples end, with a reason, when the deployment stops running', () => {
	const status = (minutes: number): string => (minutes < 20 ? 'RUNNING' : 'STOPPED');
	const {state, events} = simulate(
		{...requests, status, nodes: {a: node(-1000, 20), b: node(-1000, 4, 0.95)}},
		every(1, 0, 40),
	);
	assert.deepEqual(events, ['7 + missing-node b', '7 ? disk b', '20 + status STOPPED', '20 - missing-node b']);
	assert.deepEqual(currentFindings({state}), ['status STOPPED', '? disk b']);
	const [ended] = state.findings.resolved;
	assert.equal(
		describeEnd(ended ?? assert.fail()),
		"no samples from b are expected, because the deployment isn't running",
	);
	assert.equal(ended?.untilMs, noon + 20 * minute + 1000);
	const stale = simulate({...requests, status, nodes: {a: node(-1000, 4)}}, every(1, 0, 40));
	assert.deepEqual(stale.events, ['7 + stale', '20 + status STOPPED', '20 - stale']);
});

test('a status that follows another is a separate finding, and pressing enter moves the cursor to its start', () => {
	const status = (minutes: number): string => (minutes < 3 ? 'DEPLOYING' : minutes < 15 ? 'UPDATING' : 'FAILED');
	const {state, events} = simulate(
		{
			...requests,
			status,
			rate: during(4, 14, constant(10)),
			inProgress: during(4, 14, constant(3)),
			nodes: {a: node(4, 14)},
		},
		every(1, 0, 25),
	);
	assert.deepEqual(events, [
		'3 + status UPDATING',
		'3 - status DEPLOYING',
		'15 + status FAILED',
		'15 - status UPDATING',
	]);
	const opened = openListed(state, 'status/FAILED');
	assert.equal(opened.cursorMs, noon + 14 * minute);
});

test('a run that has ended is reported once', () => {
	const model = {...requests, nodes: {a: node()}, runId: 'r1'};
	const state = pollAt(model, 0, undefined).reduce(reduce, startState());
	const over = [
		{
			type: 'sideRequestSucceeded',
			response: {
				kind: 'run',
				run: {
					id: 'r1',
					name: undefined,
					status: 'INACTIVE',
					sessionId: undefined,
					deploymentId: 'k4q95w5',
					createdAtMs: undefined,
				},
				atMs: noon + minute,
			},
			atMs: noon + minute,
		} as const,
		...pollAt(model, 2, 0),
	].reduce(reduce, state);
	const text = textSnapshot(over, 'utc');
	assert.equal(text.match(/has ended/g)?.length, 1, text);
	assert.match(text, /the run can't resume, but a new one can reuse the deployment/);
});

/** Returns the actions of a poll whose response with metrics has only unreadable times. */
function unreadable(model: DeploymentModel, minutes: number) {
	const body = JSON.stringify(bodyOf(model, minutes - 60, minutes)).replaceAll(
		/"timestamp":"[^"]*"/g,
		'"timestamp":"soon"',
	);
	const [metrics, deployment] = pollAt(model, minutes, undefined);
	return metrics?.type === 'metricsReceived'
		? [{...metrics, response: responseOf(JSON.parse(body))}, deployment]
		: assert.fail();
}

test("unreadable times don't lead to findings about nodes, at startup or later", () => {
	const model = {...requests, nodes: four(1000)};
	let state = startState();
	for (const minutes of [0, 1, 2, 10, 20]) {
		state = unreadable(model, minutes)
			.flatMap(action => action ?? [])
			.reduce(reduce, state);
	}

	assert.deepEqual(activeFindings(state.findings).map(brief), []);
	const nodeless = unreadable({...requests, nodes: {}, nodeCount: 4}, 0).flatMap(action => action ?? []);
	assert.deepEqual(nodeless.reduce(reduce, startState()).findings.current.map(brief), []);
	let later = simulate(model, every(1, 0, 10)).state;
	for (const minutes of every(1, 11, 30)) {
		later = unreadable(model, minutes)
			.flatMap(action => action ?? [])
			.reduce(reduce, later);
	}

	assert.deepEqual(
		later.findings.current.map(brief).filter(text => text.includes('missing')),
		[],
	);
	assert.ok(jsonSnapshot(later).dropped_points > 0);
});

test("a few failed requests aren't a finding, regardless of their share", () => {
	const failing = (count: number): DeploymentModel => ({
		nodes: {a: node()},
		gpusPerNode: 2,
		rate: constant((10 * minFailed * 1000) / errorsMs),
		failed: minutes => (minutes >= 5 && minutes < 5 + count / 2 ? 1 / 30 : 0),
	});
	const last = 10 + minFailed + errorsMs / minute;
	assert.deepEqual(simulate(failing(minFailed - 1), every(1, 0, last)).events, []);
	assert.deepEqual(
		simulate(failing(minFailed), every(1, 0, last)).events.map(event => event.replace(/^[\d.]+ /, '')),
		['+ 5xx', '- 5xx'],
	);
});

test('no sample becomes stale between two requests, regardless of how far apart they are', () => {
	const model = {...requests, nodes: {a: node(), b: node(-1000, 1000, 0.95)}, runId: 'r1'};
	let state = pollAt(model, 0, undefined).reduce(reduce, startState());
	const {findings} = state;
	assert.deepEqual(findings.current.map(brief), ['disk b']);
	for (const minutes of every(1, 1, 59)) {
		const atMs = noon + minutes * minute;
		const run = {
			id: 'r1',
			name: undefined,
			status: 'ACTIVE',
			sessionId: undefined,
			deploymentId: 'k4q95w5',
			createdAtMs: undefined,
		};
		state = reduce(state, {type: 'sideRequestSucceeded', response: {kind: 'run', run, atMs}, atMs});
		state = reduce(state, {type: 'tick', atMs});
	}

	assert.deepEqual(state.findings.current, findings.current);
	assert.deepEqual(pollAt(model, 60, 0).reduce(reduce, state).findings.current.map(brief), ['disk b']);
});

test("after a long polling gap, missing samples aren't reported before the next request about the deployment", () => {
	const status = (minutes: number): string => (minutes < 16 ? 'RUNNING' : 'FAILED');
	const model = {nodes: {a: node(-1000, 15)}, gpusPerNode: 2, rate: during(-1000, 15, constant(10)), status};
	const {events, state} = simulate(model, [0, 1, 40]);
	assert.deepEqual(events, ['40 + status FAILED']);
	const [late] = pollAt(model, 40, 1);
	const unsure = reduce(simulate(model, [0, 1]).state, late ?? assert.fail());
	assert.deepEqual(unsure.findings.current, []);
	// If the deployment can't be loaded, the next metrics are evaluated without it.
	const [metrics] = pollAt(model, 41, 40);
	const undescribed = [metrics, metrics].flatMap(action => action ?? []).reduce(reduce, simulate(model, [0, 1]).state);
	assert.deepEqual(undescribed.findings.current.map(brief), ['stale']);
	assert.deepEqual(currentFindings({state}), ['status FAILED']);
});

test("when a deployment restarts, missing samples aren't overdue until the startup time has passed", () => {
	const status = (minutes: number): string => (minutes < 20 || minutes >= 30 ? 'RUNNING' : 'DEPLOYING');
	const silent = {
		nodes: {a: node(-1000, 18), b: node(-1000, 18)},
		gpusPerNode: 2,
		rate: during(-1000, 18, constant(5)),
		status,
	};
	const stopped = ['20 + status DEPLOYING', '30 - status DEPLOYING'];
	const overdue = 30 + startup;
	assert.deepEqual(simulate(silent, every(1, 0, overdue - 1)).events, stopped);
	assert.deepEqual(simulate(silent, every(1, 0, overdue + 1)).events, [
		...stopped,
		`${overdue} + stale`,
		`${overdue} + missing-node`,
	]);
	const renamed = {...silent, nodeCount: 2, nodes: {...silent.nodes, y: node(31), z: node(34)}, rate: constant(5)};
	assert.deepEqual(simulate(renamed, every(1, 0, 60)).events, stopped);
});
