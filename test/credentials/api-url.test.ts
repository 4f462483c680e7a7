import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import fc from 'fast-check';
import {apiUrlOfRemote, parseBaseUrl, readProxy} from '../../source/credentials/api-url.ts';
import {thrownBy} from '../helpers/fake-input.ts';

const api = 'https://api.baseten.co';
const proxy = 'http://proxy.example:3128';

const named: ReadonlyArray<readonly [environment: Readonly<Record<string, string>>, origin: string, from: string]> = [
	[{HTTPS_PROXY: proxy}, proxy, 'HTTPS_PROXY'],
	[{https_proxy: proxy}, proxy, 'https_proxy'],
	[{HTTP_PROXY: proxy}, proxy, 'HTTP_PROXY'],
	[{http_proxy: proxy}, proxy, 'http_proxy'],
	[{HTTPS_PROXY: proxy, HTTP_PROXY: 'http://other.example'}, proxy, 'HTTPS_PROXY'],
	[{https_proxy: proxy, HTTPS_PROXY: 'http://other.example'}, proxy, 'https_proxy'],
	[{https_proxy: ' ', HTTPS_PROXY: proxy}, proxy, 'HTTPS_PROXY'],
	[{HTTPS_PROXY: 'proxy.example:3128'}, proxy, 'HTTPS_PROXY'],
	[{HTTPS_PROXY: '10.0.0.1:3128'}, 'http://10.0.0.1:3128', 'HTTPS_PROXY'],
	[{HTTPS_PROXY: 'https://proxy.example/'}, 'https://proxy.example', 'HTTPS_PROXY'],
	[{HTTPS_PROXY: proxy, NO_PROXY: 'example.com, .internal localhost'}, proxy, 'HTTPS_PROXY'],
	[{HTTPS_PROXY: proxy, NO_PROXY: 'seten.co'}, proxy, 'HTTPS_PROXY'],
	[{HTTPS_PROXY: proxy, NO_PROXY: 'api.baseten.co:8443'}, proxy, 'HTTPS_PROXY'],
	[{HTTPS_PROXY: proxy, NO_PROXY: '*', no_proxy: 'example.com'}, proxy, 'HTTPS_PROXY'],
	[{HTTPS_PROXY: proxy, NO_PROXY: '0.0.0.0/0,::/0'}, proxy, 'HTTPS_PROXY'],
	[{HTTPS_PROXY: proxy, NO_PROXY: 'api.baseten.com,.,:443,/,//,*x'}, proxy, 'HTTPS_PROXY'],
];

for (const [environment, origin, from] of named) {
	test(`${JSON.stringify(environment)} names ${origin}`, () => {
		assert.deepEqual(readProxy(environment, new URL(api)), {url: new URL(origin), from});
	});
}

const exceptions: ReadonlyArray<readonly [list: string, address: string]> = [
	['*', api],
	['api.baseten.co', api],
	['API.Baseten.Co', api],
	['baseten.co', api],
	['.baseten.co', api],
	['*.baseten.co', api],
	['x,baseten.co:443', api],
	['x y  baseten.co', api],
	['baseten.co:8443', 'https://api.baseten.co:8443'],
	['10.1.2.3', 'https://10.1.2.3'],
	['[fd00::1]:443', 'https://[fd00::1]'],
	['fd00::1', 'https://[fd00::1]'],
	['FD00:0:0::0001', 'https://[fd00::1]'],
	['baseten.co.', api],
	['baseten.co', 'https://api.baseten.co.'],
	['\tx\n, baseten.co ,', api],
	['x,*', api],
	['*:443', api],
	['10.0.0.0/8', 'https://10.1.2.3'],
	['x 10.1.2.3/32', 'https://10.1.2.3'],
	['10.1.2.0/24:8443', 'https://10.1.2.3:8443'],
	['10.255.0.0/8', 'https://10.1.2.3'],
	['10.0.0.0/8', 'https://[::ffff:10.1.2.3]'],
	['0.0.0.0/0', 'https://10.1.2.3'],
	['fd00::/8', 'https://[fd12:3456::1]'],
	['[fd00::]/8', 'https://[fd12:3456::1]'],
	['[fd00::]/8:443', 'https://[fd12:3456::1]'],
	['::/0', 'https://[fd12:3456::1]'],
];

const others: ReadonlyArray<readonly [list: string, address: string]> = [
	['10.0.0.0/8', 'https://11.1.2.3'],
	['10.1.2.3/31', 'https://10.1.2.4'],
	['10.0.0.0/33', 'https://10.1.2.3'],
	['10.0.0.0/', 'https://10.1.2.3'],
	['10.0.0.0/8/8', 'https://10.1.2.3'],
	['10.0.0.0/-1', 'https://10.1.2.3'],
	['10/8', 'https://10.1.2.3'],
	['2.3', 'https://10.1.2.3'],
	['.1.2.3', 'https://10.1.2.3'],
	['10.1.2.0/24:8443', 'https://10.1.2.3'],
	['fd00::/8', 'https://[fe80::1]'],
	['fd00::/129', 'https://[fd00::1]'],
	['::/0', 'https://10.1.2.3'],
	['fd00::1:443', 'https://[fd00::1]'],
];

for (const [list, address] of others) {
	test(`NO_PROXY="${list}" doesn't exempt ${address}`, () => {
		assert.equal(readProxy({HTTPS_PROXY: proxy, NO_PROXY: list}, new URL(address))?.from, 'HTTPS_PROXY');
	});
}

for (const [list, address] of exceptions) {
	test(`NO_PROXY="${list}" exempts ${address}`, () => {
		assert.equal(readProxy({HTTPS_PROXY: proxy, NO_PROXY: list}, new URL(address)), undefined);
		assert.equal(readProxy({HTTPS_PROXY: proxy, no_proxy: list}, new URL(address)), undefined);
	});
}

for (const address of ['http://127.0.0.1:8080', 'http://localhost', 'https://localhost:8443', 'http://[::1]:80']) {
	test(`${address} is never requested through a proxy`, () => {
		assert.equal(readProxy({HTTPS_PROXY: proxy, HTTP_PROXY: proxy}, new URL(address)), undefined);
	});
}

test('if HTTPS_PROXY is empty and no other variable names a proxy, there is no proxy', () => {
	assert.equal(readProxy({HTTPS_PROXY: '', NO_PROXY: 'x'}, new URL(api)), undefined);
});

const passwords: ReadonlyArray<readonly [url: string, userAndPassword: string]> = [
	['http://ada:Marker@proxy.example:3128', 'ada:Marker'],
	['http://ada:p%40Marker@proxy.example:3128', 'ada:p@Marker'],
	['ada:100%Marker@proxy.example:3128', 'ada:100%Marker'],
	['http://ada@proxy.example:3128', 'ada:'],
];

for (const [url, userAndPassword] of passwords) {
	test(`the username and password of ${url} are sent, but never printed`, () => {
		const found = readProxy({HTTPS_PROXY: url}, new URL(api));
		const sent = found?.authorization?.reveal() ?? '';
		assert.equal(Buffer.from(sent.replace('Basic ', ''), 'base64').toString(), userAndPassword);
		assert.equal(found?.url.href, `${proxy}/`);
		assert.ok(!/marker|ada/i.test(`${inspect(found, {depth: 9})} ${JSON.stringify(found)}`));
	});
}

const mistakes: ReadonlyArray<readonly [url: string, says: RegExp]> = [
	['socks5://ada:Marker@proxy.example', /^HTTPS_PROXY doesn't start with http:\/\/ or https:\/\//],
	['http://ada:Marker@', /^HTTPS_PROXY isn't a URL/],
	['http://ada:Marker@proxy example', /^HTTPS_PROXY isn't a URL/],
];

for (const [url, says] of mistakes) {
	test(`${url} is an error unless NO_PROXY exempts all hosts, and the message doesn't repeat the password`, () => {
		const error = thrownBy(() => readProxy({HTTPS_PROXY: url}, new URL(api)));
		assert.equal(error.exitCode, 2);
		assert.match(error.message, says);
		assert.ok(!/marker/i.test(inspect(error)));
		assert.equal(readProxy({HTTPS_PROXY: url, NO_PROXY: '*'}, new URL(api)), undefined);
	});
}

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
	test(`parseBaseUrl rejects ${JSON.stringify(text)} and says why`, () => {
		const {message, exitCode} = thrownBy(() => parseBaseUrl(text, '--api-url'));
		assert.match(message, /^--api-url .* See loops-top --help\.$/);
		assert.match(message, sentence);
		assert.equal(exitCode, 2);
	});
}

test('a message from parseBaseUrl never repeats any part of the URL', () => {
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
	test(`apiUrlOfRemote returns ${api} for ${remote}`, () => {
		const url = new URL(remote);
		assert.equal(apiUrlOfRemote(url).href, api);
		assert.equal(url.href, new URL(remote).href);
	});
}
