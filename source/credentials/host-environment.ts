import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs';
import {homedir} from 'node:os';
import path, {posix, win32} from 'node:path';
import {cleanText} from '../api/clean-text.ts';
import {keyError, type UserError} from '../errors/user-error.ts';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment in which keys and settings are looked up, except for the keyring. */
export type HostEnvironment = {
	readonly environment: Environment;
	readonly homeDirectory: string;
	readonly platform: NodeJS.Platform;
	/** Returns the text of a file. Throws an error with a `code`, as node:fs does. */
	readonly readFile: (path: string) => string;
	/** Returns the mode of a file, with its permissions in the lowest bits. Throws if the mode can't be read. */
	readonly fileMode: (path: string) => number;
	/** Returns the current time in epoch milliseconds. */
	readonly now: () => number;
	/** The names given by --profile and --remote. */
	readonly profile?: string | undefined;
	readonly remote?: string | undefined;
};

/** The variables that can contain a key. */
const keyVariables = ['BASETEN_API_KEY', 'BASETEN_TRUSS_AUTH_API_KEY'] as const;

/**
 * Returns the environment for a child process, without the variables that can contain a key, and without any other
 * variable whose value includes such a key. Values of fewer than eight characters aren't treated as keys.
 */
export function withoutKeys(environment: Environment): Environment {
	const keys = keyVariables.flatMap(name => readVariable(environment, name) ?? []).filter(key => key.length >= 8);
	const isFree = ([name, value = '']: readonly [string, string | undefined]): boolean =>
		!keyVariables.some(variable => variable === name) && !keys.some(key => value.includes(key));
	return Object.fromEntries(Object.entries(environment).filter(isFree));
}

/** Returns an environment variable without surrounding whitespace, or undefined if it is missing or empty. */
export function readVariable(environment: Environment, name: string): string | undefined {
	const value = environment[name]?.trim() ?? '';
	return value === '' ? undefined : value;
}

/** The maximum length of a profile, remote, or field name in a message. */
const maxNameLength = 40;

/** Returns the path functions for a platform, which can differ from the platform of this machine. */
export function pathsOf({platform}: Pick<HostEnvironment, 'platform'>): typeof posix {
	return platform === 'win32' ? win32 : posix;
}

/** Returns the directory in which programs keep their settings, unless they follow macOS conventions. */
export function configDirectory(sources: HostEnvironment): string {
	const {environment, homeDirectory, platform} = sources;
	const {join, isAbsolute} = pathsOf(sources);
	if (platform === 'win32') {
		return readVariable(environment, 'APPDATA') ?? join(homeDirectory, 'AppData', 'Roaming');
	}

	const configHome = readVariable(environment, 'XDG_CONFIG_HOME');
	const isUsable = configHome !== undefined && isAbsolute(configHome);
	return isUsable ? configHome : join(homeDirectory, '.config');
}

/** Formats a path for a message, with `~` for the home folder (`~/.trussrc`), and cut to 200 characters. */
export function showPath(path: string, sources: HostEnvironment): string {
	const {sep} = pathsOf(sources);
	const home = sources.homeDirectory;
	const isInHome = home !== '' && path.startsWith(home.endsWith(sep) ? home : home + sep);
	return cleanText(isInHome ? `~${sep}${path.slice(home.length).replace(/^[\\/]/, '')}` : path, 200);
}

/**
 * Formats names for a message: `a, b, and c`. If there are more than `namesAtMost`, the rest are counted: `and 3 more`.
 */
export function showNames(names: readonly string[], namesAtMost = 10): string {
	const shown = names.slice(0, namesAtMost).map(name => showName(name));
	if (names.length > namesAtMost) {
		shown.push(`${names.length - namesAtMost} more`);
	}

	const last = shown.pop() ?? '';
	return shown.length === 0 ? last : `${shown.join(', ')}${shown.length > 1 ? ',' : ''} and ${last}`;
}

/** Formats one name for a message, cut to `maxNameLength`. */
export function showName(name: string): string {
	return cleanText(name, maxNameLength);
}

/**
 * Returns the text of a file that contains a key, as `readStoredFile` does.
 *
 * @throws UserError for an existing file that can't be read
 */
export function readKeyFile(path: string, sources: HostEnvironment): string | undefined {
	return readStoredFile(path, sources, fact => keyError(`${fact}. Make it readable, or set BASETEN_API_KEY.`));
}

/**
 * Returns the text of a file without its byte order mark, or undefined if the file doesn't exist. If an existing file
 * can't be read, throws the error that `complain` creates. Errors that aren't about this file are rethrown.
 */
export function readStoredFile(
	path: string,
	sources: HostEnvironment,
	complain: (fact: string) => UserError,
): string | undefined {
	try {
		return sources.readFile(path).replace(/^\u{FEFF}/u, '');
	} catch (error) {
		const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
		// An error about too many open files isn't about this file.
		if (code === undefined || code === 'EMFILE' || code === 'ENFILE') {
			throw error;
		}

		if (code === 'ENOENT' || code === 'ENOTDIR') {
			return undefined;
		}

		throw complain(`${showPath(path, sources)} can't be read (${describeCode(code)})`);
	}
}

function describeCode(code: string): string {
	switch (code) {
		case 'EACCES':
		case 'EPERM':
			return 'permission denied';
		case 'EISDIR':
			return 'it is a directory';
		case 'ENOTREG':
			return "it isn't a regular file";
		case 'EFBIG':
			return 'it is larger than 1 MiB';
		default:
			return cleanText(code, 40);
	}
}

/** The bits of all POSIX permissions for the group and for others. */
const anythingForOthers = 0o077;

/**
 * Returns a warning if other users of this machine have any permission for a key file. Returns undefined if they have
 * none, if the mode can't be read, and on Windows, where permissions work differently.
 */
export function warnOfOpenFile(path: string, sources: HostEnvironment): string | undefined {
	const mode = sources.platform === 'win32' ? undefined : modeOf(path, sources);
	if (mode === undefined || (mode & anythingForOthers) === 0) {
		return undefined;
	}

	const shown = showPath(path, sources);
	// The path is escaped so that a shell treats it as a single word and expands a tilde at the start.
	const word = shown.replace(/[^\w@%+=:,./~-]/g, String.raw`\$&`);
	return `${shown} contains an API key, and other users of this machine can open it. Run \`chmod 600 ${word}\`.`;
}

function modeOf(path: string, {fileMode}: HostEnvironment): number | undefined {
	try {
		return fileMode(path);
	} catch {
		return undefined;
	}
}

/** The maximum size of a file that is read, in bytes. Settings files and key files are much smaller. */
const maxBytes = 1024 ** 2;

/** A path that doesn't exist, for users without a home folder. */
const noHome = path.join(path.parse(process.cwd()).root, 'nonexistent');

/**
 * Reads a settings file or a key file.
 *
 * @throws an error with a `code`: ENOTREG for a FIFO or a device, without waiting for it; EFBIG for a file larger than
 * 1 MiB; otherwise, the system's error code
 */
export function readSmallFile(file: string): string {
	// O_NONBLOCK prevents waiting for a writer to a FIFO.
	const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
	try {
		const stats = fstatSync(descriptor);
		if (!stats.isFile()) {
			throw withCode(stats.isDirectory() ? 'EISDIR' : 'ENOTREG');
		}

		const bytes = Buffer.alloc(maxBytes + 1);
		let length = 0;
		for (let read = -1; read !== 0 && length <= maxBytes; length += read) {
			read = readSync(descriptor, bytes, length, bytes.length - length, null);
		}

		if (length > maxBytes) {
			throw withCode('EFBIG');
		}

		return bytes.toString('utf8', 0, length);
	} finally {
		closeSync(descriptor);
	}
}

function withCode(code: string): Error {
	return Object.assign(new Error(code), {code});
}

/**
 * Returns the user's home folder. If the user has none (no HOME and no entry in the user database, as in a container
 * with a numeric user ID), returns a path that doesn't exist. Does the same if HOME is relative, because files in
 * the working folder could belong to anyone.
 */
export function findHome(find: () => string = homedir): string {
	try {
		const home = find();
		return path.isAbsolute(home) ? home : noHome;
	} catch {
		return noHome;
	}
}
