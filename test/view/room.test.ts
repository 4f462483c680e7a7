import assert from 'node:assert/strict';
import {test} from 'node:test';
import {typedKeys} from '../../source/api/points.ts';
import {computeOf, emptyHistory, seriesOf} from '../../source/metrics/history.ts';
import {addMetrics} from '../../source/metrics/merge-history.ts';
import {findWindow, windows} from '../../source/metrics/windows.ts';
import {logErrorsRequest} from '../../source/polling/logs-requests.ts';
import type {Action, PaneAction} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {toNs} from '../../source/state/logs.ts';
import {reduce} from '../../source/state/reducer.ts';
import {neededReference} from '../../source/state/reference.ts';
import type {State} from '../../source/state/state.ts';
import {errorRange} from '../../source/text/finding-text.ts';
import {noFindingsLine} from '../../source/view/finding-line.ts';
import type {Size} from '../../source/view/layout.ts';
import {lineText} from '../../source/view/line.ts';
import {nodeOfAll} from '../../source/view/panes/node-row.ts';
import {drawScreen} from '../../source/view/screen.ts';
import {deploymentAction, emptyState, metricsAction, nodeUntil, sampleNow} from '../helpers/old-samples.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const wide: Size = {columns: 160, rows: 45};
const medium: Size = {columns: 100, rows: 30};
const narrow: Size = {columns: 40, rows: 45};
const tiny: Size = {columns: 30, rows: 10};
const minute = 60_000;

function screen(state: State, size = wide): string {
	return screenText(state, size).join('\n');
}

function after(...actions: readonly Action[]): State {
	return actions.reduce(reduce, emptyState());
}

test('a row for all reporting nodes shows means for their GPUs and sums of their CPU, RAM, and storage use', () => {
	const both = after(metricsAction([nodeUntil('n-0', 0), nodeUntil('n-1', 0)]), deploymentAction(2));
	for (const size of [wide, medium, narrow]) {
		assert.match(screen(both, size), / all 2 +8 G|all 2 .* 90%/);
	}

	assert.match(screen(both), / all 2 .* 90% +90% +75% +40\.0 +30% +186G/);
	const one = after(metricsAction([nodeUntil('n-0', 0), nodeUntil('n-1', 6)]), deploymentAction(2));
	assert.match(screen(one), / 1 of 2 .* 90% +90% +75% +20\.0 +30% +93\.1G/);
	assert.doesNotMatch(screen(after(metricsAction([nodeUntil('n-0', 0)]), deploymentAction(1))), /all 1/);
	const filter: readonly PaneAction[] = [{type: 'editFilter'}, {type: 'typeText', text: 'n-0'}, {type: 'applyFilter'}];
	assert.doesNotMatch(screen(filter.reduce<State>(reduce, both)), /all [12] /);
});

test('except for the means for GPUs, the row for all nodes contains only sums, never a value of a single node', () => {
	const served = [20, 40].map(cores => ({
		...nodeUntil(`n-${cores}`, 0),
		cpu_usage: servedPoints([sampleNow - minute, cores]),
	}));
	const {nodes, totals} = after(metricsAction(served), deploymentAction(2)).views.trainer.snapshot;
	const all = nodeOfAll(nodes, totals);
	assert.deepEqual([all.cpu, all.diskShare], [60, undefined]);
	for (const name of typedKeys(computeOf(all.series))) {
		const sum = nodes.reduce((total, node) => total + (node[name] ?? Number.NaN), 0);
		assert.ok(all[name] === undefined || all[name] === sum, `${name} is ${all[name]}, but the sum is ${sum}`);
	}

	assert.deepEqual(
		seriesOf(all.series).flatMap(({times}) => [...times]),
		[],
	);
	assert.deepEqual(
		nodes.map(({id}) => id === all.id),
		[false, false],
	);
});

test('a wide screen shows the requests in progress over time and the status of the sampler; a smaller screen shows neither', () => {
	const state = sampleState({nodes: 4, gpus: 8, sampler: 'unasked'});
	const text = screen(state);
	assert.match(text, /requests in progress: \d+ to \d+/);
	assert.match(text, /sampler ● ACTIVE · t shows it/);
	assert.doesNotMatch(screen(state, medium), /requests in progress|t shows it/);
	assert.match(screen(sampleState({nodes: 4, gpus: 8, sampler: 'answered'})), /sampler ● ACTIVE · .*\/s · p99 /);
	assert.doesNotMatch(screen(sampleState({nodes: 4, gpus: 8})), /t shows it/);
});

test('on a narrow screen, the times of the trends are below them, with marks, unless there are no samples', () => {
	const state = sampleState({nodes: 4, gpus: 8});
	assert.match(screen(state, narrow), new RegExp(`5xx of ${errorRange.short} +\\d[^\\n]*\\n +08:30 +!`));
	assert.doesNotMatch(screen(after(metricsAction([], 60), deploymentAction(2)), narrow), /5xx[^\n]*\n +\d\d:\d\d/);
});

test('findings below the nodes are shown in full, even on a narrow screen', () => {
	const state = after(metricsAction([nodeUntil('trainer-n-0', 0), nodeUntil('trainer-n-1', 6)]), deploymentAction(2));
	for (const size of [wide, narrow]) {
		const rows = screenText(state, size);
		const below = rows.slice(
			rows.findIndex(row => /(^|│) finding(s, worst first)?( |$)/.test(row)),
			-2,
		);
		const text = below.map(row => row.split('││').at(-1)).join(' ');
		assert.match(text.replaceAll(/[│\s]+/g, ' '), /doesn't report, 1 of 2 nodes( since \S+)? report/);
	}
});

/** Two states of two nodes: with both healthy, and with one missing. */
const [well, missing] = ([0, 6] as const).map(minutes =>
	after(metricsAction([nodeUntil('trainer-n-0', 0), nodeUntil('trainer-n-1', minutes)]), deploymentAction(2)),
);

test("findings don't move the rows of the nodes or their curves", () => {
	for (const size of [wide, {columns: 200, rows: 60}, {columns: 130, rows: 38}, medium, {columns: 120, rows: 30}]) {
		const placesIn = (state: State | undefined, keys: readonly PaneAction[] = []): readonly number[] => {
			assert.ok(state !== undefined);
			const rows = screenText(keys.reduce<State>(reduce, state), size);
			return rows.flatMap((row, y) => (/│[▸ ]trainer-n-[01]| disk {3}/.test(row) ? [y] : []));
		};
		for (const keys of [[], [{type: 'toggleFullScreen'}]] as const) {
			assert.deepEqual(placesIn(missing, keys), placesIn(well, keys), `${size.columns}x${size.rows}`);
		}
	}
});

test('on a narrow screen, the title above several findings leaves room for the last checkpoint', () => {
	const nodes = ['n-0', 'n-1'].map(id => nodeUntil(id, 10));
	const silent = after(metricsAction(nodes, 10), deploymentAction(2));
	const more = {syncStatus: undefined, target: undefined, type: undefined, bytes: 1, name: 'a'};
	const list = [{createdAtMs: sampleNow - 14 * minute, ...more}];
	const state = {...silent, checkpoints: {runId: 'r', list, unreadable: 0, atMs: sampleNow}};
	assert.equal(silent.findings.current.length, 2);
	assert.match(screen(state, narrow), / findings +last checkpoint 14m ago$/m);
	assert.match(screen(state), / findings, worst first .*last checkpoint 14m ago /);
	assert.match(screen(silent, narrow), / findings, worst first$/m);
});

test('the last checkpoint is described in as many whole parts as fit', () => {
	const state = after(metricsAction([nodeUntil('n-0', 0)]), deploymentAction(1));
	const more = {syncStatus: undefined, target: undefined, type: undefined};
	const checkpoint = {createdAtMs: sampleNow - 14 * minute, bytes: 33_600_000, name: 'step-700', ...more};
	const known = {...state, checkpoints: {runId: 'r', list: [checkpoint], unreadable: 0, atMs: sampleNow}} as const;
	for (const columns of Array.from({length: 130}, (_, index) => 36 + index)) {
		const text = lineText(noFindingsLine(known, columns));
		assert.match(text, /checkpoint 14m ago( · 33\.6 MB( · step-700)?)?( · \$.*)?$/, String(columns));
		assert.ok(columns < 80 || text.includes('step-700'), text);
	}
});

test('if no node reports, the row for all nodes says so', () => {
	const none = after(metricsAction([nodeUntil('n-0', 6), nodeUntil('n-1', 6)], 6), deploymentAction(2));
	for (const size of [wide, medium]) {
		assert.match(screen(none, size), / 0 of 2 .* – {2}/);
	}
});

test('if there is little space, the worst finding is named in a few whole words', () => {
	const states: readonly State[] = [
		after(metricsAction([nodeUntil('trainer-n-0', 10)], 10), deploymentAction(1)),
		after(metricsAction([nodeUntil('trainer-n-0', 0), nodeUntil('trainer-n-1', 6)]), deploymentAction(2)),
		...['FAILED', 'SCALED_TO_ZERO', 'DEPLOYING', 'PREEMPTED'].map(status =>
			after(metricsAction([], 60), deploymentAction(1, status)),
		),
		sampleState({nodes: 4, gpus: 8}),
	];
	for (const state of states) {
		const last = screenText(state, tiny).at(-1) ?? '';
		assert.match(last, /^ [!?○] \S/);
		assert.doesNotMatch(last, / …$/);
	}
});

test('the screen shows that a replay has ended, regardless of the length of the status and the size of the screen', () => {
	const replay = {speed: 10, isPaused: false, ended: {why: undefined}, seekTarget: undefined, recordedWindow: '1h'};
	const states: readonly State[] = [
		sampleState({nodes: 4, gpus: 8}),
		sampleState({nodes: 4, gpus: 8, withoutRequests: true}),
		after(metricsAction([], 60), deploymentAction(2)),
		after(metricsAction([nodeUntil('n-0', 10)], 10), deploymentAction(1, 'FAILED')),
	];
	for (const state of states) {
		for (const size of [wide, medium, narrow, tiny, {columns: 40, rows: 10}, {columns: 20, rows: 5}]) {
			assert.match(screen({...state, replay}, size), /ended/, `${size.columns}x${size.rows}`);
		}
	}
});

test("the sampler's requests have space even if the trainer has no requests", () => {
	const sample = {nodes: 4, gpus: 8, withoutRequests: true, sampler: 'answered'} as const;
	const toggle: Action = {type: 'toggleComponent'};
	for (const size of [narrow, tiny]) {
		assert.match(screen(sampleState(sample, toggle), size), /p99 +\d/, `${size.columns}x${size.rows}`);
	}
});

const failedAt = sampleNow - 10 * minute;

function logErrors(message: string, endMs = sampleNow): Action {
	const line = {timeNs: toNs(failedAt), level: 'ERROR', replica: 'n-0', requestId: undefined, message} as const;
	const errors = {startMs: endMs - 60 * minute, endMs, lines: [line], isCut: false};
	return {type: 'sideRequestSucceeded', response: {kind: 'logErrors', errors}, atMs: sampleNow};
}

test('for a failed deployment, the last error in its logs is shown after the logs up to the failure are loaded', () => {
	const failed = after(metricsAction([nodeUntil('n-0', 10)], 10), deploymentAction(1, 'FAILED'));
	const traceback = 'the worker died\nTraceback\n  line 1\nRuntimeError: CUDA error\n';
	const known = reduce(failed, logErrors(traceback));
	assert.match(screen(failed), /the logs or the debug archive might say why/);
	for (const size of [wide, narrow]) {
		const text = screen(known, size).replaceAll(/[│\s]+/g, ' ');
		assert.match(text, /last log error, 08:50:00: RuntimeError: CUDA error/);
		assert.doesNotMatch(text, /might say why/);
	}

	assert.match(screen(reduce(known, {type: 'toggleOverlay', overlay: 'findings'})), /last log error/);
	const before = reduce(failed, logErrors(traceback, failedAt - minute));
	assert.doesNotMatch(screen(before), /last log error/);
	assert.match(screen(before), /might say why/);
	assert.equal(logErrorsRequest.wanted(failed)?.everyMs, 600_000);
	assert.equal(logErrorsRequest.wanted(after(metricsAction([nodeUntil('n-0', 0)]), deploymentAction(1))), undefined);
});

test("for a deployment that isn't up yet, only one pane says how long the start takes", () => {
	const state = after({type: 'noMetrics', atMs: sampleNow, tookMs: 12}, deploymentAction(2, 'DEPLOYING'));
	const panes = screenText(state, wide).slice(1, -2).join('\n');
	assert.equal(panes.match(/about five/g)?.length, 1);
	assert.match(panes, /no requests: the deployment is being deployed/);
});

/** Returns the state of a deployment that is compared with itself a day earlier, when it had these latencies. */
function comparedLatency(...latency: readonly [p50: number, p95: number, p99: number]): State {
	const next: Action = {type: 'compareNext'};
	const state = after(metricsAction([nodeUntil('n-0', 0)]), deploymentAction(1), next, next);
	const range = neededReference(state);
	assert.ok(range !== undefined);
	const {startMs, endMs, window} = range;
	const times = Array.from({length: (endMs - startMs) / 30_000}, (_, index) => startMs + index * 30_000);
	const [p50, p95, p99] = latency;
	const response = responseOf({
		inference_volume: servedPoints(...times.map(time => [time, 10] as const)),
		response_time_stats: times.map(time => ({timestamp: new Date(time).toISOString(), p50, p95, p99})),
		per_node_metrics: [],
	});
	const history = addMetrics(emptyHistory(window), response, {startMs, endMs, whole: true});
	const reference = {...range, history};
	return reduce(state, {type: 'sideRequestSucceeded', response: {kind: 'reference', reference}, atMs: sampleNow});
}

test('each latency is compared with its own earlier value, and a lone earlier curve is labeled with its name', () => {
	const state = comparedLatency(60, 450, 950);
	assert.match(screen(state), /p50 120ms {2}p99 1\.90s · \+100% vs 1d/);
	assert.match(screen(state, {columns: 200, rows: 45}), /p50 120ms \+100% {2}p95 450ms ±0% {2}p99 1\.90s \+100% vs 1d/);
	assert.match(screen(state), / -1d/);
	assert.doesNotMatch(screen(state), /p99 -1d/);
	assert.match(screen(state, {columns: 80, rows: 24}), /p99 -1d/);
});

test('in every pane, a chart of zeros has 0 on its axis, never the mark for unknown values', () => {
	const times = Array.from({length: 120}, (_, index) => sampleNow - (120 - index) * 30_000);
	const zeros = servedPoints(...times.map(time => [time, 0] as const));
	const at = (values: object): readonly object[] =>
		times.map(time => ({timestamp: new Date(time).toISOString(), ...values}));
	const node = {
		node_id: 'n-0',
		gpu_utilization: {0: zeros},
		gpu_memory_usage_bytes: {0: zeros},
		cpu_usage: zeros,
		cpu_memory_usage_bytes: zeros,
		ephemeral_storage: {usage_bytes: zeros, utilization: zeros},
	};
	const received = metricsAction([]);
	assert.ok(received.type === 'metricsReceived');
	const response = responseOf({
		inference_volume: zeros,
		concurrent_requests: zeros,
		response_time_stats: at({p50: 0, p95: 0, p99: 0}),
		inference_volume_by_status: at({status_2xx: 0, status_4xx: 0, status_5xx: 0}),
		per_node_metrics: [node],
	});
	const state = after({...received, response}, deploymentAction(1));
	const views = (['requests', 'latency', 'status', 'gpus', 'nodes'] as const).flatMap(pane => {
		const focus = {type: 'focusPane', pane} as const;
		return [
			[focus, {type: 'toggleFullScreen'}],
			[focus, {type: 'enter'}, {type: 'enter'}],
		] as const;
	});
	for (const actions of [[], ...views]) {
		const rows = screenText((actions as readonly PaneAction[]).reduce<State>(reduce, state), wide);
		const labels = rows.flatMap(row => [...row.matchAll(/(\S+) ┤/g)].map(([, label]) => label));
		assert.ok(!labels.includes('–'), labels.join(' '));
	}

	assert.match(screen(state), /│ +0 ┤[⠤⣀]/);
});

test('while an earlier range is on the screen, the header shows that its summary is about the present', () => {
	const state = sampleState({nodes: 4, gpus: 8});
	assert.match(screen(state), /^ ● RUNNING · degraded 14m /);
	const past = reduce(state, {type: 'moveInTime', by: -1, far: true});
	for (const size of [wide, medium, narrow]) {
		assert.match(screen(past, size), /^ ● (?:RUNNING · )?now: degraded 14m/);
	}
});

test('in the 1h and 6h trends, the sawtooth of reinforcement learning spans the range from idle to busy', () => {
	for (const {name, stepMs} of windows.filter(({name: window}) => window === '1h' || window === '6h')) {
		const window = findWindow(name) ?? assert.fail();
		const endMs = Math.floor(sampleNow / stepMs) * stepMs;
		const times = Array.from(
			{length: window.lengthMs / stepMs},
			(_, index) => endMs - window.lengthMs + (index + 1) * stepMs,
		);
		// Rollout and training alternate every three minutes.
		const points = servedPoints(...times.map(time => [time, Math.floor(time / (3 * minute)) % 2] as const));
		const node = {node_id: 'n-0', gpu_utilization: {0: points}, gpu_memory_usage_bytes: {}};
		const state = [
			{
				type: 'metricsReceived',
				kind: 'live',
				window: name,
				response: responseOf({per_node_metrics: [node]}),
				range: {startMs: endMs - window.lengthMs, endMs, whole: true},
				atMs: sampleNow,
				tookMs: 1,
			} satisfies Action,
			deploymentAction(1),
		].reduce<State>(
			reduce,
			initialState({
				target: {kind: 'deployment', id: 'k4q95w5'},
				host: 'api.baseten.co',
				window,
				intervalMs: 10_000,
				nowMs: sampleNow,
			}),
		);
		const rows = screenText(state, wide);
		const heads = rows.findIndex(row => row.includes(`utilization in ${name}`));
		const column = rows[heads]?.indexOf('utilization in') ?? -1;
		const trend = rows.slice(heads + 1).map(row => row.slice(column, column + 28));
		const height = trend.findIndex(row => row.trim() === '');
		const [top = '', bottom = ''] = [trend[0], trend[height - 1]];
		assert.ok(height >= 6, `${height} lines`);
		for (const row of [top, bottom]) {
			for (let from = 4; from < 24; from++) {
				assert.match(row.slice(from - 3, from + 3), /[⠁-⣿]/, `${name}: ${row}`);
			}
		}
	}
});

test('only the failed requests since the beginning of the finding are red', () => {
	const times = Array.from({length: 120}, (_, index) => sampleNow - (119 - index) * 30_000);
	const status = times.map((time, index) => ({
		timestamp: new Date(time).toISOString(),
		status_2xx: 10,
		status_4xx: 0,
		status_5xx: index < 100 ? 0.01 : 3,
	}));
	const received = metricsAction([nodeUntil('n-0', 0)]);
	assert.ok(received.type === 'metricsReceived');
	const response = {
		...received.response,
		...responseOf({inference_volume_by_status: status, per_node_metrics: [nodeUntil('n-0', 0)]}),
	};
	const state = after({...received, response}, deploymentAction(1));
	const sizes: readonly Size[] = [wide, {columns: 160, rows: 30}, medium, {columns: 80, rows: 24}, narrow, tiny];
	const statusFull = reduce(reduce(state, {type: 'focusPane', pane: 'status'}), {type: 'toggleFullScreen'});
	for (const [size, shown] of [...sizes.map(size => [size, state] as const), [wide, statusFull] as const]) {
		const {regions} = drawScreen(shown, size, 'utc');
		const {lines} = regions.find(({name}) => name === 'status') ?? assert.fail();
		const values = lines.flatMap(line => line.filter(({text}) => /^ *[\d.]+% *$/.test(text)));
		// The share for the window, if it is shown, follows the share for the time range of errors.
		const value = values.at(lines.some(line => lineText(line).trim().startsWith(`${errorRange.short} `)) ? -2 : -1);
		assert.ok(
			value === undefined || value.tone === 'bad',
			`${size.columns}x${size.rows}: ${value?.text} is ${value?.tone}`,
		);
		// A pane with only one line has a trend, but no bar.
		const curve = lines.length === 1 ? /[⠁-⣿▁-█]/ : /[⠁-⣿▁-▆]/;
		const from = lines.findIndex(line => line.some(({text}) => text.includes('5xx')));
		const drawn = lines.slice(Math.max(from, 0)).flatMap(line => line.filter(({text}) => curve.test(text)));
		const tones = new Set(drawn.map(({tone}) => tone));
		assert.ok(tones.has('dim') && tones.has('bad'), `${size.columns}x${size.rows}: ${[...tones].join(' ')}`);
		const last = regions.at(-1)?.lines.at(-1) ?? [];
		assert.doesNotMatch(lineText(last), / …/, `${size.columns}x${size.rows}`);
	}
});

test('on a medium screen, a few failed requests are shown as low bars in the trend', () => {
	const times = Array.from({length: 120}, (_, index) => sampleNow - (119 - index) * 30_000);
	const received = metricsAction([nodeUntil('n-0', 0)]);
	assert.ok(received.type === 'metricsReceived');
	const response = {
		...received.response,
		...responseOf({
			inference_volume: servedPoints(...times.map(time => [time, 10] as const)),
			inference_volume_by_status: times.map((time, index) => ({
				timestamp: new Date(time).toISOString(),
				status_2xx: 10,
				status_4xx: 0.02,
				status_5xx: index % 7 === 0 ? 0.05 : 0.01,
			})),
			per_node_metrics: [nodeUntil('n-0', 0)],
		}),
	};
	const row = screenText(after({...received, response}, deploymentAction(1)), medium).find(text =>
		text.includes('4xx + 5xx'),
	);
	assert.match(row ?? '', /4xx \+ 5xx [▁▂]{8}/);
	assert.doesNotMatch(row ?? '', /[▃-█]/);
});

test('a long error of a failed deployment is shown in full below its nodes and in the line above the keys', () => {
	const nodes = ['a', 'b', 'c', 'd'].map(id => nodeUntil(id, 10));
	const failed = after(metricsAction(nodes, 10), deploymentAction(4, 'FAILED'));
	const message = 'torch.distributed.DistBackendError: NCCL error: remote process exited or there was a network error.';
	const text = screen(reduce(failed, logErrors(message)));
	assert.match(
		text.split('\n').at(-2) ?? '',
		/! failed; last log error, 08:50:00: torch\..* network error\. +1 finding/,
	);
	const below = text
		.split('\n')
		.map(row => row.split('││').at(-1) ?? '')
		.join(' ')
		.replaceAll(/[│\s]+/g, ' ');
	assert.match(below, /the deployment has failed; last log error, 08:50:00: (since \S+ )?torch.*network error\./);
});

test("time with requests but without latencies isn't hatched, unlike time without any data", () => {
	const state = (requestsUntil: number, latenciesUntil: number): State =>
		after(metricsAction([], requestsUntil, sampleNow, latenciesUntil), deploymentAction(2));
	const latency = (requestsUntil: number, latenciesUntil: number, size: Size = wide): string => {
		const {regions} = drawScreen(state(requestsUntil, latenciesUntil), size, 'utc');
		return (regions.find(({name}) => name === 'latency') ?? assert.fail()).lines.map(lineText).join('\n');
	};
	assert.match(latency(0, 30), / no latencies 30m /);
	assert.match(latency(10, 30), / no latencies 30m /);
	assert.match(latency(20, 50), / no latencies since 08:10:00 [\s\S]*╱ no data 20m ╱/);
	for (const size of [wide, medium, narrow]) {
		assert.doesNotMatch(latency(0, 30, size), /╱|no data/);
		assert.doesNotMatch(latency(30, 30, size), /since/);
		assert.match(latency(30, 30, size), /╱/);
	}

	assert.match(latency(30, 30), /no data 30m/);
	const unreadable = {...state(0, 30)};
	const {snapshot} = unreadable.views.trainer;
	const views = {...unreadable.views, trainer: {...unreadable.views.trainer, snapshot: {...snapshot, dropped: 1}}};
	assert.match(screen({...unreadable, views}), /╱ no readable data 30m ╱/);
});

test('latencies that end with the requests are followed by "no requests"', () => {
	const rate = (timeMs: number): number => (timeMs > sampleNow - 30 * minute ? 0 : 10);
	const text = screen(after(metricsAction([], 10, sampleNow, 30, rate), deploymentAction(2)));
	assert.match(text, / no requests 30m ╱/);
});

test('the range of storage curves is at least 50 percentage points, so that a small change looks small', () => {
	const text = screen(after(metricsAction([nodeUntil('n-0', 0), nodeUntil('n-1', 0)]), deploymentAction(2)));
	assert.match(text, / 25–75% /);
});

test('the number of unreadable checkpoints fits in the title of the run, even at 30×10', () => {
	const state = after(metricsAction([]), deploymentAction(1));
	const checkpoint = {createdAtMs: sampleNow, bytes: 1, syncStatus: undefined, target: undefined, type: undefined};
	const list = Array.from({length: 9996}, (_, index) => ({...checkpoint, name: `step-${index}`}));
	const opened = (unreadable: number): State =>
		reduce(
			{...state, checkpoints: {runId: 'r', list, unreadable, atMs: sampleNow}},
			{type: 'toggleOverlay', overlay: 'run'},
		);
	assert.match(screen(opened(4), wide), /K Run ─+ 10000 checkpoints, 4 unreadable ╮/);
	assert.match(screen(opened(4), tiny), /K Run .*\b4 (of 10000 )?unreadable/);
	assert.match(screen(opened(0), tiny), /K Run .*9996 checkpoints/);
});

test('the curves of a single node are as wide as the pane and have a time axis, unless they have few rows', () => {
	const single = after(metricsAction([nodeUntil('n-0', 0)]), deploymentAction(1));
	for (const rows of [45, 60]) {
		const lines = screenText(single, {columns: 160, rows}).map(line => line.slice(80));
		const [util, cpu, ram, disk] = ['util', 'cpu', 'ram', 'disk'].map(name =>
			lines.findIndex(line => line.startsWith(`│   ${name} `)),
		);
		assert.ok(util !== undefined && cpu !== undefined && ram !== undefined && disk !== undefined);
		assert.ok(util > 0 && util < cpu && cpu < ram && ram < disk, `${rows} rows`);
		const axis = lines.findIndex((line, index) => index > disk && /\d\d:\d\d +\d\d:\d\d/.test(line));
		assert.ok(axis > disk && axis <= disk + (ram - cpu), `${rows} rows`);
		// The axis is directly below the last curve.
		assert.match(lines[axis - 1] ?? '', /[\u2800-\u28ff]{40}|25–75%/);
	}

	// On a narrow screen, the curves get the rows that the list of nodes doesn't need.
	const idle = screen(sampleState({nodes: 1, gpus: 8, withoutRequests: true}), narrow);
	assert.match(idle, /\n {3}util {4}.*\n[\s\S]*\n {3}disk .*\n[\s\S]*\n +\d\d:\d\d +\d\d:\d\d/);
	assert.match(screen(single, medium), /util in 1h|util .* cpu .* ram /);
	// There is no curve without samples: the row of the node already shows that its CPU usage is unknown.
	const withCpu = (node: object): State =>
		after(metricsAction([{...nodeUntil('n-0', 0), ...node}]), deploymentAction(1));
	assert.match(screen(withCpu({})), /│ {3}cpu /);
	assert.doesNotMatch(screen(withCpu({cpu_usage: []})), /│ {3}cpu /);
});

test('an empty pane says which data is missing, with the time range if there is space', () => {
	const empty = after(metricsAction([]), deploymentAction(1));
	assert.match(screen(empty, narrow), /\n.Nodes\n[\s\S]*no node metrics in the last 1h/);
	// One line has no space for the range.
	assert.match(screen(empty, tiny), /\n +no node metrics\n/);
});
