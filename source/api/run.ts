import * as z from 'zod/mini';
import {cleanText} from './clean-text.ts';
import {parseTime} from './points.ts';
import {atOnce, type Steps} from './slices.ts';

const text = z.pipe(
	z.string(),
	z.transform(value => cleanText(value, 200)),
);
const optionalText = z.catch(z.optional(text), undefined);
const size = z.catch(
	z.optional(
		z
			.union([z.number(), z.pipe(z.string().check(z.regex(/^\d{1,16}$/)), z.transform(Number))])
			.check(z.refine(value => value >= 0 && value <= Number.MAX_SAFE_INTEGER)),
	),
	undefined,
);
const time = z.pipe(z.string(), z.transform(parseTime)).check(z.refine(timeMs => !Number.isNaN(timeMs)));

const checkpointSchema = z.pipe(
	z.object({
		checkpoint_id: text,
		created_at: time,
		size_bytes: size,
		sync_status: optionalText,
		target: optionalText,
		checkpoint_type: optionalText,
	}),
	z.transform(checkpoint => ({
		name: checkpoint.checkpoint_id,
		createdAtMs: checkpoint.created_at,
		bytes: checkpoint.size_bytes,
		syncStatus: checkpoint.sync_status,
		target: checkpoint.target,
		type: checkpoint.checkpoint_type,
	})),
);

/**
 * A checkpoint of a run: its name, such as `step-100`, its creation time (epoch milliseconds), and other known
 * properties.
 */
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** The checkpoints of a run. */
export type Checkpoints = {
	/** The checkpoints, newest first, without duplicates. */
	readonly list: readonly Checkpoint[];
	/**
	 * The number of other entries in the response, whose name or time is missing or unreadable. Any of them could be
	 * the newest checkpoint.
	 */
	readonly unreadable: number;
};

const responseSchema = z.object({checkpoints: z.array(z.unknown())});

/** The number of checkpoints parsed per slice, which takes less than a millisecond. */
const sliceLength = 100;

/** Parses `{checkpoints: […]}` in slices. Returns undefined if the body has a different structure. */
export function* readCheckpointsInSteps(body: unknown): Steps<Checkpoints | undefined> {
	const entries = responseSchema.safeParse(body).data?.checkpoints;
	if (entries === undefined) {
		return undefined;
	}

	// Identical entries are one checkpoint that is listed twice.
	const known = new Map<string, Checkpoint>();
	let unreadable = 0;
	for (const [index, entry] of entries.entries()) {
		const checkpoint = checkpointSchema.safeParse(entry).data;
		if (checkpoint === undefined) {
			unreadable++;
		} else {
			known.set(JSON.stringify(checkpoint), checkpoint);
		}

		if (index % sliceLength === 0) {
			yield;
		}
	}

	const list = [...known.values()].sort((a, b) => b.createdAtMs - a.createdAtMs);
	return {list, unreadable};
}

/** Parses `{checkpoints: […]}`. Returns undefined if the body has a different structure. */
export function readCheckpoints(body: unknown): Checkpoints | undefined {
	return atOnce(readCheckpointsInSteps(body));
}

const runSchema = z.pipe(
	z.object({
		id: text,
		deployment_id: z.nullish(text),
		name: optionalText,
		session_id: optionalText,
		status: z.catch(z.optional(z.object({name: text})), undefined),
		created_at: z.catch(z.optional(time), undefined),
	}),
	z.transform(run => ({
		id: run.id,
		deploymentId: run.deployment_id ?? undefined,
		name: run.name,
		sessionId: run.session_id,
		status: run.status?.name,
		createdAtMs: run.created_at,
	})),
);

/**
 * A training run. Only the ID is always known. A serverless run has no deployment. `status` is `ACTIVE` or `INACTIVE`.
 */
export type Run = z.infer<typeof runSchema>;

const runResponse = z.object({run: runSchema});
const listResponse = z.object({runs: z.array(z.unknown())});

/** The maximum number of runs that are searched. */
const maxRuns = 5000;

/** Returns the run in `{run: …}`, or undefined if the body has a different structure. */
export function readRun(body: unknown): Run | undefined {
	return runResponse.safeParse(body).data?.run;
}

/**
 * Returns the runs among the first 5,000 entries of `{runs: […]}`, without entries whose ID or deployment ID is
 * unreadable; undefined if the body has a different structure.
 */
export function readRuns(body: unknown): readonly Run[] | undefined {
	const entries = listResponse.safeParse(body).data?.runs.slice(0, maxRuns);
	return entries?.flatMap(entry => runSchema.safeParse(entry).data ?? []);
}

/**
 * Returns the run with this name; undefined if none has it. If several have it, active runs take precedence over
 * others, and then newer runs over older ones.
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

/**
 * Returns the newest checkpoint that existed at `nowMs` or at `atMs` (when the list was received), whichever is later;
 * undefined if there was none.
 */
export function newestCheckpoint(
	{list, atMs}: Pick<Checkpoints, 'list'> & {readonly atMs: number},
	nowMs: number,
): Checkpoint | undefined {
	const untilMs = Math.max(nowMs, atMs);
	return list.find(({createdAtMs}) => createdAtMs <= untilMs);
}
