// Longer than 250 lines because it is published as one file of types: everything that a script can read from a line.

/**
 * A line of `loops-top -o jsonl`: the result of a poll. `-o json` prints a snapshot or, with `--all`, a list with a
 * line for each deployment.
 */
export type Line = Snapshot | Failure;

/**
 * The values of a deployment at one time. All times are ISO 8601 in UTC, in whole seconds, such as
 * `2026-11-23T09:05:30Z`. Unknown values are null, never zero. Within version 1, fields can be added, but no
 * existing field is removed or changes its meaning.
 */
export type Snapshot = {
	schema: 'loops-top/1';
	type: 'snapshot';
	/**
	 * The time at which the snapshot was made, by the local clock; by the server's clock if they differ by more than 20
	 * seconds.
	 */
	time: string;
	deployment: Deployment;
	/** The requested time range and step. `start` and `end` are null until the response for the range is received. */
	window: {name: string; step_seconds: number; start: string | null; end: string | null};
	/** False if the deployment exists but has no metrics now: it is scaled to zero, or not deployed yet. */
	has_metrics: boolean;
	/** The duration of the last request in milliseconds. */
	took_ms: number | null;
	/** The time of the newest sample, and its age at `time`: negative if the sample is later. */
	newest_sample: string | null;
	age_seconds: number | null;
	metrics: DeploymentMetrics;
	/**
	 * `busy` if a GPU is at 10% or more, or if a request is in progress; `waiting` if the trainer is waiting for its
	 * client: all GPUs are known to be idle, and no request is in progress; null if that is unknown, if the deployment
	 * isn't running, or if its run has ended. Since version 0.2.
	 */
	activity: 'busy' | 'waiting' | null;
	/** Null if no price is known. Since version 0.2. */
	cost: Cost | null;
	/** Null if it is unknown. */
	run: Run | null;
	/** Null if they are unknown. */
	checkpoints: Checkpoints | null;
	/** Null if the deployment has none, or until the deployment is known. Since version 0.2. */
	sampler: Sampler | null;
	/**
	 * The newest entries of the trainer's logs in `-o json`. Null if they are unknown, in which case `problems` says
	 * why; always null in `-o jsonl` and with `--all`, which don't request logs. Since version 0.2.
	 */
	logs: Logs | null;
	/**
	 * The differences between the values and those of an earlier time. Null without `--compare`, until the earlier
	 * values are received, and if they aren't available, in which case `problems` says why.
	 */
	comparison: Comparison | null;
	/**
	 * The shares of the window's requests that ended with each class, 0 to 1; null if there were none, or if they are
	 * unknown.
	 */
	status_shares: {'2xx': number; '4xx': number; '5xx': number} | null;
	/** In natural order of their IDs. If the server doesn't report nodes separately, the only node is `leader`. */
	nodes: Node[];
	/**
	 * The active findings, most urgent first, then the unknown ones, and then those that ended in the last hour. Null
	 * while the data of the last hour is unknown.
	 */
	findings: Finding[] | null;
	/**
	 * Fields of the last response that are missing or malformed, and the reasons why other values are unknown, old, or
	 * incomplete.
	 */
	problems: Problem[];
	/**
	 * The number of points in the last response that were left out because they are unreadable or later than requested.
	 */
	dropped_points: number;
};

/** A failed poll. Polling continues. */
export type Failure = {
	schema: 'loops-top/1';
	type: 'failure';
	time: string;
	/** Null until the deployment of a run is known. */
	deployment: {id: string | null};
	/** The kind of failure: the server returned an error `status`, or didn't respond as expected. */
	kind:
		| 'status'
		| 'redirect'
		| 'network'
		| 'proxy-refusal'
		| 'proxy-network'
		| 'timeout'
		| 'too-large'
		| 'cut-off'
		| 'not-json'
		| 'wrong-shape';
	/** The HTTP status, such as 503; null for other failures. */
	status: number | null;
	message: string;
	/** The time of the first failure since the last success, and of the next poll. */
	since: string;
	retry: string;
	/** The time of the last response; null if there was none. */
	last_answer: string | null;
	/** The time of the newest known sample, and its age now. */
	newest_sample: string | null;
	age_seconds: number | null;
};

/** The deployment and its hardware. Null means that the server hasn't reported a value. */
export type Deployment = {
	id: string;
	model: string | null;
	/** As the server reports it, such as `RUNNING` or `SCALED_TO_ZERO`. */
	status: string | null;
	node_count: number | null;
	gpus_per_node: number | null;
	gpu_type: string | null;
};

/** The cost of the trainer's nodes, or of the sampler's replicas, in US dollars. None of these amounts is a bill. */
export type Cost = {
	unit: 'USD';
	/** Baseten's list price, or the user's own price from `--price`. */
	source: 'list' | 'user';
	/** The time at which the list price was received. Null for the user's own price. */
	time: string | null;
	per_node_hour: number;
	/**
	 * For all nodes, or all active replicas. Null if their number is unknown, and for the trainer also if the
	 * deployment isn't RUNNING.
	 */
	per_hour: number | null;
	/**
	 * For the window, counting the time during which each node reported. Null if nodes reported for less than a second.
	 */
	window: number | null;
	/**
	 * The part of the window's cost for GPUs under 10% utilization, as an amount and as a fraction 0 to 1. Null if too
	 * little is known.
	 */
	window_idle: number | null;
	window_idle_ratio: number | null;
};

/** The run of the deployment. */
export type Run = {
	id: string;
	name: string | null;
	/** As the server reports it, such as `ACTIVE` or `INACTIVE`. */
	status: string | null;
	session: string | null;
	created: string | null;
	/** `spot` or `dedicated`. */
	availability: string | null;
	/** The time at which this was received. */
	time: string;
};

/** The checkpoints of the run. */
export type Checkpoints = {
	/** The number of checkpoints that the server reports, including the unreadable ones. */
	count: number;
	/** The number of checkpoints without a readable name or time. Any of them can be the newest. Since version 0.2. */
	unreadable: number;
	/** The newest readable one. Null if there is none. */
	last: {
		name: string;
		created: string;
		age_seconds: number;
		bytes: number | null;
		/** `trainer` or `sampler`. */
		target: string | null;
		/** `SYNCING` or `COMPLETE`. */
		sync_status: string | null;
	} | null;
	/** The time at which this was received. */
	time: string;
};

/**
 * The sampler, which generates text with the model during training. The values of its metrics are null until they are
 * received.
 */
export type Sampler = {
	model_id: string;
	deployment_id: string;
	/** As the server reports it, such as `ACTIVE` or `SCALED_TO_ZERO`. */
	status: string | null;
	nodes_per_replica: number | null;
	gpus_per_node: number | null;
	gpu_type: string | null;
	/** The time at which its metrics were received. */
	time: string | null;
	/** The reason why its metrics can't be received now; null if they can. */
	failure: string | null;
	newest_sample: string | null;
	age_seconds: number | null;
	metrics: DeploymentMetrics & {replicas: Metric<'replicas'>} & ExtraMetrics;
	/** The number of container restarts in the window. */
	restarts: number | null;
	/** At the list price of its instance type, for each active replica. */
	cost: Cost | null;
	status_shares: Snapshot['status_shares'];
	/** Its replicas, as nodes; empty if the server doesn't report them separately. */
	replicas: Node[];
	/** The newest entries of its logs, as for the trainer. If they are unknown, its own `problems` say why. */
	logs: Logs | null;
	problems: Problem[];
};

/** The newest entries of a component's logs: all those from `start` to `end`, at most 100. */
export type Logs = {
	start: string;
	end: string;
	/** The number of received entries without a readable time or message. */
	unreadable: number;
	/** The newest entries, at most 100, oldest first. */
	entries: {
		time: string;
		/**
		 * The same time as the server reports it: epoch nanoseconds, as text, because a number can't represent them
		 * exactly.
		 */
		nanoseconds: string;
		level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | null;
		/** The name of the node or replica. */
		replica: string | null;
		request_id: string | null;
		/** Several lines are separated by `\n`. */
		message: string;
	}[];
};

/** Metrics that only a sampler has. The values of those that its server or engine doesn't report are null. */
export type ExtraMetrics = {
	replicas_desired: Metric<'replicas'>;
	replicas_starting: Metric<'replicas'>;
	/** The number of container restarts within the step of a sample. */
	restarts: Metric<'restarts'>;
	first_byte_p50: Metric<'ms'>;
	first_byte_p95: Metric<'ms'>;
	async_queue: Metric<'requests'>;
	async_queue_time_p95: Metric<'ms'>;
	tokens_in: Metric<'tokens/s'>;
	tokens_out: Metric<'tokens/s'>;
	/** 0 to 1. */
	kv_cache_hits: Metric<'ratio'>;
	engine_requests: Metric<'requests'>;
};

/** The newest sample of a metric with its time, and the mean, minimum, and maximum over the window. */
export type Metric<Unit extends string> = {
	unit: Unit;
	value: number | null;
	time: string | null;
	mean: number | null;
	min: number | null;
	max: number | null;
};

/** A metric with its limit. */
export type LimitedMetric<Unit extends string> = Metric<Unit> & {limit: number | null};

/** A metric at the earlier time, and the fraction by which it is now higher: 0.41 for 41%, negative if it is lower. */
export type Change = {
	/** The earlier sample that the metric's `value` is compared with; null if there is none. */
	value: number | null;
	/** Null if either value is unknown, if the earlier one is 0, or if the samples cover different lengths of time. */
	change: number | null;
	/** The mean of the earlier range; null if that range has fewer than half as many samples as the window. */
	mean: number | null;
	mean_change: number | null;
};

/** The earlier time range that the window is compared with. */
export type Comparison = {
	/** As given to `--compare`. */
	with: 'window' | '1d' | '7d';
	/** The number of seconds by which the earlier time range precedes the window. */
	offset_seconds: number;
	start: string;
	end: string;
	metrics: {[Name in keyof DeploymentMetrics]: Change};
};

/** The metrics of a component's requests. */
export type DeploymentMetrics = {
	requests: Metric<'requests/s'>;
	requests_in_progress: Metric<'requests'>;
	latency_p50: Metric<'ms'>;
	latency_p95: Metric<'ms'>;
	latency_p99: Metric<'ms'>;
	responses_2xx: Metric<'requests/s'>;
	responses_4xx: Metric<'requests/s'>;
	responses_5xx: Metric<'requests/s'>;
};

/** A node of the trainer, or a replica of the sampler. */
export type Node = {
	id: string;
	/** Whether its newest sample is within the stale limit (`--threshold stale`). */
	reporting: boolean;
	/** The time of its newest sample. */
	last_seen: string | null;
	metrics: {
		cpu: LimitedMetric<'cores'>;
		ram: LimitedMetric<'bytes'>;
		disk: Metric<'bytes'>;
		/** The fraction of the ephemeral storage in use, 0 to 1. */
		disk_utilization: Metric<'ratio'>;
	};
	gpus: Gpu[];
};

/** A GPU of a node. `rank` is its number on the node, as text; `all` if the server reports all GPUs as one. */
export type Gpu = {
	rank: string;
	metrics: {
		/** 0 to 1. */
		utilization: Metric<'ratio'>;
		memory: LimitedMetric<'bytes'>;
	};
};

/** A problem that a rule found, and its state. */
export type Finding = {
	rule:
		| 'status'
		| 'stale'
		| 'missing-node'
		| 'missing-gpu'
		| 'sampler-status'
		| 'stalled'
		| 'sampler-stalled'
		| '5xx'
		| 'sampler-5xx'
		| 'disk'
		| 'ram'
		| 'restarted'
		| 'idle-gpus'
		| 'straggler'
		| 'disk-growth'
		| 'idle-deployment'
		| 'checkpoint-age'
		| 'gpu-memory'
		| '4xx';
	/**
	 * Identifies the finding of a deployment from its beginning to its end: the rule and, if any, the node, GPU, and
	 * status, as in `straggler/loops-trainer-2/5`. The GPUs of `idle-gpus` and `missing-gpu` can change within one
	 * finding, so they aren't part of the ID.
	 */
	id: string;
	/** active: it exists now. unknown: its subject has no current data. resolved: data showed that it ended. */
	state: 'active' | 'unknown' | 'resolved';
	/**
	 * The node and the GPU or GPUs that it is about; null if it is about the whole deployment or node. `gpu` is set if
	 * it is about a single one, and `gpus` lists all of them.
	 */
	subject: {node: string | null; gpu: string | null; gpus: string[] | null};
	/**
	 * Depending on the rule, a share (0 to 1) or a number of nodes, GPUs, requests, bytes, or seconds; null if the rule
	 * isn't about a number.
	 */
	value: number | null;
	/**
	 * What the value is compared with: the others' utilization, the expected number of nodes or GPUs, the earlier RAM
	 * use, or the maximum age of a checkpoint in seconds.
	 */
	reference: number | null;
	/** For `status`: the status other than RUNNING; for `sampler-status`: the sampler's. */
	status: string | null;
	/** For `disk-growth`: the number of seconds until the disk is full at the rate of the last hour. */
	full_in_seconds: number | null;
	since: string;
	/** Whether it might have begun before `since`. */
	or_earlier: boolean;
	/** For an unknown finding: the time of the last data that showed it. */
	last_known: string | null;
	/** For a resolved finding: the time at which it ended. */
	until: string | null;
	/** A description of the finding. */
	message: string;
};

/** A field of the response or a part of the output, and a clause that says what is wrong with it. */
export type Problem = {field: string; problem: string};
