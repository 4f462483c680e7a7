import * as z from 'zod';
import {cleanText} from './clean-text.ts';

const text = z.string().transform(value => cleanText(value, 200));

const runAnswer = z
	.object({run: z.object({id: text, deployment_id: text.nullish()})})
	.transform(({run}) => ({id: run.id, deploymentId: run.deployment_id ?? undefined}));

/** A run of training. One that is serverless has no deployment. */
export type Run = z.infer<typeof runAnswer>;

/** The run of `{run: …}`, or undefined when this is another answer. */
export function readRun(body: unknown): Run | undefined {
	return runAnswer.safeParse(body).data;
}
