import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type Schema, Validator} from '@cfworker/json-schema';
import type {Snapshot} from '../../source/output/snapshot-types.ts';
import {errorRange} from '../../source/text/finding-text.ts';
import {scrape, startServing} from '../helpers/prometheus.ts';
import {distFolder, openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {type Respond, type ScriptedServer, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {isSamplerMetrics, servedSampler} from '../helpers/served-sampler.ts';
import {key, startRig} from './rig.ts';

const schema = JSON.parse(readFileSync(path.join(distFolder, 'schema.json'), 'utf8')) as Schema;
const validator = new Validator(schema, '2020-12', false);
const env = {BASETEN_API_KEY: key};

type Body = {
	readonly metric_descriptors: ReadonlyArray<{
		readonly name: string;
		readonly label_sets: readonly {status?: string}[];
	}>;
	readonly metric_values: ReadonlyArray<{values: unknown[][]}>;
};

/** Returns responses that describe a sampler with this status, half of whose requests fail with a 503. */
function failing(status = 'ACTIVE'): Respond {
	const respond = healthy({sampler: status});
	return request => {
		if (!isSamplerMetrics(request)) {
			return respond(request);
		}

		const body = JSON.parse(JSON.stringify(servedSampler(request))) as Body;
		const at = body.metric_descriptors.findIndex(({name}) => name === 'baseten_inference_requests_total');
		for (const {values} of body.metric_values) {
			values[at] = [600, 0, 600];
		}

		return {json: body};
	};
}

async function serve(context: TestContext, respond: Respond): Promise<ScriptedServer> {
	const server = await startScriptedServer(respond);
	context.after(async () => server.close());
	return server;
}

const sizes = [
	[160, 45, new RegExp(`! sampler-5xx {2}50\\.0% of the sampler's requests in the last ${errorRange.words} failed`)],
	[
		100,
		30,
		new RegExp(`! (?:sampler-5xx {2})?50\\.0% of the sampler's requests in the last ${errorRange.words} failed`),
	],
	[80, 24, /! (?:sampler-5xx {2})?50\.0% (?:of the sampler's requests|failed)/],
	[40, 45, new RegExp(`! sampler-5xx {2}50\\.0% failed in ${errorRange.brief}`)],
	[30, 10, new RegExp(`! (?:sampler-5xx|50\\.0% failed in ${errorRange.brief})`)],
] as const;

for (const [columns, rows, shows] of sizes) {
	test(`at ${columns}×${rows}, failing requests to the sampler are found after it is shown, and are tracked from then on`, async context => {
		const args = ['-i', '2s'];
		const {terminal, server} = await startRig(context, {columns, rows, args, respond: failing()});
		await terminal.waitFor(rows > 10 ? /12\.3\/s[\s\S]*no findings/ : /12\.3\/s/);
		assert.equal(server.requests.filter(isSamplerMetrics).length, 0);
		terminal.press('t');
		await terminal.waitFor(shows);
		terminal.press('t');
		await terminal.waitFor(shows);
		terminal.press('n');
		await terminal.waitFor(/sampler-5xx/);
		terminal.press('\r');
		await terminal.waitFor(/[Ss]ampler|SAMPLER/);
	});
}

test('a failed sampler is a finding in outputs, and on the screen before its metrics are requested', async context => {
	const {terminal, server} = await startRig(context, {columns: 100, rows: 30, respond: failing('DEPLOY_FAILED')});
	await terminal.waitFor(/! sampler-status {2}the sampler has failed to deploy/);
	assert.equal(server.requests.filter(isSamplerMetrics).length, 0);
	const args = ['k4q95w5', '--api-url', server.url];
	const {stdout, stderr, exitCode} = await runProgram([...args, '-o', 'json', '--fail-on', 'sampler-status'], {env});
	assert.equal(exitCode, 10);
	assert.match(stderr, /Found sampler-status: the sampler has failed to deploy/);
	const snapshot = JSON.parse(stdout) as Snapshot;
	assert.deepEqual(validator.validate(snapshot).errors, []);
	assert.deepEqual(
		snapshot.findings?.map(({rule, id, state, status}) => [rule, id, state, status]),
		[
			['sampler-status', 'sampler-status/DEPLOY_FAILED', 'active', 'DEPLOY_FAILED'],
			['sampler-5xx', 'sampler-5xx', 'active', null],
		],
	);
	const text = await runProgram([...args, '-o', 'text'], {env});
	assert.match(text.stdout, /\nfinding +sampler-status: .*\nfinding +sampler-5xx: 50\.0% of the sampler's requests/);
});

test('failing requests to the sampler are found by --plain and --listen', async context => {
	const server = await serve(context, failing());
	const args = ['k4q95w5', '--api-url', server.url];
	const terminal = openTerminal({columns: 100, rows: 45, args: [...args, '--plain'], env});
	context.after(() => terminal.close());
	await terminal.waitFor(/sampler-5xx: 50 percent of the sampler's requests in the last ten\s+minutes failed/i);
	const serving = await startServing(context, args);
	await scrape(serving.url, /^loops_top_finding\{deployment="k4q95w5",rule="sampler-5xx",node="",gpu=""\} 1$/m);
	await serving.stop('SIGTERM');
});
