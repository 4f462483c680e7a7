import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** What this Node.js says its version is, such as `24.21.0`. */
function versionOf(node: string): string {
	return execFileSync(node, ['-p', 'process.versions.node'], {encoding: 'utf8'}).trim();
}

/** What runs an executable that has a Node.js of its own, if that is tested. */
const executableRunner = process.env['LOOPS_TOP_RUNNER'];

/**
 * Every Node.js on this machine that the program is made for, by its version: the project's own, the system's, and those
 * that are named. If an executable is tested, only what runs it.
 */
export function findVersions(named: readonly string[] = []): ReadonlyMap<string, string> {
	if (executableRunner !== undefined) {
		return new Map([['in the executable', executableRunner]]);
	}

	const folders = (process.env['PATH'] ?? '').split(path.delimiter);
	const found = folders.map(folder => path.join(folder, 'node')).filter(node => existsSync(node));
	const versions = new Map([
		[process.versions.node, process.execPath],
		...[...found, ...named].map(node => [versionOf(node), node] as const),
	]);
	return new Map([...versions].filter(([version]) => Number.parseInt(version, 10) >= 20));
}
