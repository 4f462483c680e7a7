import {thresholdSettings} from '../../source/command-line/settings/resolve.ts';
import type {RuleName} from '../../source/metrics/findings.ts';
import {
	diskBand,
	fallenPart,
	fallMs,
	gpuMemoryBand,
	gpuMemorySamples,
	minRamShare,
	ramBand,
	ramGrowthMs,
	ramSamples,
	restartLastsMs,
} from '../../source/metrics/rules/capacity.ts';
import {fullFrom, growthEasing, minGrowth} from '../../source/metrics/rules/disk-growth.ts';
import {
	caughtUp,
	idleBand,
	idleClearSamples,
	idleSamples,
	medianFrom,
	medianUntil,
	stragglerClearSamples,
	stragglerSamples,
	workFrom,
	workUntil,
} from '../../source/metrics/rules/gpus.ts';
import {errorEasing, errorsMs, minFailed} from '../../source/metrics/rules/requests.ts';
import {busiestPart, inUseSamples} from '../../source/metrics/rules/utilization.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';

/** Rounds a number to 12 significant digits, which removes the rounding errors of floating-point arithmetic. */
function rounded(value: number): number {
	return Number(value.toPrecision(12));
}

/** Formats a share as in the documentation: `10%`. */
export function percent(share: number): string {
	return `${rounded(share * 100)}%`;
}

/** Formats a difference of shares as in the documentation: `2 points`. */
function points(share: number): string {
	return `${rounded(share * 100)} points`;
}

/** Formats a length of time as in the documentation: `30 s`, `3 min`, `6 h`. */
export function duration(timeMs: number): string {
	const [unitMs, unit] = timeMs < 60_000 ? [1000, 's'] : timeMs < 3_600_000 ? [60_000, 'min'] : [3_600_000, 'h'];
	return `${rounded(timeMs / unitMs)} ${unit}`;
}

/**
 * Returns the default of a threshold as a value for `--threshold`, or an example if the threshold is off by default.
 */
function option(key: keyof typeof thresholdSettings): string {
	const {name, preset, example, show} = thresholdSettings[key];
	const value = preset === undefined ? example : show(preset);
	return `${name}=${value.replace('%', '')}`;
}

type Row = {readonly begins: string; readonly ends: string; readonly threshold?: string};

const {idleGpus, straggler, disk, ram, status5xx, status4xx} = defaultThresholds;
const {stalledMs, idleDeploymentMs, diskGrowthMs, staleMs} = defaultThresholds;
const busyAgain = percent(idleGpus * idleBand);
const busiest = `1/${rounded(1 / busiestPart)}`;

/**
 * When the finding of each rule begins and ends, in the order of the rows of the table. The rules in `sharing` have no
 * rows of their own; the rows of other rules describe them.
 */
const rows = {
	status: {
		begins: "the status isn't RUNNING, or the deployment is RUNNING and its run is INACTIVE",
		ends: 'another status, or another run',
	},
	stale: {
		begins: `requests, or nodes and GPUs, have no sample from the last ${duration(staleMs)}, although the server responds and the deployment is running`,
		ends: 'a newer sample, or the deployment stops',
		threshold: code(option('staleMs')),
	},
	'missing-node': {
		begins:
			"fewer nodes report than the deployment has; one finding per missing node that has reported before, and one for all that haven't; if several are expected and none reports, a single one for those that stopped at about the same time",
		ends: 'the node reports, other nodes take its place, or the deployment stops',
	},
	'missing-gpu': {
		begins: "a node reports, but one of its GPUs doesn't, or fewer GPUs report than its instance type has",
		ends: 'the GPUs report, or the deployment stops',
	},
	stalled: {
		begins: `requests are in progress, and none has completed for ${duration(stalledMs)}`,
		ends: 'one completes, or none is in progress',
		threshold: code(option('stalledMs')),
	},
	'5xx': {
		begins: `at least ${minFailed} requests failed in the last ${duration(errorsMs)}, and they are at least ${percent(status5xx)} (\`4xx\`: ${percent(status4xx)}) of all requests in that time`,
		ends: `fewer than ${rounded(minFailed * errorEasing)} failed, or their share is under ${percent(status5xx * errorEasing)} (\`4xx\`: ${percent(status4xx * errorEasing)})`,
		threshold: code(`${option('status5xx')},${option('status4xx')}`),
	},
	'sampler-status': {
		begins: "the status of a RUNNING deployment's sampler is FAILED, DEPLOY_FAILED, BUILD_FAILED, or UNHEALTHY",
		ends: 'another status, or the deployment stops',
	},
	'sampler-stalled': {
		begins: "like `stalled` and `5xx`, for the sampler's requests",
		ends: 'like `stalled` and `5xx`',
		threshold: 'those of `stalled` and `5xx`',
	},
	disk: {
		begins: `${percent(disk)} of a node's ephemeral storage is in use; the finding gets worse at ${percent(fullFrom)}, when the disk counts as full`,
		ends: `${points(diskBand)} lower`,
		threshold: code(option('disk')),
	},
	ram: {
		begins: `${percent(ram)} of a node's RAM is in use in ${ramSamples} samples; if its use grew steadily for the last ${duration(ramGrowthMs)}, the finding's text predicts when the RAM will be full`,
		ends: `${points(ramBand)} lower in ${ramSamples} samples`,
		threshold: code(option('ram')),
	},
	restarted: {
		begins: `a node's RAM use falls by more than ${percent(1 - fallenPart)} within ${duration(fallMs)}, from at least ${percent(minRamShare)} of the total`,
		ends: `${duration(restartLastsMs)} later`,
	},
	'idle-gpus': {
		begins: `GPUs are under ${percent(idleGpus)} in ${idleSamples} samples while others work: at least ${busiest} of all GPUs (rounded down, but at least one) are over ${percent(workFrom)}`,
		ends: `${idleClearSamples} samples at ${busyAgain} or more, or with less than ${busiest} of all GPUs at ${percent(workUntil)} or more`,
		threshold: code(option('idleGpus')),
	},
	straggler: {
		begins: `in ${stragglerSamples} samples, a GPU is at ${percent(idleGpus)} or more, but under ${percent(straggler)} of the other GPUs' median, and that median is at least ${percent(medianFrom)}`,
		ends: `${stragglerClearSamples} samples in which the GPU is at ${percent(caughtUp)} of the median or more, the GPU is under ${percent(idleGpus)}, or the median is under ${percent(medianUntil)}`,
		threshold: code(option('straggler')),
	},
	'disk-growth': {
		begins: `the use of a node's storage grew by ${points(minGrowth)} or more in the last hour, and at this rate the storage will be full within ${duration(diskGrowthMs)}`,
		ends: `growth under ${points(minGrowth * growthEasing)}, or full in more than ${duration(diskGrowthMs / growthEasing)}; or the disk is full`,
		threshold: code(option('diskGrowthMs')),
	},
	'idle-deployment': {
		begins: `all GPUs under ${percent(idleGpus)} and no requests for ${duration(idleDeploymentMs)}`,
		ends: `${inUseSamples} samples with requests, or with a GPU at ${busyAgain} or more`,
		threshold: code(option('idleDeploymentMs')),
	},
	'checkpoint-age': {
		begins:
			'off unless you set a threshold: the newest checkpoint of a RUNNING run is older than the threshold, or the run has no checkpoint and is itself older',
		ends: 'a newer checkpoint, or the run or its deployment ends',
		threshold: code(option('checkpointAgeMs')),
	},
	'gpu-memory': {
		begins: `off unless you set a threshold: the memory use of a GPU reaches the threshold in ${gpuMemorySamples} samples. There is no default, because allocators don't release reserved memory, so even a healthy GPU stays at 95 to 100%`,
		ends: `${points(gpuMemoryBand)} lower in ${gpuMemorySamples} samples`,
		threshold: code(option('gpuMemory')),
	},
} as const satisfies {readonly [Rule in Exclude<RuleName, keyof typeof sharing>]: Row};

/** The rules that are described in the row of another rule. */
const sharing = {'4xx': '5xx', 'sampler-5xx': 'sampler-stalled'} as const satisfies {
	readonly [Rule in RuleName]?: RuleName;
};

function code(text: string): string {
	return `\`${text}\``;
}

/** Returns the table of rules in `docs/findings.md`, with the default thresholds and the constants of the rules. */
export function rulesTable(): string {
	const lines = Object.entries<Row>(rows).map(([rule, {begins, ends, threshold = ''}]) => {
		const names = [rule, ...Object.entries(sharing).flatMap(([name, other]) => (other === rule ? [name] : []))];
		return `| ${names.map(code).join(', ')} | ${begins} | ${ends} |${threshold === '' ? ' ' : ` ${threshold} `}|`;
	});
	return ['| rule | begins | ends | `--threshold` |', '|---|---|---|---|', ...lines].join('\n');
}
