import {open, stat} from 'node:fs/promises';
import {describeFileFault, type ExitCode, exitCodes, rejectFile, type UserError} from '../errors/user-error.ts';
import type {TimeRange} from '../metrics/windows.ts';
import type {RecordedResponse, RecordingSession} from '../recording/format.ts';
import {Damage, isGzip} from '../recording/gzip.ts';
import {type OnRead, readEntries, UnreadableFile} from '../recording/read-entries.ts';
import {Player, type PlayerOptions} from './player.ts';
import {routeOf} from './route.ts';

/**
 * Plays a recording until `signal` is aborted, at the speed in the state, and stays at its end. Dispatches what the
 * poller dispatched, at the recorded times. Views whose data wasn't requested during recording are assembled from the
 * data recorded up to the current position.
 */
export async function play(options: PlayerOptions, signal: AbortSignal): Promise<undefined> {
	const player = new Player(options, signal);
	try {
		await player.play();
	} catch (error) {
		if (!signal.aborted) {
			throw error;
		}
	} finally {
		await player.close();
	}
}

/**
 * Plays a recording without waiting, up to the seek target or, without one, to its end, or until `signal` is aborted.
 * Then shows `range`, if it is given, with all its recorded data, and reads the data of the comparison.
 *
 * @throws UnreadableFile if the file can no longer be read
 */
export async function playThrough(options: PlayerOptions, signal: AbortSignal, range?: TimeRange): Promise<void> {
	const player = new Player(options, signal);
	try {
		await player.playThrough();
		await (range === undefined ? player.restoreReference() : player.showRange(range));
	} finally {
		await player.close();
	}
}

/** A recording that can be played. */
export type OpenRecording = {
	readonly file: string;
	/** The first readable session before the first response to a request for metrics; undefined if there is none. */
	readonly session: RecordingSession | undefined;
	/** The deployment that is watched first, and the name of the visible window. */
	readonly deploymentId: string;
	readonly window: string;
	/** The time of the first response, in epoch milliseconds. */
	readonly startMs: number;
};

/**
 * Opens a recording, even if its beginning is damaged.
 *
 * @throws UserError with exit code 2 for a file that can't be read, isn't a recording, or has nothing to show, and with
 * exit code 1 for a file that has nothing to show because it is damaged
 */
export async function openRecording(file: string): Promise<OpenRecording> {
	const refuse = (problem: string, exitCode?: ExitCode): UserError => rejectFile('replay', file, problem, exitCode);
	const damage = new Damage();
	try {
		const stats = await stat(file);
		if (!stats.isFile() && !stats.isDirectory()) {
			throw refuse("isn't a regular file. Use a file made with --record.");
		}

		const {isRecording, session, begin} = await findBeginning(file, damage);
		if (begin !== undefined) {
			return {file, session, ...begin};
		}

		const found = damage.describe();
		if (found !== undefined && (isRecording || file.endsWith('.gz') || isGzip(await readStart(file)))) {
			throw refuse(`is damaged, and nothing in it can be shown: ${found}.`, exitCodes.other);
		}

		throw refuse(
			isRecording
				? 'contains no response to a request for metrics, so there is nothing to show.'
				: "isn't a loops-top recording. Use a file made with --record.",
		);
	} catch (error) {
		if (error instanceof UnreadableFile || (error instanceof Error && 'code' in error)) {
			const why = error instanceof UnreadableFile ? error.message : describeFileFault(error);
			throw refuse(`can't be read: ${why}.`);
		}

		throw error;
	}
}

/** The result of reading the whole recording. `endMs` is the time of its latest response, in epoch milliseconds. */
type Checked = {
	readonly endMs: number;
	/** A clause about what can't be read; undefined if nothing is damaged. */
	readonly damage: string | undefined;
};

/**
 * Reads a recording to its end without waiting, or until `signal` is aborted.
 *
 * @throws UserError with exit code 2 if the file can no longer be read
 */
export async function checkRecording(
	{file, startMs}: OpenRecording,
	{signal, onRead}: {readonly signal?: AbortSignal; readonly onRead?: OnRead} = {},
): Promise<Checked> {
	const damage = new Damage();
	let endMs = startMs;
	try {
		for await (const entry of readEntries(file, damage, onRead)) {
			if (signal?.aborted === true) {
				break;
			}

			if (entry.kind === 'response') {
				endMs = Math.max(endMs, entry.receivedMs);
				if (entry.readResult() === undefined) {
					damage.note(entry.bytes);
				}
			}
		}
	} catch (error) {
		throw error instanceof UnreadableFile ? rejectFile('replay', file, `can't be read: ${error.message}.`) : error;
	}

	return {endMs, damage: damage.describe()};
}

type Found = {
	/** Whether any line of the file is from a recording. */
	readonly isRecording: boolean;
	readonly session: RecordingSession | undefined;
	readonly begin: Omit<OpenRecording, 'file' | 'session'> | undefined;
};

/**
 * Finds the beginning of the recording: its session, the time of its first response, and the first response to a
 * request for metrics, whether or not that request succeeded.
 */
async function findBeginning(file: string, damage: Damage): Promise<Found> {
	let session: RecordingSession | undefined;
	let first: RecordedResponse | undefined;
	for await (const entry of readEntries(file, damage)) {
		if (entry.kind === 'session') {
			session ??= entry;
			continue;
		}

		first ??= entry;
		const route = routeOf(entry);
		if (route?.kind === 'trainer') {
			const begin = {deploymentId: route.id, window: entry.window, startMs: first.receivedMs};
			return {isRecording: true, session, begin};
		}
	}

	return {isRecording: session !== undefined || first !== undefined, session, begin: undefined};
}

async function readStart(file: string): Promise<Buffer> {
	const handle = await open(file);
	try {
		return (await handle.read(Buffer.alloc(2), 0, 2, 0)).buffer;
	} finally {
		await handle.close();
	}
}
