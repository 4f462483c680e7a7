import {refuseFile} from '../errors/file-error.ts';
import type {UserError} from '../errors/user-error.ts';
import type {RecordedResponse, RecordingSession} from '../recording/format.ts';
import {readEntries, readFirstSession, UnreadableFile} from '../recording/read-entries.ts';
import {routeOf} from './route.ts';

/** A recording that can be played. */
export type OpenRecording = {
	readonly file: string;
	readonly session: RecordingSession;
	/** The deployment that is watched first, and the name of the window that is looked at. */
	readonly deploymentId: string;
	readonly window: string;
	/** When the first answer came, in epoch milliseconds. */
	readonly startMs: number;
};

/** @throws UserError, exit code 2, for a file that can't be read, is no recording, or has nothing to show */
export async function openRecording(file: string): Promise<OpenRecording> {
	const refuse = (problem: string): UserError => refuseFile('replay', file, problem);
	try {
		const session = await readFirstSession(file);
		if (session === undefined) {
			throw refuse('is not a recording of loops-top: name a file that was made with --record.');
		}

		const begin = await findStart(file);
		if (begin === undefined) {
			throw refuse('holds no answer of a deployment: there is nothing to show.');
		}

		return {file, session, ...begin};
	} catch (error) {
		throw error instanceof UnreadableFile ? refuse(`cannot be read: ${error.message}.`) : error;
	}
}

/** When the last answer came, in epoch milliseconds. What is told by then is found faster than it is played. */
export async function findEnd({file, startMs}: OpenRecording): Promise<number> {
	let endMs = startMs;
	for await (const entry of readEntries(file)) {
		endMs = entry.kind === 'response' ? entry.answeredMs : endMs;
	}

	return endMs;
}

/** Where the recording begins, by its first answer and by the first one that tells metrics or why there are none. */
async function findStart(file: string): Promise<Omit<OpenRecording, 'file' | 'session'> | undefined> {
	let first: RecordedResponse | undefined;
	for await (const entry of readEntries(file)) {
		if (entry.kind === 'response') {
			first ??= entry;
			const route = routeOf(entry);
			if (route?.kind === 'trainer') {
				return {deploymentId: route.id, window: entry.window, startMs: first.answeredMs};
			}
		}
	}

	return undefined;
}
