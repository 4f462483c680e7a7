import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs';
import {homedir} from 'node:os';
import path from 'node:path';

/** The largest file that is read: files of settings and keys are much smaller. */
const maxBytes = 1024 ** 2;

/** A path that doesn't exist, for users without a home folder. */
const noHome = path.join(path.parse(process.cwd()).root, 'nonexistent');

/**
 * Reads a file of settings or of a key.
 *
 * @throws an error with the system's error code: ENOTREG for a FIFO, a device, or a socket, without waiting for them,
 * and EFBIG for a file larger than 1 MiB
 */
export function readSmallFile(file: string): string {
	// O_NONBLOCK prevents waiting for a writer to a FIFO.
	const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
	try {
		const stats = fstatSync(descriptor);
		if (!stats.isFile()) {
			throw withCode(stats.isDirectory() ? 'EISDIR' : 'ENOTREG');
		}

		const bytes = Buffer.alloc(maxBytes + 1);
		let length = 0;
		for (let read = -1; read !== 0 && length <= maxBytes; length += read) {
			read = readSync(descriptor, bytes, length, bytes.length - length, null);
		}

		if (length > maxBytes) {
			throw withCode('EFBIG');
		}

		return bytes.toString('utf8', 0, length);
	} finally {
		closeSync(descriptor);
	}
}

function withCode(code: string): Error {
	return Object.assign(new Error(code), {code});
}

/**
 * Returns the user's home folder, or a path that doesn't exist if the user has none: without HOME and without an entry
 * in the list of users, as in a container with a numeric user. A relative HOME is ignored, because files in the working
 * folder could belong to anyone.
 */
export function findHome(find: () => string = homedir): string {
	try {
		const home = find();
		return path.isAbsolute(home) ? home : noHome;
	} catch {
		return noHome;
	}
}
