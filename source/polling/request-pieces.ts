import type {Client, MetricsQuery} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import {addMetrics, emptyHistory, type History} from '../metrics/history.ts';
import {defaultWindow, type Window, windows} from '../metrics/windows.ts';

/** The number of pieces into which a request is divided if its response was too large; repeatedly if necessary. */
const division = 4;

/** Requests the metrics of a deployment in as many requests as necessary. */
export type MetricsSource = {readonly client: Client; readonly deploymentId: string; readonly signal: AbortSignal};

/** Metrics, and how many steps of them can be requested at once: infinite if no response was too large. */
export type InPieces = {readonly result: Result<MetricsResponse>; readonly stepsAtOnce: number};

/**
 * Requests the metrics of a query, in pieces of at most `stepsAtOnce` steps, one after another, the oldest first: an
 * hour of 512 nodes of 8 GPUs is 75 MiB. If a response is too large, the pieces become smaller, down to one step. A
 * query without a step is never divided, since the server would choose another step for a piece.
 *
 * A divided response says so among its problems. If a piece fails, the whole request fails with its failure. If even
 * one step is too large, nothing was learned of how many fit: the next query is requested whole again.
 */
export async function requestInPieces(
	source: MetricsSource,
	query: MetricsQuery,
	stepsAtOnce: number,
): Promise<InPieces> {
	const {client, deploymentId, signal} = source;
	const {startMs, endMs, stepMs} = query;
	const steps = stepMs === undefined ? 1 : Math.ceil((endMs - startMs) / stepMs);
	if (stepMs === undefined || steps <= stepsAtOnce) {
		const result = await client.metrics(deploymentId, query, signal);
		const isTooLarge = !result.ok && result.failure.kind === 'too-large' && steps > 1;
		return isTooLarge ? requestInPieces(source, query, Math.ceil(steps / division)) : {result, stepsAtOnce};
	}

	const pieces = divide(query, stepMs * stepsAtOnce);
	const window = windows.find(other => other.stepMs === stepMs && other.lengthMs >= endMs - startMs) ?? defaultWindow;
	const joined = new JoinedResponse(window);
	for (const piece of pieces) {
		const result = await client.metrics(deploymentId, piece, signal);
		if (!result.ok) {
			const isTooLarge = result.failure.kind === 'too-large';
			return isTooLarge && stepsAtOnce > 1
				? requestInPieces(source, query, Math.ceil(stepsAtOnce / division))
				: {result, stepsAtOnce: isTooLarge ? Number.POSITIVE_INFINITY : stepsAtOnce};
		}

		joined.add(result, piece);
	}

	return {result: joined.result(pieces.length), stepsAtOnce};
}

function divide({startMs, endMs, stepMs}: MetricsQuery, lengthMs: number): readonly MetricsQuery[] {
	const count = Math.ceil((endMs - startMs) / lengthMs);
	return Array.from({length: count}, (_, index) => ({
		startMs: startMs + index * lengthMs,
		endMs: Math.min(startMs + (index + 1) * lengthMs, endMs),
		stepMs,
	}));
}

/** Puts the responses of one query together. */
class JoinedResponse {
	#history: History;
	readonly #problems = new Map<string, MetricsResponse['problems'][number]>();
	#dropped = 0;
	#tookMs = 0;
	#serverMs: number | undefined;

	constructor(window: Window) {
		this.#history = emptyHistory(window);
	}

	add({value, tookMs, serverMs}: Extract<Result<MetricsResponse>, {ok: true}>, {startMs, endMs}: MetricsQuery): void {
		this.#history = addMetrics(this.#history, value, {startMs, endMs, whole: false});
		this.#dropped += this.#history.dropped;
		this.#tookMs += tookMs;
		this.#serverMs = serverMs;
		for (const problem of value.problems) {
			this.#problems.set(`${problem.field} ${problem.problem}`, problem);
		}
	}

	result(pieces: number): Result<MetricsResponse> {
		const {requests, replicas, leader, nodes} = this.#history;
		const problems = [
			...this.#problems.values(),
			{field: 'metrics', problem: `too large for one response: requested in ${pieces} pieces`},
		];
		const value = {requests, replicas, leader, nodes: [...nodes.values()], problems, dropped: this.#dropped};
		return {ok: true, value, tookMs: this.#tookMs, serverMs: this.#serverMs};
	}
}
