import {type FileHandle, open, stat} from 'node:fs/promises';
import {describeFileFault, rejectFile} from '../errors/file-error.ts';
import {exitCodes} from '../errors/user-error.ts';

/**
 * Opens a file to append to and to read, which only its owner can read if it is new.
 *
 * @throws UserError, exit code 2, for one that can't be written, and exit code 1 for what is not a regular file: a FIFO or a device may hold a
 * write for good, and what is written there can't be read again
 */
export async function openToAppend(flag: string, file: string): Promise<FileHandle> {
	let handle: FileHandle | undefined;
	try {
		// Opening a FIFO or a device may wait, or do something.
		const before = await stat(file).catch(() => undefined);
		if (before !== undefined && !before.isFile() && !before.isDirectory()) {
			throw irregular(flag, file);
		}

		handle = await open(file, 'a+', 0o600);
		if (!(await handle.stat()).isFile()) {
			throw irregular(flag, file);
		}

		surviveLimits();
		return handle;
	} catch (error) {
		await handle?.close();
		throw error instanceof Error && 'code' in error
			? rejectFile(flag, file, `cannot be written: ${describeFileFault(error)}. Name another file.`)
			: error;
	}
}

/**
 * Makes a limit on the size of files (`ulimit -f`) a fault of the write alone. Node.js ignores the signal that comes with it, but signal-exit,
 * which Ink uses, ends the program by it unless somebody else listens.
 */
function surviveLimits(): void {
	if (process.platform !== 'win32' && !process.listeners('SIGXFSZ').includes(ignore)) {
		process.on('SIGXFSZ', ignore);
	}
}

function ignore(): void {
	// The write reports the error.
}

function irregular(flag: string, file: string): Error {
	return rejectFile(flag, file, 'is not a regular file. Name another file.', exitCodes.other);
}
