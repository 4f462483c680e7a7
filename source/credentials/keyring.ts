import {type ExecFileException, execFile} from 'node:child_process';
import {cleanText} from '../api/clean-text.ts';
import {withoutKeys} from './host-environment.ts';

/** The identity of an entry in the system keyring: the program that stored it, and a name. */
export type KeyringEntry = {readonly service: string; readonly account: string};

/** A response from the keyring. `reason` is a predicate ("is locked"), and `remedy` begins a sentence ("Unlock it"). */
export type KeyringResult =
	| {readonly kind: 'found'; readonly text: string}
	| {readonly kind: 'missing'}
	| {readonly kind: 'refused'; readonly reason: string; readonly remedy?: string};

/**
 * Reads an entry. The system might prompt the user for a password in a separate window. If the system's tool doesn't
 * end within a minute, it is terminated, and the result is `refused`.
 *
 * @throws the reason of `signal` if it was aborted
 */
export type Keyring = (entry: KeyringEntry, signal: AbortSignal) => Promise<KeyringResult>;

/** The result of running a tool. `missing` means that the tool isn't installed. */
export type ToolResult =
	| {readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string}
	| {readonly kind: 'missing'}
	| {readonly kind: 'timedOut'}
	| {readonly kind: 'failed'; readonly code: string};

/** Runs a system tool without a shell, with an empty standard input, and with its output captured. */
export type RunTool = (file: string, args: readonly string[], signal: AbortSignal) => Promise<ToolResult>;

/** The time limit for a tool, in milliseconds, which is long enough for the user to type a password. */
const timeoutMs = 60_000;

/** The maximum size of each output stream that is read from a tool, in bytes; keys are shorter. */
const maxBytes = 1024 * 1024;

/** Returns a function that runs a tool in this environment without its keys, and ends the tool after `limitMs`. */
export function createRunTool(environment: NodeJS.ProcessEnv, limitMs = timeoutMs): RunTool {
	return async (file, args, signal) => {
		signal.throwIfAborted();
		const options = {env: {...withoutKeys(environment)}, timeout: limitMs, signal, maxBuffer: maxBytes};
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

/** Describes the failure of a tool, as a response from the keyring. */
function describeToolFailure(tool: string, ended: Exclude<ToolResult, {kind: 'missing'}>): KeyringResult {
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

/**
 * The exit codes of `security`. Each is the last byte of a constant in Apple's SecBase.h, such as errSecItemNotFound or
 * errSecInteractionNotAllowed.
 */
const itemNotFound = 44;
const interactionNotAllowed = 36;
const authenticationFailed = 51;
const userCanceled = 128;

/**
 * Creates a reader of the macOS keychain. It runs /usr/bin/security, which Go programs also use to store their entries,
 * so it can read these without prompting the user.
 */
export function createKeychain(run: RunTool): Keyring {
	return async ({service, account}, signal) => {
		const args = ['find-generic-password', '-s', service, '-a', account, '-w'];
		const found = await run('/usr/bin/security', args, signal);
		if (found.kind !== 'ended') {
			return found.kind === 'missing'
				? {kind: 'refused', reason: "can't be reached without /usr/bin/security"}
				: describeToolFailure('security', found);
		}

		switch (found.exitCode) {
			case 0:
				return readPassword(found.stdout.trim());
			case itemNotFound:
				return {kind: 'missing'};
			case interactionNotAllowed:
			case authenticationFailed:
				return {kind: 'refused', reason: 'is locked', remedy: 'Unlock it with `security unlock-keychain`'};
			case userCanceled:
				return {kind: 'refused', reason: "wasn't opened", remedy: 'Allow access when prompted'};
			default:
				return describeToolFailure('security', found);
		}
	};
}

/** The encodings of go-keyring: base64 now, hexadecimal in earlier versions. */
const packings = [
	{prefix: 'go-keyring-base64:', encoding: 'base64'},
	{prefix: 'go-keyring-encoded:', encoding: 'hex'},
] as const;

function readPassword(text: string): KeyringResult {
	const packing = packings.find(({prefix}) => text.startsWith(prefix));
	return {
		kind: 'found',
		text:
			packing === undefined ? text : Buffer.from(text.slice(packing.prefix.length), packing.encoding).toString('utf8'),
	};
}

/**
 * Creates a reader of the Secret Service on Linux and BSD (GNOME Keyring, KWallet, KeePassXC). It runs libsecret's
 * secret-tool. Go programs and Python's keyring both store their entries with the attributes `service` and `username`.
 */
export function createSecretService(run: RunTool): Keyring {
	return async ({service, account}, signal) => {
		const attributes = ['--', 'service', service, 'username', account];
		const found = await run('secret-tool', ['lookup', ...attributes], signal);
		if (found.kind === 'missing') {
			return {
				kind: 'refused',
				reason: "can't be read without secret-tool",
				remedy: 'Install it (package libsecret-tools or libsecret)',
			};
		}

		if (found.kind === 'ended' && found.exitCode === 0) {
			return {kind: 'found', text: found.stdout};
		}

		if (found.kind !== 'ended' || found.stderr.trim() !== '') {
			return describeToolFailure('secret-tool', found);
		}

		// `secret-tool lookup` has the same output for a missing entry as for a locked one, but `secret-tool search`
		// also lists locked entries.
		const listed = await run('secret-tool', ['search', ...attributes], signal);
		return listed.kind === 'ended' && listed.stdout.trim() !== ''
			? {kind: 'refused', reason: 'is locked', remedy: 'Unlock it'}
			: {kind: 'missing'};
	};
}

/**
 * Creates a reader of the platform's keyring. The reader runs the platform's own tool, so no native module is required,
 * and the system controls access to the entries. On Windows, the result is always `refused`.
 */
export function createSystemKeyring(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): Keyring {
	const run = createRunTool(environment);
	switch (platform) {
		case 'darwin':
			return createKeychain(run);
		case 'win32':
			// Windows has no tool that prints a stored password.
			return async () => ({kind: 'refused', reason: "loops-top can't read on Windows"});
		default:
			return createSecretService(run);
	}
}
