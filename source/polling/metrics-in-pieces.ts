import type {Client, MetricsQuery} from '../api/client.ts';
import type {Result} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import {maxResponseBytes} from '../api/read-body.ts';
import {inSlices} from '../api/slices.ts';
import {emptyHistory, type History} from '../metrics/history.ts';
import {addMetricsInSteps} from '../metrics/merge-history.ts';
import {defaultWindow, type Window, windows} from '../metrics/windows.ts';

/**
 * The number of steps requested at once after a response was too large; one step for 1,024 nodes with 8 GPUs each takes
 * 1.3 MiB.
 */
const firstSteps = 4;

/**
 * The target size of a piece, as a fraction of the maximum size of a response. The rest is a margin, because values
 * differ in their number of digits.
 */
const targetShare = 0.6;

/** The source of metrics: a client, a deployment, and the signal that aborts requests. */
type MetricsSource = {
	readonly client: Client;
	readonly deploymentId: string;
	readonly signal: AbortSignal;
	/**
	 * Called with the number of steps that can be requested at once, as soon as that number is known, because a request
	 * that is aborted between two pieces has no result.
	 */
	readonly learn?: ((stepsAtOnce: number) => void) | undefined;
};

/**
 * Metrics, and the number of their steps that can be requested at once: infinite if no response was too large, or if
 * even a response with only a few steps was too large.
 */
type InPieces = {readonly result: Result<MetricsResponse>; readonly stepsAtOnce: number};

/**
 * Requests the metrics of a query. If it has more than `stepsAtOnce` steps, requests them in pieces, one after another,
 * oldest first: an hour of data from 512 nodes with 8 GPUs each takes 75 MiB. If a response is too large, continues
 * with a piece of four steps. After each piece, the size of its response determines how many steps the next one has. A
 * query without a step is never divided, because the server would choose a different step for a piece.
 *
 * If the query was divided, the result contains the number of pieces. If a request fails, the whole query fails with
 * that failure, unless the request is for more than four steps and is the first one whose response is too large. After
 * a failure because of the size, the next query isn't divided at first.
 */
export async function requestInPieces(
	{client, deploymentId, signal, learn}: MetricsSource,
	query: MetricsQuery,
	stepsAtOnce: number,
): Promise<InPieces> {
	const {startMs, endMs, stepMs} = query;
	const steps = stepMs === undefined ? 1 : Math.ceil((endMs - startMs) / stepMs);
	let size = stepMs === undefined ? Number.POSITIVE_INFINITY : stepsAtOnce;
	let wasTooLarge = false;
	let pieces = 0;
	const joined = new JoinedResponse(windowOf(query));
	for (let done = 0; done < steps; ) {
		const isWhole = done === 0 && size >= steps;
		const piece = isWhole ? query : pieceOf(query, done, size);
		const result = await client.metrics(deploymentId, piece, signal);
		if (!result.ok) {
			const isTooLarge = result.failure.kind === 'too-large';
			if (isTooLarge && !wasTooLarge && Math.min(size, steps) > firstSteps) {
				wasTooLarge = true;
				size = firstSteps;
				learn?.(size);
				continue;
			}

			return {result, stepsAtOnce: isTooLarge ? Number.POSITIVE_INFINITY : stepsAtOnce};
		}

		if (isWhole) {
			return {result, stepsAtOnce};
		}

		await joined.add(result, {piece, signal});
		pieces++;
		done += size;
		if (done <= steps) {
			size = fittingSteps(result, size);
			learn?.(size);
		}
	}

	return {result: joined.result(pieces), stepsAtOnce: size};
}

/**
 * Returns the number of steps that fit into a response, at least 1, based on the size of a response with `steps` steps;
 * `steps` if that size is unknown.
 */
function fittingSteps({bytes}: Extract<Result<MetricsResponse>, {ok: true}>, steps: number): number {
	return bytes === undefined ? steps : Math.max(1, Math.floor((targetShare * maxResponseBytes * steps) / bytes));
}

/** Returns the query for `steps` steps after the first `done` ones. */
function pieceOf({startMs, endMs, stepMs = 0}: MetricsQuery, done: number, steps: number): MetricsQuery {
	const pieceStartMs = startMs + done * stepMs;
	return {startMs: pieceStartMs, endMs: Math.min(pieceStartMs + steps * stepMs, endMs), stepMs};
}

function windowOf({startMs, endMs, stepMs}: MetricsQuery): Window {
	const window = windows.find(other => other.stepMs === stepMs) ?? defaultWindow;
	return {...window, lengthMs: endMs - startMs};
}

/** Joins the responses to the pieces of one query. */
class JoinedResponse {
	#history: History;
	readonly #problems = new Map<string, MetricsResponse['problems'][number]>();
	#dropped = 0;
	#tookMs = 0;
	#serverMs: number | undefined;

	constructor(window: Window) {
		this.#history = emptyHistory(window);
	}

	/** Adds the response to a piece, in slices. */
	async add(
		{value, tookMs, serverMs}: Extract<Result<MetricsResponse>, {ok: true}>,
		{piece: {startMs, endMs}, signal}: {readonly piece: MetricsQuery; readonly signal: AbortSignal},
	): Promise<void> {
		const steps = addMetricsInSteps(this.#history, value, {startMs, endMs, whole: false});
		this.#history = await inSlices(steps, signal);
		this.#dropped += this.#history.dropped;
		this.#tookMs += tookMs;
		this.#serverMs = serverMs;
		for (const problem of value.problems) {
			this.#problems.set(`${problem.field} ${problem.problem}`, problem);
		}
	}

	result(pieces: number): Result<MetricsResponse> {
		const {requests, replicas, leader, nodes} = this.#history;
		const problems = [...this.#problems.values()];
		const value = {requests, replicas, leader, nodes: [...nodes.values()], problems, dropped: this.#dropped, pieces};
		return {ok: true, value, tookMs: this.#tookMs, serverMs: this.#serverMs};
	}
}
