import {accessSync, constants} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {program} from '../helpers/real-terminal.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import type {SimulatedBaseten} from './simulated-baseten.ts';

/** A terminal program to measure. `hasData` returns whether the visible text contains the program's data. */
export type Program = {
	readonly name: string;
	readonly command: readonly [string, ...string[]];
	readonly env: Readonly<Record<string, string>>;
	readonly hasData: (visible: string) => boolean;
};

/** The key that quits each of the programs. */
export const quitKey = 'q';

/** Other monitors of a machine or its GPUs, with their arguments. Those that are installed are measured. */
const yardsticks: ReadonlyArray<readonly [name: string, ...args: string[]]> = [
	['htop'],
	['btop'],
	['nvtop'],
	['glances'],
	['gtop'],
	['nvitop', '-m', 'full'],
];

/** The number of visible characters below which a screen counts as empty; a title and a border have fewer. */
const maxOfAnEmptyScreen = 200;

/** The cache folder. All starts share it, so every start after the first finds a filled cache. */
const cacheHome = temporaryFolder();

function environment(extra: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
	return {
		PATH: process.env['PATH'] ?? '',
		HOME: temporaryFolder(),
		XDG_CACHE_HOME: cacheHome,
		TERM: 'xterm-256color',
		COLORTERM: 'truecolor',
		LANG: 'C.UTF-8',
		TZ: 'UTC',
		...extra,
	};
}

/** Returns the built program of the working tree, run by the current Node.js, watching a simulated Baseten. */
export function loopsTop(baseten: SimulatedBaseten, ...args: readonly string[]): Program {
	return builtProgram('loops-top', program, baseten, ...args);
}

/** Returns the program that was built to `file`, run by the current Node.js, watching a simulated Baseten. */
export function builtProgram(
	name: string,
	file: string,
	{apiUrl, deploymentId, key}: SimulatedBaseten,
	...args: readonly string[]
): Program {
	return {
		name,
		command: [process.execPath, file, deploymentId, '--api-url', apiUrl, ...args],
		env: environment({BASETEN_API_KEY: key}),
		hasData: visible => visible.includes('trainer-3'),
	};
}

/** Returns Node.js itself, running this script. */
export function plainNode(script: string): Program {
	return {name: 'node', command: [process.execPath, '-e', script], env: environment(), hasData: () => true};
}

export function installedYardsticks(): readonly Program[] {
	return yardsticks.flatMap(([name, ...args]) => {
		const file = findExecutable(name);
		return file === undefined
			? []
			: [
					{
						name,
						command: [file, ...args],
						env: environment(),
						hasData: visible => visible.replaceAll(/\s/g, '').length >= maxOfAnEmptyScreen,
					} satisfies Program,
				];
	});
}

function findExecutable(name: string): string | undefined {
	const folders = (process.env['PATH'] ?? '').split(path.delimiter);
	return folders.map(folder => path.join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
