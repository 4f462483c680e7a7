import {accessSync, constants} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {program, temporaryHome} from '../helpers/real-terminal.ts';
import type {SimulatedBaseten} from './simulated-baseten.ts';

/** A program for a terminal, and what says that it shows what it is for. */
export type Program = {
	readonly name: string;
	readonly command: readonly [string, ...string[]];
	readonly env: Readonly<Record<string, string>>;
	readonly hasData: (visible: string) => boolean;
};

/** All of them are left by this key. */
export const quitKey = 'q';

/** What others see of a machine, or of its GPUs, with what they are asked to draw. Whichever is installed is measured. */
const yardsticks: ReadonlyArray<readonly [name: string, ...args: string[]]> = [
	['htop'],
	['btop'],
	['nvtop'],
	['glances'],
	['gtop'],
	['nvitop', '-m', 'full'],
];

/** So many characters are more than a title and a frame. */
const mostOfAnEmptyScreen = 200;

/** As for a user who has started it before. */
const cacheHome = temporaryHome();

function environment(extra: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
	return {
		PATH: process.env['PATH'] ?? '',
		HOME: temporaryHome(),
		XDG_CACHE_HOME: cacheHome,
		TERM: 'xterm-256color',
		COLORTERM: 'truecolor',
		LANG: 'C.UTF-8',
		TZ: 'UTC',
		...extra,
	};
}

/** The built program, with the Node that runs this, watching a simulated Baseten that is a process of its own. */
export function loopsTop(baseten: SimulatedBaseten, ...args: readonly string[]): Program {
	return builtProgram('loops-top', program, baseten, ...args);
}

/** The program in a file, as it was built from some commit. */
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

/** Node itself, with that script. */
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
						hasData: visible => visible.replaceAll(/\s/g, '').length >= mostOfAnEmptyScreen,
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
