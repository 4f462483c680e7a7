import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';

/** Returns the names and the contents of all files in a folder and its subfolders, decompressed if necessary. */
export function folderText(folder: string): string {
	return readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile())
		.map(({parentPath, name}) => {
			const content = readFileSync(path.join(parentPath, name));
			return `${name}\n${name.endsWith('.gz') ? gunzipSync(content) : content}`;
		})
		.join('\n');
}
