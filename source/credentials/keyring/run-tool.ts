import {type ExecFileException, execFile} from 'node:child_process';
import {cleanText} from '../../api/clean-text.ts';
import {withoutKeys} from '../environment.ts';
import type {KeyringAnswer} from './keyring.ts';

/** How a tool ended: `missing` means that it isn't installed, `silent` that it timed out. */
export type Ended =
	| {readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string}
	| {readonly kind: 'missing'}
	| {readonly kind: 'silent'}
	| {readonly kind: 'failed'; readonly code: string};

/** Runs a system tool, without a shell and without access to the terminal. */
export type RunTool = (file: string, args: readonly string[], signal: AbortSignal) => Promise<Ended>;

/** The timeout of a tool, long enough to type a password. */
const timeoutMs = 60_000;

/** The most output that is read from a tool; keys are shorter. */
const maximumBytes = 1024 * 1024;

/** Returns a runner of tools, which get this environment without the key, and are ended after `limitMs`. */
export function createRunTool(environment: NodeJS.ProcessEnv, limitMs = timeoutMs): RunTool {
	return async (file, args, signal) => {
		signal.throwIfAborted();
		const options = {env: {...withoutKeys(environment)}, timeout: limitMs, signal, maxBuffer: maximumBytes};
		const ended = await new Promise<Ended>(resolve => {
			const child = execFile(file, args, options, (error, stdout, stderr) => {
				resolve(error === null ? {kind: 'ended', exitCode: 0, stdout, stderr} : endOf(error, stdout, stderr));
			});
			child.stdin?.end();
		});
		signal.throwIfAborted();
		return ended;
	};
}

function endOf({code, killed, signal}: ExecFileException, stdout: string, stderr: string): Ended {
	if (typeof code === 'number') {
		return {kind: 'ended', exitCode: code, stdout, stderr};
	}

	if (code === 'ENOENT') {
		return {kind: 'missing'};
	}

	return killed === true && code == null ? {kind: 'silent'} : {kind: 'failed', code: code ?? signal ?? 'unknown'};
}

/** Describes how a tool failed, as a response of the keyring. */
export function describeTrouble(tool: string, ended: Exclude<Ended, {kind: 'missing'}>): KeyringAnswer {
	switch (ended.kind) {
		case 'silent':
			return {
				kind: 'refused',
				because: `didn't respond within ${timeoutMs / 1000} s`,
				mend: 'Unlock it and try again',
			};
		case 'failed':
			return {kind: 'refused', because: `can't be reached (${tool}: ${ended.code})`};
		case 'ended': {
			const said = cleanText(ended.stderr, 160).replace(/\.$/, '');
			const words = said.startsWith(`${tool}: `) ? said : `${tool}: ${said || `exit code ${ended.exitCode}`}`;
			return {kind: 'refused', because: `can't be reached (${words})`};
		}
	}
}
