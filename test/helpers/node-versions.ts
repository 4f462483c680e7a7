import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** Every Node.js on this machine that the program is made for, by its version: the project's own and the system's. */
export function findVersions(): ReadonlyMap<string, string> {
	const versions = new Map([[process.versions.node, process.execPath]]);
	for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
		const node = path.join(folder, 'node');
		if (existsSync(node)) {
			const version = execFileSync(node, ['-p', 'process.versions.node'], {encoding: 'utf8'}).trim();
			versions.set(version, node);
		}
	}

	return new Map([...versions].filter(([version]) => Number.parseInt(version, 10) >= 20));
}
