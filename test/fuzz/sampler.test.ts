import {test} from 'node:test';
import fc from 'fast-check';
import {readSamplerResponse} from '../../source/api/sampler-response.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {planSampler} from '../../source/polling/query-range.ts';
import type {Action} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import {activeComponent} from '../../source/state/selectors.ts';
import {panes, type State} from '../../source/state/state.ts';
import {drawScreen} from '../../source/view/screen.ts';
import {sampleSamplerBody, sampleSamplerId} from '../helpers/sample-sampler.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';
import {assertDrawn} from './checks.ts';
import {hostileNumber, hostileValue, toJson} from './hostile.ts';
import {anyMutation, type Mutation, mutate} from './mutations.ts';

const begun = sampleState({nodes: 2, gpus: 2, sampler: 'unasked'}, {type: 'toggleComponent'});

/** Returns the action for a response that contains sampler metrics with these errors. */
function respondWith(state: State, mutations: readonly Mutation[]): Action {
	const {range} = planSampler(activeComponent(state).histories[0], sampleNow);
	const body = {...sampleSamplerBody(range.endMs - 20 * 30_000, range.endMs)};
	for (const mutation of mutations) {
		mutate(body, mutation);
	}

	const read = readSamplerResponse(JSON.parse(toJson(body)));
	const failure = {kind: 'wrong-shape', problem: 'problem' in read ? read.problem : ''} as const;
	return 'problem' in read
		? {type: 'sideRequestFailed', request: 'sampler', fault: {failure, nextAtMs: sampleNow + 10_000}, atMs: sampleNow}
		: {
				type: 'sideRequestSucceeded',
				response: {
					kind: 'sampler',
					sampler: sampleSamplerId,
					update: {kind: 'live', window: defaultWindow.name, response: read.response, range},
					metrics: 'all',
					tookMs: 5,
				},
				atMs: sampleNow,
			};
}

const anyWrong = fc.oneof(hostileValue, hostileNumber);
const anyAction: fc.Arbitrary<Action> = fc.constantFrom<Action>(
	{type: 'toggleComponent'},
	{type: 'toggleFullScreen'},
	{type: 'enter'},
	{type: 'toggleCursor'},
	{type: 'moveInTime', by: -1, far: false},
	{type: 'togglePause'},
	{type: 'toggleScale'},
	{type: 'sortNext'},
	{type: 'selectNode', by: 1},
	...panes.map((pane): Action => ({type: 'focusPane', pane})),
);

test('for any response with sampler metrics, the screen is complete and safe to write', () => {
	fc.assert(
		fc.property(
			fc.array(fc.array(anyMutation(anyWrong), {maxLength: 5}), {minLength: 1, maxLength: 3}),
			fc.array(anyAction, {maxLength: 5}),
			fc.record({columns: fc.integer({min: 1, max: 170}), rows: fc.integer({min: 1, max: 48})}),
			(responses, actions, size) => {
				let state = begun;
				for (const mutations of responses) {
					state = reduce(state, respondWith(state, mutations));
					assertDrawn(drawScreen(state, size, 'utc'), size);
				}

				for (const action of actions) {
					state = reduce(state, action);
					assertDrawn(drawScreen(state, size, 'utc'), size);
				}
			},
		),
		{numRuns: 400},
	);
});
