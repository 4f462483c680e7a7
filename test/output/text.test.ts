import assert from 'node:assert/strict';
import {test} from 'node:test';
import {requestMetrics} from '../../source/metrics/metric-table.ts';
import {textSnapshot} from '../../source/output/text.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {otherGpuTexts} from '../helpers/served-fields.ts';

const text = textSnapshot(sampleState({nodes: 3, gpus: 2}), 'utc');

test('a text snapshot shows every value with its unit', () => {
	const {volume, inProgress, ...others} = requestMetrics;
	const labels = Object.values<{readonly label: string}>(others).map(({label}) => label.padEnd(14));
	const head = text.slice(0, text.indexOf('\n\n')).split('\n');
	assert.equal(
		head.filter(line => !labels.some(label => line.startsWith(label))).join('\n'),
		`deployment    k4q95w5
model         Qwen/Qwen3-30B-A3B-Instruct-2507
state         RUNNING
size          3 × 2 H100
activity      busy
window        1h to 09:05:30 (12s old)
requests      11.8/s (in 1h: mean 9.89/s, peak 13.0/s)
in progress   8 (in 1h: mean 6.51, peak 8)
latency p50   127ms (in 1h: mean 125ms, peak 127ms)
latency p95   449ms (in 1h: mean 456ms, peak 476ms)
latency p99   1.98s (in 1h: mean 1.95s, peak 9.00s)
status 2xx    97.0% of 1h
status 4xx    2.5% of 1h
status 5xx    0.5% of 1h`,
	);
});

test('a text snapshot lists all nodes and all GPUs', () => {
	assert.equal(text.match(/^node /gm)?.length, 3);
	assert.equal(text.match(/^ {2}GPU \d/gm)?.length, 6);
	assert.match(
		text,
		/^node {10}loops-trainer-1\n {2}GPUs {8}87% mean utilization, memory 120\/160 GiB\n {2}CPU {9}20\.0 of 96\.0 cores\n {2}RAM {9}301\/977 GiB\n {2}disk {8}319 GiB \(32%\)\n(?: {2}[a-z].*\n)* {2}GPU 0 +\d+% {2}60\.0\/80 GiB.*\n/m,
	);
	for (const value of otherGpuTexts()) {
		assert.equal(text.match(/^ {2}GPU \d.*/gm)?.filter(row => row.split('  ').includes(value)).length, 6);
	}
});

test('a text snapshot describes a failure', () => {
	const failed = sampleState(
		{nodes: 1, gpus: 1},
		{type: 'pollFailed', failure: {kind: 'timeout', afterMs: 30_000}, atMs: 0, nextAtMs: 0},
	);
	assert.match(textSnapshot(failed, 'utc'), /^failure {7}no response within 30s$/m);
});

test('a text snapshot contains a line for each finding', () => {
	const straggling = textSnapshot(sampleState({nodes: 4, gpus: 8}), 'utc');
	assert.match(straggling, /^finding {7}straggler: loops-trainer-2 GPU 5 at 31% since 08:51:30, the others at 90%$/m);
	assert.doesNotMatch(text, /^finding/m);
});

test('a node that last reported on another day is shown with that date', () => {
	const state = sampleState({nodes: 2, gpus: 1});
	const {trainer} = state.views;
	const {snapshot} = trainer;
	const nodes = snapshot.nodes.map((node, index) =>
		index === 0 ? {...node, reporting: false, lastSeenMs: state.live.nowMs - 4 * 86_400_000} : node,
	);
	const views = {...state.views, trainer: {...trainer, snapshot: {...snapshot, nodes}}};
	const shown = textSnapshot({...state, views}, 'utc');
	assert.match(shown, /^node {10}\S+ {2}last seen Nov 19 \d\d:\d\d$/m);
});

test('a long rank is followed by a space', () => {
	const state = sampleState({nodes: 1, gpus: 2});
	const {trainer} = state.views;
	const {snapshot} = trainer;
	const nodes = snapshot.nodes.map(node => ({
		...node,
		gpus: node.gpus.map((gpu, index) => ({...gpu, rank: `0000:1${index}:00.0`, utilization: 1})),
	}));
	const views = {...state.views, trainer: {...trainer, snapshot: {...snapshot, nodes}}};
	const shown = textSnapshot({...state, views}, 'utc');
	assert.match(shown, /^ {2}GPU 0000:10:00\.0 100% {2}/m);
});
