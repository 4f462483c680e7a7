import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {type BuildOptions, type BuildResult, context, formatMessages} from 'esbuild';

export type RunOptions = {
	/** How the program is built. The files that it is built from are watched. */
	readonly build: BuildOptions;
	/** The file of the program to run, and the program's arguments. */
	readonly file: string;
	readonly args: readonly string[];
};

/**
 * The exit codes after the user quits with q or ctrl-c. After any other exit code, the error stays visible until a file
 * changes.
 */
const left: ReadonlySet<number | null> = new Set([0, 130]);

/**
 * Builds a program and runs it in this terminal, and repeats both whenever one of its files changes. After each build,
 * the running program is terminated first, so that the terminal is restored before a build error is written to it.
 *
 * @returns the exit code of the program once the user quits it, or 143 after SIGTERM
 */
export async function runOnChange({build, file, args}: RunOptions): Promise<number> {
	let running: ChildProcess | undefined;
	let leave = (_: number): void => undefined;
	const untilLeft = new Promise<number>(resolve => {
		leave = resolve;
	});
	const stop = async (): Promise<void> => {
		const child = running;
		running = undefined;
		if (child !== undefined && child.exitCode === null && child.signalCode === null) {
			const ended = once(child, 'exit');
			child.kill('SIGTERM');
			// A suspended process receives the signal only once it continues.
			child.kill('SIGCONT');
			await ended;
		}
	};
	const start = (): void => {
		const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], {stdio: 'inherit'});
		running = child;
		child.on('exit', code => {
			if (running !== child) {
				return;
			}

			running = undefined;
			if (left.has(code)) {
				leave(code ?? 0);
			} else {
				process.stderr.write(`The program exited with code ${code}. Waiting for a change.\n`);
			}
		});
	};
	const restart = async ({errors}: BuildResult): Promise<void> => {
		await stop();
		if (errors.length === 0) {
			start();
			return;
		}

		const messages = await formatMessages(errors, {kind: 'error', color: process.stderr.isTTY});
		process.stderr.write(`${messages.join('')}Waiting for a change.\n`);
	};
	const watching = await context({
		...build,
		logLevel: 'silent',
		plugins: [...(build.plugins ?? []), {name: 'restart', setup: ({onEnd}) => onEnd(restart)}],
	});
	process.once('SIGTERM', () => leave(143));
	await watching.watch();
	const exitCode = await untilLeft;
	await stop();
	await watching.dispose();
	return exitCode;
}
