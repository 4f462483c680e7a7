import type {TestContext} from 'node:test';
import {type Environment, openTerminal, program, type RealTerminal, runner} from '../helpers/real-terminal.ts';
import {type Respond, type ScriptedServer, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';

export const key = 'sk-a-key-that-must-not-be-seen';

/** The sizes, in columns and rows, at which the screen is tested: from a large terminal to a small pane. */
export const sizes = [
	[160, 45],
	[100, 30],
	[80, 24],
	[40, 45],
	[30, 10],
] as const;

export type Rig = {readonly server: ScriptedServer; readonly terminal: RealTerminal};

export type RigOptions = {
	readonly columns?: number;
	readonly rows?: number;
	readonly args?: readonly string[];
	readonly env?: Environment;
	readonly respond?: Respond;
	readonly answering?: boolean;
	/** A module that Node.js loads before the program. */
	readonly preload?: string;
};

/** Starts the built program in a real terminal, and a server that responds as the test specifies. */
export async function startRig(context: TestContext, options: RigOptions = {}): Promise<Rig> {
	const {columns = 80, rows = 24, args = [], env = {}, respond = healthy(), answering = true, preload} = options;
	const server = await startScriptedServer(respond);
	const terminal = openTerminal({
		columns,
		rows,
		command: [
			runner,
			...(preload === undefined ? [] : ['--import', preload]),
			program,
			...['k4q95w5', '--api-url', server.url, ...args],
		],
		env: {BASETEN_API_KEY: key, ...env},
		answering,
	});
	context.after(async () => {
		terminal.close();
		await server.close();
	});
	return {server, terminal};
}
