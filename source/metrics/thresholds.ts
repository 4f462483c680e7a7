/**
 * The thresholds that decide what is a finding, as set by `--threshold`, each under the name of its rule. Shares are
 * fractions 0–1, and times are in milliseconds.
 */
export type Thresholds = {
	/** A GPU whose utilization is below this is idle. */
	readonly idleGpus: number;
	/** A GPU below this fraction of the others' median utilization is a straggler. */
	readonly straggler: number;
	/** A share of its memory; undefined means off, because allocators reserve all of it. */
	readonly gpuMemory: number | undefined;
	readonly disk: number;
	/** A disk that will be full within this time at the rate of the last hour. */
	readonly diskGrowthMs: number;
	readonly ram: number;
	/** Shares of the requests in the last ten minutes. */
	readonly status5xx: number;
	readonly status4xx: number;
	/** Requests are in progress, and none has completed for this long. */
	readonly stalledMs: number;
	/** All GPUs are idle, and there were no requests for this long. */
	readonly idleDeploymentMs: number;
	/**
	 * The maximum age of the newest checkpoint; undefined means off, because it isn't known how often a run should
	 * write one.
	 */
	readonly checkpointAgeMs: number | undefined;
	/** An older sample is stale. */
	readonly staleMs: number;
};

/**
 * A GPU below this utilization, a fraction 0–1, is idle: the default of `--threshold idle-gpus`, and the limit for
 * costs, whether the trainer is busy or waiting, the overview, and colors, regardless of that threshold. Pages and
 * descriptions that name it are compared with it by `test/metrics/thresholds.test.ts`.
 */
export const idleBelow = 0.1;

/** The defaults. */
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
