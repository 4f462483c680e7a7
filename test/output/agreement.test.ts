import assert from 'node:assert/strict';
import {Writable} from 'node:stream';
import {test} from 'node:test';
import {ringForFindings} from '../../source/app/notify.ts';
import {type Evidence, findingKey, rules} from '../../source/metrics/findings.ts';
import {gaugesOf} from '../../source/output/gauges.ts';
import {jsonSnapshot} from '../../source/output/json.ts';
import {failOnError} from '../../source/output/lines.ts';
import {announce, nothingSpoken} from '../../source/output/plain/plain-lines.ts';
import {summarizeStatus} from '../../source/output/plain/status-summary.ts';
import {textSnapshot} from '../../source/output/text.ts';
import {createStore} from '../../source/state/store.ts';
import {screenText} from '../helpers/screen-text.ts';
import {
	brief,
	constant,
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

function node(from: number, to: number, {ram = 0.4, disk = 0.3, gpu = 0.9} = {}): NodeModel {
	const ranks = [0, 1, 2, 3].map(rank => [String(rank), during(from, to, constant(rank === 3 ? gpu : 0.9))] as const);
	return {
		gpus: Object.fromEntries(ranks),
		ram: during(from, to, constant(ram)),
		disk: during(from, to, constant(disk)),
	};
}

function streamTo(take: (text: string) => void): Writable {
	return new Writable({
		write(chunk: unknown, _encoding, done) {
			take(String(chunk));
			done();
		},
	});
}

const always = [-1000, 1000] as const;
const requests = {rate: constant(10), inProgress: constant(3), gpusPerNode: 4};

/**
 * Scenarios, each with the model of a deployment, the last minute of the simulation, and the expected sentences about
 * findings. Minutes are counted from noon.
 */
const scenarios: ReadonlyArray<
	readonly [what: string, model: DeploymentModel, until: number, said: readonly string[]]
> = [
	[
		'a node dies with a full disk',
		{...requests, nodes: {a: node(...always), b: node(-1000, 10, {disk: 0.97})}},
		90,
		[
			"12:13:01: Found: missing-node: b hasn't reported since 12:10:00, 1 of 2 nodes report.",
			'12:13:01: Unknown now: disk: b at 97 percent of its storage, last known 12:10:00.',
		],
	],
	[
		'no samples arrive for three hours, and then they resume',
		{
			...requests,
			rate: minutes => (minutes > 10 && minutes < 190 ? null : 10),
			inProgress: minutes => (minutes > 10 && minutes < 190 ? null : 3),
			nodes: {a: {gpus: {0: minutes => (minutes > 10 && minutes < 190 ? null : 0.9)}}},
			gpusPerNode: 1,
		},
		195,
		[
			'12:13:01: Found: stale: the server responds, with no new samples since 12:10:00.',
			'15:10:01: Resolved: new samples arrive again.',
		],
	],
	[
		'one collector stops',
		{...requests, nodes: {a: node(-1000, 10)}},
		60,
		['12:13:01: Found: stale: the server responds, with no new samples of nodes and GPUs since 12:10:00.'],
	],
	[
		'a deployment is started and fails',
		{
			nodes: {a: node(8, 40)},
			rate: during(8, 40, constant(10)),
			gpusPerNode: 4,
			status: minutes => (minutes < 5 ? 'DEPLOYING' : minutes < 41 ? 'RUNNING' : 'FAILED'),
		},
		60,
		[],
	],
	[
		'a node is replaced by one with another name',
		{...requests, nodeCount: 1, nodes: {a: node(-1000, 20, {disk: 0.95}), z: node(20, 1000)}},
		60,
		['12:23:01: Resolved: a is no longer part of the deployment.'],
	],
	[
		'a GPU disappears',
		{
			...requests,
			nodes: {a: {...node(...always), gpus: {...node(...always).gpus, 3: during(-1000, 10, constant(0.9))}}},
		},
		40,
		["12:13:01: Found: missing-gpu: a GPU 3 hasn't reported since 12:10:00, 3 of 4 GPUs report."],
	],
	[
		'a run ends',
		{
			nodes: {a: node(-1000, 20, {disk: 0.95})},
			rate: during(-1000, 20, constant(10)),
			inProgress: during(-1000, 20, constant(3)),
			gpusPerNode: 4,
			status: minutes => (minutes < 21 ? 'RUNNING' : 'SCALED_TO_ZERO'),
		},
		120,
		['12:23:01: Unknown now: disk: a at 95 percent of its storage, last known 12:20:00.'],
	],
];

for (const [what, model, until, expected] of scenarios) {
	test(`${what}: all outputs agree, and report nothing that the data doesn't show`, () => {
		const store = createStore(startState());
		let rung = '';
		const bell = streamTo(text => {
			rung += text;
		});
		ringForFindings(store, bell, 'xterm');
		let spoken = nothingSpoken;
		const said: string[] = [];
		let before: number | undefined;
		for (const minutes of every(1, 0, until)) {
			store.dispatch(...pollAt(model, minutes, before));
			const state = store.getState();
			const announced = announce(spoken, state, 'utc');
			said.push(...(before === undefined ? [] : announced.lines));
			({spoken} = announced);
			before = minutes;

			const {current} = state.findings;
			const active = current.filter(finding => finding.state === 'active');
			const json = (jsonSnapshot(state).findings ?? []).filter(finding => finding.state !== 'resolved');
			assert.deepEqual(
				json.map(finding => [finding.rule, finding.state, finding.since]),
				current.map(({rule, state: known, sinceMs}) => [
					rule,
					known,
					`${new Date(sinceMs).toISOString().slice(0, 19)}Z`,
				]),
			);
			const gauge = gaugesOf(state, state.live.nowMs).find(({name}) => name === 'loops_top_finding');
			assert.deepEqual(
				[...new Set(gauge?.samples.map(({labels}) => `${labels['rule']} ${labels['node']}`) ?? [])],
				active.map(({rule, subject}) => `${rule} ${subject.kind === 'deployment' ? '' : subject.node}`),
			);
			const text = textSnapshot(state, 'utc').split('\n');
			assert.equal(text.filter(line => line.startsWith('finding ')).length, active.length);
			assert.equal(text.filter(line => line.startsWith('unknown now ')).length, current.length - active.length);
			assert.equal(failOnError(current, rules) === undefined, active.length === 0);
			const screen = screenText(state, {columns: 160, rows: 45}).join('\n');
			assert.equal(
				screen.includes(` ${current.length} finding`),
				current.length > 0,
				`${minutes}: ${current.map(brief)}`,
			);
		}

		const about = said.filter(line => /Found|Unknown|Resolved|Known again|Worse/.test(line));
		assert.deepEqual(about, expected);
		assert.equal(rung === '', expected.length === 0 && !said.some(line => /deployment/.test(line)));
	});
}

for (const [rule, values] of [
	['idle-gpus', {3: constant(0.02)}],
	['missing-gpu', {3: during(-1000, 10, constant(0.9))}],
	['straggler', {3: constant(0.4)}],
] as const) {
	test(`findings of ${rule} name every affected GPU in JSON and Prometheus, whether there is one or several`, () => {
		const {gpus = {}} = node(...always);
		const subjects = [values, {...values, 2: values[3]}].map(sick => {
			const model: DeploymentModel = {
				...requests,
				nodes: {a: {gpus: {...gpus, ...sick}}, b: node(...always), c: node(...always)},
			};
			const {state} = simulate(model, every(1, 0, 20));
			const samples = gaugesOf(state, state.live.nowMs).find(({name}) => name === 'loops_top_finding')?.samples ?? [];
			const findings = jsonSnapshot(state).findings ?? [];
			assert.deepEqual(
				samples.map(({labels}) => labels['gpu']),
				findings.flatMap(({subject}) => subject.gpus ?? []),
			);
			return findings.map(({id, subject: {gpu, gpus: ranks}}) => [id, gpu, ranks]);
		});
		const [one, several] = subjects;
		const isByGpu = rule === 'straggler';
		assert.deepEqual(one, [[isByGpu ? 'straggler/a/3' : `${rule}/a`, '3', ['3']]]);
		assert.deepEqual(
			several,
			isByGpu ? ['2', '3'].map(rank => [`straggler/a/${rank}`, rank, [rank]]) : [[`${rule}/a`, null, ['2', '3']]],
		);
	});
}

test('the identity of a finding is unambiguous, regardless of the names in it', () => {
	const ofGpu = (node: string, rank: string): Evidence => ({
		rule: 'gpu-memory',
		subject: {kind: 'gpu', node, rank},
		value: 1,
	});
	const ofNode = (node: string): Evidence => ({rule: 'ram', subject: {kind: 'node', node}, value: 1});
	const keys = [ofGpu('a/b', 'c'), ofGpu('a', 'b/c'), ofGpu('a%2Fb', 'c'), ofNode('a/b'), ofNode('a')].map(findingKey);
	assert.deepEqual(keys, ['gpu-memory/a%2Fb/c', 'gpu-memory/a/b%2Fc', 'gpu-memory/a%252Fb/c', 'ram/a%2Fb', 'ram/a']);
});

test('the status summary counts the missing GPU of a reporting node, but no GPU of a node that is gone', () => {
	const {gpus = {}} = node(...always);
	const sick = {...node(...always), gpus: {...gpus, 3: during(-1000, 10, constant(0.9))}};
	const model: DeploymentModel = {...requests, nodeCount: 2, nodes: {a: node(-1000, 20), b: sick, z: node(20, 1000)}};
	const store = createStore(startState());
	let before: number | undefined;
	for (const minutes of every(1, 0, 90)) {
		store.dispatch(...pollAt(model, minutes, before));
		before = minutes;
		const {gpus: counts, nodes, recent} = summarizeStatus(store.getState());
		assert.ok(nodes.reporting <= nodes.expected, `${nodes.reporting} of ${nodes.expected} nodes report`);
		if (minutes > 35) {
			assert.deepEqual([counts.busy, counts.known, counts.all], [7, 7, 8], String(minutes));
			assert.deepEqual(recent.gpus, {busy: 7, known: 7});
		}
	}
});

test('the notification names the new finding, not an earlier, worse one', () => {
	const store = createStore(startState());
	const rings: string[] = [];
	ringForFindings(
		store,
		streamTo(text => rings.push(text)),
		'xterm',
	);
	const model: DeploymentModel = {
		...requests,
		nodes: {a: node(-1000, 10), b: {...node(...always), disk: minutes => (minutes < 30 ? 0.3 : 0.93)}},
	};
	let before: number | undefined;
	for (const minutes of every(1, 0, 35)) {
		store.dispatch(...pollAt(model, minutes, before));
		before = minutes;
	}

	assert.match(rings[0] ?? '', /missing-node: a doesn't report/);
	assert.match(rings[1] ?? '', /disk-growth: b at 93% of its storage \(and 1 more\)/);
	assert.equal(rings.length, 2);
});

test('in an earlier range, the screen and the list show a finding, and pressing enter goes to its start', () => {
	const slow: Signal = minutes => (minutes >= 100 && minutes < 115 ? 0.02 : 0.9);
	const model: DeploymentModel = {
		...requests,
		nodes: {a: {...node(...always), gpus: {...node(...always).gpus, 3: slow}}},
	};
	const store = createStore(startState());
	store.dispatch(...pollAt(model, 600, undefined));
	assert.deepEqual(store.getState().findings.current, []);
	for (let moves = 0; moves < 32; moves++) {
		store.dispatch({type: 'moveInTime', by: -1, far: false});
	}

	const {mode} = store.getState();
	assert.ok(mode.kind === 'past');
	const endMinutes = (mode.endMs - noon) / minute;
	assert.ok(endMinutes >= 115 && endMinutes - 60 <= 100, String(endMinutes));
	const [received] = pollAt(model, endMinutes, undefined);
	assert.ok(received?.type === 'metricsReceived');
	const range = {...received.range, endMs: mode.endMs, startMs: mode.endMs - 60 * minute};
	store.dispatch({...received, kind: 'past', isFinal: true, range, atMs: noon + 600 * minute});
	const screen = screenText(store.getState(), {columns: 160, rows: 45}).join('\n');
	assert.match(screen, /idle-gpus {2}a GPU 3 idle at 2%/);
	store.dispatch({type: 'toggleOverlay', overlay: 'findings'});
	assert.match(screenText(store.getState(), {columns: 160, rows: 45}).join('\n'), /1 found in this range/);
	store.dispatch({type: 'enter'});
	assert.equal(store.getState().cursorMs, noon + 100 * minute);
});

test('the selected finding stays selected when a worse one appears', () => {
	const model: DeploymentModel = {
		...requests,
		nodes: {a: node(-1000, 10), b: node(...always, {disk: 0.93})},
	};
	const store = createStore(startState());
	store.dispatch(...pollAt(model, 0, undefined));
	store.dispatch({type: 'toggleOverlay', overlay: 'findings'}, {type: 'select', by: 0});
	store.dispatch(...pollAt(model, 5, 0), ...pollAt(model, 14, 5));
	assert.deepEqual(store.getState().findings.current.map(brief), ['missing-node a', 'disk b']);
	store.dispatch({type: 'enter'});
	assert.equal(store.getState().components.trainer.selected, 'b');
});
