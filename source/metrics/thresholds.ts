/**
 * The thresholds that determine what counts as a finding, as set by `--threshold`. Shares are fractions 0–1, and times
 * are in milliseconds.
 */
export type Thresholds = {
	/** A GPU whose utilization is below this is idle. */
	readonly idleGpus: number;
	/** A GPU below this fraction of the others' median utilization is a straggler. */
	readonly straggler: number;
	/**
	 * The minimum share in use at which a GPU's memory counts as nearly full; undefined (the default) means off,
	 * because allocators reserve all of the memory.
	 */
	readonly gpuMemory: number | undefined;
	/** The minimum share in use at which a node's storage counts as nearly full. */
	readonly disk: number;
	/** A disk that will be full within this time, at the rate of the last hour, is a finding. */
	readonly diskGrowthMs: number;
	/** The minimum share in use at which a node's RAM counts as nearly full. */
	readonly ram: number;
	/** The minimum share of recent requests that ended with a 5xx status. */
	readonly status5xx: number;
	/** The minimum share of recent requests that ended with a 4xx status. */
	readonly status4xx: number;
	/** The minimum time for which requests must have been in progress without any completing. */
	readonly stalledMs: number;
	/** The minimum time for which all GPUs must have been idle without any requests. */
	readonly idleDeploymentMs: number;
	/**
	 * The maximum age of the newest checkpoint; undefined (the default) means off, because it isn't known how often a
	 * run should write one.
	 */
	readonly checkpointAgeMs: number | undefined;
	/** The age above which a sample is stale. */
	readonly staleMs: number;
};

/**
 * The utilization below which a GPU is idle, as a fraction 0–1. It is the default of `--threshold idle-gpus`, and,
 * regardless of that threshold, the limit for costs, the trainer's activity, the overview, and colors. To change only
 * the default, give `idleGpus` in `defaultThresholds` a value of its own.
 */
export const idleBelow = 0.1;

/** The default thresholds. */
export const defaultThresholds: Thresholds = {
	idleGpus: idleBelow,
	straggler: 0.6,
	gpuMemory: undefined,
	disk: 0.9,
	diskGrowthMs: 6 * 3_600_000,
	ram: 0.95,
	status5xx: 0.05,
	status4xx: 0.2,
	stalledMs: 600_000,
	idleDeploymentMs: 900_000,
	checkpointAgeMs: undefined,
	staleMs: 180_000,
};
