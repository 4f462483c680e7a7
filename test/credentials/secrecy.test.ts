import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import fc from 'fast-check';
import {readConfiguration} from '../../source/command-line/options.ts';
import {UserError} from '../../source/errors/user-error.ts';
import {authPath, configPath, fakeSources, trussPath} from '../helpers/fake-input.ts';

const key = 'KeyMarker.0123456789abcdef';

const authFiles = [
	`{"version":1,"current":"a","profiles":{"a":{"auth_type":"api_key","api_key":"${key}"}}}`,
	`{"version":1,"current":"a","profiles":{"a":{"auth_type":"api_key","api_key":["${key}"]}}}`,
	`{"version":1,"current":"a","profiles":{"a":{"auth_type":"${key}","api_key":"${key} ${key}"}}}`,
	`{"current":"a","profiles":{"a":{"remote_url":"https://${key}@app.baseten.co","api_key":"${key}"}}}`,
	`{"current":"a","profiles":{"a":{"remote_url":"${key}","api_key":"${key}"}}}`,
	`{"current":"a","profiles":{"a":{"oauth_credential":{"access_token":"${key}","expiry":"2020-01-01T00:00:00Z"}}}}`,
	`{"current":"a","profiles":{"a":{"oauth_credential":"${key}"}}}`,
	`{"current":"gone","profiles":{"a":{"api_key":"${key}"},"b":"${key}"}}`,
	`{"current":["${key}"],"profiles":"${key}"}`,
	`"${key}"`,
	key,
];
const trussFiles = [
	`[baseten]\napi_key = ${key}\nremote_url = https://app.baseten.co\n`,
	`[baseten]\napi_key = ${key} ${key}\n`,
	`[a]\napi_key = ${key}\n[b]\napi_key = ${key}\n`,
	`[baseten]\napi_key = ${key}\nremote_url = https://x:${key}@app.baseten.co\n`,
	`[baseten]\nauth_type = oauth\noauth_access_token = ${key}\noauth_expires_at = 1\n`,
	`api_key = ${key}\n`,
	`[baseten\napi_key = ${key}\n`,
	key,
];
const configFiles = [
	`{"window":"3h","api_key":"${key}"}`,
	`{"api_key":{"token":"${key}"},"token":["${key}"],"profiles":{"a":{"api_key":"${key}"}}}`,
	`{"thresholds":{"api_key":"${key}"}}`,
	`{"thresholds":"x","apiKey":"${key}","mouse":1}`,
	`["${key}"]`,
	`"${key}"`,
	key,
];
const urls = [
	'https://api.baseten.co',
	key,
	`https://${key}@api.baseten.co`,
	`https://x:${key}@api.baseten.co`,
	`https://api.baseten.co/?key=${key}`,
	`https://api.baseten.co/#${key}`,
	`http://api.baseten.co/${key}`,
];
const proxies = [`http://ada:${key}@proxy.example:3128`, `ada:${key}@proxy`, `socks5://${key}@proxy`, `http://${key}@`];
const someArguments = [
	['id'],
	[],
	[key],
	['id', key],
	[`--api-key=${key}`, 'id'],
	['--api-key', key, 'id'],
	[`-k${key}`, 'id'],
	[`--utc=${key}`, 'id'],
	['--profile', 'a', 'id'],
	['--profile', 'gone', 'id'],
	['--print-config'],
	['--print-config', '--profile', 'a'],
	['--print-config', '--remote', 'baseten'],
	['--remote', 'b', 'id'],
	['--remote', 'gone', 'id'],
	...urls.flatMap(url => [
		['--api-url', url, 'id'],
		['--api-url', url, '--print-config'],
	]),
];

/** Generates one of the strings, with up to three characters missing in one place, as in a damaged file. */
function damaged(texts: readonly string[]): fc.Arbitrary<string> {
	return fc
		.tuple(fc.constantFrom(...texts), fc.boolean(), fc.nat(), fc.integer({min: 1, max: 3}))
		.map(([text, isWhole, place, length]) => {
			const start = place % text.length;
			return isWhole ? text : text.slice(0, start) + text.slice(start + length);
		});
}

const environments = fc.record(
	{
		BASETEN_API_KEY: fc.constantFrom(key, `${key} ${key}`, ` ${key}\n`),
		BASETEN_REMOTE_URL: fc.constantFrom(...urls),
		BASETEN_PROFILE: fc.constantFrom('a', 'gone'),
		BASETEN_MANAGEMENT_API_URL_OVERRIDE: fc.constantFrom(...urls),
		HTTPS_PROXY: fc.constantFrom(...proxies),
		NO_PROXY: fc.constantFrom('*', 'example.com'),
	},
	{requiredKeys: []},
);

test('no key appears in a message, or in a printed configuration', () => {
	fc.assert(
		fc.property(
			fc.constantFrom(...someArguments),
			environments,
			fc.option(damaged(authFiles)),
			fc.option(damaged(trussFiles)),
			fc.option(damaged(configFiles)),
			(argv, environment, authFile, trussFile, configFile) => {
				const files = {
					...(authFile === null ? {} : {[authPath]: authFile}),
					...(trussFile === null ? {} : {[trussPath]: trussFile}),
					...(configFile === null ? {} : {[configPath]: configFile}),
				};
				try {
					const outcome = readConfiguration({...fakeSources(files, {environment}), argv, version: '1.2.3'});
					const isIdTheMarker = argv.includes(key);
					assert.ok(isIdTheMarker || !inspect(outcome, {depth: 9}).includes('KeyMarker'));
				} catch (error) {
					assert.ok(error instanceof UserError, String(error));
					assert.ok(!inspect(error).toLowerCase().includes('keymarker'), error.message);
				}
			},
		),
		{numRuns: 5000},
	);
});
