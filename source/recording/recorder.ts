import type {FileHandle} from 'node:fs/promises';
import {promisify} from 'node:util';
import {gzip} from 'node:zlib';
import {type Target, targetName} from '../api/target.ts';
import {rejectFile} from '../errors/file-error.ts';
import type {UserError} from '../errors/user-error.ts';
import {AppendedFile} from './appended-file.ts';
import {Damage} from './damage.ts';
import {takeLock} from './file-lock.ts';
import {encodeResponse, encodeSession, type RecordingSession, type ResponseRecord} from './format.ts';
import {isGzip} from './gzip-member.ts';
import {openToAppend} from './open-to-append.ts';
import {readFirstEntry} from './read-entries.ts';
import {inspectTail} from './tail.ts';

/** The first line of a recording is shorter. */
const mostSessionBytes = 64 * 1024;

/** Records responses to a file. It never throws: if it can't continue, it stops and says why. */
export type Recorder = Pick<AppendedFile, 'stopped' | 'isHung' | 'isEmptied' | 'onStopped' | 'onEmptied' | 'close'> & {
	/** Adds a response, which is read once all that awaits it has run, or when the recorder is closed. */
	keep(read: () => ResponseRecord): void;
};

/**
 * Begins to record to a file that only its owner can read, or goes on with a recording of the same deployment, which nobody else records to.
 *
 * @throws UserError for a file that can't be written, is something else, or is being recorded to
 */
export async function openRecorder(file: string, session: Omit<RecordingSession, 'kind'>): Promise<Recorder> {
	const isCompressed = file.endsWith('.gz');
	const handle = await openToAppend('record', file);
	try {
		if (!takeLock(handle.fd)) {
			throw refuse(file, 'is being recorded to by another loops-top. Name another file.');
		}

		const seam = await prepareEnd(file, handle, {isCompressed, session});
		// Each text is a member of its own: whatever ends the program, everything written before is complete.
		const encode = isCompressed ? promisify(gzip) : undefined;
		const recording = new AppendedFile({
			file,
			handle,
			beginning: encodeSession(session),
			...(encode === undefined ? {} : {encode: async (text: string) => encode(text)}),
		});
		recording.write(seam + encodeSession(session));
		const kept: Array<() => ResponseRecord> = [];
		const writeKept = (): void => {
			for (const read of kept.splice(0)) {
				// Nothing is formatted after the recording stopped.
				if (recording.stopped() === undefined) {
					recording.write(encodeResponse(read()));
				}
			}
		};
		return {
			keep(read) {
				if (kept.push(read) === 1) {
					setImmediate(writeKept);
				}
			},
			stopped: () => recording.stopped(),
			isHung: () => recording.isHung(),
			isEmptied: () => recording.isEmptied(),
			onStopped: listener => recording.onStopped(listener),
			onEmptied: listener => recording.onEmptied(listener),
			async close() {
				writeKept();
				await recording.close();
			},
		};
	} catch (error) {
		await handle.close();
		throw error;
	}
}

function refuse(file: string, problem: string): UserError {
	return rejectFile('record', file, problem);
}

/** Checks that a file can be gone on with, cuts off what a kill left at its end, and returns what must precede what is appended. */
async function prepareEnd(
	file: string,
	handle: FileHandle,
	{isCompressed, session}: {readonly isCompressed: boolean; readonly session: Omit<RecordingSession, 'kind'>},
): Promise<string> {
	const {size} = await handle.stat();
	if (size === 0) {
		return '';
	}

	const before = await readFirstEntry(file, new Damage(), mostSessionBytes);
	if (before?.kind !== 'session') {
		throw refuse(file, "isn't a recording of loops-top. Choose another file, or a new one.");
	}

	if (!isSame(before.target, session.target)) {
		throw refuse(file, `is a recording of ${describe(before.target)}: name another file, or a new one.`);
	}

	const ends = Buffer.alloc(2);
	await handle.read(ends, 0, 2, 0);
	if (isGzip(ends) !== isCompressed) {
		const problem = isCompressed ? 'is not compressed, though its name ends in .gz' : 'is compressed';
		throw refuse(file, `${problem}: name another file, or a new one.`);
	}

	return isCompressed ? prepareMembers(file, handle, size) : prepareLines(handle, size);
}

async function prepareMembers(file: string, handle: FileHandle, size: number): Promise<string> {
	const tail = await inspectTail(handle, size);
	switch (tail.kind) {
		case 'whole':
			return '\n';
		case 'cut':
			await handle.truncate(tail.at);
			return `\n${tail.lines}`;
		case 'unknown':
			throw refuse(file, 'is damaged at its end: name another file, or a new one.');
	}
}

/** A line that was cut off stays alone. */
async function prepareLines(handle: FileHandle, size: number): Promise<string> {
	const last = Buffer.alloc(1);
	await handle.read(last, 0, 1, size - 1);
	return last[0] === 0x0a ? '' : '\n';
}

function isSame(a: Target, b: Target): boolean {
	return a.kind === b.kind && targetName(a) === targetName(b);
}

function describe(target: Target): string {
	return target.kind === 'unchosen' ? 'a deployment that was chosen on the screen' : `${target.kind} ${target.id}`;
}
