import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import fc from 'fast-check';
import {type Credential, openCredential} from '../../source/credentials/credential.ts';
import {findCredential} from '../../source/credentials/find-credential.ts';
import type {HostEnvironment} from '../../source/credentials/host-environment.ts';
import type {Keyring, KeyringResult} from '../../source/credentials/keyring.ts';
import {UserError} from '../../source/errors/user-error.ts';
import {anyCharacter} from '../helpers/any-character.ts';
import {apiKey, auth, authPath, fakeSources, trussPath} from '../helpers/fake-input.ts';

const {signal} = new AbortController();
const remoteUrl = 'https://app.baseten.co';

const keyProfile = {[authPath]: auth({a: {auth_type: 'api_key', remote_url: remoteUrl}}, 'a')};
const tokenProfile = {[authPath]: auth({a: {auth_type: 'oauth', oauth_credential: null}}, 'a')};
const keyRemote = {[trussPath]: `[baseten]\nremote_url = ${remoteUrl}\nauth_type = api_key\n`};
const tokenRemote = {[trussPath]: '[baseten]\nauth_type = oauth\n'};

function token(access: string, expiry: string): string {
	return JSON.stringify({access_token: access, refresh_token: 'renew', expiry});
}

/** Returns the entry that truss stores. */
function tokenOfTruss(access: string, expiresAt: unknown): string {
	return JSON.stringify({
		auth_type: 'oauth',
		oauth_access_token: access,
		oauth_refresh_token: 'renew',
		oauth_expires_at: expiresAt,
	});
}

async function open(
	files: Readonly<Record<string, string>>,
	response: KeyringResult,
	others: Partial<HostEnvironment> = {},
): Promise<Credential> {
	return openCredential(findCredential(fakeSources(files, others)), async () => response, signal);
}

type Files = Readonly<Record<string, string>>;

const found: ReadonlyArray<readonly [what: string, files: Files, text: string, key: string, from: string]> = [
	['the key of a profile', keyProfile, 'k', 'k', 'profile a'],
	['a key with a line break after it', keyProfile, 'k\n', 'k', 'profile a'],
	['the token of a profile', tokenProfile, token('t', '2026-11-02T12:00:01Z'), 't', 'profile a'],
	['a token that never expires', tokenProfile, token('t', '0001-01-01T00:00:00Z'), 't', 'profile a'],
	["a token of a profile that doesn't declare one", keyProfile, token('t', ''), 't', 'profile a'],
	['the key of a remote', keyRemote, '{"auth_type":"api_key","api_key":"k"}', 'k', 'remote baseten'],
	['the token of a remote', tokenRemote, tokenOfTruss('t', 1793620801), 't', 'remote baseten'],
	['a token whose expiry is a string', tokenRemote, tokenOfTruss('t', '1793620801'), 't', 'remote baseten'],
];

for (const [what, files, text, key, from] of found) {
	test(`${what} is read from the keyring`, async () => {
		const credential = await open(files, {kind: 'found', text});
		assert.equal(credential.secret.reveal(), key);
		assert.equal(credential.from, `${from} in the system keyring`);
	});
}

test('the remote URL of a key in the keyring comes from auth.json or ~/.trussrc', async () => {
	for (const [files, text] of [
		[keyProfile, 'k'],
		[keyRemote, '{"api_key":"k"}'],
	] as const) {
		assert.equal((await open(files, {kind: 'found', text})).remoteUrl?.href, `${remoteUrl}/`);
	}
});

test('the keyring is queried by name for the entries that the baseten CLI and truss store', async () => {
	const asked: unknown[] = [];
	const keyring: Keyring = async entry => {
		asked.push(entry);
		return {kind: 'found', text: '{"access_token":"k","api_key":"k"}'};
	};
	const work = {[authPath]: auth({'ada@example.com': {}}), [trussPath]: '[my.remote]\nauth_type = api_key'};
	for (const others of [{profile: 'ada@example.com'}, {remote: 'my.remote'}]) {
		await openCredential(findCredential(fakeSources(work, others)), keyring, signal);
	}

	assert.deepEqual(asked, [
		{service: 'baseten-profile', account: 'ada@example.com'},
		{service: 'baseten-truss', account: 'my.remote'},
	]);
});

test('a key in a file is used without querying the keyring', async () => {
	const keyring: Keyring = async () => assert.fail('The keyring was queried.');
	for (const files of [{[authPath]: auth({a: apiKey('k')}, 'a')}, {[trussPath]: '[a]\nauth_type=api_key\napi_key=k'}]) {
		const credential = await openCredential(findCredential(fakeSources(files)), keyring, signal);
		assert.equal(credential.secret.reveal(), 'k');
	}
});

const refusals: ReadonlyArray<readonly [what: string, files: Files, response: KeyringResult, sentence: string]> = [
	[
		"a profile that isn't in the keyring",
		keyProfile,
		{kind: 'missing'},
		'The key for profile "a" isn\'t in the system keyring. Sign in again with `baseten auth login`, or set BASETEN_API_KEY.',
	],
	[
		"a remote that isn't in the keyring",
		keyRemote,
		{kind: 'missing'},
		'The key for remote "baseten" isn\'t in the system keyring. Sign in again with `truss login`, or set BASETEN_API_KEY.',
	],
	[
		'a keyring that is locked',
		keyProfile,
		{kind: 'refused', reason: 'is locked', remedy: 'Unlock it'},
		'The key for profile "a" is in the system keyring, which is locked. Unlock it, or set BASETEN_API_KEY to an API key instead.',
	],
	[
		"a keyring that can't be reached",
		keyRemote,
		{kind: 'refused', reason: "can't be reached (secret-tool: no bus)"},
		'The key for remote "baseten" is in the system keyring, which can\'t be reached (secret-tool: no bus). Set BASETEN_API_KEY to an API key instead.',
	],
	[
		"an entry that isn't JSON",
		tokenProfile,
		{kind: 'found', text: 'KeyMarker'},
		'The entry for profile "a" in the system keyring isn\'t a valid key. Sign in again with `baseten auth login`, or set BASETEN_API_KEY.',
	],
	[
		'an entry without a token',
		tokenProfile,
		{kind: 'found', text: '{"access_token":{"KeyMarker":1}}'},
		'The entry for profile "a" in the system keyring isn\'t a valid key. Sign in again with `baseten auth login`, or set BASETEN_API_KEY.',
	],
	[
		'a truss entry without a key',
		keyRemote,
		{kind: 'found', text: '{"auth_type":"api_key","api_key":["KeyMarker"]}'},
		'The entry for remote "baseten" in the system keyring isn\'t a valid key. Sign in again with `truss login`, or set BASETEN_API_KEY.',
	],
	[
		'a truss entry that is a list',
		tokenRemote,
		{kind: 'found', text: '["KeyMarker"]'},
		'The entry for remote "baseten" in the system keyring isn\'t a valid key. Sign in again with `truss login`, or set BASETEN_API_KEY.',
	],
	[
		'a token that has expired',
		tokenProfile,
		{kind: 'found', text: token('KeyMarker', '2026-11-02T12:00:00Z')},
		'The sign-in for profile "a" in the system keyring has expired. Run `baseten whoami`, which renews it, or sign in again with `baseten auth login`.',
	],
	[
		'an expired truss token',
		tokenRemote,
		{kind: 'found', text: tokenOfTruss('KeyMarker', 1793620800)},
		'The sign-in for remote "baseten" in the system keyring has expired. Run `truss whoami`, which renews it, or sign in again with `truss login`.',
	],
	[
		'a key with two lines',
		keyProfile,
		{kind: 'found', text: 'KeyMarker\nKeyMarker'},
		'The key from profile a in the system keyring contains a character that keys never contain, such as a space or a line break. Copy only the key.',
	],
];

for (const [what, files, response, sentence] of refusals) {
	test(`${what} is reported, and the message says what to do`, async () => {
		await assert.rejects(open(files, response), (error: unknown) => {
			assert.ok(error instanceof UserError);
			assert.equal(error.message, sentence);
			assert.equal(error.exitCode, 3);
			return true;
		});
	});
}

test('any entry in the keyring either yields a key that fits in an HTTP header or is reported without its content', async () => {
	const texts = fc.oneof(
		fc.string({unit: anyCharacter}),
		fc.json(),
		fc.constantFrom('{"access_token":"', '{"api_key":"', '{"oauth_access_token":"', 'null', '{'),
	);
	const files = fc.constantFrom(keyProfile, tokenProfile, keyRemote, tokenRemote);
	await fc.assert(
		fc.asyncProperty(files, texts, async (stored, text) => {
			const marked = `${text}KeyMarker`;
			try {
				const {secret} = await open(stored, {kind: 'found', text: marked});
				assert.ok(new Headers({authorization: `Bearer ${secret.reveal()}`}).has('authorization'));
			} catch (error) {
				assert.ok(error instanceof UserError, String(error));
				assert.ok(!inspect(error).includes('KeyMarker'));
			}
		}),
		{numRuns: 1000},
	);
});
