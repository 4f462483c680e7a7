import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Run} from '../../source/api/run.ts';
import {diskBand, minRamShare, ramBand, ramSamples, restartLastsMs} from '../../source/metrics/rules/capacity.ts';
import {fullFrom, minGrowth} from '../../source/metrics/rules/disk-growth.ts';
import {
	idleSamples,
	medianFrom,
	stragglerClearSamples,
	stragglerSamples,
	workFrom,
} from '../../source/metrics/rules/gpus.ts';
import {errorEasing, errorsMs} from '../../source/metrics/rules/requests.ts';
import {sampleMs, startupMs} from '../../source/metrics/rules/rule.ts';
import type {Action} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {describeFinding} from '../../source/text/finding-text.ts';
import {fixedThresholds} from '../helpers/fixed-thresholds.ts';
import {
	constant,
	currentFindings,
	type DeploymentModel,
	every,
	minute,
	type NodeModel,
	noon,
	pollAt,
	type Signal,
	simulate,
	span,
	startState,
} from '../helpers/simulated-deployment.ts';

const {disk: fullAt, status5xx} = fixedThresholds;
const errorSamples = errorsMs / sampleMs;
const noRun: Run = {
	id: '',
	deploymentId: 'k4q95w5',
	name: undefined,
	sessionId: undefined,
	status: undefined,
	createdAtMs: undefined,
};

const until =
	(end: number, course: Signal): Signal =>
	minutes =>
		minutes <= end ? course(minutes) : null;
const from =
	(start: number, before: number, after: number): Signal =>
	minutes =>
		minutes < start ? before : after;

const busy: NodeModel = {
	gpus: {0: constant(0.9), 1: constant(0.92), 2: constant(0.91), 3: constant(0.93)},
	ram: constant(0.4),
	disk: constant(0.3),
};

function ended(end: number, {gpus = {}, ram = constant(0), disk = constant(0)}: NodeModel): NodeModel {
	const ranks = Object.entries(gpus).map(([rank, course]) => [rank, until(end, course)] as const);
	return {gpus: Object.fromEntries(ranks), ram: until(end, ram), disk: until(end, disk)};
}

function model(nodes: DeploymentModel['nodes'], more: Partial<DeploymentModel> = {}): DeploymentModel {
	return {nodes, gpusPerNode: 4, rate: constant(10), inProgress: constant(3), ...more};
}

test('if a node with a full disk and an idle GPU stops, both findings become unknown, and nothing is resolved', () => {
	const sick = {...busy, gpus: {...busy.gpus, 3: constant(0.02)}, disk: constant(0.97)};
	const {state, events} = simulate(model({a: busy, b: ended(20, sick)}), every(0.5, 0, 90));
	assert.deepEqual(currentFindings({state}), ['missing-node b', '? disk b', '? idle-gpus b 3']);
	assert.ok(
		events.every(event => !event.includes(' - ')),
		events.join('\n'),
	);
	const [, disk] = state.findings.current;
	assert.equal(disk?.state === 'unknown' ? disk.lastKnownMs : undefined, noon + 20 * minute);
});

test('when all samples stop, the stale finding begins at the last sample, and nothing is resolved', () => {
	const {state, events} = simulate(
		model(
			{a: ended(30, {...busy, disk: constant(0.95)})},
			{rate: until(30, constant(10)), inProgress: until(30, constant(3))},
		),
		every(1, 0, 210),
	);
	assert.deepEqual(events, ['33 + stale', '33 ? disk a']);
	assert.equal(state.findings.current[0]?.sinceMs, noon + 30 * minute);
	assert.equal(state.findings.current[0]?.sinceIsLowerBound, false);
});

test('a missing node stays listed by name for more than an hour, and its finding ends when it reports', () => {
	const away: Signal = minutes => (minutes <= 10 || minutes >= 100 ? 0.9 : null);
	const {events} = simulate(model({a: busy, b: {gpus: {0: away}}}, {gpusPerNode: 1}), every(1, 0, 102));
	assert.deepEqual(
		events.filter(event => event.includes('missing-node')),
		['13 + missing-node b', '100 - missing-node b'],
	);
});

test('without any samples, the deployment is stale and all nodes are missing, unless the deployment is starting', () => {
	const empty: DeploymentModel = {nodes: {}, nodeCount: 4};
	assert.deepEqual(currentFindings(simulate(empty, [0])), ['stale', 'missing-node']);
	assert.equal(simulate(empty, [0]).state.findings.current[0]?.sinceIsLowerBound, true);
	assert.deepEqual(currentFindings(simulate({...empty, status: () => 'DEPLOYING'}, [0])), ['status DEPLOYING']);
	assert.deepEqual(currentFindings(simulate({...empty, createdAt: -3}, [0])), []);
	const started = {...empty, status: (minutes: number) => (minutes < 5 ? 'DEPLOYING' : 'RUNNING')};
	const overdue = 5 + startupMs / minute;
	assert.deepEqual(simulate(started, every(1, 0, overdue - 1)).events, ['5 - status DEPLOYING']);
	assert.deepEqual(currentFindings(simulate(started, every(1, 0, overdue + 1))), ['stale', 'missing-node']);
});

test('a finding is unknown without samples of its own series, even if other samples of its node are new', () => {
	const halted = {
		...busy,
		gpus: {...busy.gpus, 3: (at: number) => (at <= 0 ? 0.02 : null)},
		disk: (at: number) => (at <= 0 ? 0.8 + at / 600 : null),
	};
	const {state} = simulate(model({a: halted}), [0, 100]);
	assert.deepEqual(currentFindings({state}), ['missing-gpu a 3', '? idle-gpus a 3', '? disk-growth a']);
	for (const finding of state.findings.current.slice(1)) {
		assert.ok(finding.state === 'unknown' && finding.lastKnownMs <= noon + 2000);
	}
});

test('idle GPUs are compared with the median of the GPUs that work, not with the busiest one or with other idle ones', () => {
	const half = {...busy, gpus: {0: constant(0.6), 1: constant(0.7), 2: constant(0.98), 3: constant(0)}};
	const {state} = simulate(model({a: half, b: {...busy, gpus: {0: constant(0), 1: constant(0), 2: constant(0)}}}), [0]);
	const references = state.findings.current.flatMap(finding => (finding.rule === 'idle-gpus' ? finding.reference : []));
	assert.deepEqual(references, [0.7, 0.7]);
});

test('idle GPUs that stop one after another stay listed, whether or not a poll receives the last sample of a single GPU', () => {
	const gone = {...busy, gpus: {...busy.gpus, 2: until(0.5, constant(0)), 3: until(1.5, constant(0))}};
	for (const polls of [
		[0, 30, 60, 90],
		[0, 30, 60, 61, 61.5, 90],
	]) {
		assert.deepEqual(
			currentFindings(simulate(model({a: gone}), polls)),
			['missing-gpu a 2 3', '? idle-gpus a 2 3'],
			String(polls),
		);
	}
});

test("a GPU that stopped isn't reported as idle just because another GPU still is", () => {
	const gone = {...busy, gpus: {...busy.gpus, 2: until(10, constant(0)), 3: constant(0)}};
	for (const end of [13.5, 40, 75]) {
		assert.deepEqual(
			currentFindings(simulate(model({a: gone}), every(0.5, 0, end))),
			['missing-gpu a 2', 'idle-gpus a 3'],
			`${end}`,
		);
	}
});

test("findings about GPUs that stopped don't depend on when polls occur, even if other GPUs begin to work", () => {
	const idleUntil =
		(end: number, then: number): Signal =>
		minutes =>
			minutes < end ? 0 : then;
	// With this much work, the other GPUs can count as idle, but not as stragglers.
	const working = constant((workFrom + medianFrom) / 2);
	const one = {gpus: {0: idleUntil(-16, 0.3), 1: working, 2: until(-19.5, constant(0))}};
	const same = ['missing-gpu a 2', '? idle-gpus a 2'];
	const halfBusy = model({a: one}, {gpusPerNode: 3});
	assert.deepEqual(currentFindings(simulate(halfBusy, [0, 30, 41, 60, 90, 100])), same);
	assert.deepEqual(currentFindings(simulate(halfBusy, [0, 30, 60, 90, 100])), same);
	const ranks = {gpus: {0: until(12.5, idleUntil(8, 0.89)), 1: idleUntil(13, 0.995), 2: constant(0.65)}};
	const worked = model({a: ranks}, {gpusPerNode: 3});
	assert.deepEqual(currentFindings(simulate(worked, [0, 30, 60, 72, 90])), ['missing-gpu a 0']);
	assert.deepEqual(currentFindings(simulate(worked, [0, 30, 60, 90])), ['missing-gpu a 0']);
});

test('an idle-deployment finding has the same start, even if the range begins right after a GPU last worked', () => {
	const over: NodeModel = {gpus: {0: constant(0), 1: minutes => (minutes < -7 ? 0.97 : null)}};
	const idle = model({a: over}, {gpusPerNode: 2, rate: constant(0), inProgress: constant(0)});
	const since = (polls: readonly number[]): number | undefined =>
		simulate(idle, polls).state.findings.current.find(({rule}) => rule === 'idle-deployment')?.sinceMs;
	assert.equal(since([0, 30, 53, 60]), noon - 6.5 * minute);
	assert.equal(since([0, 30, 60]), noon - 6.5 * minute);
});

test('no finding is based on values that are hours old', () => {
	const full = ended(30, {...busy, disk: constant(0.95)});
	const scaled = model(
		{a: full},
		{
			rate: until(30, constant(10)),
			status: minutes => (minutes < 32 ? 'RUNNING' : 'SCALED_TO_ZERO'),
		},
	);
	const {state} = simulate(scaled, every(1, 0, 400));
	assert.deepEqual(currentFindings({state}), ['status SCALED_TO_ZERO', '? disk a']);
});

test('a status that follows another is a separate finding, which begins at about the last sample', () => {
	const failing = model(
		{a: ended(44, busy)},
		{
			rate: until(44, constant(10)),
			inProgress: until(44, constant(3)),
			status: minutes => (minutes < 5 ? 'DEPLOYING' : minutes < 45 ? 'RUNNING' : 'FAILED'),
		},
	);
	const {state, events} = simulate(failing, every(1, 0, 50));
	assert.deepEqual(events, ['5 - status DEPLOYING', '45 + status FAILED']);
	assert.equal(state.findings.current[0]?.sinceMs, noon + 44 * minute);
});

test('an INACTIVE run of a RUNNING deployment is reported as a status finding until another run is active', () => {
	const trained = model({a: busy});
	const runIs =
		(id: string, status: string): ((atMs: number) => Action) =>
		atMs => ({
			type: 'sideRequestSucceeded',
			response: {kind: 'run', run: {...noRun, id, status}, atMs},
			atMs,
		});
	const poll = (state: State, minutes: number, runId: string, response?: (atMs: number) => Action): State => {
		const polled = pollAt({...trained, runId}, minutes, minutes - 1).reduce(reduce, state);
		return response === undefined ? polled : reduce(polled, response(noon + minutes * minute + 2000));
	};
	const active = poll(poll(startState(), 0, 'r1'), 1, 'r1', runIs('r1', 'ACTIVE'));
	assert.deepEqual(active.findings.current, []);
	const over = poll(active, 3, 'r1', runIs('r1', 'INACTIVE'));
	const [finding] = over.findings.current;
	assert.deepEqual(currentFindings({state: over}), ['status INACTIVE']);
	assert.equal(finding?.sinceIsLowerBound, false);
	assert.equal(
		describeFinding(finding ?? assert.fail()).what,
		'the run has ended, but its deployment is still running',
	);
	const silent = poll(over, 90, 'r1');
	assert.deepEqual(currentFindings({state: silent}), ['status INACTIVE']);
	assert.deepEqual(currentFindings({state: poll(over, 4, 'r2')}), []);
	const stopped = pollAt({...trained, runId: 'r1', status: () => 'STOPPED'}, 4, 3).reduce(reduce, over);
	assert.deepEqual(currentFindings({state: stopped}), ['status STOPPED']);
	// The status of another run doesn't count.
	assert.deepEqual(currentFindings({state: poll(active, 3, 'r1', runIs('r9', 'INACTIVE'))}), []);
});

test('the stale finding names the group whose samples stop while those of the other group continue', () => {
	const {state} = simulate(model({a: ended(20, busy)}), every(1, 0, 60));
	const [stale] = state.findings.current;
	assert.deepEqual(stale?.rule === 'stale' ? stale.groups : undefined, ['compute']);
	const {state: other} = simulate(
		model({a: busy}, {rate: until(20, constant(10)), inProgress: until(20, constant(3))}),
		every(1, 0, 60),
	);
	const [requests] = other.findings.current;
	assert.deepEqual(requests?.rule === 'stale' ? requests.groups : undefined, ['requests']);
});

test('a GPU that stops is listed by its rank, and a GPU that never reported is only counted', () => {
	const {state} = simulate(model({a: {...busy, gpus: {...busy.gpus, 2: until(20, constant(0.9))}}}), every(1, 0, 30));
	assert.deepEqual(currentFindings({state}), ['missing-gpu a 2']);
	const [gpu] = state.findings.current;
	assert.deepEqual(gpu?.rule === 'missing-gpu' ? [gpu.value, gpu.reference] : [], [3, 4]);
	assert.deepEqual(currentFindings(simulate(model({a: busy}, {gpusPerNode: 8}), [0])), ['missing-gpu a']);
	assert.deepEqual(currentFindings(simulate(model({a: {ram: constant(0.4)}}, {gpusPerNode: 8}), [0])), []);
});

test('the time until RAM is full is predicted if its use grows steadily, but not if it jumps or is constant', () => {
	const fullIn = (ram: Signal): number | undefined => {
		const [finding] = simulate(model({a: {...busy, ram}}), every(1, 0, 40)).state.findings.current;
		assert.ok(finding?.rule === 'ram');
		return finding.fullInMs && Math.round(finding.fullInMs / minute);
	};
	assert.equal(
		fullIn(minutes => 0.58 + minutes / 100),
		2,
	);
	assert.equal(
		fullIn(minutes => (minutes < 30 ? 0.3 : 0.96)),
		undefined,
	);
	assert.equal(fullIn(constant(0.96)), undefined);
});

test('a disk that will be full within an hour is more urgent than a nearly full one, but less urgent than a full one', () => {
	const order = (fast: Signal, other: number): readonly string[] => {
		const nodes = {a: {...busy, disk: constant(other)}, b: {...busy, disk: fast}};
		return currentFindings(simulate(model(nodes, {nodeCount: 2}), every(1, 0, 2)));
	};
	assert.deepEqual(
		order(minutes => 0.8 + minutes / 200, 0.94),
		['disk-growth b', 'disk a'],
	);
	assert.deepEqual(
		order(minutes => 0.8 + minutes / 200, 1),
		['disk a', 'disk-growth b'],
	);
	assert.deepEqual(
		order(minutes => 0.8 + minutes / 1000, 0.94),
		['disk a', 'disk-growth b'],
	);
});

test('of disks and RAM that will be full within an hour, the first one to be full is the most urgent', () => {
	const grown =
		(share: number): Signal =>
		minutes =>
			share + minutes / 100;
	const order = (ram: number, disk: number): readonly string[] => {
		const nodes = {a: {...busy, ram: grown(ram)}, b: {...busy, disk: grown(disk)}};
		return currentFindings(simulate(model(nodes, {nodeCount: 2}), every(1, 0, 40)));
	};
	assert.deepEqual(order(0.57, 0.55), ['ram a', 'disk-growth b', 'disk b']);
	assert.deepEqual(order(0.57, fullFrom - 0.405), ['disk-growth b', 'ram a', 'disk b']);
});

test('pods with different names replace the earlier pods, whose findings end', () => {
	const old = ended(40, {...busy, disk: constant(0.95)});
	const young =
		(course: Signal): Signal =>
		minutes =>
			minutes >= 40 ? course(minutes) : null;
	const fresh: NodeModel = {
		gpus: {0: young(constant(0.9)), 1: young(constant(0.9)), 2: young(constant(0.9)), 3: young(constant(0.9))},
	};
	const {state, events} = simulate(model({a: old, z: fresh}, {nodeCount: 1}), every(1, 0, 60));
	assert.deepEqual(currentFindings({state}), []);
	assert.deepEqual(events, ['43 - disk a']);
	assert.equal(state.findings.resolved[0]?.ending, 'gone');
});

test("unreadable times don't lead to findings about nodes", async () => {
	const {startState, bodyOf, pollAt} = await import('../helpers/simulated-deployment.ts');
	const {responseOf} = await import('../helpers/responses.ts');
	const {reduce} = await import('../../source/state/reducer.ts');
	const text = JSON.stringify(bodyOf(model({a: busy, b: busy}), -60, 0)).replaceAll(/"2026-[^"]*"/g, '"yesterday"');
	const response = responseOf(JSON.parse(text) as object);
	const [received, deployment] = pollAt(model({a: busy, b: busy}), 0, undefined);
	assert.ok(received?.type === 'metricsReceived' && deployment !== undefined);
	const state = [{...received, response}, deployment].reduce(reduce, startState());
	assert.deepEqual(state.findings.current, []);
	assert.match(response.problems[0]?.problem ?? '', /has only unreadable times/);
});

test("a streak doesn't span a gap", () => {
	const idleIn = (gap: number): readonly string[] => {
		const half = Math.ceil(idleSamples / 2) / 2;
		const low: Signal = minutes =>
			minutes < half || (minutes >= half + gap && minutes < 2 * half + gap) ? 0.02 : null;
		const late: Signal = minutes => (minutes < 0 ? null : low(minutes));
		const idle = {a: {...busy, gpus: {...busy.gpus, 3: late}}};
		return currentFindings(simulate(model(idle, {gpusPerNode: 3}), [2 * half + gap - 0.5])).filter(name =>
			name.includes('idle'),
		);
	};
	assert.deepEqual(idleIn(40), []);
	assert.deepEqual(idleIn(0), ['idle-gpus a 3']);
});

test("the first metrics aren't evaluated before the request about the deployment has succeeded or failed", async () => {
	const {startState, pollAt} = await import('../helpers/simulated-deployment.ts');
	const {reduce} = await import('../../source/state/reducer.ts');
	const [received, deployment] = pollAt(model({a: busy}, {nodeCount: 2}), 0, undefined);
	assert.ok(received !== undefined && deployment !== undefined);
	const early = reduce(startState(), received);
	assert.equal(early.findings.isEvaluated, false);
	assert.deepEqual(currentFindings({state: reduce(early, deployment)}), ['missing-node']);
	const without = reduce(early, {type: 'deploymentUnavailable', atMs: noon});
	assert.deepEqual([without.findings.isEvaluated, currentFindings({state: without})], [true, []]);
});

const gpus = (...courses: readonly Signal[]): Readonly<Record<string, Signal>> => Object.fromEntries(courses.entries());
const node = (more: NodeModel): DeploymentModel => model({a: {...busy, ...more}});
const rl: Signal = minutes => (minutes % 6 < 3 ? 0.98 : 0);

type Case = readonly [what: string, of: DeploymentModel, polls: readonly number[], events: readonly string[]];

test('samples are evaluated again only if a response changed any of them', () => {
	const lagging = node({gpus: gpus(constant(0.9), constant(0.92), constant(0.91), constant(0.45))});
	const before = simulate(lagging, every(0.5, 0, 30)).state;
	const subjectOf = (state: State): unknown => state.findings.current[0]?.subject;
	assert.deepEqual(subjectOf(before), {kind: 'gpu', node: 'a', rank: '3'});
	const same = pollAt(lagging, 30, 30).reduce(reduce, before);
	assert.equal(subjectOf(same), subjectOf(before));
	const next = pollAt(lagging, 30.5, 30).reduce(reduce, same);
	assert.notEqual(subjectOf(next), subjectOf(before));
	assert.deepEqual(subjectOf(next), subjectOf(before));
});

const cases: readonly Case[] = [
	['a healthy hour', node({}), every(1, 0, 60), []],
	[
		'half of the GPUs idle, one of them for only twenty minutes',
		node({
			gpus: gpus(constant(0.9), constant(0.9), from(20, 0.9, 0), minutes =>
				minutes >= 20 && minutes < 40 ? 0.01 : 0.9,
			),
		}),
		every(0.5, 0, 50),
		[`${20 + span(idleSamples)} + idle-gpus a 2 3`],
	],
	['all GPUs busy and idle in turn', node({gpus: gpus(rl, rl, rl, rl)}), every(0.5, 0, 240), []],
	[
		'a dip that is one sample too short',
		node({
			gpus: gpus(constant(0.9), constant(0.9), constant(0.9), minutes =>
				minutes >= 20 && minutes < 20 + span(idleSamples) ? 0.01 : 0.9,
			),
		}),
		every(0.5, 0, 40),
		[],
	],
	[
		'a GPU at half the utilization of the others',
		node({
			gpus: gpus(constant(0.9), constant(0.92), constant(0.91), minutes =>
				minutes >= 20 && minutes < 30 ? 0.45 : 0.9,
			),
		}),
		every(0.5, 0, 40),
		[`${20 + span(stragglerSamples)} + straggler a 3`, `${30 + span(stragglerClearSamples)} - straggler a 3`],
	],
	[
		'a GPU at half the utilization of the others, which hardly work',
		node({gpus: gpus(constant(0.3), constant(0.3), constant(0.3), constant(0.15))}),
		every(0.5, 0, 40),
		[],
	],
	['high RAM usage in one sample', node({ram: minutes => (minutes === 20 ? 0.97 : 0.75)}), every(0.5, 0, 40), []],
	[
		'high RAM usage for a while',
		node({ram: minutes => (minutes < 20 ? fixedThresholds.ram - ramBand / 2 : minutes < 30 ? 0.97 : 0.75)}),
		every(0.5, 0, 40),
		[`${20 + span(ramSamples)} + ram a`, `${30 + span(ramSamples)} - ram a`],
	],
	[
		'RAM usage that falls suddenly',
		node({ram: from(20, 0.6, 0.05)}),
		every(0.5, 0, 25 + restartLastsMs / minute),
		['20 + restarted a', `${20 + restartLastsMs / minute} - restarted a`],
	],
	['low RAM usage that falls', node({ram: from(20, minRamShare * 0.75, 0.01)}), every(0.5, 0, 60), []],
	[
		'a disk around its limits',
		node({disk: minutes => fullAt + (minutes < 10 ? -diskBand : minutes % 2 < 1 ? 0.005 : -0.75 * diskBand)}),
		every(0.5, 0, 60),
		['10 + disk a'],
	],
	[
		'a disk that suddenly fills up, and is emptied',
		node({
			disk: minutes => (minutes < 10 ? 0.85 : minutes < 20 ? fullAt + 0.03 : minutes < 30 ? (1 + fullFrom) / 2 : 0.4),
		}),
		every(0.5, 0, 40),
		['10 + disk-growth a', '10 + disk a', '20 ! disk a', '20 - disk-growth a', '30 - disk a'],
	],
	['a disk that grows slowly', node({disk: minutes => 0.3 + (minutes / 60) * minGrowth * 0.8}), every(1, 0, 60), []],
	[
		'a disk that fills in steps',
		node({disk: minutes => 0.5 + 0.05 * Math.floor(Math.max(minutes, 0) / 20)}),
		every(1, 0, 100),
		['40 + disk-growth a'],
	],
	[
		'one failed request',
		model({a: busy}, {rate: constant(0.01), failed: minutes => (minutes === 10 ? 0.01 : 0)}),
		every(1, 0, 40),
		[],
	],
	[
		'many failed requests for five minutes',
		model({a: busy}, {failed: minutes => (minutes >= 10 && minutes < 15 ? 2 : 0)}),
		every(0.5, 0, 40),
		[
			`${10 + span(Math.ceil((status5xx * errorSamples * 10) / 2))} + 5xx`,
			`${14.5 + errorsMs / minute - Math.floor((errorEasing * status5xx * errorSamples * 10) / 2) / 2} - 5xx`,
		],
	],
	[
		'requests that hang for fifteen minutes',
		model({a: busy}, {rate: minutes => (minutes >= 10 && minutes < 25 ? 0 : 10)}),
		every(0.5, 0, 40),
		['20 + stalled', '25 - stalled'],
	],
	[
		'nothing to do for half an hour',
		model(
			{a: {gpus: gpus(from(10, 0.9, 0), from(10, 0.9, 0.01), from(10, 0.9, 0), from(10, 0.9, 0.02))}},
			{rate: from(10, 10, 0), inProgress: from(10, 3, 0)},
		),
		every(0.5, 0, 40),
		['25 + idle-deployment'],
	],
];

for (const [what, of, polls, events] of cases) {
	test(`${what}: ${events.join(', ') || 'nothing is found'}`, () => {
		const {events: happened} = simulate(of, polls);
		assert.deepEqual(happened, events);
	});
}

test('a finding keeps its start after the start leaves the hour, even while the value is within the band', () => {
	const {state} = simulate(
		node({disk: minutes => (minutes < 10 ? 0.5 : minutes < 20 ? fullAt + 0.03 : fullAt - diskBand / 2)}),
		every(1, 0, 180),
	);
	const [disk] = state.findings.current;
	assert.deepEqual([disk?.rule, disk?.sinceMs, disk?.sinceIsLowerBound], ['disk', noon + 10 * minute, false]);
});

test('the finding about a second restart remains after the restart has left the hour', () => {
	const ram: Signal = minutes => (minutes < -13 ? 0.93 : minutes < 1 ? 0.3 : minutes < 18 ? 0 : null);
	const restarting = model({a: {...busy, ram}});
	for (const polls of [
		[0, 30, 60, 90],
		[0, 30, 60, 61, 90],
	]) {
		assert.deepEqual(currentFindings(simulate(restarting, polls)), ['? restarted a'], String(polls));
	}
});
