import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Client, MetricsQuery} from '../../source/api/client.ts';
import type {Result} from '../../source/api/failure.ts';
import type {MetricsResponse} from '../../source/api/metrics-response.ts';
import {requestInPieces} from '../../source/polling/request-pieces.ts';
import {answerOf} from '../helpers/answers.ts';
import {pairsOf} from '../helpers/points.ts';
import {unaskedClient} from '../helpers/unasked-client.ts';

const nine = Date.UTC(2026, 10, 23, 9);
const stepMs = 30_000;
const hour: MetricsQuery = {startMs: nine - 3_600_000, endMs: nine, stepMs};
const {signal} = new AbortController();

function pointsOf({startMs, endMs}: MetricsQuery): object[] {
	const count = Math.floor((endMs - startMs) / stepMs) + 1;
	return Array.from({length: count}, (_, index) => {
		const timeMs = startMs + index * stepMs;
		return {timestamp: new Date(timeMs).toISOString(), value: (nine - timeMs) / stepMs};
	});
}

/** A server whose responses have at most so many steps, and the queries that it got. */
function serverOf(mostSteps: number, respond?: (query: MetricsQuery) => Result<MetricsResponse> | undefined) {
	const queries: MetricsQuery[] = [];
	const client: Client = {
		...unaskedClient,
		async metrics(_, query) {
			queries.push(query);
			const isTooLarge = (query.endMs - query.startMs) / stepMs > mostSteps;
			return isTooLarge
				? {ok: false, failure: {kind: 'too-large', limitBytes: 1}, tookMs: 1}
				: (respond?.(query) ?? {
						ok: true,
						value: answerOf({
							inference_volume: pointsOf(query),
							per_node_metrics: [{node_id: 'a', cpu_usage: pointsOf(query)}],
						}),
						tookMs: 1,
					});
		},
	};
	return {source: {client, deploymentId: 'k4q95w5', signal}, queries};
}

for (const mostSteps of [120, 60, 30, 7, 1]) {
	test(`an hour of which ${mostSteps} steps fit into a response is the same hour`, async () => {
		const {source, queries} = serverOf(mostSteps);
		const {result, stepsAtOnce} = await requestInPieces(source, hour, Number.POSITIVE_INFINITY);
		assert.ok(result.ok);
		const expected = pointsOf(hour).map((_, index) => [hour.startMs + index * stepMs, 120 - index]);
		assert.deepEqual(pairsOf(result.value.requests.volume), expected);
		assert.deepEqual(pairsOf(result.value.nodes[0]?.cpu ?? assert.fail()), expected);
		const pieces = result.value.problems.filter(({field}) => field === 'metrics').map(({problem}) => problem);
		assert.deepEqual(
			pieces,
			mostSteps === 120 ? [] : [`too large for one response: requested in ${Math.ceil(120 / stepsAtOnce)} pieces`],
		);
		const before = queries.length;
		await requestInPieces(source, hour, stepsAtOnce);
		assert.equal(queries.length - before, mostSteps === 120 ? 1 : Math.ceil(120 / stepsAtOnce));
	});
}

test('a response of one step that is too large is a failure, after which a query is requested whole again', async () => {
	const {source, queries} = serverOf(0);
	const {result, stepsAtOnce} = await requestInPieces(source, hour, Number.POSITIVE_INFINITY);
	assert.equal(result.ok || result.failure.kind, 'too-large');
	assert.equal(stepsAtOnce, Number.POSITIVE_INFINITY);
	assert.ok(queries.length < 10);
});

test('a piece that fails is a failure', async () => {
	const failure = {kind: 'status', status: 503, message: '', retryAfterMs: undefined} as const;
	const {source} = serverOf(60, ({endMs}) => (endMs === nine ? {ok: false, failure, tookMs: 1} : undefined));
	assert.deepEqual((await requestInPieces(source, hour, Number.POSITIVE_INFINITY)).result, {
		ok: false,
		failure,
		tookMs: 1,
	});
});

test('a query without a step is not divided', async () => {
	const {source, queries} = serverOf(1);
	const {result} = await requestInPieces(source, {...hour, stepMs: undefined}, 1);
	assert.equal(result.ok || result.failure.kind, 'too-large');
	assert.equal(queries.length, 1);
});
