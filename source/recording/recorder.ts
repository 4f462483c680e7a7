import {spawnSync} from 'node:child_process';
import type {FileHandle} from 'node:fs/promises';
import {promisify} from 'node:util';
import {gzip} from 'node:zlib';
import {type Target, targetName} from '../api/target.ts';
import {rejectFile, type UserError} from '../errors/user-error.ts';
import {AppendedFile, openToAppend} from './appended-file.ts';
import {encodeResponse, encodeSession, type RecordingSession, type ResponseRecord} from './format.ts';
import {Damage, inspectMember, isGzip, isOurs, isPadding, memberStart} from './gzip.ts';
import {readFirstEntry} from './read-entries.ts';

/** The timeout of `flock`, in milliseconds: a file system that doesn't respond delays startup by at most this much. */
const timeoutMs = 3000;

/** The file descriptor that `flock` uses for the file. */
const descriptor = 3;

/**
 * Takes an advisory lock on an open file. The lock lasts as long as this process keeps the file open, no matter how the
 * process ends. Returns false if another process holds the lock.
 *
 * The lock is an flock(2) lock, taken by the program of the same name (util-linux and BusyBox), which locks the open
 * file that it inherits. Without that program, as on macOS and Windows, or if it fails for another reason, nothing is
 * locked, and the result is true.
 */
function takeLock(fileDescriptor: number): boolean {
	const {status} = spawnSync('flock', ['-n', '-x', String(descriptor)], {
		stdio: ['ignore', 'ignore', 'ignore', fileDescriptor],
		env: {PATH: process.env['PATH']},
		timeout: timeoutMs,
	});
	// Both implementations exit with 1 if another process holds the lock, and with other codes for a file system
	// without locks.
	return status !== 1;
}

/** The number of bytes that are searched at a time for the beginning of a file's last member. */
const pieceBytes = 64 * 1024;

/**
 * The maximum size of the last member, and of its text, in bytes. A larger one isn't read, because loops-top doesn't
 * write larger ones.
 */
const maxBytes = 64 * 1024 ** 2;

/**
 * The end of a compressed recording: a whole member; incomplete data after `at`, left by a kill or a crash, of which
 * only the text in `lines` is kept; or something unknown.
 */
type Tail =
	| {readonly kind: 'whole'}
	| {readonly kind: 'cut'; readonly at: number; readonly lines: string}
	| {readonly kind: 'unknown'};

/** Inspects the end of a compressed file of `size` bytes. */
async function inspectTail(handle: FileHandle, size: number): Promise<Tail> {
	const from = await findLastStart(handle, size);
	if (size - from > maxBytes) {
		return {kind: 'unknown'};
	}

	const bytes = Buffer.alloc(size - from);
	await handle.read(bytes, 0, bytes.length, from);
	for (let at = 0; ; ) {
		const rest = bytes.subarray(at);
		const isFragment = at > 0 && (isPadding(rest) || memberStart.subarray(0, rest.length).equals(rest));
		if (isFragment) {
			return rest.length === 0 ? {kind: 'whole'} : {kind: 'cut', at: from + at, lines: ''};
		}

		const member = inspectMember(rest, maxBytes);
		switch (member.kind) {
			case 'whole':
				at += member.end;
				break;
			case 'cut': {
				const lines = isOurs(rest) ? '' : member.text.toString('utf8', 0, member.text.lastIndexOf('\n') + 1);
				return {kind: 'cut', at: from + at, lines};
			}

			case 'broken':
				return {kind: 'unknown'};
		}
	}
}

/** Returns the position of the last member that loops-top wrote; 0 if there is none. */
async function findLastStart(handle: FileHandle, size: number): Promise<number> {
	const overlap = memberStart.length - 1;
	for (let end = size; end > 0; end -= pieceBytes) {
		const start = Math.max(end - pieceBytes, 0);
		const piece = Buffer.alloc(Math.min(end + overlap, size) - start);
		await handle.read(piece, 0, piece.length, start);
		const at = piece.lastIndexOf(memberStart);
		if (at >= 0) {
			return start + at;
		}
	}

	return 0;
}

/**
 * The number of bytes at the beginning of a recording that are searched for its first line. That line is always
 * shorter.
 */
const maxSessionBytes = 64 * 1024;

/**
 * The delay before kept responses are written, in milliseconds: a large response is parsed in slices, and only
 * afterward is it known whether it corrects the clock.
 */
const parsedAfterMs = 1000;

/** A recorder that writes responses to a file. It never throws: if it can't continue, it stops and reports why. */
export type Recorder = Pick<AppendedFile, 'stopped' | 'isHung' | 'isEmptied' | 'onStopped' | 'onEmptied' | 'close'> & {
	/**
	 * Adds a response. It is read later, usually after the client has parsed it: a second after the first pending
	 * response was added, or when the recorder is closed.
	 */
	keep(read: () => ResponseRecord): void;
};

/**
 * Starts recording to a new file that only its owner can read, or continues a recording of the same target that no
 * other process records to.
 *
 * @throws UserError for a file that can't be written, can't be continued, or is in use by another recorder
 */
export async function openRecorder(file: string, session: Omit<RecordingSession, 'kind'>): Promise<Recorder> {
	const isCompressed = file.endsWith('.gz');
	const handle = await openToAppend('record', file);
	try {
		if (!takeLock(handle.fd)) {
			throw refuse(file, 'is in use by another loops-top process. Use another file.');
		}

		const seam = await prepareEnd(file, handle, {isCompressed, session});
		// Each write is a separate member, so everything written before remains complete, however the program ends.
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
				// Nothing is formatted after the recording has stopped.
				if (recording.stopped() === undefined) {
					recording.write(encodeResponse(read()));
				}
			}
		};
		return {
			keep(read) {
				if (kept.push(read) === 1) {
					setTimeout(writeKept, parsedAfterMs).unref();
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

/**
 * Checks that a recording can be continued, removes incomplete data at the end of a compressed one, and returns the
 * text that must precede the appended data.
 *
 * @throws UserError if the recording can't be continued
 */
async function prepareEnd(
	file: string,
	handle: FileHandle,
	{isCompressed, session}: {readonly isCompressed: boolean; readonly session: Omit<RecordingSession, 'kind'>},
): Promise<string> {
	const {size} = await handle.stat();
	if (size === 0) {
		return '';
	}

	const before = await readFirstEntry(file, new Damage(), maxSessionBytes);
	if (before?.kind !== 'session') {
		throw refuse(file, "isn't a loops-top recording. Use another file.");
	}

	if (!isSame(before.target, session.target)) {
		throw refuse(file, `is a recording of ${describe(before.target)}. Use another file.`);
	}

	const ends = Buffer.alloc(2);
	await handle.read(ends, 0, 2, 0);
	if (isGzip(ends) !== isCompressed) {
		const problem = isCompressed ? "isn't compressed, though its name ends in .gz" : 'is compressed';
		throw refuse(file, `${problem}. Use another file.`);
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
			throw refuse(file, 'is damaged at its end. Use another file.');
	}
}

/**
 * Returns the text that separates the last line from appended ones: a line break if the last line was cut off,
 * otherwise nothing.
 */
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
