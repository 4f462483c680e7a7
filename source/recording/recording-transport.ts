import type {Transport} from '../api/http.ts';
import type {Recorder} from './recorder.ts';

/**
 * The context of a response: the clock in epoch milliseconds, which responses correct, a monotonic one in milliseconds, and
 * the name of the visible window.
 */
export type RecordingContext = {
	readonly now: () => number;
	readonly elapsed: () => number;
	readonly window: () => string;
};

/**
 * Wraps a transport so that it records every response. Aborted requests have none.
 *
 * The times of a response are read when the recorder reads the response, and the client did so before: a response that
 * corrects the clock has the corrected times itself.
 */
export function recordingTransport(
	transport: Transport,
	recorder: Pick<Recorder, 'keep'>,
	{now, elapsed, window}: RecordingContext,
): Transport {
	return async (request, signal) => {
		// What is recorded is the response, and not what is read from it.
		const {readItem: _, ...sent} = request;
		const asked = {request: sent, window: window()};
		const askedAt = elapsed();
		const result = await transport(sent, signal);
		const answeredAt = elapsed();
		recorder.keep(() => {
			const beginMs = now() - elapsed();
			return {...asked, askedMs: beginMs + askedAt, answeredMs: beginMs + answeredAt, result};
		});
		return result;
	};
}
