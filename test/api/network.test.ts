import assert from 'node:assert/strict';
import type {LookupOptions} from 'node:dns';
import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import {lookupByTool} from '../../source/api/network.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

const response = `93.184.215.14   STREAM api.test
93.184.215.14   DGRAM
2606:2800:21f:cb07::1 STREAM
2606:2800:21f:cb07::1 RAW
93.184.215.14   STREAM
`;

/** Replaces `getent` with a shell script until the test ends. */
function useTool(context: TestContext, script: string): void {
	const folder = temporaryFolder();
	writeFileSync(path.join(folder, 'getent'), `#!/bin/sh\n${script}\n`);
	chmodSync(path.join(folder, 'getent'), 0o755);
	const before = process.env['PATH'];
	process.env['PATH'] = `${folder}:/usr/bin:/bin`;
	context.after(() => {
		process.env['PATH'] = before;
	});
}

async function look(hostname: string, options: LookupOptions): Promise<unknown> {
	return new Promise(resolve => {
		lookupByTool(hostname, options, (error, address, family) => resolve(error?.code ?? [address, family]));
	});
}

test('the addresses that getent prints are returned in order, without duplicates', async context => {
	useTool(context, `test "$*" = 'ahosts api.test' && cat <<'END'\n${response}END`);
	assert.deepEqual(await look('api.test', {all: true}), [
		[
			{address: '93.184.215.14', family: 4},
			{address: '2606:2800:21f:cb07::1', family: 6},
		],
		undefined,
	]);
	assert.deepEqual(await look('api.test', {}), ['93.184.215.14', 4]);
});

test('if the caller requests an address family, getent looks up only addresses of that family', async context => {
	useTool(context, `test "$*" = 'ahostsv6 api.test' && echo '::1 STREAM api.test'`);
	assert.deepEqual(await look('api.test', {family: 6}), ['::1', 6]);
});

test('if getent fails, Node.js looks up the name, and returns its address or an error code', async context => {
	useTool(context, 'exit 2');
	const code = await look('no-such-name.invalid', {all: true});
	assert.ok(code === 'ENOTFOUND' || code === 'EAI_AGAIN', String(code));
	assert.deepEqual(await look('127.0.0.1', {}), ['127.0.0.1', 4]);
});
