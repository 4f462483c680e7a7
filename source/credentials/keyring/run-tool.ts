import {type ExecFileException, execFile} from 'node:child_process';
import {cleanText} from '../../api/clean-text.ts';
import {withoutKeys} from '../environment.ts';
import type {KeyringResult} from './keyring.ts';

/** How a tool ended: `missing` means that it isn't installed, `timedOut` that it timed out. */
export type ToolResult =
	| {readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string}
	| {readonly kind: 'missing'}
	| {readonly kind: 'timedOut'}
	| {readonly kind: 'failed'; readonly code: string};

/** Runs a system tool, without a shell and without access to the terminal. */
export type RunTool = (file: string, args: readonly string[], signal: AbortSignal) => Promise<ToolResult>;

/** The timeout of a tool, long enough to type a password. */
const timeoutMs = 60_000;

/** The most output that is read from a tool; keys are shorter. */
const maximumBytes = 1024 * 1024;

/** Returns a runner of tools, which get this environment without the key, and are ended after `limitMs`. */
export function createRunTool(environment: NodeJS.ProcessEnv, limitMs = timeoutMs): RunTool {
	return async (file, args, signal) => {
		signal.throwIfAborted();
		const options = {env: {...withoutKeys(environment)}, timeout: limitMs, signal, maxBuffer: maximumBytes};
		const ended = await new Promise<ToolResult>(resolve => {
			const child = execFile(file, args, options, (error, stdout, stderr) => {
				resolve(error === null ? {kind: 'ended', exitCode: 0, stdout, stderr} : endOf(error, stdout, stderr));
			});
			child.stdin?.end();
		});
		signal.throwIfAborted();
		return ended;
	};
}

function endOf({code, killed, signal}: ExecFileException, stdout: string, stderr: string): ToolResult {
	if (typeof code === 'number') {
		return {kind: 'ended', exitCode: code, stdout, stderr};
	}

	if (code === 'ENOENT') {
		return {kind: 'missing'};
	}

	return killed === true && code == null ? {kind: 'timedOut'} : {kind: 'failed', code: code ?? signal ?? 'unknown'};
}

/** Describes how a tool failed, as a response of the keyring. */
export function describeToolFailure(tool: string, ended: Exclude<ToolResult, {kind: 'missing'}>): KeyringResult {
	switch (ended.kind) {
		case 'timedOut':
			return {
				kind: 'refused',
				reason: `didn't respond within ${timeoutMs / 1000} s`,
				remedy: 'Unlock it and try again',
			};
		case 'failed':
			return {kind: 'refused', reason: `can't be reached (${tool}: ${ended.code})`};
		case 'ended': {
			const said = cleanText(ended.stderr, 160).replace(/\.$/, '');
			const words = said.startsWith(`${tool}: `) ? said : `${tool}: ${said || `exit code ${ended.exitCode}`}`;
			return {kind: 'refused', reason: `can't be reached (${words})`};
		}
	}
}
