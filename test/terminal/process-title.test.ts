import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import process from 'node:process';
import {test} from 'node:test';
import {program, runner} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {key} from './rig.ts';

const noProc = existsSync('/proc/self/comm') ? false : 'needs /proc';

test('the name that ps and pgrep show has the ID of the watched deployment, but no options and no key', {
	skip: noProc,
}, async context => {
	const server = await startScriptedServer(healthy());
	context.after(() => server.close());
	const started = [
		{args: ['k4q95w5'], comm: 'loops-top k4q95', title: 'loops-top k4q95w5'},
		// Without an ID, the deployment is known only from the response.
		{args: [], comm: 'loops-top k4q95', title: 'loops-top k4q95w5'},
	];
	for (const {args, comm, title} of started) {
		const home = temporaryFolder();
		const given = [...args, '--api-url', server.url, '-o', 'jsonl', '--on-finding', 'true secret-address'];
		const child = spawn(runner, [program, ...given], {
			env: {PATH: process.env['PATH'], HOME: home, BASETEN_API_KEY: key},
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		context.after(() => child.kill('SIGKILL'));
		await once(child.stdout, 'data');
		const folder = `/proc/${child.pid}`;
		assert.equal(readFileSync(`${folder}/comm`, 'utf8').trim(), comm);
		assert.equal(readFileSync(`${folder}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(), title);
		child.kill('SIGTERM');
		await once(child, 'close');
	}
});
