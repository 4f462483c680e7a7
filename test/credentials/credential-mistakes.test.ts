import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {findCredential} from '../../source/credentials/find-credential.ts';
import type {HostEnvironment} from '../../source/credentials/host-environment.ts';
import {UserError} from '../../source/errors/user-error.ts';
import {anyCharacter} from '../helpers/any-character.ts';
import {
	apiKey,
	atHand,
	auth,
	authPath,
	fakeSources,
	fileError,
	oauth,
	storedKeys,
	thrownBy,
	trussPath,
} from '../helpers/fake-input.ts';

type Mistake = readonly [
	what: string,
	files: Readonly<Record<string, string | Error>>,
	others: Partial<HostEnvironment>,
	sentence: string,
];

const shown = '~/.config/baseten/auth.json';
const signIn = 'Sign in again with `baseten auth login`, or set BASETEN_API_KEY.';

const mistakes: readonly Mistake[] = [
	[
		'that there is no key',
		{},
		{},
		`There is no API key in BASETEN_API_KEY, ${shown}, or ~/.trussrc. Set BASETEN_API_KEY to one from https://app.baseten.co/settings/api_keys, or try loops-top --demo.`,
	],
	[
		'an empty ~/.trussrc',
		{[trussPath]: '\n# nothing\n'},
		{environment: {XDG_CONFIG_HOME: '/xdg'}},
		'There is no API key in BASETEN_API_KEY, /xdg/baseten/auth.json, or ~/.trussrc. Set BASETEN_API_KEY to one from https://app.baseten.co/settings/api_keys, or try loops-top --demo.',
	],
	[
		'a key with two lines',
		{},
		{environment: {BASETEN_API_KEY: 'a\nb'}},
		'The key from BASETEN_API_KEY contains a character that keys never contain, such as a space or a line break. Copy only the key.',
	],
	...['"a-key"', "'a-key'", ' "a-key" ', '“a-key”', '`a-key`', 'a-key"'].map(
		(key): Mistake => [
			`the key ${key}`,
			{},
			{environment: {BASETEN_API_KEY: key}},
			"The key from BASETEN_API_KEY is in quotes, which `docker run --env-file` doesn't remove. Remove the quotes.",
		],
	),
	[
		'a profile that is missing',
		storedKeys,
		{profile: 'play'},
		`There is no profile "play" in ${shown}. Choose one with --profile: work and home.`,
	],
	[
		'a missing profile that the environment names',
		storedKeys,
		{environment: {BASETEN_PROFILE: 'play'}},
		`There is no profile "play" (set by BASETEN_PROFILE) in ${shown}. Choose one with --profile: work and home.`,
	],
	[
		'a profile with the name of a property that every object has',
		storedKeys,
		{profile: 'constructor'},
		`There is no profile "constructor" in ${shown}. Choose one with --profile: work and home.`,
	],
	[
		'a profile without auth.json',
		{},
		{profile: 'play'},
		`There is no profile "play": ${shown} doesn't exist. Sign in with \`baseten auth login\`, or set BASETEN_API_KEY.`,
	],
	[
		'a profile in an auth.json without profiles',
		{[authPath]: auth({})},
		{profile: 'play'},
		`There is no profile "play" in ${shown}, which has no profiles. Sign in with \`baseten auth login\`, or set BASETEN_API_KEY.`,
	],
	[
		'a current profile that is missing',
		{[authPath]: auth({a: apiKey('k')}, 'gone')},
		{},
		`The current profile "gone" isn't in ${shown}. Choose one with --profile: a.`,
	],
	[
		'more profiles than fit in a sentence',
		{[authPath]: auth(Object.fromEntries(Array.from({length: 12}, (_, index) => [`p${index}`, apiKey('k')])))},
		{profile: 'play'},
		`There is no profile "play" in ${shown}. Choose one with --profile: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, and 2 more.`,
	],
	[
		'names with escapes',
		{[authPath]: auth({'\u{1B}[31mred': apiKey('k')})},
		{profile: '\u{1B}]0;x\u{07}play'},
		`There is no profile "play" in ${shown}. Choose one with --profile: red.`,
	],
	[
		'a token that has expired',
		{[authPath]: auth({a: oauth('t', '2026-11-02T12:00:00Z')}, 'a')},
		{},
		`The sign-in for profile "a" in ${shown} has expired. Run \`baseten whoami\`, which renews it, or sign in again with \`baseten auth login\`.`,
	],
	["auth.json that isn't JSON", {[authPath]: '{"current": a}'}, {}, `${shown} isn't valid JSON. ${signIn}`],
	['auth.json that is empty', {[authPath]: ''}, {}, `${shown} isn't valid JSON. ${signIn}`],
	[
		'auth.json that is a list',
		{[authPath]: '[]'},
		{},
		`${shown} isn't in the format of the baseten CLI (see its content). ${signIn}`,
	],
	[
		'auth.json whose profiles are a list',
		{[authPath]: '{"profiles":[]}'},
		{},
		`${shown} isn't in the format of the baseten CLI (see profiles). ${signIn}`,
	],
	[
		"a profile that isn't an object",
		{[authPath]: auth({a: 'k'}, 'a')},
		{},
		`${shown} isn't in the format of the baseten CLI (see profiles.a). ${signIn}`,
	],
	[
		"a key that isn't text",
		{[authPath]: auth({a: {api_key: 7}}, 'a')},
		{},
		`${shown} isn't in the format of the baseten CLI (see profiles.a.api_key). ${signIn}`,
	],
	[
		'auth.json without read permission',
		{[authPath]: fileError('EACCES')},
		{},
		`${shown} can't be read (permission denied). Make it readable, or set BASETEN_API_KEY.`,
	],
	[
		'auth.json that is a directory',
		{[authPath]: fileError('EISDIR')},
		{},
		`${shown} can't be read (it is a directory). Make it readable, or set BASETEN_API_KEY.`,
	],
	[
		"~/.trussrc that can't be read",
		{[trussPath]: fileError('EIO')},
		{},
		"~/.trussrc can't be read (EIO). Make it readable, or set BASETEN_API_KEY.",
	],
	[
		'a remote that is missing',
		storedKeys,
		{remote: 'play'},
		'There is no remote "play" in ~/.trussrc. Choose one with --remote: baseten and staging.',
	],
	[
		'a remote with the name of a property that every object has',
		storedKeys,
		{remote: '__proto__'},
		'There is no remote "__proto__" in ~/.trussrc. Choose one with --remote: baseten and staging.',
	],
	[
		'a remote without ~/.trussrc',
		{},
		{remote: 'play'},
		'There is no remote "play": ~/.trussrc doesn\'t exist. Add it with `truss login`, or set BASETEN_API_KEY.',
	],
	[
		'a remote in an empty ~/.trussrc',
		{[trussPath]: ''},
		{remote: 'play'},
		'There is no remote "play": ~/.trussrc has no remotes. Add it with `truss login`, or set BASETEN_API_KEY.',
	],
	[
		"the section that isn't a remote",
		{[trussPath]: '[DEFAULT]\napi_key = x\n[a]\n'},
		{remote: 'DEFAULT'},
		'There is no remote "DEFAULT" in ~/.trussrc. Choose one with --remote: a.',
	],
	[
		'that none of several remotes is named baseten',
		{[trussPath]: '[a]\napi_key = x\n[b]\napi_key = y\n'},
		{},
		'No remote in ~/.trussrc is named baseten. Choose one with --remote: a and b.',
	],
	[
		'a remote without a key',
		{[trussPath]: '[baseten]\napi_key\n'},
		{},
		'Remote "baseten" in ~/.trussrc has no api_key. Add it with `truss login`, or set BASETEN_API_KEY.',
	],
	[
		'a remote whose key is a list',
		{[trussPath]: '[baseten]\napi_key[] = k\n'},
		{},
		'Remote "baseten" in ~/.trussrc has no api_key. Add it with `truss login`, or set BASETEN_API_KEY.',
	],
	[
		'an expired truss token',
		{[trussPath]: '[baseten]\nauth_type = oauth\noauth_access_token = t\noauth_expires_at = 1793620800\n'},
		{},
		'The sign-in for remote "baseten" in ~/.trussrc has expired. Run `truss whoami`, which renews it, or sign in again with `truss login`.',
	],
	[
		'~/.trussrc without sections',
		{[trussPath]: 'api_key = k\n'},
		{},
		'~/.trussrc has no section such as [baseten]. Create it again with `truss login`, or set BASETEN_API_KEY.',
	],
	[
		'~/.trussrc with an incomplete section',
		{[trussPath]: '[baseten\napi_key = k\n'},
		{},
		'~/.trussrc has no section such as [baseten]. Create it again with `truss login`, or set BASETEN_API_KEY.',
	],
];

for (const [what, files, others, sentence] of mistakes) {
	test(`findCredential reports ${what} and says what to do`, () => {
		const {message, exitCode} = thrownBy(() => findCredential(fakeSources(files, others)));
		assert.equal(message, sentence);
		assert.equal(exitCode, 3);
	});
}

for (const [what, files, environment, from] of [
	['BASETEN_REMOTE_URL', {}, {BASETEN_API_KEY: 'k', BASETEN_REMOTE_URL: 'app.baseten.co'}, 'BASETEN_API_KEY'],
	['a profile', {[authPath]: auth({a: apiKey('k', 'app.baseten.co')}, 'a')}, {}, `profile a in ${shown}`],
	['a remote', {[trussPath]: '[baseten]\napi_key = k\nremote_url = no'}, {}, 'remote baseten in ~/.trussrc'],
] as const) {
	test(`findCredential reports an invalid remote URL from ${what} and names its source`, () => {
		const {message, exitCode} = thrownBy(() => findCredential(fakeSources(files, {environment})));
		assert.match(message, /^The remote URL of .* isn't a URL/);
		assert.ok(message.includes(from));
		assert.equal(exitCode, 2);
	});
}

for (const key of [
	'a b',
	'a\tb',
	'a\r\nb',
	'a\u{0}b',
	'a\u{7F}b',
	'a\u{85}b',
	'a\u{A0}b',
	'a€b',
	'a\u{200B}',
	'🔑',
	'Bearer k',
]) {
	test(`findCredential rejects the key ${JSON.stringify(key)}`, () => {
		const {message, exitCode} = thrownBy(() => findCredential(fakeSources({}, {environment: {BASETEN_API_KEY: key}})));
		assert.match(message, /^The key from BASETEN_API_KEY contains a character that keys never contain/);
		assert.equal(exitCode, 3);
	});
}

test('findCredential accepts only keys that fit in an HTTP header', () => {
	fc.assert(
		fc.property(fc.string({unit: anyCharacter, minLength: 1}), key => {
			try {
				const {secret} = atHand(findCredential(fakeSources({}, {environment: {BASETEN_API_KEY: key}})));
				assert.equal(
					new Headers({authorization: `Bearer ${secret.reveal()}`}).get('authorization'),
					`Bearer ${key.trim()}`,
				);
			} catch (error) {
				assert.ok(error instanceof UserError, String(error));
			}
		}),
		{numRuns: 2000},
	);
});
