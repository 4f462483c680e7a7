import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {parseArguments} from '../../source/command-line/arguments.ts';
import {
	findSimilar,
	parseDuration,
	parseInterval,
	parseListenAddress,
	showDuration,
	showListenAddress,
} from '../../source/command-line/parse-value.ts';
import {thrownBy} from '../helpers/fake-input.ts';

const accepted: ReadonlyArray<readonly [text: string, host: string, port: number, shown: string]> = [
	['9464', '127.0.0.1', 9464, '127.0.0.1:9464'],
	['0', '127.0.0.1', 0, '127.0.0.1:0'],
	['127.0.0.1:9464', '127.0.0.1', 9464, '127.0.0.1:9464'],
	['0.0.0.0:65535', '0.0.0.0', 65_535, '0.0.0.0:65535'],
	['localhost:80', 'localhost', 80, 'localhost:80'],
	['login-1.cluster.example:9464', 'login-1.cluster.example', 9464, 'login-1.cluster.example:9464'],
	['[::1]:9464', '::1', 9464, '[::1]:9464'],
	['[::FFFF:127.0.0.1]:1', '::FFFF:127.0.0.1', 1, '[::FFFF:127.0.0.1]:1'],
];

for (const [text, host, port, shown] of accepted) {
	test(`parseListenAddress reads ${text} as host ${host} and port ${port}`, () => {
		assert.deepEqual(parseListenAddress(text), {value: {host, port}});
		assert.equal(showListenAddress({host, port}), shown);
	});
}

const form = "isn't an address. Use a port such as 9464, or a host and a port such as 127.0.0.1:9464.";
const refused: ReadonlyArray<readonly [text: string, mistake: string]> = [
	['', `"" ${form}`],
	[':9464', `":9464" ${form}`],
	['localhost', `"localhost" ${form}`],
	['::1', `"::1" ${form}`],
	['::1:9464', `"::1:9464" ${form}`],
	['[localhost]:9464', `"[localhost]:9464" ${form}`],
	['[::g]:9464', `"[::g]:9464" ${form}`],
	['[1:2]:9464', `"[1:2]:9464" ${form}`],
	['-1', `"-1" ${form}`],
	['94.64', `"94.64" ${form}`],
	['http://localhost:9464', `"http://localhost:9464" ${form}`],
	['localhost:9464/metrics', `"localhost:9464/metrics" ${form}`],
	['65536', '"65536" isn\'t a valid port. Use 0 to 65535.'],
	['a:99999', '"a:99999" isn\'t a valid port. Use 0 to 65535.'],
];

for (const [text, mistake] of refused) {
	test(`"${text}" isn't an address to listen on`, () => {
		assert.deepEqual(parseListenAddress(text), {mistake});
	});
}

const durations: ReadonlyArray<readonly [text: string, milliseconds: number]> = [
	['10', 10_000],
	['10s', 10_000],
	['010s', 10_000],
	['0', 0],
	['1m', 60_000],
	['90s', 90_000],
	['1m30s', 90_000],
	['1h', 3_600_000],
	['1h1s', 3_601_000],
	['1h2m3s', 3_723_000],
];

for (const [text, milliseconds] of durations) {
	test(`parseDuration reads ${text} as ${milliseconds} ms`, () => {
		assert.equal(parseDuration(text), milliseconds);
	});
}

for (const text of [
	'',
	' ',
	's',
	'm',
	'-5',
	'+5',
	'1.5s',
	'1,5',
	'10ms',
	'10 s',
	'1m30',
	'30s1m',
	'1s1s',
	'1d',
	'0x10',
	'1e3',
	'٣s',
	'5S',
]) {
	test(`parseDuration rejects "${text}"`, () => {
		assert.equal(parseDuration(text), undefined);
	});
}

test('parseDuration adds up hours, minutes, and seconds', () => {
	const count = fc.integer({min: 0, max: 100_000});
	fc.assert(
		fc.property(count, count, count, (hours, minutes, seconds) => {
			const milliseconds = ((hours * 60 + minutes) * 60 + seconds) * 1000;
			assert.equal(parseDuration(`${hours}h${minutes}m${seconds}s`), milliseconds);
			assert.equal(parseDuration(showDuration(milliseconds)), milliseconds);
		}),
	);
});

for (const [milliseconds, text] of [
	[0, '0s'],
	[10_000, '10s'],
	[90_000, '1m30s'],
	[180_000, '3m'],
	[3_600_000, '1h'],
	[3_601_000, '1h1s'],
	[86_400_000, '24h'],
] as const) {
	test(`showDuration formats ${milliseconds} ms as ${text}`, () => {
		assert.equal(showDuration(milliseconds), text);
	});
}

for (const [text, milliseconds] of [
	['2', 2000],
	['2s', 2000],
	['60m', 3_600_000],
	['1h', 3_600_000],
] as const) {
	test(`parseInterval accepts ${text}`, () => {
		assert.deepEqual(parseInterval(text), {value: milliseconds});
	});
}

for (const [text, mistake] of [
	['1', '1 is out of range. Use 2s to 1h.'],
	['0s', '0s is out of range. Use 2s to 1h.'],
	['3601', '3601 is out of range. Use 2s to 1h.'],
	['1h1s', '1h1s is out of range. Use 2s to 1h.'],
	['soon', '"soon" isn\'t a duration. Use one such as 10, 10s, 1m, or 1m30s.'],
	['\u{1B}[31mred\u{202E}', '"red" isn\'t a duration. Use one such as 10, 10s, 1m, or 1m30s.'],
] as const) {
	test(`parseInterval rejects ${JSON.stringify(text)} and says why`, () => {
		assert.deepEqual(parseInterval(text), {mistake});
	});
}

test('parseInterval rejects a very long number, and shortens it in the message', () => {
	assert.deepEqual(parseInterval('9'.repeat(500)), {mistake: `${'9'.repeat(59)}… is out of range. Use 2s to 1h.`});
});

const names = ['steady', 'straggler', 'stale', 'idle', 'full', 'fleet', 'errors'];
const cases: ReadonlyArray<readonly [string, string | undefined]> = [
	['stragler', 'straggler'],
	['starggler', 'straggler'],
	['Straggler', 'straggler'],
	['strag', 'straggler'],
	['idel', 'idle'],
	['fulll', 'full'],
	['error', 'errors'],
	['st', undefined],
	['x', undefined],
	['', undefined],
	['something', undefined],
	['--', undefined],
];

for (const [text, name] of cases) {
	test(`"${text}" is similar to ${name ?? 'no known name'}`, () => {
		assert.equal(findSimilar(text, names), name);
	});
}

const unknown: ReadonlyArray<readonly [argument: string, sentence: string]> = [
	['--them=dark', 'Unknown option --them. Did you mean --theme?'],
	['--windwo', 'Unknown option --windwo. Did you mean --window?'],
	['--apiurl', 'Unknown option --apiurl. Did you mean --api-url?'],
	['--nocolor', 'Unknown option --nocolor. Did you mean --no-color?'],
	['--zzz', 'Unknown option --zzz.'],
	['-Z', 'Unknown option -Z.'],
];

for (const [argument, sentence] of unknown) {
	test(`${argument} is rejected: ${sentence}`, () => {
		const error = thrownBy(() => parseArguments([argument]));
		assert.equal(error.message, `${sentence} See loops-top --help.`);
	});
}
