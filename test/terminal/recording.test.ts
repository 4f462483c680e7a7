import assert from 'node:assert/strict';
import {existsSync, readFileSync, statSync} from 'node:fs';
import {test} from 'node:test';
import {runProgram} from '../helpers/real-terminal.ts';
import {entriesOf, outline, temporaryFile} from '../helpers/recordings.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {key, startRig} from './rig.ts';

const metrics = '/v1/loops/deployments/k4q95w5/metrics';
const deployment = '/v1/loops/deployments/k4q95w5';

test('a run on the screen is recorded answer by answer, while the header says so', async context => {
	const file = temporaryFile('night.jsonl');
	const {terminal} = await startRig(context, {columns: 160, rows: 45, args: ['-i', '2s', '--record', file]});
	await terminal.waitFor(/RUNNING .* every 2s · rec · ok/);
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	assert.deepEqual(outline(await entriesOf(file)).slice(0, 3), ['take', metrics, deployment]);
	assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('the key is in no recording, not even where the server sends it back', async context => {
	const file = temporaryFile('night.jsonl');
	const server = await startScriptedServer(request =>
		isMetrics(request)
			? healthy()(request)
			: {
					status: request.path.endsWith('k4q95w5') ? 500 : 200,
					json: {message: `no ${request.headers.authorization}`, deployments: [{id: key, [key]: key}]},
					headers: {'x-key': key, location: `https://${key}.example`},
				},
	);
	context.after(async () => server.close());
	const args = ['k4q95w5', '--api-url', server.url, '--record', file, '-o', 'text'];
	const {exitCode, stderr} = await runProgram(args, {env: {BASETEN_API_KEY: key}});
	assert.deepEqual({exitCode, stderr}, {exitCode: 0, stderr: ''});
	const recorded = readFileSync(file, 'utf8');
	assert.deepEqual(outline(await entriesOf(file)), ['take', deployment, metrics]);
	assert.match(recorded, /"failure":\{"kind":"status","status":500,"message":"no /);
	assert.ok(!recorded.includes(key));
	assert.ok(!recorded.toLowerCase().includes('bearer sk'));
});

test('a file that cannot be recorded to is refused before anything is asked', async context => {
	const server = await startScriptedServer(healthy());
	context.after(async () => server.close());
	const args = ['k4q95w5', '--api-url', server.url, '--record', '/nowhere/night.jsonl'];
	const {exitCode, stderr, stdout} = await runProgram(args, {env: {BASETEN_API_KEY: key}});
	assert.equal(exitCode, 2);
	assert.match(stderr, /^loops-top: --record \/nowhere\/night\.jsonl cannot be written: [^\n]*\.\n$/);
	assert.equal(stdout, '');
	assert.equal(server.requests.length, 0);
});

test('a full disk ends the recording, not the program', {skip: !existsSync('/dev/full')}, async context => {
	const {terminal} = await startRig(context, {columns: 100, rows: 30, args: ['-i', '2s', '--record', '/dev/full']});
	await terminal.waitFor('! the recording stopped: the disk is full (/dev/full) · esc');
	await terminal.waitFor('12.3/s');
	terminal.press('\u001b');
	await terminal.waitFor(rows => !rows.join('\n').includes('the recording stopped'));
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	assert.match(terminal.screen().join('\n'), /loops-top: the recording stopped: the disk is full \(\/dev\/full\)\./);
});
