import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import type {Failure} from '../../source/api/failure.ts';
import type {ApiRequest} from '../../source/api/http.ts';
import type {ScenarioName} from '../../source/demo/scenarios.ts';
import type {UserAction} from '../../source/state/actions.ts';
import type {State} from '../../source/state/state.ts';
import {type Interfere, recordSession, type Session, status, writeRecording} from '../helpers/recorded-session.ts';
import {session} from '../helpers/recordings.ts';
import {createReplayStore, isOver, playInto, stateWhen} from '../helpers/replayed.ts';
import {screenText} from '../helpers/screen-text.ts';

const size = {columns: 160, rows: 45};

/** Plays a recording to its end, and returns the state of the store after each change. */
async function replayed(
	context: TestContext,
	file: string,
	press: readonly UserAction[] = [],
): Promise<readonly State[]> {
	const store = await createReplayStore(file);
	for (const action of press) {
		store.dispatch(action);
	}

	const states: State[] = [];
	store.subscribe(() => states.push(store.getState()));
	await playInto(context, store, file);
	await stateWhen(store, isOver);
	return states;
}

/** Returns the screen without the text about the replay. */
function plainScreen(state: State): string {
	return screenText({...state, replay: undefined}, size).join('\n');
}

/** Returns the sequence of screens, without consecutive repetitions. */
function screensOf(states: readonly State[]): readonly string[] {
	const screens = states.map(plainScreen);
	return screens.filter((screen, index) => screen !== screens[index - 1]);
}

type Case = {
	readonly name: string;
	readonly scenario?: ScenarioName;
	readonly interfere?: Interfere;
	readonly use: (session: Session) => Promise<void>;
};

const isMetrics = ({path}: {readonly path: string}): boolean => path.endsWith('/metrics');

/** Makes requests fail during a part of the session, given in seconds from its beginning. */
function during(
	fromS: number,
	toS: number,
	failure: Failure,
	isMeant: (path: ApiRequest) => boolean = () => true,
): Interfere {
	return (request, nowMs) => {
		const atS = (nowMs - session.startedMs) / 1000;
		return atS >= fromS && atS < toS && isMeant(request) ? failure : undefined;
	};
}

function hasStep({body}: ApiRequest): boolean {
	return typeof body === 'object' && body !== null && 'step_seconds' in body;
}

const cases: readonly Case[] = [
	{name: 'a straggler', use: async ({pass}) => pass(95_000)},
	{name: 'requests that fail', scenario: 'errors', use: async ({pass}) => pass(45_000)},
	{name: 'a deployment scaled to zero', scenario: 'idle', use: async ({pass}) => pass(45_000)},
	{name: 'a deployment ready after a minute', scenario: 'deploying', use: async ({pass}) => pass(95_000)},
	{
		name: 'a server on which only the metrics work',
		interfere: during(0, 99, status(500), request => !isMetrics(request)),
		use: async ({pass}) => pass(45_000),
	},
	{name: 'an outage', interfere: during(25, 60, status(503)), use: async ({pass}) => pass(130_000)},
	{
		name: 'an outage from the start',
		interfere: during(0, 35, {kind: 'network', code: 'ECONNREFUSED', host: 'h'}),
		use: async ({pass}) => pass(55_000),
	},
	{
		name: 'a wait that the server specifies, during which ages grow',
		interfere: during(15, 25, {kind: 'status', status: 429, message: 'slow down', retryAfterMs: 200_000}),
		use: async ({pass}) => pass(240_000),
	},
	{name: 'a deployment that was deleted', interfere: during(15, 99, status(404)), use: async ({pass}) => pass(65_000)},
	{
		name: 'a server that rejects a step',
		interfere: request => (hasStep(request) ? status(422) : undefined),
		use: async ({pass}) => pass(45_000),
	},
	{
		name: 'a rejection for a reason other than the step',
		interfere: during(15, 35, status(400), isMetrics),
		use: async ({pass}) => pass(65_000),
	},
	{
		name: 'other windows',
		async use({pass, press}) {
			await pass(5000);
			press({type: 'changeWindow', by: 1});
			await pass(45_000);
			press({type: 'changeWindow', by: -4});
			await pass(15_000);
			press({type: 'changeWindow', by: 1});
			await pass(15_000);
			press({type: 'changeWindow', by: -1});
			await pass(15_000);
			press({type: 'resetWindow'});
			await pass(15_000);
		},
	},
];

/** The user's actions during a recording. They aren't recorded, so the test repeats them to get the same screens. */
const looks: ReadonlyArray<{
	readonly name: string;
	readonly press: readonly UserAction[];
	readonly shows: RegExp;
	readonly interfere?: Interfere;
}> = [
	{name: 'the sampler', shows: /sampler ● ACTIVE.*\n.*\d\/s/, press: [{type: 'toggleComponent'}]},
	{
		name: "a sampler that doesn't support all metrics",
		shows: /sampler ● ACTIVE.*\n.*\d\/s/,
		press: [{type: 'toggleComponent'}],
		interfere: ({path}) => (path.includes('&metrics=') ? status(400) : undefined),
	},
	{
		name: 'a sampler whose requests are rejected',
		shows: /× API 403/,
		press: [{type: 'toggleComponent'}],
		interfere: ({path}) => (path.startsWith('/v1/models/') ? status(403) : undefined),
	},
	{
		name: 'a sampler whose requests fail',
		shows: /× API 500 · retry/,
		press: [{type: 'toggleComponent'}],
		interfere: ({path}) => (path.startsWith('/v1/models/') ? status(500) : undefined),
	},
	{name: 'the logs', shows: / I loops-trainer-\d forward_backward step=/, press: [{type: 'toggleLogs'}]},
	{
		name: 'logs whose request is rejected',
		shows: /the server has no logs/,
		press: [{type: 'toggleLogs'}],
		interfere: ({path}) => (path.includes('/logs?') ? status(404) : undefined),
	},
];

for (const {name, scenario, interfere, use} of cases) {
	test(`a replay shows the same screens as the recorded session, one by one: ${name}`, async context => {
		const {responses, states} = await recordSession(
			context,
			{...(scenario === undefined ? {} : {scenario}), ...(interfere === undefined ? {} : {interfere})},
			use,
		);
		const recorded = screensOf(states);
		const again = screensOf(await replayed(context, writeRecording(responses)));
		assert.ok(recorded.length >= 3);
		for (const [index, screen] of recorded.entries()) {
			assert.equal(again[index], screen, `screen ${index}`);
		}

		assert.equal(again.length, recorded.length);
	});
}

for (const {name, press, shows, interfere} of looks) {
	test(`a replay shows the responses to side requests: ${name}`, async context => {
		const {responses, states} = await recordSession(
			context,
			interfere === undefined ? {} : {interfere},
			async session => {
				await session.pass(1000);
				for (const action of press) {
					session.press(action);
				}

				await session.pass(34_000);
			},
		);
		const recorded = states.at(-1) ?? assert.fail();
		const again = (await replayed(context, writeRecording(responses), press)).at(-1) ?? assert.fail();
		assert.match(plainScreen(recorded), shows);
		assert.equal(plainScreen(again), plainScreen(recorded));
	});
}
