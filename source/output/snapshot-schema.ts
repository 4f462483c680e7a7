// Longer than 250 lines because it is the schema of everything in snapshot-types.ts, in the same order.

import * as z from 'zod';
import type {Failure} from '../api/failure.ts';
import {levels} from '../api/logs.ts';
import {mapRecord} from '../api/points.ts';
import {rules} from '../metrics/findings.ts';
import {
	gpuMetrics,
	latencyMetrics,
	type MetricDescription,
	nodeMetrics,
	requestMetrics,
	statusMetrics,
} from '../metrics/metric-table.ts';
import {idleBelow} from '../metrics/thresholds.ts';
import {formatPercent} from '../text/format.ts';

// This schema describes output, not input: it becomes the JSON Schema of the package, and the program runs without it.
// A test compares it with snapshot-types.ts.

const schema = z.literal('loops-top/1');
const failureKinds = [
	'status',
	'redirect',
	'network',
	'proxy-refusal',
	'proxy-network',
	'timeout',
	'too-large',
	'cut-off',
	'not-json',
	'wrong-shape',
] as const satisfies readonly Failure['kind'][];

const time = z
	.string()
	.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
	.meta({format: 'date-time', description: 'ISO 8601 in UTC, whole seconds.'});
const known = z.number().nullable();
const fraction = z.number();

function metric<const Unit extends string>(unit: Unit, description: string) {
	return z.object(metricFields(unit)).meta({description});
}

function limitedMetric<const Unit extends string>(unit: Unit, description: string) {
	const limit = known.meta({description: 'The limit.'});
	return z.object({...metricFields(unit), limit}).meta({description});
}

// All metrics share these objects, so that the JSON Schema contains each of them only once.
const ofWindow = {
	value: known.meta({description: 'The newest sample; null if unknown.'}),
	time: time.nullable().meta({description: 'The time of that sample; null if there is none.'}),
	mean: known.meta({description: 'The mean over the window.'}),
	min: known.meta({description: 'The lowest sample in the window.'}),
	max: known.meta({description: 'The highest sample in the window.'}),
};

function metricFields<const Unit extends string>(unit: Unit) {
	return {unit: z.literal(unit), ...ofWindow};
}

type Table = Readonly<Record<string, MetricDescription>>;

/** The schemas of a table's metrics, by their names in the output. */
type SchemasOf<Described extends Table> = {
	[Key in keyof Described as Described[Key]['name']]: Described[Key] extends {readonly limit: object}
		? ReturnType<typeof limitedMetric<Described[Key]['unit']>>
		: ReturnType<typeof metric<Described[Key]['unit']>>;
};

/** Returns the schemas of a table's metrics, with their descriptions. */
function metricsOf<const Described extends Table>(table: Described): SchemasOf<Described> {
	const entries = Object.values(table).map(described => {
		const {name, unit, description} = described;
		return [name, 'limit' in described ? limitedMetric(unit, description) : metric(unit, description)] as const;
	});
	return Object.fromEntries(entries) as SchemasOf<Described>;
}

const deployment = z.object({
	id: z.string(),
	model: z.string().nullable(),
	status: z.string().nullable().meta({description: 'As the server reports it, such as RUNNING or SCALED_TO_ZERO.'}),
	node_count: known,
	gpus_per_node: known,
	gpu_type: z.string().nullable(),
});

const window = z.object({
	name: z.string().meta({
		description: 'A value of --window. For a range of another length: the shortest one that is at least as long.',
	}),
	step_seconds: z.number().meta({description: 'The requested step between samples.'}),
	start: time.nullable(),
	end: time.nullable(),
});

const deploymentMetrics = {
	...metricsOf(requestMetrics),
	...metricsOf(latencyMetrics),
	...metricsOf(statusMetrics),
};
const metrics = z.object(deploymentMetrics);

const cost = z
	.object({
		unit: z.literal('USD'),
		source: z.enum(['list', 'user']).meta({description: "Baseten's list price, or the user's own price from --price."}),
		time: time
			.nullable()
			.meta({description: "The time at which the list price was received; null for the user's own price."}),
		per_node_hour: z.number(),
		per_hour: known.meta({
			description:
				"For all nodes or active replicas; null if their number is unknown, or if the trainer isn't running.",
		}),
		window: known.meta({description: 'For the window, counting the time during which each node reported.'}),
		window_idle: known.meta({
			description: `The part of the window's cost for GPUs under ${formatPercent(idleBelow)} utilization.`,
		}),
		window_idle_ratio: known.meta({description: 'The same as a fraction, 0 to 1.'}),
	})
	.meta({
		description: "The cost of the trainer's nodes, or of the sampler's replicas, in US dollars. No amount is a bill.",
	});

const run = z
	.object({
		id: z.string(),
		name: z.string().nullable(),
		status: z.string().nullable().meta({description: 'As the server reports it, such as ACTIVE or INACTIVE.'}),
		session: z.string().nullable(),
		created: time.nullable(),
		availability: z.string().nullable().meta({description: 'spot or dedicated.'}),
		time: time.meta({description: 'The time at which this was received.'}),
	})
	.meta({description: 'The run of the deployment.'});

const checkpoints = z
	.object({
		count: z.number().meta({description: 'The number that the server reports, including the unreadable ones.'}),
		unreadable: z.number().meta({
			description: 'The number of checkpoints without a readable name or time; any of them might be the newest.',
		}),
		last: z
			.object({
				name: z.string(),
				created: time,
				age_seconds: z.number(),
				bytes: known,
				target: z.string().nullable().meta({description: 'trainer or sampler.'}),
				sync_status: z.string().nullable().meta({description: 'SYNCING or COMPLETE.'}),
			})
			.nullable()
			.meta({description: 'The newest readable one; null if there is none.'}),
		time: time.meta({description: 'The time at which this was received.'}),
	})
	.meta({description: 'The checkpoints of the run.'});

const change = z
	.object({
		value: known.meta({description: "The earlier sample that the metric's value is compared with."}),
		change: known.meta({
			description:
				'The fraction by which the value is now higher, negative if it is lower; null if either is unknown, if the earlier one is 0, or if their samples cover different lengths of time.',
		}),
		mean: known.meta({
			description:
				'The mean of the earlier range; null if that range has fewer than half as many samples as the window.',
		}),
		mean_change: known.meta({description: 'The fraction by which the mean is now higher.'}),
	})
	.meta({description: 'A metric at the earlier time.'});

const comparison = z
	.object({
		with: z.enum(['window', '1d', '7d']).meta({description: 'The value of --compare.'}),
		offset_seconds: z
			.number()
			.meta({description: 'The number of seconds by which the earlier time range precedes the window.'}),
		start: time,
		end: time,
		metrics: z.object(mapRecord(deploymentMetrics, () => change)),
	})
	.meta({description: 'The earlier time range that the window is compared with.'});

const gpu = z.object({
	rank: z.string(),
	metrics: z.object(metricsOf(gpuMetrics)),
});

const node = z.object({
	id: z.string().meta({description: "Its name; leader if the server doesn't report nodes separately."}),
	reporting: z.boolean().meta({description: 'Whether its newest sample is within the stale limit.'}),
	last_seen: time.nullable().meta({description: 'The time of its newest sample.'}),
	metrics: z.object(metricsOf(nodeMetrics)),
	gpus: z.array(gpu),
});

const logs = z
	.object({
		start: time.meta({description: 'The start of the time range that the entries cover completely.'}),
		end: time.meta({description: 'The end of the time range that the entries cover completely.'}),
		unreadable: z.number().meta({description: 'The number of received entries without a readable time or message.'}),
		entries: z
			.array(
				z.object({
					time,
					nanoseconds: z.string().meta({description: 'The same time in epoch nanoseconds.'}),
					level: z.enum(levels).nullable(),
					replica: z.string().nullable().meta({description: 'The name of the node or replica.'}),
					request_id: z.string().nullable(),
					message: z.string(),
				}),
			)
			.meta({description: 'The newest entries, at most 100, oldest first.'}),
	})
	.meta({description: "The newest entries of a component's logs."});

const sampler = z
	.object({
		model_id: z.string(),
		deployment_id: z.string(),
		status: z.string().nullable().meta({description: 'As the server reports it, such as ACTIVE.'}),
		nodes_per_replica: known,
		gpus_per_node: known,
		gpu_type: z.string().nullable(),
		time: time.nullable().meta({description: 'The time at which its metrics were received.'}),
		failure: z
			.string()
			.nullable()
			.meta({description: "The reason why its metrics can't be received now; null if they can."}),
		newest_sample: time.nullable(),
		age_seconds: known,
		metrics: z.object({
			...deploymentMetrics,
			replicas: metric('replicas', 'Active replicas.'),
			replicas_desired: metric('replicas', 'Replicas that should exist.'),
			replicas_starting: metric('replicas', 'Replicas that are starting.'),
			restarts: metric('restarts', 'Container restarts during the step that the sample covers.'),
			first_byte_p50: metric('ms', 'Time to the first byte, median.'),
			first_byte_p95: metric('ms', 'Time to the first byte, 95th percentile.'),
			async_queue: metric('requests', 'Requests in the async queue.'),
			async_queue_time_p95: metric('ms', 'Time in the async queue, 95th percentile.'),
			tokens_in: metric('tokens/s', 'Input tokens per second.'),
			tokens_out: metric('tokens/s', 'Generated tokens per second.'),
			kv_cache_hits: metric('ratio', 'Fraction of prompt tokens found in the KV cache, 0 to 1.'),
			engine_requests: metric('requests', 'Requests in the inference engine.'),
		}),
		restarts: known.meta({description: 'The number of container restarts in the window.'}),
		cost: cost.nullable(),
		status_shares: z.object({'2xx': fraction, '4xx': fraction, '5xx': fraction}).nullable(),
		replicas: z.array(node).meta({description: "Empty if the server doesn't report them separately."}),
		logs: logs.nullable().meta({description: 'Null if unknown, and in -o jsonl.'}),
		problems: z.array(z.object({field: z.string(), problem: z.string()})),
	})
	.meta({description: 'The sampler. The values of its metrics are null until they are received.'});

const finding = z.object({
	rule: z.enum(rules),
	id: z.string().meta({
		description:
			'Identifies the finding of a deployment from its beginning to its end, such as straggler/loops-trainer-2/5.',
	}),
	state: z.enum(['active', 'unknown', 'resolved']).meta({
		description:
			'active: it exists now. unknown: its subject has no current data. resolved: data showed that it ended.',
	}),
	subject: z
		.object({
			node: z.string().nullable(),
			gpu: z.string().nullable().meta({description: 'The rank of the GPU, if a single one is affected.'}),
			gpus: z.array(z.string()).nullable().meta({description: 'The ranks of the affected GPUs.'}),
		})
		.meta({description: 'The affected node, and its affected GPUs; null for the whole deployment.'}),
	value: known.meta({
		description: 'Depending on the rule, a share (0 to 1) or a number of nodes, GPUs, requests, bytes, or seconds.',
	}),
	reference: known.meta({
		description:
			"What the value is compared with: the others' utilization, the expected number of nodes or GPUs, the earlier RAM use, or the maximum age of a checkpoint in seconds.",
	}),
	status: z
		.string()
		.nullable()
		.meta({description: "For status: the status other than RUNNING; for sampler-status: the sampler's."}),
	full_in_seconds: known.meta({
		description: 'For disk-growth: the number of seconds until the disk is full at the rate of the last hour.',
	}),
	since: time,
	or_earlier: z.boolean().meta({description: 'Whether it might have begun earlier.'}),
	last_known: time.nullable().meta({description: 'For an unknown finding: the time of the last data that showed it.'}),
	until: time.nullable().meta({description: 'For a resolved finding: the time at which it ended.'}),
	message: z.string().meta({description: 'A description of the finding.'}),
});

const problem = z.object({field: z.string(), problem: z.string()});

const snapshot = z
	.object({
		schema,
		type: z.literal('snapshot'),
		time: time.meta({
			description:
				"The time of the snapshot, by the local clock; by the server's if they differ by more than 20 seconds.",
		}),
		deployment,
		window,
		has_metrics: z.boolean().meta({
			description: 'False if the deployment exists but has no metrics now: it is scaled to zero, or not deployed yet.',
		}),
		took_ms: known.meta({description: 'The duration of the last request.'}),
		newest_sample: time.nullable().meta({description: 'The time of the newest sample.'}),
		age_seconds: known.meta({
			description: 'The age of the newest sample; negative if it is in the future.',
		}),
		metrics,
		activity: z.enum(['busy', 'waiting']).nullable().meta({
			description: 'Whether the trainer is working or waiting for its client; null if unknown or not running.',
		}),
		cost: cost.nullable().meta({description: 'Null if no price is known.'}),
		run: run.nullable().meta({description: 'Null if it is unknown.'}),
		checkpoints: checkpoints.nullable().meta({description: 'Null if they are unknown.'}),
		sampler: sampler.nullable().meta({description: "Null if the deployment has none, or isn't known."}),
		logs: logs.nullable().meta({description: 'Null if unknown, in -o jsonl, and with --all.'}),
		comparison: comparison.nullable().meta({
			description:
				'The differences between the values and those of an earlier time; null without --compare, and if they are unknown.',
		}),
		status_shares: z
			.object({'2xx': fraction, '4xx': fraction, '5xx': fraction})
			.nullable()
			.meta({description: "The shares of the window's requests that ended with each class, 0 to 1."}),
		nodes: z.array(node).meta({description: 'Sorted by ID, in natural order.'}),
		findings: z.array(finding).nullable().meta({
			description:
				'The active ones, most urgent first, then the unknown ones, then those that ended in the last hour; null while the data of the last hour is unknown.',
		}),
		problems: z.array(problem).meta({
			description: 'Missing or malformed fields, and reasons why other values are unknown, old, or incomplete.',
		}),
		dropped_points: z.number().meta({
			description:
				'The number of points in the response that were left out because they are unreadable or later than requested.',
		}),
	})
	.meta({description: 'The values of a deployment at one time.'});

const failure = z
	.object({
		schema,
		type: z.literal('failure'),
		time,
		deployment: z.object({id: z.string().nullable()}),
		kind: z.enum(failureKinds),
		status: known.meta({description: 'The HTTP status, such as 503.'}),
		message: z.string(),
		since: time.meta({description: 'The time of the first failure since the last success.'}),
		retry: time.meta({description: 'The time of the next poll.'}),
		last_answer: time.nullable().meta({description: 'The time of the last response; null if there was none.'}),
		newest_sample: time.nullable().meta({description: 'The time of the newest known sample.'}),
		age_seconds: known.meta({description: 'The age of that sample.'}),
	})
	.meta({description: 'A failed poll. Polling continues.'});

/** A line of `-o jsonl`. `-o json` prints a snapshot or, with `--all`, a list of lines. */
export const lineSchema = z
	.discriminatedUnion('type', [snapshot, failure])
	.meta({title: 'loops-top', description: 'The output of loops-top. Unknown values are null.'});
