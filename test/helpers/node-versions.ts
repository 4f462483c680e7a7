import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** Returns the version that a Node.js executable reports, such as `24.21.0`. */
function versionOf(node: string): string {
	return execFileSync(node, ['-p', 'process.versions.node'], {encoding: 'utf8'}).trim();
}

/** The runner of an executable that contains Node.js, if one is tested. */
const executableRunner = process.env['LOOPS_TOP_RUNNER'];

/**
 * Returns the paths of the supported Node.js executables by version: the one that runs this process, those in `PATH`,
 * and those whose paths are in `named`. If `executableRunner` is set, returns only that.
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
