import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {test} from 'node:test';
import {openTerminal, program, runner, runProgram} from '../helpers/real-terminal.ts';
import {type Respond, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';
import {key} from './rig.ts';

const well = healthy();
const missing = {status: 404, json: {code: 'NOT_FOUND', message: 'There is no such resource.'}};
const run = {id: 'r1', deployment_id: 'k4q95w5', name: 'my-run', status: {name: 'ACTIVE'}};

/** Serves the deployment k4q95w5, its run r1, and a list of runs that includes the name of that run. */
const respond: Respond = request => {
	const [asked = ''] = request.path.split('?');
	if (asked === '/v1/loops/runs') {
		return {
			json: {
				runs: [run, {...run, id: 'r2', name: 'my run with spaces'}, {id: 'r0', deployment_id: null, name: 'other'}],
			},
		};
	}

	if (asked.startsWith('/v1/loops/runs/')) {
		return asked.endsWith('/r1') ? {json: {run}} : missing;
	}

	return asked.includes('/deployments/k4q95w5') ? well(request) : missing;
};

const names = [
	['my-run'],
	['--run', 'my run with spaces'],
	['--run', 'my-run'],
	['https://app.baseten.co/loops/runs/r1'],
	['https://app.baseten.co/loops/deployments/k4q95w5/metrics'],
] as const;

for (const args of names) {
	test(`loops-top ${args.join(' ')} watches the deployment k4q95w5, with and without a screen`, async context => {
		const server = await startScriptedServer(respond);
		const all = [...args, '--api-url', server.url];
		const terminal = openTerminal({
			columns: 100,
			rows: 30,
			command: [runner, program, ...all],
			env: {BASETEN_API_KEY: key},
		});
		context.after(async () => {
			terminal.close();
			await server.close();
		});
		await terminal.waitFor(/k4q95w5[\s\S]*12\.3\/s/);
		const {stdout, exitCode} = await runProgram([...all, '-o', 'json'], {env: {BASETEN_API_KEY: key}});
		assert.deepEqual([exitCode, JSON.parse(stdout).deployment.id], [0, 'k4q95w5']);
	});
}

test('a string that is neither the ID of a deployment nor the ID or name of a run is reported as not found', async context => {
	const server = await startScriptedServer(respond);
	context.after(async () => server.close());
	const args = ['nothing', '--api-url', server.url, '-o', 'json'];
	const {exitCode, stderr} = await runProgram(args, {env: {BASETEN_API_KEY: key}});
	assert.equal(exitCode, 4);
	assert.match(stderr, /nothing/);
});

for (const value of ['1', 'true', 'Yes']) {
	test(`BASETEN_TRUSS_AUTH_KEYRING_DISABLED=${value} disables truss's key in the keyring, and this is reported`, async () => {
		const file = temporaryFile('trussrc');
		writeFileSync(file, '[baseten]\nremote_url = https://app.baseten.co\nauth_type = oauth\n', {mode: 0o600});
		const env = {USER_TRUSSRC_PATH: file, BASETEN_TRUSS_AUTH_KEYRING_DISABLED: value};
		const {exitCode, stderr} = await runProgram(['k4q95w5', '-o', 'json'], {env});
		assert.equal(exitCode, 3);
		assert.match(
			stderr,
			/which BASETEN_TRUSS_AUTH_KEYRING_DISABLED turns off\. Unset that variable, or set BASETEN_API_KEY\./,
		);
	});
}

test('BASETEN_TRUSS_AUTH_KEYRING_DISABLED=0 allows the keyring', async () => {
	const file = temporaryFile('trussrc');
	writeFileSync(file, '[baseten]\nremote_url = https://app.baseten.co\nauth_type = oauth\n', {mode: 0o600});
	const env = {USER_TRUSSRC_PATH: file, BASETEN_TRUSS_AUTH_KEYRING_DISABLED: '0'};
	const {exitCode, stderr} = await runProgram(['k4q95w5', '-o', 'json'], {env});
	assert.equal(exitCode, 3);
	assert.doesNotMatch(stderr, /KEYRING_DISABLED/);
});

test("truss's variables provide an API key, which is rejected without a URL", async context => {
	const server = await startScriptedServer(respond);
	context.after(async () => server.close());
	const env = {BASETEN_TRUSS_AUTH_API_KEY: key, BASETEN_TRUSS_AUTH_REMOTE_URL: 'https://app.baseten.co'};
	const args = ['k4q95w5', '--api-url', server.url, '-o', 'json'];
	assert.equal((await runProgram(args, {env})).exitCode, 0);
	assert.equal(server.requests[0]?.headers.authorization, `Bearer ${key}`);
	const alone = await runProgram(args, {env: {BASETEN_TRUSS_AUTH_API_KEY: key}});
	assert.equal(alone.exitCode, 3);
	assert.match(
		alone.stderr,
		/BASETEN_TRUSS_AUTH_API_KEY is set without BASETEN_TRUSS_AUTH_REMOTE_URL\. Set both or neither/,
	);
	assert.ok(!alone.stderr.includes(key));
});
