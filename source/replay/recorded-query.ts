import * as z from 'zod';
import {findWindow, type Window} from '../metrics/windows.ts';
import type {AnsweredQuery} from '../polling/metrics-result.ts';
import type {ResponseHead} from '../recording/format.ts';
import {findingsWindow} from '../state/state.ts';

/** The recorded query for metrics: its window, up to then or an earlier range, and its time range. */
export type RecordedQuery = Pick<AnsweredQuery, 'kind' | 'range'> & {
	readonly window: Window;
	/** Whether the query had a step. */
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
 * Returns the query to a trainer; undefined if it is another one. Live, only the visible window and the one of the
 * findings are ever requested: they differ by their steps, or by their lengths without one.
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
	// A live one ends at the next step. One that ends later is of a clock that its own response corrected: it was repeated.
	return asked === undefined || endMs > askedMs + asked.stepMs + momentMs
		? undefined
		: {
				kind: endMs < askedMs - momentMs ? 'past' : 'live',
				window: asked,
				withStep: step !== undefined,
				range: {startMs, endMs, whole: lengthMs === asked.lengthMs},
			};
}

/** Returns the query to a sampler; undefined if it is another one. It is always for the whole visible window. */
export function samplerQuery(
	{askedMs, window}: ResponseHead,
	query: Readonly<Record<string, string>>,
): RecordedQuery | undefined {
	const body = bodySchema.safeParse(query).data;
	const asked = findWindow(window);
	if (body === undefined || asked === undefined || body.end_epoch_millis > askedMs + asked.stepMs + momentMs) {
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
