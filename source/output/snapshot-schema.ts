import * as z from 'zod';
import type {Failure} from '../api/failure.ts';
import {rules} from '../metrics/findings.ts';

// Of what is printed, never of what is read: it becomes the JSON Schema of the package, and the program runs without it.
// It says the same as snapshot-types.ts, which a test holds against it.

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
	const limit = known.meta({description: 'The most that it can be.'});
	return z.object({...metricFields(unit), limit}).meta({description});
}

function metricFields<const Unit extends string>(unit: Unit) {
	return {
		unit: z.literal(unit),
		value: known.meta({description: 'The newest sample; null where it is not known.'}),
		time: time.nullable().meta({description: 'When that sample was taken; null where there is none.'}),
		mean: known.meta({description: 'The mean of the samples of the window.'}),
		min: known.meta({description: 'The lowest sample of the window.'}),
		max: known.meta({description: 'The highest sample of the window.'}),
	};
}

const deployment = z.object({
	id: z.string(),
	model: z.string().nullable(),
	status: z.string().nullable().meta({description: "The server's own word, such as RUNNING or SCALED_TO_ZERO."}),
	node_count: known,
	gpus_per_node: known,
	gpu_type: z.string().nullable(),
});

const window = z.object({
	name: z.string().meta({description: 'As it is given to --window.'}),
	step_seconds: z.number().meta({description: 'The distance of the samples that was asked for.'}),
	start: time.nullable(),
	end: time.nullable(),
});

const metrics = z.object({
	requests: metric('requests/s', 'Requests per second.'),
	requests_in_progress: metric('requests', 'Requests that the trainer works on at the moment.'),
	latency_p50: metric('ms', 'Latency that 50 % of the requests stay under.'),
	latency_p95: metric('ms', 'Latency that 95 % of the requests stay under.'),
	latency_p99: metric('ms', 'Latency that 99 % of the requests stay under.'),
	responses_2xx: metric('requests/s', 'Requests per second that ended with 2xx.'),
	responses_4xx: metric('requests/s', 'Requests per second that ended with 4xx.'),
	responses_5xx: metric('requests/s', 'Requests per second that ended with 5xx.'),
});

const cost = z
	.object({
		unit: z.literal('USD'),
		source: z.enum(['list', 'user']).meta({description: "Baseten's list price, or the user's own by --price."}),
		time: time.nullable().meta({description: "When the list price was received; null for the user's own."}),
		per_node_hour: z.number(),
		per_hour: known.meta({description: 'Of all nodes; null if the deployment is not running.'}),
		window: known.meta({description: 'Of the window: minutes in which a node reported.'}),
		window_idle: known.meta({description: "The part of the window's cost for GPUs under 10 % utilization."}),
		window_idle_ratio: known.meta({description: 'The same as a fraction, 0 to 1.'}),
	})
	.meta({description: "What the trainer's nodes cost in US dollars. No amount is a bill."});

const gpu = z.object({
	rank: z.string(),
	metrics: z.object({
		utilization: metric('ratio', 'How busy the GPU is, 0 to 1.'),
		memory: limitedMetric('bytes', 'GPU memory in use.'),
	}),
});

const node = z.object({
	id: z.string().meta({description: 'Its name; leader where the server tells no nodes apart.'}),
	reporting: z.boolean().meta({description: 'Whether it has samples as new as those of the other nodes.'}),
	last_seen: time.nullable().meta({description: 'The time of its newest sample.'}),
	metrics: z.object({
		cpu: limitedMetric('cores', 'CPU cores in use.'),
		ram: limitedMetric('bytes', 'Main memory in use.'),
		disk: metric('bytes', 'Ephemeral storage in use.'),
		disk_utilization: metric('ratio', 'The part of the ephemeral storage that is in use, 0 to 1.'),
	}),
	gpus: z.array(gpu),
});

const finding = z.object({
	rule: z.enum(rules),
	state: z.enum(['active', 'unknown', 'resolved']).meta({
		description:
			"It holds now; or its subject has no current data, so that it isn't known whether it does; or data ended it.",
	}),
	subject: z
		.object({
			node: z.string().nullable(),
			gpu: z.string().nullable().meta({description: 'The rank of the GPU, if it is about one.'}),
			gpus: z.array(z.string()).nullable().meta({description: 'The ranks of the GPUs that it is about.'}),
		})
		.meta({description: 'What it is about; null if it is about all of the deployment or of the node.'}),
	value: known.meta({
		description: 'A share, 0 to 1, a number of nodes, GPUs or requests, or bytes, by the rule.',
	}),
	reference: known.meta({
		description:
			"What the value is compared with: the others' utilization, how many nodes or GPUs there should be, the RAM before.",
	}),
	status: z.string().nullable().meta({description: 'Of status, the status that is not RUNNING.'}),
	full_in_seconds: known.meta({
		description: 'Of disk-growth, in how many seconds the disk is full at the pace of the last hour.',
	}),
	since: time,
	or_earlier: z.boolean().meta({description: 'Whether it may have begun before that.'}),
	last_known: time.nullable().meta({description: 'Of an unknown one, the time of the last data that it held by.'}),
	until: time.nullable().meta({description: 'Of a resolved one, when it ended.'}),
	message: z.string().meta({description: 'The same in words.'}),
});

const problem = z.object({field: z.string(), problem: z.string()});

const snapshot = z
	.object({
		schema,
		type: z.literal('snapshot'),
		time: time.meta({description: 'When it was made, by the local clock.'}),
		deployment,
		window,
		has_metrics: z.boolean().meta({
			description: 'False where the deployment is there but has no metrics now: scaled to zero, or not deployed yet.',
		}),
		took_ms: known.meta({description: 'How long the last answer took.'}),
		newest_sample: time.nullable().meta({description: 'The time of the newest sample of all.'}),
		age_seconds: known.meta({
			description: 'How old the newest sample was; below zero where it is ahead of this clock.',
		}),
		metrics,
		cost: cost.nullable().meta({description: 'Null if no price is known.'}),
		status_shares: z
			.object({'2xx': fraction, '4xx': fraction, '5xx': fraction})
			.nullable()
			.meta({description: 'Which parts of the requests of the window ended in each class, 0 to 1.'}),
		nodes: z.array(node).meta({description: 'In the natural order of their ids.'}),
		findings: z.array(finding).nullable().meta({
			description:
				'The active ones, the most urgent first, then the unknown ones, then those that ended in the last hour; null while the last hour, which they are made from, is not known.',
		}),
		problems: z.array(problem).meta({description: 'Fields of the answer that are missing or of another shape.'}),
		dropped_points: z.number().meta({description: 'How many points of the answer could not be read.'}),
	})
	.meta({description: 'The values of a deployment at one time.'});

const failure = z
	.object({
		schema,
		type: z.literal('failure'),
		time,
		deployment: z.object({id: z.string().nullable()}),
		kind: z.enum(failureKinds),
		status: known.meta({description: 'The status of HTTP, such as 503.'}),
		message: z.string(),
		since: time.meta({description: 'When the first failure in a row was told.'}),
		retry: time.meta({description: 'When the next poll is.'}),
		last_answer: time.nullable().meta({description: 'When the last answer came; null where there was none.'}),
		newest_sample: time.nullable().meta({description: 'The time of the newest sample that is known.'}),
		age_seconds: known.meta({description: 'How old that sample is by now.'}),
	})
	.meta({description: 'A poll that failed. The next one is made all the same.'});

/** A line of `-o jsonl`; what `-o json` prints is one that holds a snapshot. */
export const lineSchema = z
	.discriminatedUnion('type', [snapshot, failure])
	.meta({title: 'loops-top', description: 'What loops-top prints. What is not known is null.'});
