import type {FileHandle} from 'node:fs/promises';
import {type Target, targetName} from '../api/target.ts';
import {refuseFile} from '../errors/file-error.ts';
import type {UserError} from '../errors/user-error.ts';
import {AppendedFile, openToAppend} from './appended-file.ts';
import {encodeResponse, encodeSession, type RecordingSession, type ResponseRecord} from './format.ts';
import {isGzip} from './gzip-members.ts';
import {readFirstSession} from './read-entries.ts';

/** Keeps answers in a file, and never fails: where it can't go on it stops, and says why. */
export type Recorder = {
	keep(answer: ResponseRecord): void;
	/** Why it stopped before its end, in a clause; undefined while all is well. */
	stopped(): string | undefined;
	/** Calls the listener when it stops before its end, at once where it has. */
	onStopped(listener: (why: string) => void): void;
	/** Waits until all is written, but not long. */
	close(): Promise<void>;
};

/**
 * Begins to record to a file that only its owner can read, or goes on with a recording of the same deployment.
 *
 * @throws UserError, exit code 2, for a file that can't be written or is something else
 */
export async function openRecorder(file: string, take: Omit<RecordingSession, 'kind'>): Promise<Recorder> {
	const isCompressed = file.endsWith('.gz');
	const handle = await openToAppend('record', file);
	try {
		const seam = await checkFile(file, handle, {isCompressed, take});
		const recording = new AppendedFile({file, handle, isCompressed});
		recording.write(seam + encodeSession(take));
		return {
			keep(answer) {
				// What is not written any more need not be put into a line.
				if (recording.stopped() === undefined) {
					recording.write(encodeResponse(answer));
				}
			},
			stopped: () => recording.stopped(),
			onStopped: listener => recording.onStopped(listener),
			close: async () => recording.close(),
		};
	} catch (error) {
		await handle.close();
		throw error;
	}
}

function refuse(file: string, problem: string): UserError {
	return refuseFile('record', file, problem);
}

/** What must stand between that which is in the file already and what is appended. */
async function checkFile(
	file: string,
	handle: FileHandle,
	{isCompressed, take}: {readonly isCompressed: boolean; readonly take: Omit<RecordingSession, 'kind'>},
): Promise<string> {
	const stats = await handle.stat();
	if (!stats.isFile() || stats.size === 0) {
		return '';
	}

	const before = await readFirstSession(file);
	if (before === undefined) {
		throw refuse(file, 'is not a recording of loops-top: name another file, or a new one.');
	}

	if (!isSame(before.target, take.target)) {
		throw refuse(file, `is a recording of ${describe(before.target)}: name another file, or a new one.`);
	}

	const ends = Buffer.alloc(2);
	await handle.read(ends, 0, 2, 0);
	if (isGzip(ends) !== isCompressed) {
		const problem = isCompressed ? 'is not compressed, though its name ends in .gz' : 'is compressed';
		throw refuse(file, `${problem}: name another file, or a new one.`);
	}

	// A line that was cut off stays alone.
	await handle.read(ends, 0, 1, stats.size - 1);
	return isCompressed || ends[0] !== 0x0a ? '\n' : '';
}

function isSame(a: Target, b: Target): boolean {
	return a.kind === b.kind && targetName(a) === targetName(b);
}

function describe(target: Target): string {
	return target.kind === 'unchosen' ? 'a deployment that was chosen on the screen' : `${target.kind} ${target.id}`;
}
