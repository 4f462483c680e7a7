import assert from 'node:assert/strict';
import {test} from 'node:test';
import {findCredential} from '../../source/credentials/find-credential.ts';
import type {HostEnvironment} from '../../source/credentials/host-environment.ts';
import {
	apiKey,
	atHand,
	auth,
	authPath,
	fakeSources,
	fileError,
	nowMs,
	oauth,
	storedKeys,
	trussPath,
} from '../helpers/fake-input.ts';

const both = {BASETEN_API_KEY: 'key-of-environment', BASETEN_PROFILE: 'work'};

type Case = readonly [
	what: string,
	files: Readonly<Record<string, string | Error>>,
	others: Partial<HostEnvironment>,
	key: string,
	from: string,
	remoteUrl?: string,
];

const precedence: readonly Case[] = [
	[
		'--profile rather than any other source',
		storedKeys,
		{environment: both, profile: 'work', remote: 'staging'},
		'key-of-work',
		'profile work in ~/.config/baseten/auth.json',
	],
	[
		'--remote rather than the environment',
		storedKeys,
		{environment: both, remote: 'staging'},
		'key-of-staging',
		'remote staging in ~/.trussrc',
	],
	['BASETEN_API_KEY, not BASETEN_PROFILE', storedKeys, {environment: both}, 'key-of-environment', 'BASETEN_API_KEY'],
	[
		'BASETEN_PROFILE rather than the current profile',
		storedKeys,
		{environment: {BASETEN_PROFILE: 'work'}},
		'key-of-work',
		'profile work in ~/.config/baseten/auth.json',
	],
	[
		'the current profile rather than ~/.trussrc',
		storedKeys,
		{},
		'key-of-home',
		'profile home in ~/.config/baseten/auth.json',
	],
	[
		'~/.trussrc if there is no auth.json',
		{[trussPath]: storedKeys[trussPath]},
		{},
		'key-of-baseten',
		'remote baseten in ~/.trussrc',
	],
	[
		'~/.trussrc if no profile is current',
		{...storedKeys, [authPath]: auth({work: apiKey('x')})},
		{},
		'key-of-baseten',
		'remote baseten in ~/.trussrc',
	],
	[
		'~/.trussrc if auth.json is empty',
		{...storedKeys, [authPath]: '{}'},
		{},
		'key-of-baseten',
		'remote baseten in ~/.trussrc',
	],
	[
		'the key in a file if the variables are blank',
		storedKeys,
		{environment: {BASETEN_API_KEY: ' ', BASETEN_PROFILE: ''}},
		'key-of-home',
		'profile home in ~/.config/baseten/auth.json',
	],
	[
		'a variable, regardless of errors in the files',
		{[authPath]: '{', [trussPath]: fileError('EACCES')},
		{environment: {BASETEN_API_KEY: 'k'}},
		'k',
		'BASETEN_API_KEY',
	],
	[
		'a remote, regardless of errors in auth.json',
		{...storedKeys, [authPath]: '{'},
		{remote: 'staging'},
		'key-of-staging',
		'remote staging in ~/.trussrc',
	],
];

const details: readonly Case[] = [
	['a key, but not the whitespace around it', {}, {environment: {BASETEN_API_KEY: ' k\r\n'}}, 'k', 'BASETEN_API_KEY'],
	[
		'the remote URL that is set along with BASETEN_API_KEY',
		{},
		{environment: {BASETEN_API_KEY: 'k', BASETEN_REMOTE_URL: 'https://app.baseten.co'}},
		'k',
		'BASETEN_API_KEY',
		'https://app.baseten.co/',
	],
	[
		'a stored key, but not BASETEN_REMOTE_URL',
		storedKeys,
		{environment: {BASETEN_REMOTE_URL: 'https://app.example.com'}},
		'key-of-home',
		'profile home in ~/.config/baseten/auth.json',
	],
	[
		'the remote URL of a profile',
		{[authPath]: auth({a: apiKey('k', 'https://app.baseten.co')}, 'a')},
		{},
		'k',
		'profile a in ~/.config/baseten/auth.json',
		'https://app.baseten.co/',
	],
	[
		"a token that hasn't expired",
		{[authPath]: auth({a: oauth('token', '2026-11-02T12:00:00.000000001Z')}, 'a')},
		{now: () => nowMs - 1},
		'token',
		'profile a in ~/.config/baseten/auth.json',
	],
	[
		'a token whose expiry has an offset',
		{[authPath]: auth({a: oauth('token', '2026-11-02T05:30:00.123456789-07:00')}, 'a')},
		{},
		'token',
		'profile a in ~/.config/baseten/auth.json',
	],
	[
		'a token that never expires',
		{[authPath]: auth({a: oauth('token', '0001-01-01T00:00:00Z')}, 'a')},
		{},
		'token',
		'profile a in ~/.config/baseten/auth.json',
	],
	[
		'a token without an expiry',
		{[authPath]: auth({a: oauth('token')}, 'a')},
		{},
		'token',
		'profile a in ~/.config/baseten/auth.json',
	],
	[
		'a token whose expiry is unreadable',
		{[authPath]: auth({a: oauth('token', 'soon')}, 'a')},
		{},
		'token',
		'profile a in ~/.config/baseten/auth.json',
	],
	[
		'a profile without an auth_type',
		{[authPath]: auth({a: {api_key: 'k', oauth_credential: null}}, 'a')},
		{},
		'k',
		'profile a in ~/.config/baseten/auth.json',
	],
	[
		'a profile next to a malformed one',
		{[authPath]: auth({a: apiKey('k'), b: 7}, 'b')},
		{profile: 'a'},
		'k',
		'profile a in ~/.config/baseten/auth.json',
	],
	[
		'a profile whose name is an email address',
		{[authPath]: auth({'ada@example.com': apiKey('k')}, 'ada@example.com')},
		{},
		'k',
		'profile ada@example.com in ~/.config/baseten/auth.json',
	],
	[
		'auth.json with a byte order mark',
		{[authPath]: `\u{FEFF}${auth({a: apiKey('k')}, 'a')}`},
		{},
		'k',
		'profile a in ~/.config/baseten/auth.json',
	],
	[
		'auth.json with fields from later versions',
		{[authPath]: '{"version":9,"more":[],"current":"a","profiles":{"a":{"api_key":"k","more":1}}}'},
		{},
		'k',
		'profile a in ~/.config/baseten/auth.json',
	],
];

const trussFiles: ReadonlyArray<
	readonly [what: string, content: string, key: string, remote: string, remoteUrl?: string]
> = [
	[
		'the content that truss writes',
		'[baseten]\nremote_provider = baseten\napi_key = k\nremote_url = https://app.baseten.co\n\n',
		'k',
		'baseten',
		'https://app.baseten.co/',
	],
	[
		'Windows line breaks',
		'[baseten]\r\napi_key = k\r\nremote_url = https://app.baseten.co\r\n',
		'k',
		'baseten',
		'https://app.baseten.co/',
	],
	['a byte order mark', '\u{FEFF}[baseten]\napi_key = k', 'k', 'baseten'],
	['no spaces', '[baseten]\napi_key=k', 'k', 'baseten'],
	['a colon', '[baseten]\napi_key: k\nremote_url: https://app.baseten.co', 'k', 'baseten', 'https://app.baseten.co/'],
	['an uppercase field name', '[baseten]\nAPI_KEY = k', 'k', 'baseten'],
	['indentation', '  [baseten]\n  api_key = k', 'k', 'baseten'],
	['comments', '# a\n[baseten] ; b\n; api_key = no\n  # api_key = no\napi_key = k', 'k', 'baseten'],
	['a key with ; and #', '[baseten]\napi_key = a;b#c', 'a;b#c', 'baseten'],
	['a key with a backslash', '[baseten]\napi_key = a\\b\\;c', 'a\\b\\;c', 'baseten'],
	['a key with =', '[baseten]\napi_key = a=b==', 'a=b==', 'baseten'],
	['a key in quotes', '[baseten]\napi_key = "a;b"', 'a;b', 'baseten'],
	['a key in single quotes', "[baseten]\napi_key = 'a#b'", 'a#b', 'baseten'],
	['a single section with another name', '[mine]\napi_key = k', 'k', 'mine'],
	['a section with a dot in its name', '[my.remote]\napi_key = k', 'k', 'my.remote'],
	['a section with a semicolon in its name', '[a;b]\napi_key = k', 'k', 'a;b'],
	['a section named baseten among others', '[a]\napi_key = x\n[baseten]\napi_key = k', 'k', 'baseten'],
	[
		'values that all remotes inherit',
		'[DEFAULT]\nremote_url = https://app.baseten.co\n[a]\napi_key = k',
		'k',
		'a',
		'https://app.baseten.co/',
	],
	['names such as __proto__', '[__proto__]\napi_key = x\n[baseten]\n__proto__ = x\napi_key = k', 'k', 'baseten'],
	[
		'a truss token',
		'[baseten]\nauth_type = oauth\noauth_access_token = t\noauth_expires_at = 1793620801',
		't',
		'baseten',
	],
	['a token without an expiry', '[baseten]\nauth_type = oauth\noauth_access_token = t', 't', 'baseten'],
];

const truss: readonly Case[] = trussFiles.map(([what, content, key, remote, remoteUrl]) => [
	`~/.trussrc with ${what}`,
	{[trussPath]: content},
	{},
	key,
	`remote ${remote} in ~/.trussrc`,
	...(remoteUrl === undefined ? ([] as const) : ([remoteUrl] as const)),
]);

const places: readonly Case[] = [
	[
		'auth.json in BASETEN_CONFIG_DIR',
		{'/etc/baseten/auth.json': auth({a: apiKey('k')}, 'a')},
		{environment: {BASETEN_CONFIG_DIR: '/etc/baseten', XDG_CONFIG_HOME: '/xdg'}},
		'k',
		'profile a in /etc/baseten/auth.json',
	],
	[
		'auth.json in XDG_CONFIG_HOME',
		{'/xdg/baseten/auth.json': auth({a: apiKey('k')}, 'a')},
		{environment: {XDG_CONFIG_HOME: '/xdg'}},
		'k',
		'profile a in /xdg/baseten/auth.json',
	],
	[
		'auth.json in the home directory if XDG_CONFIG_HOME is relative',
		storedKeys,
		{environment: {XDG_CONFIG_HOME: 'xdg'}},
		'key-of-home',
		'profile home in ~/.config/baseten/auth.json',
	],
	[
		'auth.json on macOS, regardless of XDG_CONFIG_HOME',
		{'/Users/ada/Library/Application Support/baseten/auth.json': auth({a: apiKey('k')}, 'a')},
		{platform: 'darwin', homeDirectory: '/Users/ada', environment: {XDG_CONFIG_HOME: '/xdg'}},
		'k',
		'profile a in ~/Library/Application Support/baseten/auth.json',
	],
	[
		'auth.json on Windows, in APPDATA',
		{'D:\\Data\\baseten\\auth.json': auth({a: apiKey('k')}, 'a')},
		{platform: 'win32', homeDirectory: 'C:\\Users\\ada', environment: {APPDATA: 'D:\\Data'}},
		'k',
		'profile a in D:\\Data\\baseten\\auth.json',
	],
	[
		'auth.json on Windows, without APPDATA',
		{'C:\\Users\\ada\\AppData\\Roaming\\baseten\\auth.json': auth({a: apiKey('k')}, 'a')},
		{platform: 'win32', homeDirectory: 'C:\\Users\\ada'},
		'k',
		'profile a in ~\\AppData\\Roaming\\baseten\\auth.json',
	],
	[
		'.trussrc on Windows',
		{'C:\\Users\\ada\\.trussrc': '[baseten]\napi_key = k'},
		{platform: 'win32', homeDirectory: 'C:\\Users\\ada'},
		'k',
		'remote baseten in ~\\.trussrc',
	],
	[
		'the file that USER_TRUSSRC_PATH names',
		{'/etc/trussrc': '[baseten]\napi_key = k'},
		{environment: {USER_TRUSSRC_PATH: '/etc/trussrc'}},
		'k',
		'remote baseten in /etc/trussrc',
	],
	[
		'the file that USER_TRUSSRC_PATH names, with a tilde in its path',
		{'/home/ada/x/trussrc': '[baseten]\napi_key = k'},
		{environment: {USER_TRUSSRC_PATH: '~/x/trussrc'}},
		'k',
		'remote baseten in ~/x/trussrc',
	],
	[
		'a file in /home/ada2, which is outside the home directory /home/ada',
		{'/home/ada2/trussrc': '[baseten]\napi_key = k'},
		{environment: {USER_TRUSSRC_PATH: '/home/ada2/trussrc'}},
		'k',
		'remote baseten in /home/ada2/trussrc',
	],
];

for (const [what, files, others, key, from, remoteUrl] of [...precedence, ...details, ...truss, ...places]) {
	test(`findCredential uses ${what}`, () => {
		const credential = atHand(findCredential(fakeSources(files, others)));
		assert.equal(credential.secret.reveal(), key);
		assert.equal(credential.from, from);
		assert.equal(credential.remoteUrl?.href, remoteUrl);
	});
}

test('findCredential reads the files again on each call', () => {
	let content = auth({a: oauth('first', '2026-11-02T13:00:00Z')}, 'a');
	const sources = {...fakeSources({}), readFile: () => content};
	assert.equal(atHand(findCredential(sources)).secret.reveal(), 'first');
	content = auth({a: oauth('second', '2026-11-02T14:00:00Z')}, 'a');
	assert.equal(atHand(findCredential(sources)).secret.reveal(), 'second');
});

test('findCredential rethrows unexpected errors', () => {
	const bug = new TypeError('a bug');
	assert.throws(() => findCredential(fakeSources({[authPath]: bug})), bug);
});
