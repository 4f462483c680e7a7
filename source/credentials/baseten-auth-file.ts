import * as z from 'zod/mini';
import {keyError, type UserError} from '../errors/user-error.ts';
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
	configDirectory,
	type HostEnvironment,
	pathsOf,
	readKeyFile,
	readVariable,
	showName,
	showNames,
	showPath,
} from './host-environment.ts';

const text = z.nullish(z.string());

const authFile = z.object({
	current: text,
	// The profiles aren't validated here, so that an error in one of them doesn't affect the others.
	profiles: z.nullish(z.record(z.string(), z.unknown())),
});

const oauthSchema = z.object({access_token: text, expiry: text});

const profileSchema = z.object({
	remote_url: text,
	auth_type: text,
	api_key: text,
	oauth_credential: z.nullish(oauthSchema),
});

type Profile = z.infer<typeof profileSchema>;

/** The service name that the `baseten` CLI uses in the keyring; the account is the name of the profile. */
const keyringService = 'baseten-profile';

/** Returns the path of the file in which the `baseten` CLI stores its profiles. */
export function authFilePath(sources: HostEnvironment): string {
	const {environment, homeDirectory, platform} = sources;
	const {join} = pathsOf(sources);
	const directory = readVariable(environment, 'BASETEN_CONFIG_DIR');
	if (directory !== undefined) {
		return join(directory, 'auth.json');
	}

	if (platform === 'darwin') {
		return join(homeDirectory, 'Library', 'Application Support', 'baseten', 'auth.json');
	}

	return join(configDirectory(sources), 'baseten', 'auth.json');
}

/** The profile that the user chose, and how it was chosen. */
type ProfileChoice = {readonly name: string; readonly by: '--profile' | 'BASETEN_PROFILE'};

/**
 * Finds the key of the chosen profile, or of the current one if none was chosen. Returns undefined if none was chosen
 * and there is no current profile.
 *
 * @throws UserError for an unreadable or malformed file, a malformed profile, a profile that doesn't exist, or an
 *   unusable key or URL
 */
export function findProfileCredential(sources: HostEnvironment, choice: ProfileChoice): FoundCredential;
export function findProfileCredential(sources: HostEnvironment, choice?: ProfileChoice): FoundCredential | undefined;
export function findProfileCredential(sources: HostEnvironment, choice?: ProfileChoice): FoundCredential | undefined {
	const path = authFilePath(sources);
	const shownPath = showPath(path, sources);
	const content = readKeyFile(path, sources);
	if (content === undefined) {
		if (choice === undefined) {
			return undefined;
		}

		throw keyError(
			`There is no ${describeChoice(choice)}: ${shownPath} doesn't exist. Sign in with \`baseten auth login\`, or set BASETEN_API_KEY.`,
		);
	}

	const file = read(authFile, parseJson(content, shownPath), shownPath, []);
	const profiles = file.profiles ?? {};
	const wanted = choice?.name ?? file.current?.trim() ?? '';
	if (wanted === '') {
		return undefined;
	}

	if (!Object.hasOwn(profiles, wanted)) {
		throw missingProfile(wanted, Object.keys(profiles), shownPath, choice);
	}

	const profile = read(profileSchema, profiles[wanted], shownPath, ['profiles', wanted]);
	const remoteUrl = profile.remote_url ?? undefined;
	const key = readKey(profile, wanted, shownPath, sources.now());
	if (key !== undefined) {
		return createCredential(key, `profile ${showName(wanted)} in ${shownPath}`, remoteUrl, path);
	}

	const from = `profile ${showName(wanted)} in ${theKeyring}`;
	return {
		from,
		...readRemoteUrl(remoteUrl, from),
		entry: {service: keyringService, account: wanted},
		owner: ownerOf(wanted),
		read: text => readEntry(text, profile, wanted, sources.now()),
	};
}

/**
 * Returns the names of all profiles; none if the file doesn't exist.
 *
 * @throws UserError for an unreadable or malformed file
 */
export function profileNames(sources: HostEnvironment): readonly string[] {
	const path = authFilePath(sources);
	const shownPath = showPath(path, sources);
	const content = readKeyFile(path, sources);
	return content === undefined
		? []
		: Object.keys(read(authFile, parseJson(content, shownPath), shownPath, []).profiles ?? {});
}

function parseJson(content: string, shownPath: string): unknown {
	try {
		return JSON.parse(content);
	} catch {
		// V8's message quotes the text around the error, which can be a key.
		throw keyError(`${shownPath} isn't valid JSON. Sign in again with \`baseten auth login\`, or set BASETEN_API_KEY.`);
	}
}

function read<Value>(
	schema: z.ZodMiniType<Value>,
	value: unknown,
	shownPath: string,
	parents: readonly string[],
): Value {
	const result = schema.safeParse(value);
	if (result.success) {
		return result.data;
	}

	const fields = [...parents, ...(result.error.issues[0]?.path ?? [])].map(field => showName(String(field)));
	const where = fields.length === 0 ? 'its content' : fields.join('.');
	throw keyError(
		`${shownPath} isn't in the format of the baseten CLI (see ${where}). Sign in again with \`baseten auth login\`, or set BASETEN_API_KEY.`,
	);
}

function describeChoice({name, by}: ProfileChoice): string {
	return `profile "${showName(name)}"${by === 'BASETEN_PROFILE' ? ' (set by BASETEN_PROFILE)' : ''}`;
}

function missingProfile(name: string, names: readonly string[], shownPath: string, choice?: ProfileChoice): UserError {
	const which =
		choice === undefined ? `The current profile "${showName(name)}" isn't` : `There is no ${describeChoice(choice)}`;
	return keyError(
		names.length === 0
			? `${which} in ${shownPath}, which has no profiles. Sign in with \`baseten auth login\`, or set BASETEN_API_KEY.`
			: `${which} in ${shownPath}. Choose one with --profile: ${showNames(names)}.`,
	);
}

/** Returns the key in the file; undefined if the file has none, because the key is then in the keyring. */
function readKey(profile: Profile, name: string, shownPath: string, nowMs: number): string | undefined {
	const apiKey = profile.api_key?.trim() ?? '';
	const token = profile.oauth_credential?.access_token?.trim() ?? '';
	if (token !== '' && (apiKey === '' || profile.auth_type === 'oauth')) {
		refuseExpired(profile.oauth_credential?.expiry ?? '', name, shownPath, nowMs);
		return token;
	}

	return apiKey === '' ? undefined : apiKey;
}

/** Returns the key in a keyring entry: an API key is stored unchanged, and a token as JSON. */
function readEntry(text: string, {auth_type: type}: Profile, name: string, nowMs: number): string {
	if (type !== 'oauth' && !text.trimStart().startsWith('{')) {
		return text;
	}

	const owner = ownerOf(name);
	const result = oauthSchema.safeParse(parseEntry(text, owner));
	const token = result.data?.access_token?.trim() ?? '';
	if (token === '') {
		throw malformedEntry(owner);
	}

	refuseExpired(result.data?.expiry ?? '', name, theKeyring, nowMs);
	return token;
}

function ownerOf(name: string): Owner {
	return {name: `profile "${showName(name)}"`, signIn: '`baseten auth login`'};
}

/**
 * Throws if a token has expired. A time that can't be parsed is ignored, so that the token is sent and the server
 * checks it. Go writes the year 1 for tokens that never expire.
 */
function refuseExpired(expiry: string, name: string, place: string, nowMs: number): void {
	const expiryMs = Date.parse(expiry);
	if (!Number.isNaN(expiryMs) && !expiry.startsWith('0001-') && expiryMs <= nowMs) {
		throw keyError(
			`The sign-in for profile "${showName(name)}" in ${place} has expired. Run \`baseten whoami\`, which renews it, or sign in again with \`baseten auth login\`.`,
		);
	}
}
