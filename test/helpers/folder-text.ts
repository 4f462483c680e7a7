import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';

/** Everything that the files of a folder and of those below it hold, unpacked where they are packed. */
export function folderText(folder: string): string {
	return readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile())
		.map(({parentPath, name}) => {
			const content = readFileSync(path.join(parentPath, name));
			return `${name}\n${name.endsWith('.gz') ? gunzipSync(content) : content}`;
		})
		.join('\n');
}
