import type {Checkpoint} from '../api/checkpoints.ts';
import type {Deployment} from '../api/deployment.ts';
import type {Run} from '../api/run.ts';
import {symbols} from '../theme/theme.ts';
import {formatAge, formatCount} from './format.ts';

/** A size in decimal units, as Baseten shows those of checkpoints: `33.6 MB`, `812 kB`, `1.20 TB`. */
export function formatSize(bytes: number | undefined): string {
	if (bytes === undefined) {
		return symbols.unknown;
	}

	if (bytes >= 999.5e9) {
		return `${formatCount(bytes / 1e12)} TB`;
	}

	const [, number = '', letter = ''] = /^(.*?)([kMG]?)$/.exec(formatCount(bytes)) ?? [];
	return `${number} ${letter}B`;
}

/** `last checkpoint 42m ago · 33.6 MB · step-100`. */
export function lastCheckpointWords({createdAtMs, bytes, name}: Checkpoint, nowMs: number): string {
	const size = bytes === undefined ? [] : [formatSize(bytes)];
	return [`last checkpoint ${formatAge(Math.max(nowMs - createdAtMs, 0))} ago`, ...size, name].join(` ${symbols.dot} `);
}

/** What an ended run means, in a sentence. */
export const endedRunWords =
	"the run of this deployment is INACTIVE: it has ended and can't resume, a new run can reuse the deployment";

/** What is known of a run and its capacity, one clause each. */
export function runWords(deployment: Deployment | undefined, run: Run | undefined): readonly string[] {
	const id = run?.id ?? deployment?.runId;
	const capacity: Readonly<Record<string, string>> = {
		spot: 'spot: stopped when its GPUs are reclaimed, and not resumed',
		dedicated: 'dedicated: billed until the run is deactivated',
	};
	const availability = deployment?.availability;
	return [
		...(id === undefined ? [] : [`run ${run?.name === undefined ? id : `${run.name} (${id})`}`]),
		...(run?.status === undefined ? [] : [`status ${run.status}`]),
		...(run?.sessionId === undefined ? [] : [`session ${run.sessionId}`]),
		...(availability === undefined ? [] : [capacity[availability] ?? availability]),
	];
}
