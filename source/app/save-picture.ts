import {open, unlink} from 'node:fs/promises';
import path from 'node:path';
import {cleanText} from '../api/clean-text.ts';
import type {Secret} from '../api/secret.ts';
import {describeFileFault} from '../errors/file-error.ts';
import type {Picture} from '../terminal/open-terminal.ts';

/** Where pictures are written to, and what must not be in them. */
export type PictureFolder = {
	/** Returns the folder that the program was started in; throws if it was removed. */
	readonly folder: () => string;
	readonly homeDirectory: string;
	/** The local time in epoch milliseconds. */
	readonly now: () => number;
	/** The key, if there is one. */
	readonly secret: Secret | undefined;
};

/** How many pictures of one second have names of their own. */
const mostOfOneSecond = 100;

/**
 * Writes a picture of the screen into a new file, and returns a sentence that says where, or why not. Never replaces a file,
 * follows no link in place of one, and leaves no part of a picture behind. A screen with the key on it isn't written.
 *
 * Times in names are UTC: `loops-top-k4q95w5-20261128T174001Z.svg`.
 */
export async function savePicture(
	{name, svg, text}: Picture,
	{folder, homeDirectory, now, secret}: PictureFolder,
): Promise<string> {
	if (secret !== undefined && secret.hideIn(text) !== text) {
		return 'no picture was written: the screen shows your API key';
	}

	const safeName = name.replaceAll(/[^\w-]+/g, '-').slice(0, 60);
	const stamp = new Date(now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
	const stem = ['loops-top', ...(safeName === '' ? [] : [safeName]), stamp].join('-');
	try {
		const place = folder();
		for (let count = 1; count <= mostOfOneSecond; count++) {
			const fileName = `${stem}${count === 1 ? '' : `-${count}`}.svg`;
			if (await create(path.join(place, fileName), svg)) {
				return `wrote ${fileName} in ${shortFolder(place, homeDirectory)}`;
			}
		}
	} catch (error) {
		return `no picture was written in the current folder: ${describeFileFault(error)}`;
	}

	return `no picture was written: ${stem}.svg and others of its name exist`;
}

/** Writes a new file, or removes what was written of it and throws. Returns false if there is a file of that name. */
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
