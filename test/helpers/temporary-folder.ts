import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

const folders: string[] = [];

process.once('exit', () => {
	for (const folder of folders) {
		try {
			rmSync(folder, {recursive: true, force: true});
		} catch {
			// A program that is still exiting can write to its folder; a folder that remains doesn't make a test fail.
		}
	}
});

/** Creates an empty folder, which is removed with its contents when this process exits. */
export function temporaryFolder(): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'loops-top-'));
	folders.push(folder);
	return folder;
}

/** Returns the path of a file that doesn't exist yet, in a folder that is removed when this process exits. */
export function temporaryFile(name: string): string {
	return path.join(temporaryFolder(), name);
}
