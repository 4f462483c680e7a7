import * as z from 'zod';
import {cleanText} from './clean-text.ts';
import {parseTime} from './points.ts';

const text = z.string().transform(value => cleanText(value, 200));
const optionalText = text.optional().catch(undefined);

const runSchema = z
	.object({
		id: text,
		deployment_id: text.nullish(),
		name: optionalText,
		session_id: optionalText,
		status: z.object({name: text}).optional().catch(undefined),
		created_at: z
			.string()
			.transform(parseTime)
			.refine(timeMs => !Number.isNaN(timeMs))
			.optional()
			.catch(undefined),
	})
	.transform(run => ({
		id: run.id,
		deploymentId: run.deployment_id ?? undefined,
		name: run.name,
		sessionId: run.session_id,
		status: run.status?.name,
		createdAtMs: run.created_at,
	}));

/** A training run. A serverless one has no deployment. Its status is ACTIVE or INACTIVE; only the id is certain. */
export type Run = z.infer<typeof runSchema>;

const runAnswer = z.object({run: runSchema}).transform(({run}) => run);
const listAnswer = z.object({runs: z.array(z.unknown())});

/** More runs than these aren't searched. */
const mostRuns = 5000;

/** Returns the run of `{run: …}`, or undefined if this is another response. */
export function readRun(body: unknown): Run | undefined {
	return runAnswer.safeParse(body).data;
}

/** Returns the runs of `{runs: […]}`, without entries that have no id; undefined if this is another response. */
export function readRuns(body: unknown): readonly Run[] | undefined {
	const entries = listAnswer.safeParse(body).data?.runs.slice(0, mostRuns);
	return entries?.flatMap(entry => runSchema.safeParse(entry).data ?? []);
}

/**
 * Returns the run of that name: the active one if several have it, else the newest. Undefined if none has it.
 */
export function findRun(runs: readonly Run[], name: string): Run | undefined {
	const [first] = runs
		.filter(run => run.name === name)
		.sort(
			(a, b) =>
				Number(b.status === 'ACTIVE') - Number(a.status === 'ACTIVE') || (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0),
		);
	return first;
}
