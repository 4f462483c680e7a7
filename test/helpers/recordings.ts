import type {Entry, RecordingSession, ResponseRecord} from '../../source/recording/format.ts';
import {readEntries} from '../../source/recording/read-entries.ts';
import {openRecorder} from '../../source/recording/recorder.ts';

/** The start time of the recordings in tests. */
export const recordedAt = Date.UTC(2026, 10, 23, 9, 0, 12);

export const session: Omit<RecordingSession, 'kind'> = {
	program: '0.1.0',
	target: {kind: 'deployment', id: 'k4q95w5'},
	host: 'api.baseten.co',
	startedMs: recordedAt,
};

/** Returns a response that contains its number. */
export function numbered(number: number): ResponseRecord {
	return {
		sentMs: recordedAt + number * 1000,
		receivedMs: recordedAt + number * 1000 + 200,
		window: '1h',
		request: {path: `/v1/${number}`, body: {number}},
		result: {ok: true, value: {number, padding: '9,'.repeat(50 + (number % 7))}, tookMs: 200},
	};
}

/** Opens a recorder, records responses, and closes it. */
export async function record(file: string, responses: readonly ResponseRecord[], begin = session): Promise<void> {
	const recorder = await openRecorder(file, begin);
	for (const response of responses) {
		recorder.keep(() => response);
	}

	await recorder.close();
}

export async function entriesOf(file: string): Promise<readonly Entry[]> {
	const entries: Entry[] = [];
	for await (const entry of readEntries(file)) {
		entries.push(entry);
	}

	return entries;
}

/** Returns a string for each entry: `session`, the path of a readable response, or `broken`. */
export function outline(entries: readonly Entry[]): readonly string[] {
	return entries.map(entry =>
		entry.kind === 'session' ? 'session' : entry.readResult() === undefined ? 'broken' : entry.request.path,
	);
}
