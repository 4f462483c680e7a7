import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {readDeployments} from '../../source/api/deployment.ts';
import {windows} from '../../source/metrics/windows.ts';
import type {Action} from '../../source/state/actions.ts';
import {type InitialStateOptions, initialState} from '../../source/state/initial-state.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {Replay} from '../../source/state/replay.ts';
import {panes, type State} from '../../source/state/state.ts';
import type {Size} from '../../source/view/layout.ts';
import {lineWidth} from '../../source/view/line.ts';
import {drawScreen} from '../../source/view/screen.ts';
import {deploymentOf} from '../helpers/deployments.ts';
import {assertScreen} from '../helpers/golden.ts';
import {deploymentAction, emptyState, metricsAction, nodeUntil} from '../helpers/old-samples.ts';
import {sampleLogs} from '../helpers/sample-logs.ts';
import {sampleDeployments, sampleNow, sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const sizes: readonly Size[] = [
	{columns: 160, rows: 45},
	{columns: 100, rows: 30},
	{columns: 80, rows: 24},
	{columns: 40, rows: 45},
	{columns: 30, rows: 10},
];

const four = {nodes: 4, gpus: 8};
const failed: Action = {
	type: 'pollFailed',
	failure: {kind: 'network', code: 'ENOTFOUND', host: 'api.baseten.co'},
	atMs: sampleNow + 10_000,
	nextAtMs: sampleNow + 20_000,
};
const refusedLogs: Action = {
	type: 'sideRequestFailed',
	request: 'logs',
	fault: {failure: {kind: 'status', status: 404, message: '', retryAfterMs: undefined}, nextAtMs: undefined},
	atMs: sampleNow,
};
const beginning: InitialStateOptions = {
	target: {kind: 'deployment', id: 'k4q95w5'},
	host: 'api.baseten.co',
	window: windows[3],
	intervalMs: 10_000,
	nowMs: sampleNow,
};
const connecting = initialState(beginning);
const listed: Action = {
	type: 'sideRequestSucceeded',
	response: {
		kind: 'deployments',
		list: readDeployments({deployments: sampleDeployments(sampleNow)}) ?? [],
	},
	atMs: sampleNow,
};
const zero: Action = {
	type: 'deploymentLoaded',
	deployment: deploymentOf({status: 'SCALED_TO_ZERO'}),
	atMs: sampleNow,
};

const withSampler = {...four, sampler: 'answered'} as const;
const toggle: Action = {type: 'toggleComponent'};
const sideRequestFailed = (status: number, nextAtMs: number | undefined): Action => ({
	type: 'sideRequestFailed',
	request: 'sampler',
	fault: {failure: {kind: 'status', status, message: '', retryAfterMs: undefined}, nextAtMs},
	atMs: sampleNow,
});
const refused = sideRequestFailed(403, undefined);
const lost = sideRequestFailed(500, sampleNow + 10_000);

/** Returns the state as it is during a replay. */
function replayed(state: State, replay: Partial<Replay> = {}): State {
	const playing = {speed: 10, isPaused: false, ended: undefined, seekTarget: undefined, recordedWindow: '1h'};
	return {...state, replay: {...playing, ...replay}};
}

const scenes: ReadonlyArray<readonly [name: string, state: State]> = [
	['running', sampleState(four)],
	['single', sampleState({nodes: 1, gpus: 8, leaderOnly: true})],
	['fleet', sampleState({nodes: 16, gpus: 8}, {type: 'selectNode', by: 12})],
	['straggler', sampleState(four, {type: 'selectNode', by: 2}, {type: 'focusPane', pane: 'gpus'})],
	['failing', sampleState(four, failed, {type: 'tick', atMs: sampleNow + 200_000})],
	['other-window', sampleState(four, {type: 'changeWindow', by: 1})],
	[
		'scaled-to-zero',
		[zero, {type: 'noMetrics', atMs: sampleNow, tookMs: 12} as const].reduce<State>(reduce, connecting),
	],
	['failing-from-the-start', [failed].reduce<State>(reduce, connecting)],
	['sampler', sampleState(withSampler, toggle)],
	['sampler-unasked', sampleState({...four, sampler: 'unasked'}, toggle)],
	['sampler-refused', sampleState({...four, sampler: 'unasked'}, refused, toggle)],
	['sampler-failing', sampleState(withSampler, toggle, lost)],
	['sampler-none', sampleState(four, toggle)],
	['both-requests', sampleState(withSampler, {type: 'focusPane', pane: 'requests'}, {type: 'toggleFullScreen'})],
	[
		'sampler-full-replicas',
		sampleState(withSampler, toggle, {type: 'focusPane', pane: 'nodes'}, {type: 'toggleFullScreen'}),
	],
	['no-requests-single', sampleState({nodes: 1, gpus: 8, withoutRequests: true})],
	['no-requests', sampleState({...four, withoutRequests: true})],
	['replay', replayed(sampleState(four))],
	['replay-ended', replayed(sampleState({nodes: 1, gpus: 8}, failed), {ended: {why: undefined}})],
	[
		'replay-unasked',
		replayed(sampleState({...four, sampler: 'unasked'}, {type: 'changeWindow', by: 1}), {isPaused: true}),
	],
	['help', sampleState(four, {type: 'toggleOverlay', overlay: 'help'})],
	[
		'deployments',
		reduce(reduce(initialState({...beginning, target: {kind: 'unchosen'}}), listed), {type: 'select', by: 1}),
	],
	['logs', sampleState(four, {type: 'toggleLogs'}, ...sampleLogs())],
	['logs-refused', sampleState(four, {type: 'toggleLogs'}, refusedLogs)],
	[
		'logs-at-cursor',
		sampleState(
			four,
			{type: 'toggleLogs'},
			...sampleLogs(),
			{type: 'toggleCursor'},
			{type: 'moveInTime', by: -1, far: true},
			{type: 'select', by: 1},
			{type: 'enter'},
		),
	],
	[
		'full-logs',
		sampleState(
			four,
			{type: 'selectNode', by: 2},
			{type: 'toggleLogs'},
			...sampleLogs(),
			{type: 'toggleFullScreen'},
			{type: 'nextLevel'},
			{type: 'nextLevel'},
			{type: 'toggleOnlySelected'},
			{type: 'editFilter'},
			{type: 'typeText', text: 'allreduce'},
			{type: 'applyFilter'},
		),
	],
	[
		'logs-filter',
		sampleState(
			four,
			{type: 'toggleLogs'},
			...sampleLogs(),
			{type: 'editFilter'},
			{type: 'typeText', text: 'NCCL level>=bad'},
		),
	],
	['node-detail', sampleState(four, {type: 'focusPane', pane: 'nodes'}, {type: 'enter'}, {type: 'enter'})],
	['gpu-detail', sampleState(four, {type: 'focusPane', pane: 'gpus'}, {type: 'enter'}, {type: 'enter'})],
	...panes.map(
		pane => [`full-${pane}`, sampleState(four, {type: 'focusPane', pane}, {type: 'toggleFullScreen'})] as const,
	),
];

/** Deployments that are unhealthy or have old or missing values. */
const unwell: ReadonlyArray<readonly [name: string, state: State]> = (
	[
		[
			'failed',
			[
				metricsAction(
					[0, 1].map(index => nodeUntil(`n-${index}`, 10)),
					10,
				),
				deploymentAction(2, 'FAILED'),
			],
		],
		[
			'stale',
			[
				metricsAction(
					[0, 1].map(index => nodeUntil(`n-${index}`, 10)),
					10,
				),
				deploymentAction(2),
			],
		],
		['compute-stale', [metricsAction([0, 1].map(index => nodeUntil(`n-${index}`, 40))), deploymentAction(2)]],
		[
			'requests-stale',
			[
				metricsAction(
					[0, 1].map(index => nodeUntil(`n-${index}`, 0)),
					40,
				),
				deploymentAction(2),
			],
		],
		['missing', [metricsAction([nodeUntil('n-0', 0), nodeUntil('n-1', 6)]), deploymentAction(2)]],
		['empty', [metricsAction([], 60), deploymentAction(2)]],
		[
			'gone',
			[
				metricsAction([nodeUntil('a', 20), nodeUntil('b', 20), nodeUntil('y', 0), nodeUntil('z', 0)]),
				deploymentAction(2),
			],
		],
	] satisfies ReadonlyArray<readonly [string, readonly Action[]]>
).map(([name, actions]) => [name, actions.reduce(reduce, emptyState())] as const);

for (const [name, state] of [...scenes, ...unwell]) {
	for (const size of sizes) {
		test(`the scene ${name} at ${size.columns}×${size.rows} matches its file in test/screens`, () => {
			assertScreen(`${name}-${size.columns}x${size.rows}`, screenText(state, size));
		});
	}
}

test('every region exactly fills its place, at any size, for any deployment and view', () => {
	const anyState = fc
		.record({
			nodes: fc.integer({min: 0, max: 20}),
			gpus: fc.constantFrom(0, 1, 2, 8, 16, 40),
			leaderOnly: fc.boolean(),
			pane: fc.constantFrom(...panes),
			actions: fc.subarray<Action>([
				{type: 'toggleFullScreen'},
				{type: 'selectEnd', end: 'last'},
				{type: 'toggleLogs'},
				...sampleLogs(),
				{type: 'select', by: -3},
				{type: 'enter'},
				{type: 'toggleOnlySelected'},
				{type: 'toggleCursor'},
				{type: 'toggleOverlay', overlay: 'help'},
				{type: 'toggleOverlay', overlay: 'deployments'},
				listed,
				failed,
				zero,
			]),
		})
		.map(({pane, actions, ...sample}) => sampleState(sample, {type: 'focusPane', pane}, ...actions));
	const anySize = fc.record({columns: fc.integer({min: 1, max: 300}), rows: fc.integer({min: 1, max: 100})});
	fc.assert(
		fc.property(anyState, anySize, (state, size) => {
			for (const {frame, lines, rect, name} of drawScreen(state, size, 'utc').regions) {
				const inner = frame === undefined ? rect : {width: rect.width - 2, height: rect.height - 2};
				assert.equal(lines.length, inner.height, `${name} doesn't have the height of its rectangle`);
				for (const line of frame === undefined ? lines : [...lines, frame.title.slice(1, -1)]) {
					assert.equal(lineWidth(line), inner.width, `${name} doesn't have the width of its rectangle`);
				}
			}

			screenText(state, size);
		}),
		{numRuns: 150},
	);
});

test('the selected node is visible, regardless of its position among sixty-four nodes, at any size', () => {
	const state = sampleState({nodes: 64, gpus: 1});
	fc.assert(
		fc.property(fc.integer({min: 0, max: 63}), fc.constantFrom(...sizes), (position, size) => {
			const rows = screenText(reduce(state, {type: 'selectNode', by: position}), size);
			const pointed = rows.filter(row => /▸(loops-|…)/.test(row));
			assert.equal(pointed.length, 1);
			assert.match(pointed[0] ?? '', new RegExp(`-${position}\\b`));
		}),
	);
});
