import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Client, MetricsQuery} from '../../source/api/client.ts';
import type {Deployment} from '../../source/api/deployment.ts';
import type {Failure} from '../../source/api/failure.ts';
import type {Run} from '../../source/api/run.ts';
import {type Target, targetName} from '../../source/api/target.ts';
import {findWindow} from '../../source/metrics/windows.ts';
import {fetchOnce} from '../../source/polling/fetch-once.ts';
import type {FatalReason} from '../../source/polling/polling-context.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {createStore, type Store} from '../../source/state/store.ts';
import {deploymentOf, runOf} from '../helpers/deployments.ts';
import {rejectingClient} from '../helpers/rejecting-client.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';

const nine = Date.UTC(2026, 10, 23, 9, 0, 12);
const {signal} = new AbortController();

const theDeployment: Target = {kind: 'deployment', id: 'k4q95w5'};

function storeOf(name: string, target: Target = theDeployment): Store {
	const window = findWindow(name) ?? assert.fail();
	return createStore(initialState({target, host: 'host', window, intervalMs: 10_000, nowMs: nine}));
}

async function ask(client: Client, store: Store): Promise<FatalReason | undefined> {
	return fetchOnce({client, store, now: () => nine, signal});
}

function refused(failure: Failure): FatalReason {
	return {kind: 'refused', failure};
}

function status(code: number): Failure {
	return {kind: 'status', status: code, message: '', retryAfterMs: undefined};
}

type Script = {
	readonly metrics?: (query: MetricsQuery) => Failure | undefined;
	readonly deployment?: Failure;
	readonly list?: readonly Deployment[];
	readonly run?: Run;
	readonly asked?: MetricsQuery[];
};

/**
 * Returns a client with the responses and failures of the script. If the script has no run, requests for a run get
 * status 404.
 */
function clientOf({metrics, deployment, list = [], run, asked = []}: Script): Client {
	return {
		...rejectingClient,
		async metrics(_, query) {
			asked.push(query);
			const failure = metrics?.(query);
			return failure === undefined
				? {ok: true, value: responseOf({inference_volume: servedPoints([nine, 1])}), tookMs: 5}
				: {ok: false, failure, tookMs: 5};
		},
		deployment: async () =>
			deployment === undefined
				? {ok: true, value: deploymentOf({baseModel: 'm', status: 'RUNNING', nodeCount: 1}), tookMs: 5}
				: {ok: false, failure: deployment, tookMs: 5},
		deployments: async () => ({ok: true, value: list, tookMs: 5}),
		runs: async () => ({ok: false, failure: status(404), tookMs: 5}),
		run: async () =>
			run === undefined ? {ok: false, failure: status(404), tookMs: 5} : {ok: true, value: run, tookMs: 5},
	};
}

const windows: ReadonlyArray<readonly [name: string, lengths: readonly number[]]> = [
	['1h', [3_600_000]],
	['24h', [86_400_000, 3_600_000]],
	['5m', [300_000, 3_600_000]],
];

for (const [name, lengths] of windows) {
	test(`for ${name}, metrics are requested ${lengths.length === 1 ? 'once' : 'again for findings'}`, async () => {
		const asked: MetricsQuery[] = [];
		const store = storeOf(name);
		assert.equal(await ask(clientOf({asked}), store), undefined);
		assert.deepEqual(
			asked.map(({startMs, endMs}) => endMs - startMs),
			lengths,
		);
		assert.equal(store.getState().findings.isEvaluated, true);
		assert.equal(store.getState().views.trainer.deployment?.status, 'RUNNING');
	});
}

test('a step that the server rejects is sent only once', async () => {
	const asked: MetricsQuery[] = [];
	const client = clientOf({asked, metrics: ({stepMs}) => (stepMs === undefined ? undefined : status(422))});
	assert.equal(await ask(client, storeOf('24h')), undefined);
	assert.deepEqual(
		asked.map(({stepMs}) => stepMs),
		[480_000, undefined, undefined],
	);
});

test('if one of the requests for metrics fails, the whole fetch fails', async () => {
	const isHour = ({startMs, endMs}: MetricsQuery): boolean => endMs - startMs === 3_600_000;
	const client = clientOf({metrics: query => (isHour(query) ? status(503) : undefined)});
	assert.deepEqual(await ask(client, storeOf('24h')), refused(status(503)));
});

test("a deployment without metrics isn't a failure, but a missing one is", async () => {
	const store = storeOf('24h');
	assert.equal(await ask(clientOf({metrics: () => status(404)}), store), undefined);
	assert.equal(store.getState().views.trainer.link.kind, 'no-metrics');
	const nowhere = clientOf({metrics: () => status(404), deployment: status(404)});
	assert.deepEqual(await ask(nowhere, storeOf('1h')), refused(status(404)));
});

test("if the deployment can't be loaded, the metrics are returned without it", async () => {
	const store = storeOf('1h');
	assert.equal(await ask(clientOf({deployment: status(500)}), store), undefined);
	assert.equal(store.getState().views.trainer.snapshot.requests.volume, 1);
});

const live = deploymentOf({id: 'live1', status: 'RUNNING'});
const stopped = deploymentOf({id: 'old1', status: 'STOPPED'});

test('without an ID, the metrics of the only live deployment are requested', async () => {
	const store = storeOf('1h', {kind: 'unchosen'});
	assert.equal(await ask(clientOf({list: [stopped, live]}), store), undefined);
	assert.equal(targetName(store.getState().target), 'live1');
	assert.equal(store.getState().views.trainer.snapshot.requests.volume, 1);
});

for (const list of [[], [stopped], [live, {...live, id: 'live2'}]]) {
	test(`without an ID, no deployment is chosen unless exactly one is live (${list.length} in the list)`, async () => {
		assert.deepEqual(await ask(clientOf({list}), storeOf('1h', {kind: 'unchosen'})), {kind: 'undecided', list});
	});
}

test("the metrics of a run's deployment are requested, even if the run's ID was given as a deployment's", async () => {
	const run = runOf('r1', 'w7x2m1p');
	const store = storeOf('1h', {kind: 'run', id: 'r1'});
	assert.equal(await ask(clientOf({run}), store), undefined);
	assert.equal(targetName(store.getState().target), 'w7x2m1p');
	let isKnown = false;
	const other = storeOf('1h', {kind: 'deployment', id: 'r1'});
	const client = clientOf({run});
	const strict: Client = {
		...client,
		async metrics(id, query, aborted) {
			isKnown = id === 'w7x2m1p';
			return isKnown ? client.metrics(id, query, aborted) : {ok: false, failure: status(404), tookMs: 5};
		},
		deployment: async (id, aborted) =>
			id === 'w7x2m1p' ? client.deployment(id, aborted) : {ok: false, failure: status(404), tookMs: 5},
	};
	assert.equal(await ask(strict, other), undefined);
	assert.ok(isKnown);
});

test('a serverless run, which has no deployment, is reported, and so is a missing run', async () => {
	const run = runOf('r1');
	assert.deepEqual(await ask(clientOf({run}), storeOf('1h', {kind: 'run', id: 'r1'})), {kind: 'serverless', run: 'r1'});
	assert.deepEqual(await ask(clientOf({}), storeOf('1h', {kind: 'run', id: 'r1'})), refused(status(404)));
});
