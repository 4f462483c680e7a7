import type {Transport} from '../api/http.ts';
import type {Recorder} from './recorder.ts';

/**
 * The context of a response: the clock in epoch milliseconds, which responses correct; a monotonic clock in
 * milliseconds; and the name of the visible window.
 */
type RecordingContext = {
	readonly now: () => number;
	readonly elapsed: () => number;
	readonly window: () => string;
};

/**
 * Wraps a transport so that it records every response. Aborted requests have no response.
 *
 * The times of a response are read when the recorder reads the response, after the client has done so: a response that
 * corrects the clock is recorded with the corrected times.
 */
export function recordingTransport(
	transport: Transport,
	recorder: Pick<Recorder, 'keep'>,
	{now, elapsed, window}: RecordingContext,
): Transport {
	return async (request, signal) => {
		// The response itself is recorded, not the data parsed from it.
		const {readItem: _, mayRepeat, ...sent} = request;
		const asked = {request: sent, window: window()};
		const askedAt = elapsed();
		const result = await transport({...sent, mayRepeat}, signal);
		const answeredAt = elapsed();
		recorder.keep(() => {
			const beginMs = now() - elapsed();
			return {...asked, sentMs: beginMs + askedAt, receivedMs: beginMs + answeredAt, result};
		});
		return result;
	};
}
