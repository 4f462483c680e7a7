import * as z from 'zod';
import {cleanText} from './clean-text.ts';
import {parseTime} from './points.ts';

const text = z.string().transform(value => cleanText(value, 200));
const optionalText = text.optional().catch(undefined);
const size = z
	.union([
		z.number(),
		z
			.string()
			.regex(/^\d{1,16}$/)
			.transform(Number),
	])
	.refine(value => value >= 0 && value <= Number.MAX_SAFE_INTEGER)
	.optional()
	.catch(undefined);

const checkpointSchema = z
	.object({
		checkpoint_id: text,
		created_at: z
			.string()
			.transform(parseTime)
			.refine(timeMs => !Number.isNaN(timeMs)),
		size_bytes: size,
		sync_status: optionalText,
		target: optionalText,
		checkpoint_type: optionalText,
	})
	.transform(checkpoint => ({
		name: checkpoint.checkpoint_id,
		createdAtMs: checkpoint.created_at,
		bytes: checkpoint.size_bytes,
		syncStatus: checkpoint.sync_status,
		target: checkpoint.target,
		type: checkpoint.checkpoint_type,
	}));

/** A checkpoint of a run: its name such as `step-100`, when it was made (epoch milliseconds), and what else is known. */
export type Checkpoint = z.infer<typeof checkpointSchema>;

const answerSchema = z.object({checkpoints: z.array(z.unknown())});

/** A run that writes one a minute has fewer in two weeks. */
const mostCheckpoints = 20_000;

/**
 * Returns the checkpoints of `{checkpoints: […]}`, the newest first, without entries that have no name or no time;
 * undefined if this is another answer.
 */
export function readCheckpoints(body: unknown): readonly Checkpoint[] | undefined {
	const entries = answerSchema.safeParse(body).data?.checkpoints.slice(0, mostCheckpoints);
	return entries
		?.flatMap(entry => checkpointSchema.safeParse(entry).data ?? [])
		.sort((a, b) => b.createdAtMs - a.createdAtMs);
}
