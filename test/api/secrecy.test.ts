import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import process from 'node:process';
import {after, before, test} from 'node:test';
import {inspect} from 'node:util';
import fc from 'fast-check';
import type {Result} from '../../source/api/failure.ts';
import {requestJson} from '../../source/api/http.ts';
import {parseResponse, parseWithoutKey} from '../../source/api/parse-response.ts';
import {maxResponseBytes} from '../../source/api/read-body.ts';
import {Secret} from '../../source/api/secret.ts';
import {describeFailure, nameFailure} from '../../source/text/failure-text.ts';

const key = 'KeyMarker.0123456789abcdef';
const secret = new Secret(key);

type Reply = {readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string};

let reply: Reply = {body: '{}'};
const server = createServer((_, response) => {
	response.writeHead(reply.status ?? 200, reply.headers).end(reply.body);
});

before(async () => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
});

after(() => {
	server.closeAllConnections();
	server.close();
});

async function ask(echo: Reply): Promise<Result<unknown>> {
	reply = echo;
	const {port} = server.address() as AddressInfo;
	const {signal} = new AbortController();
	const apiUrl = new URL(`http://127.0.0.1:${port}`);
	return requestJson({apiUrl, path: '/', secret, userAgent: 'test', timeoutMs: 5000, signal});
}

function assertHidden(result: unknown): void {
	assert.ok(!/marker/i.test(inspect(result, {depth: 99})), inspect(result, {depth: 99}));
}

/** The key in JSON from a server that escapes more characters than necessary. */
const escaped = key.replace('M', String.raw`\u004d`);

/** Returns the key with a separator between its characters. */
function between(separator: string): string {
	return [...key].join(separator);
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const percent = [...key].map(letter => `%${letter.charCodeAt(0).toString(16)}`).join('');

/** Encodings and disguises of the key. */
const disguises: ReadonlyArray<readonly [name: string, text: string]> = [
	...['\u200B', '\u00AD', '\u2060', '\uFE0F', '\u202E', '\u0000', '\u001B[0m', ' ', '\n', '-', '\u001B]0;x\u0007'].map(
		separator => [`with ${JSON.stringify(separator)} between its characters`, between(separator)] as const,
	),
	['in base64', base64(key)],
	['in base64 after one byte', base64(`:${key}`)],
	['in base64 after two bytes', base64(`u:${key}`)],
	['in base64 within other text', base64(`Authorization: Bearer ${key}\r\nAccept: */*`)],
	['in base64url', Buffer.from(`a:${key}`).toString('base64url')],
	['in base64 across several lines', base64(`Bearer ${key}`).replace(/.{10}/g, '$&\n')],
	['in hexadecimal', Buffer.from(key).toString('hex')],
	['in uppercase hexadecimal', Buffer.from(key).toString('hex').toUpperCase()],
	['in hexadecimal pairs', Buffer.from(key).toString('hex').replace(/../g, '$& ')],
	['in hexadecimal with colons', Buffer.from(key).toString('hex').replace(/../g, '$&:')],
	['as C byte values', [...Buffer.from(key)].map(byte => `0x${byte.toString(16)}`).join(', ')],
	['as C escapes', [...Buffer.from(key)].map(byte => `\\x${byte.toString(16)}`).join('')],
	['as JSON escapes', [...Buffer.from(key)].map(byte => `\\u00${byte.toString(16)}`).join('')],
	['as HTML entities', [...Buffer.from(key)].map(byte => `&#${byte};`).join('')],
	['as decimal codes', [...Buffer.from(key)].join(' ')],
	['percent-encoded', percent],
	['percent-encoded in part', key.replace('Mark', '%4D%61r%6b')],
	['percent-encoded twice', percent.replaceAll('%', '%25')],
	['in percent-encoded base64', encodeURIComponent(base64(`ab${key}`))],
	['in lowercase with an invisible character', key.toLowerCase().replace('mark', 'ma\u200Brk')],
];

for (const [name, text] of disguises) {
	test(`a key ${name} is hidden wherever a server echoes it`, async () => {
		const isFound = (value: unknown): boolean => secret.isIn(inspect(value, {depth: 99, maxStringLength: null}));
		const sentence = `bad key ${text} given`;
		assert.equal(secret.isIn(sentence), true);
		assert.ok(!secret.isIn(secret.hideIn(sentence)));
		for (const echo of [
			{status: 401, body: JSON.stringify({message: sentence})},
			{status: 502, body: sentence},
			{body: JSON.stringify({metrics: {}, name: sentence, [sentence]: [text]})},
			{body: JSON.stringify({metrics: {}, name: `"quoted" ${text}`}, undefined, '\t')},
		]) {
			const result = await ask(echo);
			assert.ok(!isFound(result), inspect(result, {depth: 99}));
			assert.ok(result.ok || !isFound(describeFailure(result.failure)));
		}
	});
}

test('only the word that contains an encoded key is hidden, unless the key spans several words', () => {
	assert.equal(secret.hideIn(`bad ${base64(key)} given`), 'bad [redacted] given');
	assert.equal(secret.hideIn(`bad Bearer ${key}: expired`), 'bad Bearer [redacted]: expired');
	assert.equal(secret.hideIn(`bad ${between(' ')} given`), '[redacted]');
	const harmless = 'loops-trainer-0 of k4q95w5: 0123456789abcdef KeyMarker';
	assert.equal(secret.hideIn(harmless), harmless);
});

const echoes: ReadonlyArray<readonly [where: string, echo: Reply]> = [
	['a message', {status: 401, body: JSON.stringify({message: `no such key: ${key}`})}],
	['a message with escapes', {status: 401, body: `{"message":"no such key: ${escaped}"}`}],
	['a message with colors', {status: 401, body: JSON.stringify({message: key.replace('M', '\u001b[1mM\u001b[0m')})}],
	['a message that is cut', {status: 500, body: JSON.stringify({message: 'x'.repeat(190) + key})}],
	['plain text', {status: 502, body: `Authorization: Bearer ${key}`}],
	['an HTML page', {status: 403, body: `<html>${key}</html>`}],
	['the path of a redirect', {status: 307, headers: {location: `https://login.example/?key=${key}`}, body: ''}],
	['the host of a redirect', {status: 307, headers: {location: `https://${key}.example/`}, body: ''}],
	['the type of a response', {headers: {'content-type': `text/${key}`}, body: '<'}],
	['a field', {body: JSON.stringify({base_model: key})}],
	['the name of a field', {body: JSON.stringify({a: [{[`node ${key}`]: 1}]})}],
	['a field with escapes', {body: `{"base_model": "${escaped}"}`}],
];

for (const [where, echo] of echoes) {
	test(`a key that the server echoes in ${where} isn't in the result`, async () => {
		const result = await ask(echo);
		assertHidden(result);
		assertHidden(result.ok || [describeFailure(result.failure), nameFailure(result.failure)]);
	});
}

test('any key, even with JSON escapes, is redacted from all strings of a response, and the rest is unchanged', () => {
	const letters = Array.from({length: 0x7e - 0x20}, (_, index) => String.fromCodePoint(0x21 + index));
	const keys = fc.string({unit: fc.constantFrom(...letters, 'é', 'ÿ'), minLength: 16, maxLength: 40});
	const asEscapes = (json: string): string =>
		json.replace(/[a-z]/g, letter => `\\u00${letter.charCodeAt(0).toString(16)}`);
	fc.assert(
		fc.property(keys, fc.string(), fc.string(), fc.boolean(), (text, start, end, escapes) => {
			const json = JSON.stringify([start + text + end, {[text]: [text], [start]: end}]);
			const isPlain = !json.includes('\\');
			const parsed = parseResponse(isPlain && escapes ? asEscapes(json) : json, null, new Secret(text));
			assert.deepEqual(parsed, {
				value: [`${start}[redacted]${end}`, {'[redacted]': ['[redacted]'], [start]: end}],
			});
		}),
		{numRuns: 1000},
	);
});

test('a response without the key is unchanged', () => {
	const value = {a: [1, 'ü\n"', null, {'': 1e300}]};
	assert.deepEqual(parseResponse(JSON.stringify(value), null, secret), {value});
});

test('an extremely deeply nested response is rejected without a crash', async () => {
	const result = await ask({body: `${'["\\n",'.repeat(500_000)}1${']'.repeat(500_000)}`});
	assert.deepEqual(result.ok || result.failure, {kind: 'wrong-shape', problem: 'nested too deeply'});
});

test('a secret that is too short to be a key hides nothing', () => {
	assert.equal(new Secret('a').hideIn('a banana'), 'a banana');
});

test('each string that is long enough to contain the key is searched once, and numbers are never searched', context => {
	const short = new Secret('8charkey');
	const search = context.mock.method(short, 'isIn');
	const times = Array.from({length: 20}, (_, minute) => new Date(minute * 60_000).toISOString());
	const series = Array.from({length: 50}, (_, rank) =>
		times.map((timestamp, minute) => ({timestamp, value: 0.123_456_789 + rank / 7 + minute / 1000})),
	);
	assert.deepEqual(parseWithoutKey(JSON.stringify({series}), short), {series});
	assert.equal(search.mock.callCount(), times.length + 1, "the searched strings aren't the times and one name");
	const echoed = {...series, [times[3] ?? '']: '8CharKey'};
	assert.doesNotMatch(JSON.stringify(parseWithoutKey(JSON.stringify(echoed), short)), /8charkey/i);
});

test('the key is found anywhere in very long text, all of which is then replaced', () => {
	for (const [name, disguise] of disguises) {
		// The text is divided into overlapping pieces, which begin every 96 KiB.
		for (const kibibytes of [1, 96, 128, 192, 224]) {
			const from = kibibytes * 1024 - Math.floor(disguise.length / 2);
			const text = `${'x '.repeat(from / 2)}${disguise} ${'y '.repeat(150_000)}`;
			assert.ok(secret.hideIn(text) === '[redacted]', `a key ${name} isn't hidden at ${from}`);
		}
	}
});

test('searching text of the maximum response length takes less than 200 MiB, whatever the content', () => {
	for (const part of ['a. ', '\n\rx', 'é ', '🚀 ', '%41', '&#65;', '\u001B[m']) {
		const text = part.repeat(maxResponseBytes / Buffer.byteLength(part));
		const before = process.resourceUsage().maxRSS;
		assert.equal(secret.isIn(text), false);
		const grownMiB = (process.resourceUsage().maxRSS - before) / 1024;
		assert.ok(grownMiB < 200, `${JSON.stringify(part)}: ${grownMiB} MiB more`);
	}
});
