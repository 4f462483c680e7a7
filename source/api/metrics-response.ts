import * as z from 'zod/mini';
import {createTimeReader, isRecord, noPoints, type Points} from './points.ts';
import {idOf, knownFields, ReadNode, ResponseReader} from './response-reader.ts';
import type {NodePoints, RequestPoints} from './series-table.ts';
import {atOnce, type Steps} from './slices.ts';

/** A problem with a field of a response. A missing or malformed field has no points. */
export type FieldProblem = {readonly field: string; readonly problem: string};

/**
 * Metrics of one component (trainer or sampler): requests; compute of the leader, or of all replicas together; and
 * compute per node or replica, if the server reports it.
 */
export type MetricsResponse = {
	readonly requests: RequestPoints;
	/** The number of active replicas; no points for a trainer. */
	readonly replicas: Points;
	readonly leader: NodePoints;
	readonly nodes: readonly NodePoints[];
	readonly problems: readonly FieldProblem[];
	/** The number of points that have an unreadable time or value, or that exceed the maximum number of points. */
	readonly dropped: number;
	/** The number of responses that this one was assembled from, 1 by default. */
	readonly pieces?: number;
};

/**
 * The schema of a response. Only the root is strict, because a response without a `metrics` object isn't from the
 * metrics route. Each field is parsed separately below.
 */
const responseSchema = z.object({metrics: z.record(z.string(), z.unknown())});

/**
 * Creates a reader for the items of a response's lists, for `ApiRequest.readItem`. The reader converts each named node
 * immediately, so that a large response is never in memory as objects. `readMetricsInSteps` accepts the result in place
 * of the node.
 */
export function createNodeReader(): (item: unknown) => unknown {
	const readTime = createTimeReader();
	let times = noPoints.times;
	return item => {
		const id = isRecord(item) ? idOf(item) : '';
		if (!isRecord(item) || id === '') {
			return item;
		}

		const reader = new ResponseReader(readTime, times);
		const node = reader.node(id, item);
		times = reader.lastTimes;
		return new ReadNode(node, reader);
	};
}

/** Returns each problem once: the same problem in 64 nodes is listed only once. */
function distinct(problems: readonly FieldProblem[]): readonly FieldProblem[] {
	return [...new Map(problems.map(problem => [`${problem.field} ${problem.problem}`, problem])).values()];
}

/** A parsed response, or the reason why the body isn't a response from the metrics route. */
export type ReadMetrics = {readonly response: MetricsResponse} | {readonly problem: string};

/** Parses a response as `readMetricsInSteps` does, but all at once. */
export function readMetricsResponse(body: unknown): ReadMetrics {
	return atOnce(readMetricsInSteps(body));
}

/** Parses a response node by node, or returns why it isn't a response from the metrics route. */
export function* readMetricsInSteps(body: unknown): Steps<ReadMetrics> {
	const parsed = responseSchema.safeParse(body);
	if (!parsed.success) {
		return {problem: 'no metrics'};
	}

	const {metrics} = parsed.data;
	if (!knownFields.some(field => field in metrics)) {
		return {problem: 'no known metrics'};
	}

	const reader = new ResponseReader();
	const requests = reader.requests(metrics);
	const leader = reader.node('leader', metrics);
	const nodes = yield* reader.nodes(metrics['per_node_metrics']);
	const {dropped, readable, unreadable} = reader;
	if (unreadable > 0 && readable === 0) {
		reader.problems.unshift({field: 'response', problem: 'has only unreadable times'});
	}

	return {response: {requests, replicas: noPoints, leader, nodes, problems: distinct(reader.problems), dropped}};
}
