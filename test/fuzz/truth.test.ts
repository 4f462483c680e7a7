/**
 * Tests that every number on the screen was served. Each series of a response has the same value at all times. So even
 * if points are missing, repeated, or out of order, every number that is derived from one series, such as a mean or a
 * peak, is that value.
 */

import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {readDeployment} from '../../source/api/deployment.ts';
import {readMetricsResponse} from '../../source/api/metrics-response.ts';
import type {NodeFields} from '../../source/demo/served-fields.ts';
import {defaultWindow, windows} from '../../source/metrics/windows.ts';
import type {Action} from '../../source/state/actions.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {reduce} from '../../source/state/reducer.ts';
import {panes, type State} from '../../source/state/state.ts';
import {errorRange} from '../../source/text/finding-text.ts';
import {lineText} from '../../source/view/line.ts';
import {drawScreen} from '../../source/view/screen.ts';
import {servedNode, servedRates, usualValues} from '../helpers/served-fields.ts';
import {hostileTime, toJson} from './hostile.ts';
import {anyMutation, mutate} from './mutations.ts';
import {deploymentOf} from './responses.ts';

const nowMs = Date.UTC(2026, 10, 23, 9, 5, 42);
const endMs = Math.ceil(nowMs / defaultWindow.stepMs) * defaultWindow.stepMs;
const range = {startMs: endMs - defaultWindow.lengthMs, endMs, whole: true};
const gibibyte = 1024 ** 3;

/** Names without digits, so that they can't be mistaken for numbers on the screen. */
const nodes = ['alpha', 'beta', 'gamma'];
const ranks = ['a', 'b', 'c'];

const constants = {
	rate: 13.7,
	inProgress: 71,
	latency: {p50: 234, p95: 567, p99: 2890},
	status: {status_2xx: 17.3, status_4xx: 2.9, status_5xx: 1.4},
	utilization: 0.83,
	gpuMemory: 47.3 * gibibyte,
	cpu: 26.4,
	ram: 391 * gibibyte,
	disk: 187 * gibibyte,
	diskShare: 0.36,
};
const sizes = {nodes: 3, gpus: 3, gpuMemoryMib: 98_304, memoryMib: 786_432, millicpu: 52_000};

function served(times: readonly number[]): Record<string, unknown> {
	const at = times.map(before => ({timestamp: new Date(endMs - before * 1000).toISOString()}));
	const points = (value: number): readonly object[] => at.map(time => ({...time, value}));
	const compute = (): NodeFields =>
		servedNode(ranks, {
			gpu: {utilization: () => points(constants.utilization), memory: () => points(constants.gpuMemory)},
			node: {
				cpu: points(constants.cpu),
				ram: points(constants.ram),
				disk: points(constants.disk),
				diskShare: points(constants.diskShare),
			},
			others: points,
		});
	return {
		...servedRates({volume: points(constants.rate), inProgress: points(constants.inProgress)}, points),
		response_time_stats: at.map(time => ({...time, ...constants.latency})),
		inference_volume_by_status: at.map(time => ({...time, ...constants.status})),
		...compute(),
		per_node_metrics: nodes.map(node => ({node_id: node, ...compute()})),
	};
}

const upToNine = Array.from({length: 9}, (_, index) => index + 1);

/** The strings that the screen can show for the constants, and for values that are derived from them. */
const written: ReadonlySet<string> = new Set([
	...['13.7/s', '13.7', '71'],
	...['234ms', '567ms', '2.89s', '2.66s'],
	...['17.3', '2.90', '1.40', '4.30/s', '80.1%', '13.4%', '6.5%'],
	...['83%', '47.3', '47.3G', '94.6', '94.6G', '142', '142G', '49%'],
	...['96', '96.0', '96.0G', '192', '192G', '288', '288G'],
	...['26.4', '52.0', '391', '391.0', '391G', '768', '768G', '51%', '187', '187G', '36%'],
	// Sums over all nodes: memory of up to nine GPUs, and cores, RAM, and storage of two or three nodes.
	...['189G', '236G', '237G', '284G', '331G', '378G', '426G'],
	...['52.8', '79.2', '782G', '1.1T', '374G', '561G'],
	// If some GPUs don't report their memory, the memory of their node, or of all nodes, is shown as more than the sum
	// for the other GPUs.
	...['>47G', '>94G', '>141G', '>189G', '>236G', '>283G', '>331G', '>378G', '>425G'],
	...upToNine.flatMap(all => upToNine.map(some => `>${Math.floor((some / all) * (47.3 / 96) * 100)}%`)),
	...Object.values(usualValues).flatMap(({texts}) => texts),
	// Counts of nodes and GPUs.
	...Array.from({length: 10}, (_, count) => String(count)),
]);

/** The number of minutes in the time range of errors, as a word. A line can end after this word. */
const [errorMinutes = ''] = errorRange.words.split(' ');

/** Text with digits that isn't a value: axes with their labels, times, and names of panes, windows, and classes. */
const noValues: readonly RegExp[] = [
	/^.{5} ┤/,
	/\d\d:\d\d(?::\d\d)?/g,
	/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d+/g,
	/\b[1-5] (?:Requests|Latency|Status|GPUs?|Nodes?)\b/g,
	new RegExp(`\\b(?:${windows.map(({name}) => name).join('|')})\\b`, 'g'),
	/\b(?:[245]xx|p50|p95|p99)\b/g,
	/[↑↓] ?\d+/g,
	/\b\d+[smhd](?:\d+s)? ago\b/g,
	/\bno [a-zA-Z][a-zA-Z ]* \d+[smhd]\b/g,
	/\bover \d+ of \d+\b/g,
	// The length of the known part of the window, as in "in 55m of 1h".
	/\bin (?:\d+[smhd])+ of(?= )/g,
	// The subjects of shares and curves: the time range of errors, the GPUs of a node, and the range of a curve.
	new RegExp(` ${errorRange.short}\\b| in ${errorRange.brief}\\b`, 'g'),
	new RegExp(`\\b${errorRange.words}\\b| in the last ${errorMinutes}\\b`, 'g'),
	/\bgpu 0-\d+/g,
	/\b\d+–\d+%/g,
	/\b0 ▁▃▅▆▇ 100%/g,
];

function valuesIn(text: string): readonly string[] {
	const left = noValues.reduce((rest, pattern) => rest.replaceAll(new RegExp(pattern, 'g'), ' '), text);
	return (left.match(/[\w.%<>/+-]*\d[\w.%/]*/g) ?? []).flatMap(token =>
		written.has(token) ? [token] : token.split('/').filter(part => /\d/.test(part)),
	);
}

function assertTrue(state: State): void {
	for (const size of [
		{columns: 160, rows: 45},
		{columns: 80, rows: 24},
		{columns: 40, rows: 45},
	]) {
		for (const {name, lines, frame} of drawScreen(state, size, 'utc').regions) {
			if (panes.some(pane => pane === name)) {
				for (const line of frame === undefined ? lines : [frame.title, ...lines]) {
					const text = lineText(line);
					for (const value of valuesIn(text)) {
						assert.ok(written.has(value), `${value} in "${text}" of ${name} wasn't served`);
					}
				}
			}
		}
	}
}

/** Replacements for parts of a response. None of them can become a number on the screen. */
const lost = fc.oneof(
	fc.constantFrom<unknown>(null, '', 'NaN', '12.5', -1, -0.5, 1e300, [], {}, [null], true, false),
	hostileTime.filter(time => typeof time !== 'number'),
);
const anyLoss = anyMutation(lost).map(mutation => ({
	...mutation,
	how: mutation.how === 'rename' || mutation.how === 'double' ? ('remove' as const) : mutation.how,
}));

/**
 * Returns whether a node has a name that could be mistaken for a value. A name that is derived from the position of an
 * unnamed node, such as `node 2`, doesn't count.
 */
function isNumbered(id: string): boolean {
	return /\d/.test(id) && !/^node \d$/.test(id);
}

const views: ReadonlyArray<readonly Action[]> = [
	[],
	...panes.map(pane => [{type: 'focusPane', pane}, {type: 'toggleFullScreen'}] as const),
	...(['gpus', 'nodes'] as const).map(pane => [{type: 'focusPane', pane}, {type: 'enter'}, {type: 'enter'}] as const),
	[{type: 'toggleCursor'}],
	[{type: 'toggleCursor'}, {type: 'moveInTime', by: -1, far: true}],
	[{type: 'toggleScale'}, {type: 'selectNode', by: 1}],
];

test('whatever is missing from a response, every number on the screen was served', () => {
	const deployment = readDeployment({
		deployment: deploymentOf({sizes: Object.values(sizes), texts: ['model', 'RUNNING', 'H']}),
	});
	assert.ok(deployment !== undefined);
	const times = fc.array(
		fc.nat(120).map(step => step * 30),
		{minLength: 1, maxLength: 12},
	);
	fc.assert(
		fc.property(
			times,
			fc.array(anyLoss, {maxLength: 6}),
			fc.boolean(),
			fc.constantFrom(...views),
			(ages, losses, isSized, view) => {
				const metrics = served(ages);
				for (const loss of losses) {
					mutate(metrics, loss);
				}

				const read = readMetricsResponse(JSON.parse(toJson({metrics})));
				if ('problem' in read || read.response.nodes.some(({id}) => isNumbered(id))) {
					return;
				}

				const beginning = initialState({
					target: {kind: 'deployment', id: 'x'},
					host: 'host',
					window: defaultWindow,
					intervalMs: 10_000,
					nowMs,
				});
				const responses: readonly Action[] = [
					...(isSized ? [{type: 'deploymentLoaded', deployment, atMs: nowMs} as const] : []),
					{
						type: 'metricsReceived',
						kind: 'live',
						window: defaultWindow.name,
						response: read.response,
						range,
						atMs: nowMs,
						tookMs: 9,
					},
					...view,
				];
				assertTrue(responses.reduce(reduce, beginning));
			},
		),
		{
			numRuns: 500,
			// A gap in the columns that a chart uses to show how long there have been no requests.
			examples: [[[30, 1920, 1950, 1980], [{path: [2, 0], how: 'remove', value: '', name: ''}], false, []]],
		},
	);
});
