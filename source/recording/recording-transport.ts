import type {Transport} from '../api/transport.ts';
import type {Recorder} from './recorder.ts';

/** What is known beside an answer: the local clock in epoch milliseconds, and the name of the window that is looked at. */
export type RecordingContext = {readonly now: () => number; readonly window: () => string};

/** Asks by another transport, and keeps every answer. What was given up has none. */
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
