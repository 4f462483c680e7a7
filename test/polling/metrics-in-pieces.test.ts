import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Client, MetricsQuery} from '../../source/api/client.ts';
import type {Result} from '../../source/api/failure.ts';
import type {MetricsResponse} from '../../source/api/metrics-response.ts';
import {requestInPieces} from '../../source/polling/metrics-in-pieces.ts';
import {pairsOf} from '../helpers/points.ts';
import {rejectingClient} from '../helpers/rejecting-client.ts';
import {responseOf} from '../helpers/responses.ts';

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

/** Returns a server whose responses have at most this many steps, and the queries that it received. */
function serverOf(
	maxSteps: number,
	respond?: (query: MetricsQuery) => Result<MetricsResponse> | undefined,
	bytesOfStep?: number,
) {
	const queries: MetricsQuery[] = [];
	const client: Client = {
		...rejectingClient,
		async metrics(_, query) {
			queries.push(query);
			const isTooLarge = (query.endMs - query.startMs) / stepMs > maxSteps;
			return isTooLarge
				? {ok: false, failure: {kind: 'too-large', limitBytes: 1}, tookMs: 1}
				: (respond?.(query) ?? {
						ok: true,
						value: responseOf({
							inference_volume: pointsOf(query),
							per_node_metrics: [{node_id: 'a', cpu_usage: pointsOf(query)}],
						}),
						tookMs: 1,
						...(bytesOfStep === undefined ? {} : {bytes: (bytesOfStep * (query.endMs - query.startMs)) / stepMs}),
					});
		},
	};
	return {source: {client, deploymentId: 'k4q95w5', signal}, queries};
}

/** Returns the number of pieces in a result, as the screen and the outputs derive it. */
function piecesOf(result: Result<MetricsResponse>): number {
	return result.ok ? (result.value.pieces ?? 1) : assert.fail();
}

for (const [maxSteps, bytesOfStep, requests] of [
	[120, undefined, [1, 1]],
	[60, undefined, [31, 30]],
	[60, 100 * 1024, [5, 3]],
	[13, 600 * 1024, [17, 15]],
	[7, undefined, [31, 30]],
	[4, 1.3 * 1024 ** 2, [41, 40]],
] as const) {
	test(`if ${maxSteps} of 120 steps fit in a response, all are loaded (${bytesOfStep} bytes per step)`, async () => {
		const {source, queries} = serverOf(maxSteps, undefined, bytesOfStep);
		const {result, stepsAtOnce} = await requestInPieces(source, hour, Number.POSITIVE_INFINITY);
		assert.ok(result.ok);
		const expected = pointsOf(hour).map((_, index) => [hour.startMs + index * stepMs, 120 - index]);
		assert.deepEqual(pairsOf(result.value.requests.volume), expected);
		assert.deepEqual(pairsOf(result.value.nodes[0]?.cpu ?? assert.fail()), expected);
		const first = queries.length;
		assert.equal(piecesOf(result), first === 1 ? 1 : first - 1);
		const again = await requestInPieces(source, hour, stepsAtOnce);
		assert.deepEqual([first, queries.length - first], requests);
		assert.equal(piecesOf(again.result), queries.length - first);
	});
}

test('once responses have become small, metrics are no longer requested in pieces', async () => {
	const {source, queries} = serverOf(120, undefined, 1000);
	const {stepsAtOnce} = await requestInPieces(source, hour, 4);
	assert.equal(queries.length, 2);
	assert.ok(stepsAtOnce > 120);
	assert.equal(piecesOf((await requestInPieces(source, hour, stepsAtOnce)).result), 1);
});

for (const stepsAtOnce of [Number.POSITIVE_INFINITY, 120, 30, 4, 1]) {
	test(`if every response is too large, at most two requests are sent (${stepsAtOnce} steps at first)`, async () => {
		const {source, queries} = serverOf(0);
		const {result, stepsAtOnce: next} = await requestInPieces(source, hour, stepsAtOnce);
		assert.equal(result.ok || result.failure.kind, 'too-large');
		assert.equal(queries.length, stepsAtOnce > 4 ? 2 : 1);
		assert.equal(next, Number.POSITIVE_INFINITY);
	});
}

test('if the request for a piece fails, the whole request fails', async () => {
	const failure = {kind: 'status', status: 503, message: '', retryAfterMs: undefined} as const;
	const {source} = serverOf(60, ({endMs}) => (endMs === nine ? {ok: false, failure, tookMs: 1} : undefined));
	assert.deepEqual((await requestInPieces(source, hour, Number.POSITIVE_INFINITY)).result, {
		ok: false,
		failure,
		tookMs: 1,
	});
});

test("a query without a step isn't divided", async () => {
	const {source, queries} = serverOf(1);
	const {result} = await requestInPieces(source, {...hour, stepMs: undefined}, 1);
	assert.equal(result.ok || result.failure.kind, 'too-large');
	assert.equal(queries.length, 1);
});
