import type {Thresholds} from '../../source/metrics/thresholds.ts';

/**
 * Thresholds for tests of what a rule does with its threshold. They are passed to the rules, so these tests don't
 * depend on the defaults, which are in `stated-defaults.ts`.
 */
export const fixedThresholds: Thresholds = {
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
