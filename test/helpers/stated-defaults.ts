import type {Thresholds} from '../../source/metrics/thresholds.ts';

type Default = {
	/** The name for `--threshold`, which is that of the rule. */
	readonly name: string;
	readonly value: number | undefined;
	/** The value as `--print-config` shows it. */
	readonly shown: string;
};

/** The default of every threshold, in the order of `--print-config`. The tests state the defaults only here. */
export const statedDefaults = {
	idleGpus: {name: 'idle-gpus', value: 0.1, shown: '10%'},
	straggler: {name: 'straggler', value: 0.6, shown: '60%'},
	gpuMemory: {name: 'gpu-memory', value: undefined, shown: 'off'},
	disk: {name: 'disk', value: 0.9, shown: '90%'},
	ram: {name: 'ram', value: 0.95, shown: '95%'},
	status5xx: {name: '5xx', value: 0.05, shown: '5%'},
	status4xx: {name: '4xx', value: 0.2, shown: '20%'},
	diskGrowthMs: {name: 'disk-growth', value: 21_600_000, shown: '6h'},
	stalledMs: {name: 'stalled', value: 600_000, shown: '10m'},
	idleDeploymentMs: {name: 'idle-deployment', value: 900_000, shown: '15m'},
	checkpointAgeMs: {name: 'checkpoint-age', value: undefined, shown: 'off'},
	staleMs: {name: 'stale', value: 180_000, shown: '3m'},
} as const satisfies {readonly [Key in keyof Thresholds]: Default};
