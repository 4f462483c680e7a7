import {parse} from 'ini';
import * as z from 'zod/mini';
import {keyError} from '../errors/user-error.ts';
import {
	createCredential,
	type FoundCredential,
	malformedEntry,
	type Owner,
	parseEntry,
	readRemoteUrl,
	theKeyring,
} from './credential.ts';
import {
	type HostEnvironment,
	pathsOf,
	readKeyFile,
	readVariable,
	showName,
	showNames,
	showPath,
} from './host-environment.ts';

/** The remote that `truss` uses if none is named. */
const defaultRemote = 'baseten';
/** The section that all others inherit from in Python's configparser. It isn't a remote. */
const inheritedSection = 'DEFAULT';

/** The service name that `truss` uses in the keyring; the account is the name of the remote. */
const keyringService = 'baseten-truss';

const entrySchema = z.partial(
	z.object({api_key: z.string(), oauth_access_token: z.string(), oauth_expires_at: z.union([z.number(), z.string()])}),
);

type Section = ReadonlyMap<string, string>;

/** Returns the path of the file in which `truss` stores its remotes. */
export function trussrcPath(sources: HostEnvironment): string {
	const {join} = pathsOf(sources);
	const path = readVariable(sources.environment, 'USER_TRUSSRC_PATH') ?? '~/.trussrc';
	const rest = /^~[\\/](.*)$/s.exec(path)?.[1];
	return rest === undefined ? path : join(sources.homeDirectory, rest);
}

/**
 * Finds the key of the named remote. Without a name, uses `baseten` or the only remote, and returns undefined if there
 * are no remotes.
 *
 * @throws UserError for an unreadable or malformed file, a name that doesn't exist, several remotes if none is named
 *   `baseten`, or a remote without a usable key
 */
export function findRemoteCredential(sources: HostEnvironment, name: string): FoundCredential;
export function findRemoteCredential(sources: HostEnvironment, name?: string): FoundCredential | undefined;
export function findRemoteCredential(sources: HostEnvironment, name?: string): FoundCredential | undefined {
	const path = trussrcPath(sources);
	const shownPath = showPath(path, sources);
	const content = readKeyFile(path, sources);
	const remotes = readRemotes(content ?? '');
	const names = [...remotes.keys()];
	if (names.length === 0 && /^\s*[^\s;#[]/m.test(content ?? '')) {
		throw keyError(
			`${shownPath} has no section such as [${defaultRemote}]. Create it again with \`truss login\`, or set BASETEN_API_KEY.`,
		);
	}

	if (name === undefined && names.length === 0) {
		return undefined;
	}

	const wanted = name ?? chooseRemote(names, shownPath);
	const remote = remotes.get(wanted);
	if (remote === undefined) {
		const state = content === undefined ? `${shownPath} doesn't exist` : `${shownPath} has no remotes`;
		throw keyError(
			names.length === 0
				? `There is no remote "${showName(wanted)}": ${state}. Add it with \`truss login\`, or set BASETEN_API_KEY.`
				: `There is no remote "${showName(wanted)}" in ${shownPath}. Choose one with --remote: ${showNames(names)}.`,
		);
	}

	const remoteUrl = remote.get('remote_url');
	const key = readKey(remote, wanted, shownPath, sources.now());
	if (key !== undefined) {
		return createCredential(key, `remote ${showName(wanted)} in ${shownPath}`, remoteUrl, path);
	}

	// Without an auth_type, truss itself reads the key only from the file.
	if (!remote.has('auth_type')) {
		throw keyError(
			`Remote "${showName(wanted)}" in ${shownPath} has no api_key. Add it with \`truss login\`, or set BASETEN_API_KEY.`,
		);
	}

	if (isKeyringDisabled(sources)) {
		throw keyError(
			`The key for remote "${showName(wanted)}" is in ${theKeyring}, which BASETEN_TRUSS_AUTH_KEYRING_DISABLED turns off. Unset that variable, or set BASETEN_API_KEY.`,
		);
	}

	const from = `remote ${showName(wanted)} in ${theKeyring}`;
	const owner: Owner = {name: `remote "${showName(wanted)}"`, signIn: '`truss login`'};
	return {
		from,
		...readRemoteUrl(remoteUrl, from),
		entry: {service: keyringService, account: wanted},
		owner,
		read(text) {
			const inKeyring = readKey(readEntry(text, owner), wanted, theKeyring, sources.now());
			if (inKeyring === undefined) {
				throw malformedEntry(owner);
			}

			return inKeyring;
		},
	};
}

const keyVariable = 'BASETEN_TRUSS_AUTH_API_KEY';
const urlVariable = 'BASETEN_TRUSS_AUTH_REMOTE_URL';

/**
 * Finds the key that truss takes from the environment instead of ~/.trussrc: BASETEN_TRUSS_AUTH_API_KEY together with
 * BASETEN_TRUSS_AUTH_REMOTE_URL. Returns undefined if neither is set.
 *
 * @throws UserError if only one of them is set, or for an unusable key or URL
 */
export function findTrussVariables({environment}: HostEnvironment): FoundCredential | undefined {
	const key = readVariable(environment, keyVariable);
	const url = readVariable(environment, urlVariable);
	if (key === undefined && url === undefined) {
		return undefined;
	}

	if (key === undefined || url === undefined) {
		const [set, missing] = key === undefined ? [urlVariable, keyVariable] : [keyVariable, urlVariable];
		throw keyError(`${set} is set without ${missing}. Set both or neither, or set BASETEN_API_KEY.`);
	}

	return createCredential(key, keyVariable, url);
}

/** Returns whether truss is configured not to use the system keyring. */
function isKeyringDisabled({environment}: HostEnvironment): boolean {
	const value = readVariable(environment, 'BASETEN_TRUSS_AUTH_KEYRING_DISABLED')?.toLowerCase() ?? '';
	return ['1', 'true', 'yes'].includes(value);
}

/**
 * Returns the names of all remotes.
 *
 * @throws UserError for an unreadable file
 */
export function remoteNames(sources: HostEnvironment): readonly string[] {
	return [...readRemotes(readKeyFile(trussrcPath(sources), sources) ?? '').keys()];
}

function chooseRemote(names: readonly string[], shownPath: string): string {
	const [only] = names;
	if (names.includes(defaultRemote)) {
		return defaultRemote;
	}

	if (only !== undefined && names.length === 1) {
		return only;
	}

	throw keyError(`No remote in ${shownPath} is named ${defaultRemote}. Choose one with --remote: ${showNames(names)}.`);
}

/** Returns the key in a section, or undefined if it has none. */
function readKey(remote: Section, name: string, place: string, nowMs: number): string | undefined {
	const apiKey = remote.get('api_key') ?? '';
	const token = remote.get('oauth_access_token') ?? '';
	const usesToken = token !== '' && (apiKey === '' || remote.get('auth_type') === 'oauth');
	const expirySeconds = Number(remote.get('oauth_expires_at') ?? Number.NaN);
	if (usesToken && expirySeconds * 1000 <= nowMs) {
		throw keyError(
			`The sign-in for remote "${showName(name)}" in ${place} has expired. Run \`truss whoami\`, which renews it, or sign in again with \`truss login\`.`,
		);
	}

	return usesToken ? token : apiKey === '' ? undefined : apiKey;
}

/** Parses a keyring entry: JSON with the fields that are missing from the file. */
function readEntry(text: string, owner: Owner): Section {
	const result = entrySchema.safeParse(parseEntry(text, owner));
	if (!result.success) {
		throw malformedEntry(owner);
	}

	return new Map(Object.entries(result.data).map(([field, value]) => [field, String(value).trim()]));
}

/** Returns the remotes by name, with field names in lowercase, as truss reads them with Python's configparser. */
function readRemotes(content: string): ReadonlyMap<string, Section> {
	const sections: Record<string, unknown> = parse(
		content
			.split(/\r\n|\r|\n/)
			.map(asIni)
			.join('\n'),
	);
	const inherited = readSection(sections[inheritedSection]);
	const remotes = new Map<string, Section>();
	for (const [name, section] of Object.entries(sections)) {
		if (name !== inheritedSection && typeof section === 'object' && section !== null && !Array.isArray(section)) {
			remotes.set(name, new Map([...inherited, ...readSection(section)]));
		}
	}

	return remotes;
}

function readSection(section: unknown): Section {
	const entries = typeof section === 'object' && section !== null ? Object.entries(section) : [];
	const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
	return new Map(texts.map(([field, value]) => [field.toLowerCase(), value.trim()]));
}

/**
 * Rewrites one line so that the `ini` package reads it as Python's configparser does: `;` and `#` start a comment only
 * at the beginning of a line, a colon is equivalent to an equals sign, and a dot in a section name has no special
 * meaning. Unlike configparser, `ini` removes the quotation marks around a value.
 */
function asIni(line: string): string {
	const trimmed = line.trim();
	if (/^[;#]/.test(trimmed)) {
		return '';
	}

	const section = /^\[([^\]]+)\]/.exec(trimmed)?.[1];
	if (section !== undefined) {
		return `[${escapeComments(section).replaceAll('.', '\\.')}]`;
	}

	const [, field = '', value = ''] = /^([\w-]+)\s*[:=]\s*(.*)$/.exec(trimmed) ?? [];
	const isQuoted = /^(["']).*\1$/.test(value);
	return field === '' ? '' : `${field} = ${isQuoted ? value : escapeComments(value)}`;
}

function escapeComments(text: string): string {
	return text.replace(/[\\;#]/g, '\\$&');
}
