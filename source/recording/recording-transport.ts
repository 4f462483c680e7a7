import type {Transport} from '../api/transport.ts';
import type {Recorder} from './recorder.ts';

/** The context of a response: the local clock in epoch milliseconds, and the name of the visible window. */
export type RecordingContext = {readonly now: () => number; readonly window: () => string};

/** Wraps a transport so that it records every response. Aborted requests have none. */
export function recordingTransport(
	transport: Transport,
	recorder: Pick<Recorder, 'keep'>,
	{now, window}: RecordingContext,
): Transport {
	return async (request, signal) => {
		const asked = {askedMs: now(), window: window(), request};
		const result = await transport(request, signal);
		recorder.keep({...asked, answeredMs: now(), result});
		return result;
	};
}
