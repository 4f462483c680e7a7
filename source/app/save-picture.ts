import {open, unlink} from 'node:fs/promises';
import path from 'node:path';
import {cleanText} from '../api/clean-text.ts';
import type {Secret} from '../api/secret.ts';
import {describeFileFault} from '../errors/user-error.ts';
import type {Picture} from '../terminal/open-terminal.ts';

/** The destination of pictures, and the key, which they must not contain. */
type PictureFolder = {
	/** Returns the folder that the program was started in; throws if it was removed. */
	readonly folder: () => string;
	readonly homeDirectory: string;
	/** The current time in epoch milliseconds. */
	readonly now: () => number;
	/** The key, if there is one. */
	readonly secret: Secret | undefined;
};

/** The maximum number of distinct file names for pictures within one second. */
const maxPerSecond = 100;

/**
 * Writes a picture of the screen to a new file, and returns a clause that names the file or the error. Never replaces a
 * file, never follows a link at the path of the picture, and leaves no partial file behind. A screen that shows the key
 * isn't written.
 *
 * Times in file names are UTC: `loops-top-k4q95w5-20261128T174001Z.svg`.
 */
export async function savePicture(
	{name, svg, text}: Picture,
	{folder, homeDirectory, now, secret}: PictureFolder,
): Promise<string> {
	if (secret !== undefined && secret.hideIn(text) !== text) {
		return 'no SVG file was written: the screen shows your API key';
	}

	const safeName = name.replaceAll(/[^\w-]+/g, '-').slice(0, 60);
	const stamp = new Date(now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
	const stem = ['loops-top', ...(safeName === '' ? [] : [safeName]), stamp].join('-');
	try {
		const place = folder();
		for (let count = 1; count <= maxPerSecond; count++) {
			const fileName = `${stem}${count === 1 ? '' : `-${count}`}.svg`;
			if (await create(path.join(place, fileName), svg)) {
				return `wrote ${fileName} in ${shortFolder(place, homeDirectory)}`;
			}
		}
	} catch (error) {
		return `no SVG file was written in the current folder: ${describeFileFault(error)}`;
	}

	return `no SVG file was written: ${stem}.svg and all of its numbered variants already exist`;
}

/** Writes a new file; if that fails, removes the partial file and throws. Returns false if the file already exists. */
async function create(file: string, text: string): Promise<boolean> {
	const handle = await open(file, 'wx').catch((error: unknown) => {
		if (isExisting(error)) {
			return undefined;
		}

		throw error;
	});
	if (handle === undefined) {
		return false;
	}

	try {
		await handle.writeFile(text);
		await handle.close();
		return true;
	} catch (error) {
		await handle.close().catch(() => undefined);
		await unlink(file).catch(() => undefined);
		throw error;
	}
}

function isExisting(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function shortFolder(folder: string, homeDirectory: string): string {
	const relative = path.relative(homeDirectory, folder);
	const isWithin = homeDirectory !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
	return cleanText(isWithin ? path.join('~', relative) : folder);
}
