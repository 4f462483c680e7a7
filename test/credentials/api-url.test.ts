import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {apiUrlOfRemote, parseBaseUrl} from '../../source/credentials/api-url.ts';
import {thrownBy} from '../helpers/fake-input.ts';

const accepted: ReadonlyArray<readonly [text: string, href: string]> = [
	['https://api.baseten.co', 'https://api.baseten.co/'],
	['https://api.baseten.co/', 'https://api.baseten.co/'],
	[' https://api.baseten.co\n', 'https://api.baseten.co/'],
	['HTTPS://API.Baseten.CO', 'https://api.baseten.co/'],
	['https://api.baseten.co:8443', 'https://api.baseten.co:8443/'],
	['https://proxy.example.com/baseten', 'https://proxy.example.com/baseten'],
	['https://proxy.example.com/baseten//', 'https://proxy.example.com/baseten'],
	['https://api.baseten.co/?', 'https://api.baseten.co/'],
	['https://api.baseten.co/#', 'https://api.baseten.co/'],
	['https://10.0.0.1', 'https://10.0.0.1/'],
	['http://localhost:8080', 'http://localhost:8080/'],
	['http://127.0.0.1', 'http://127.0.0.1/'],
	['http://127.1.2.3:1', 'http://127.1.2.3:1/'],
	['http://127.1', 'http://127.0.0.1/'],
	['http://[::1]:8080/v', 'http://[::1]:8080/v'],
];

for (const [text, href] of accepted) {
	test(`parseBaseUrl accepts ${JSON.stringify(text)}`, () => {
		assert.equal(parseBaseUrl(text, '--api-url').href, href);
	});
}

const refused: ReadonlyArray<readonly [text: string, sentence: RegExp]> = [
	['', /isn't a URL. Use one such as https:\/\/api\.baseten\.co\./],
	['api.baseten.co', /isn't a URL/],
	['https://', /isn't a URL/],
	['https://api.baseten.co:99999', /isn't a URL/],
	['localhost:8080', /doesn't start with https:\/\//],
	['ftp://api.baseten.co', /doesn't start with https:\/\//],
	['file:///etc/passwd', /doesn't start with https:\/\//],
	['javascript:alert(1)', /doesn't start with https:\/\//],
	['https://ada@api.baseten.co', /contains a username or password\. Remove it/],
	['https://ada:secret@api.baseten.co', /username or password/],
	['https://:secret@api.baseten.co', /username or password/],
	['https://api.baseten.co/?key=1', /query or a fragment/],
	['https://api.baseten.co/#top', /query or a fragment/],
	['http://api.baseten.co', /would send the key unencrypted/],
	['http://10.0.0.1', /unencrypted/],
	['http://0.0.0.0', /unencrypted/],
	['http://128.0.0.1', /unencrypted/],
	['http://localhost.example.com', /unencrypted/],
	['http://127.0.0.1.example.com', /unencrypted/],
	['http://notlocalhost', /unencrypted/],
	['http://[::2]', /unencrypted/],
];

for (const [text, sentence] of refused) {
	test(`parseBaseUrl rejects ${JSON.stringify(text)} with a sentence`, () => {
		const {message, exitCode} = thrownBy(() => parseBaseUrl(text, '--api-url'));
		assert.match(message, /^--api-url .* See loops-top --help\.$/);
		assert.match(message, sentence);
		assert.equal(exitCode, 2);
	});
}

test('parseBaseUrl never repeats the contents of the URL', () => {
	const templates = [
		'MARK',
		'MARK@host',
		'https://MARK@a.b',
		'https://a:MARK@b.c',
		'https://a.b/?MARK',
		'http://MARK.b',
		'MARK:x',
	];
	fc.assert(
		fc.property(fc.constantFrom(...templates), fc.stringMatching(/^[A-Za-z]{12,20}$/), (template, marker) => {
			const {message} = thrownBy(() => parseBaseUrl(template.replace('MARK', marker), '--api-url'));
			assert.ok(!message.toLowerCase().includes(marker.toLowerCase()));
		}),
	);
});

const remotes: ReadonlyArray<readonly [remote: string, api: string]> = [
	['https://app.baseten.co', 'https://api.baseten.co/'],
	['https://app.staging.baseten.co', 'https://api.staging.baseten.co/'],
	['https://app.baseten.example.com:8443', 'https://api.baseten.example.com:8443/'],
	['https://api.baseten.co', 'https://api.baseten.co/'],
	['https://baseten.example.com', 'https://api.baseten.example.com/'],
	['https://myapp.example.com', 'https://api.myapp.example.com/'],
	['http://localhost:8000', 'http://localhost:8000/'],
	['http://127.0.0.1:8000', 'http://127.0.0.1:8000/'],
	['http://[::1]:8000', 'http://[::1]:8000/'],
	['https://10.0.0.1', 'https://10.0.0.1/'],
];

for (const [remote, api] of remotes) {
	test(`apiUrlOfRemote of ${remote} is ${api}`, () => {
		const url = new URL(remote);
		assert.equal(apiUrlOfRemote(url).href, api);
		assert.equal(url.href, new URL(remote).href);
	});
}
