import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseListenAddress, showListenAddress} from '../../source/command-line/listen-address.ts';

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
	test(`${text} is ${host} and port ${port}`, () => {
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
	test(`"${text}" is not an address to listen at`, () => {
		assert.deepEqual(parseListenAddress(text), {mistake});
	});
}
