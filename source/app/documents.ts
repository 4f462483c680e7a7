import {readFileSync} from 'node:fs';
import type {DocumentName} from '../command-line/options.ts';

/** Reads a file that comes with the program: in the package it is next to its code, in an executable within it. */
export async function readDocument(name: DocumentName): Promise<string> {
	const sea = await importSea();
	return sea?.isSea() === true ? sea.getAsset(name, 'utf8') : readFileSync(new URL(name, import.meta.url), 'utf8');
}

/** Node.js has this module from 20.12 on. */
async function importSea(): Promise<typeof import('node:sea') | undefined> {
	try {
		return await import('node:sea');
	} catch {
		return undefined;
	}
}
