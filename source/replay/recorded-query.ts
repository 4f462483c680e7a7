import * as z from 'zod';
import {findWindow, type Window} from '../metrics/windows.ts';
import type {AnsweredQuery} from '../polling/metrics-result.ts';
import type {ResponseHead} from '../recording/format.ts';
import {findingsWindow} from '../state/state.ts';

/** What metrics were asked for: which window, up to then or of an earlier stretch, and which part of time. */
export type RecordedQuery = Pick<AnsweredQuery, 'kind' | 'range'> & {
	readonly window: Window;
	/** Whether the server was told a step. */
	readonly withStep: boolean;
};

const bodySchema = z.object({
	start_epoch_millis: z.coerce.number(),
	end_epoch_millis: z.coerce.number(),
	step_seconds: z.number().optional(),
});

/** Between planning a query and asking it there may be a moment. */
const momentMs = 10_000;

/**
 * The query that was put to a trainer, undefined where it is none. Live, no other window than the one that was looked at
 * and the one of the findings is ever asked for: they are told apart by their steps, or by their lengths without one.
 */
export function trainerQuery({askedMs, window, request}: ResponseHead): RecordedQuery | undefined {
	const body = bodySchema.safeParse(request.body).data;
	if (body === undefined) {
		return undefined;
	}

	const {start_epoch_millis: startMs, end_epoch_millis: endMs, step_seconds: step} = body;
	const lengthMs = endMs - startMs;
	const isAsked = (candidate: Window | undefined): boolean =>
		step === undefined ? lengthMs === candidate?.lengthMs : step * 1000 === candidate?.stepMs;
	const asked = [findWindow(window), findingsWindow].find(isAsked);
	return asked === undefined
		? undefined
		: {
				// A live one ends at the next step.
				kind: endMs < askedMs - momentMs ? 'past' : 'live',
				window: asked,
				withStep: step !== undefined,
				range: {startMs, endMs, whole: lengthMs === asked.lengthMs},
			};
}

/** The query that was put to a sampler, undefined where it is none: always for the whole of the window that was looked at. */
export function samplerQuery(
	{askedMs, window}: ResponseHead,
	query: Readonly<Record<string, string>>,
): RecordedQuery | undefined {
	const body = bodySchema.safeParse(query).data;
	const asked = findWindow(window);
	if (body === undefined || asked === undefined) {
		return undefined;
	}

	const {start_epoch_millis: startMs, end_epoch_millis: endMs} = body;
	return {
		// A live one ends with the last step that is over.
		kind: endMs < askedMs - asked.stepMs - momentMs ? 'past' : 'live',
		window: asked,
		withStep: false,
		range: {startMs, endMs, whole: true},
	};
}
