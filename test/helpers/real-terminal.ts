import assert from 'node:assert/strict';
import {type ChildProcessByStdio, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type {Readable} from 'node:stream';
import * as pty from '@lydell/node-pty';
import headless from '@xterm/headless';
import {eventually} from './eventually.ts';
import {temporaryFolder} from './temporary-folder.ts';

/**
 * The path of the program: as built by `npm run build` or, if the environment variable LOOPS_TOP_PROGRAM is set, as
 * installed at the path in this variable.
 */
export const program = process.env['LOOPS_TOP_PROGRAM'] ?? path.join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

assert.ok(existsSync(program), `${program} doesn't exist. Run \`npm run build\`.`);

/**
 * The command that runs the program: Node.js or, if the environment variable LOOPS_TOP_RUNNER is set, the runner at the
 * path in this variable. The variable is set for tests of an executable, which doesn't require Node.js.
 */
export const runner = process.env['LOOPS_TOP_RUNNER'] ?? process.execPath;

/** The `skip` option of a test that loads a module before the program: an executable can't load any. */
export const unlessPreloaded =
	process.env['LOOPS_TOP_RUNNER'] === undefined ? false : "an executable can't load a module before the program";

/** The folder with the schema and the types: the program's or, for an executable, the build's. */
export const distFolder =
	process.env['LOOPS_TOP_RUNNER'] === undefined
		? path.dirname(program)
		: path.join(import.meta.dirname, '..', '..', 'dist');

export type Environment = Readonly<Record<string, string | undefined>>;

export type TerminalOptions = {
	readonly columns: number;
	readonly rows: number;
	/** The program's arguments. */
	readonly args?: readonly string[];
	/** The command to run in the terminal instead of the program. */
	readonly command?: readonly [string, ...string[]];
	readonly env?: Environment;
	/** Whether the terminal responds to queries. */
	readonly answering?: boolean;
	/** The speed of the link to the terminal; unlimited by default. */
	readonly bytesPerSecond?: number;
};

export type Exit = {readonly exitCode: number; readonly signal: number | undefined};

/** A position on the screen, counted from 0. */
type Cursor = {readonly x: number; readonly y: number};

/** A frame as a terminal displays it. */
type Displayed = {readonly rows: readonly string[]; readonly cursor: Cursor | undefined};

/** A real terminal that runs a program. */
export type RealTerminal = {
	press(keys: string): void;
	/** Types bytes that aren't necessarily text. */
	pressBytes(bytes: Uint8Array): void;
	resize(columns: number, rows: number): void;
	kill(signal: string): void;
	/** Sends a signal to the process group of the first process, not only to the process itself. */
	killAll(signal: NodeJS.Signals): void;
	/** Closes the terminal itself, as if its window were closed or its connection lost. */
	hangUp(): void;
	/** The terminal itself, for tests that check more than its text. */
	readonly emulator: headless.Terminal;
	/**
	 * The rows of the screen, without trailing spaces. While a frame is arriving in pieces, these are the rows of
	 * the last whole frame.
	 */
	screen(): readonly string[];
	/** The position of the terminal's own cursor, if it is visible, in the same frame as `screen`. */
	cursor(): Cursor | undefined;
	/** Resolves with the screen once it matches; a string can be anywhere on it. */
	waitFor(wanted: string | RegExp | ((rows: readonly string[]) => boolean)): Promise<readonly string[]>;
	/** Everything that has been written to the terminal. */
	written(): string;
	isAlternate(): boolean;
	exit: Promise<Exit>;
	close(): void;
};

/**
 * The folder in which all programs of a test file cache compiled code, so that they start as fast as they do for users
 * who have run the program before.
 */
const cacheHome = temporaryFolder();

/** Returns an environment without the developer's own settings. */
function cleanEnvironment(extra: Environment = {}): Record<string, string> {
	const environment: Environment = {
		PATH: process.env['PATH'],
		HOME: temporaryFolder(),
		// Compiled code is shared by all programs.
		XDG_CACHE_HOME: cacheHome,
		TERM: 'xterm-256color',
		LANG: 'en_US.UTF-8',
		TZ: 'UTC',
		...extra,
	};
	return Object.fromEntries(
		Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
	);
}

export function openTerminal(options: TerminalOptions): RealTerminal {
	const {
		columns,
		rows,
		args = [],
		command = [runner, program, ...args],
		env,
		answering = true,
		bytesPerSecond,
	} = options;
	const [file, ...rest] = command;
	const emulator = new headless.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0});
	const name = env?.['TERM'] ?? 'xterm-256color';
	const child = pty.spawn(file, rest, {cols: columns, rows, env: cleanEnvironment(env), name});
	const listeners = new Set<() => void>();
	let written = '';
	const notify = (): void => {
		for (const listener of [...listeners]) {
			listener();
		}
	};
	child.onData(data => {
		written += data;
		emulator.write(data, notify);
		if (bytesPerSecond !== undefined) {
			child.pause();
			setTimeout(() => child.resume(), (Buffer.byteLength(data) / bytesPerSecond) * 1000);
		}
	});
	// The emulator's responses, such as cursor positions, are sent back to the program.
	if (answering) {
		emulator.onData(data => child.write(data));
	}

	let isCursorVisible = true;
	const displayed = (): Displayed => {
		const {active} = emulator.buffer;
		const rowOf = (row: number): string => active.getLine(row)?.translateToString(true, 0, emulator.cols) ?? '';
		return {
			rows: Array.from({length: emulator.rows}, (_, row) => rowOf(row)),
			cursor: isCursorVisible ? {x: active.cursorX, y: active.cursorY} : undefined,
		};
	};
	/** The screen before the synchronized update that is currently arriving, if any. */
	let beforeUpdate: Displayed | undefined;
	emulator.parser.registerCsiHandler({prefix: '?', final: 'h'}, modes => {
		isCursorVisible ||= modes.includes(25);
		beforeUpdate ??= modes.includes(2026) ? displayed() : undefined;
		return false;
	});
	emulator.parser.registerCsiHandler({prefix: '?', final: 'l'}, modes => {
		isCursorVisible &&= !modes.includes(25);
		beforeUpdate = modes.includes(2026) ? undefined : beforeUpdate;
		return false;
	});
	const current = (): Displayed => beforeUpdate ?? displayed();

	let ended = false;
	const exit = new Promise<Exit>(resolve => {
		child.onExit(({exitCode, signal}) => {
			ended = true;
			emulator.write('', () => {
				// A program that was killed doesn't complete its last frame.
				beforeUpdate = undefined;
				notify();
				resolve({exitCode, signal: signal || undefined});
			});
		});
	});
	const screen = (): readonly string[] => current().rows;
	const isNeeded = (wanted: string | RegExp | ((rows: readonly string[]) => boolean)): boolean => {
		if (typeof wanted === 'function') {
			return wanted(screen());
		}

		const text = screen().join('\n');
		return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
	};
	return {
		emulator,
		press: keys => child.write(keys),
		pressBytes(bytes) {
			// On Unix, every terminal accepts bytes, although the type only allows text.
			const write: unknown = Reflect.get(child, 'write');
			assert.ok(typeof write === 'function');
			write.call(child, Buffer.from(bytes));
		},
		resize(newColumns, newRows) {
			emulator.resize(newColumns, newRows);
			child.resize(newColumns, newRows);
		},
		kill: signal => child.kill(signal),
		killAll: signal => process.kill(-child.pid, signal),
		hangUp() {
			// On Unix, every terminal has this method, although the types don't include it.
			const destroy: unknown = Reflect.get(child, 'destroy');
			assert.ok(typeof destroy === 'function');
			destroy.call(child);
		},
		screen,
		cursor: () => current().cursor,
		waitFor: async wanted =>
			eventually(
				() => (isNeeded(wanted) ? screen() : undefined),
				listener => {
					listeners.add(listener);
					return () => listeners.delete(listener);
				},
				() => `The screen:\n${screen().join('\n')}`,
			),
		written: () => written,
		isAlternate: () => emulator.buffer.active.type === 'alternate',
		exit,
		close() {
			if (!ended) {
				child.kill('SIGKILL');
			}

			emulator.dispose();
		},
	};
}

export type Output = {readonly stdout: string; readonly stderr: string; readonly exitCode: number | null};

/** Collects the output of a process. The returned object is updated until the process ends. */
export function collectOutput(child: ChildProcessByStdio<null, Readable, Readable>): {stdout: string; stderr: string} {
	const collected = {stdout: '', stderr: ''};
	for (const name of ['stdout', 'stderr'] as const) {
		child[name].setEncoding('utf8').on('data', chunk => {
			collected[name] += chunk;
		});
	}

	return collected;
}

/** Runs the program without a terminal until it exits. */
export async function runProgram(
	args: readonly string[],
	options: {readonly env?: Environment; readonly node?: string} = {},
): Promise<Output> {
	const child = spawn(options.node ?? runner, [program, ...args], {
		env: cleanEnvironment(options.env),
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const collected = collectOutput(child);
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', exitCode => resolve({...collected, exitCode}));
	});
}
