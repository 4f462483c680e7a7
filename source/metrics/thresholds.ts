/**
 * From where on something is a finding: what `--threshold` sets, each by the name of its rule. Shares are fractions 0–1,
 * times milliseconds.
 */
export type Thresholds = {
	/** A GPU whose utilization is below this is idle. */
	readonly idleGpus: number;
	/** A GPU lags below this part of the others' median utilization. */
	readonly straggler: number;
	/** Of its memory; undefined is off: allocators take all of it. */
	readonly gpuMemory: number | undefined;
	readonly disk: number;
	/** A disk that is full within this time at the pace of the last hour. */
	readonly diskGrowthMs: number;
	readonly ram: number;
	/** Shares of the requests of the last ten minutes. */
	readonly status5xx: number;
	readonly status4xx: number;
	/** Requests in progress and none completed for this long. */
	readonly stalledMs: number;
	/** All GPUs idle and no request for this long. */
	readonly idleDeploymentMs: number;
	/** How old the newest checkpoint may be; undefined is off: how often a run should write one isn't known. */
	readonly checkpointAgeMs: number | undefined;
	/** A sample that is older says nothing of now. */
	readonly staleMs: number;
};

/** The defaults. */
export const defaultThresholds: Thresholds = {
	idleGpus: 0.1,
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
