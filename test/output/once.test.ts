import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Client, MetricsQuery} from '../../source/api/client.ts';
import type {Failure} from '../../source/api/failure.ts';
import {findWindow} from '../../source/metrics/windows.ts';
import {askOnce} from '../../source/output/once.ts';
import {initialState} from '../../source/state/state.ts';
import {createStore, type Store} from '../../source/state/store.ts';
import {answerOf, servedPoints} from '../helpers/answers.ts';

const nine = Date.UTC(2026, 10, 23, 9, 0, 12);
const {signal} = new AbortController();

function storeOf(name: string): Store {
	const window = findWindow(name) ?? assert.fail();
	return createStore(initialState({deploymentId: 'k4q95w5', host: 'host', window, intervalMs: 10_000, nowMs: nine}));
}

function status(code: number): Failure {
	return {kind: 'status', status: code, message: '', retryAfterMs: undefined};
}

type Script = {
	readonly metrics?: (query: MetricsQuery) => Failure | undefined;
	readonly deployment?: Failure;
	readonly asked?: MetricsQuery[];
};

/** A client that answers but where the script has a failure. */
function clientOf({metrics, deployment, asked = []}: Script): Client {
	return {
		async metrics(_, query) {
			asked.push(query);
			const failure = metrics?.(query);
			return failure === undefined
				? {ok: true, value: answerOf({inference_volume: servedPoints([nine, 1])}), tookMs: 5}
				: {ok: false, failure, tookMs: 5};
		},
		deployment: async () =>
			deployment === undefined
				? {
						ok: true,
						value: {id: 'k4q95w5', baseModel: 'm', status: 'RUNNING', nodeCount: 1, instance: undefined},
						tookMs: 5,
					}
				: {ok: false, failure: deployment, tookMs: 5},
		deployments: async () => ({ok: true, value: [], tookMs: 5}),
	};
}

const windows: ReadonlyArray<readonly [name: string, lengths: readonly number[]]> = [
	['1h', [3_600_000]],
	['24h', [86_400_000, 3_600_000]],
	['5m', [300_000, 3_600_000]],
];

for (const [name, lengths] of windows) {
	test(`for ${name} it asks ${lengths.length === 1 ? 'once' : 'also for the hour that findings are made from'}`, async () => {
		const asked: MetricsQuery[] = [];
		const store = storeOf(name);
		assert.equal(await askOnce(clientOf({asked}), store, () => nine, signal), undefined);
		assert.deepEqual(
			asked.map(({startMs, endMs}) => endMs - startMs),
			lengths,
		);
		assert.equal(store.getState().findings.hasLooked, true);
		assert.equal(store.getState().shown.deployment?.status, 'RUNNING');
	});
}

test('a step that is refused is refused once', async () => {
	const asked: MetricsQuery[] = [];
	const client = clientOf({asked, metrics: ({stepMs}) => (stepMs === undefined ? undefined : status(422))});
	assert.equal(await askOnce(client, storeOf('24h'), () => nine, signal), undefined);
	assert.deepEqual(
		asked.map(({stepMs}) => stepMs),
		[480_000, undefined, undefined],
	);
});

test('where part of it fails, all of it fails', async () => {
	const isHour = ({startMs, endMs}: MetricsQuery): boolean => endMs - startMs === 3_600_000;
	const client = clientOf({metrics: query => (isHour(query) ? status(503) : undefined)});
	assert.deepEqual(await askOnce(client, storeOf('24h'), () => nine, signal), status(503));
});

test('a deployment that has no metrics is no failure, and one that is not there is', async () => {
	const store = storeOf('24h');
	assert.equal(await askOnce(clientOf({metrics: () => status(404)}), store, () => nine, signal), undefined);
	assert.equal(store.getState().shown.link.kind, 'no-metrics');
	const nowhere = clientOf({metrics: () => status(404), deployment: status(404)});
	assert.deepEqual(await askOnce(nowhere, storeOf('1h'), () => nine, signal), status(404));
});

test('metrics are told without the deployment where that can not be had', async () => {
	const store = storeOf('1h');
	assert.equal(await askOnce(clientOf({deployment: status(500)}), store, () => nine, signal), undefined);
	assert.equal(store.getState().shown.snapshot.requests.volume, 1);
});
