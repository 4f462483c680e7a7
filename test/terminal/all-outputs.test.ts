import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {setTimeout} from 'node:timers/promises';
import stringWidth from 'string-width';
import {type Output, runProgram} from '../helpers/real-terminal.ts';
import {type ScriptedServer, startScriptedServer} from '../helpers/scripted-server.ts';
import {isMetrics, isPrices} from '../helpers/served.ts';
import {createFleet, type Fleet, memberId, memberRate} from '../helpers/served-fleet.ts';
import {key} from './rig.ts';

type Run = {
	readonly fleet: Fleet;
	readonly server: ScriptedServer;
	readonly run: (...args: string[]) => Promise<Output>;
};

/** Starts a server with five deployments. All requests about one of them fail, and another one has ended. */
async function start(context: TestContext): Promise<Run> {
	const fleet = createFleet(5);
	fleet.members = fleet.members.map(({number}) => ({number, status: number === 4 ? 'STOPPED' : 'RUNNING'}));
	fleet.replies.set(2, () => ({status: 503, json: {message: 'away'}}));
	const server = await startScriptedServer(fleet.respond);
	context.after(async () => server.close());
	const run: Run['run'] = async (...args) =>
		runProgram(['--all', '--api-url', server.url, ...args], {env: {BASETEN_API_KEY: key}});
	return {fleet, server, run};
}

test('-o json --all prints an array with a snapshot or a failure for each live deployment', async context => {
	const {server, run} = await start(context);
	const {stdout, exitCode, stderr} = await run('-o', 'json');
	assert.deepEqual([exitCode, stderr], [0, '']);
	const all = JSON.parse(stdout) as ReadonlyArray<{
		readonly type: string;
		readonly deployment: {readonly id: string};
		readonly metrics?: {readonly requests: {readonly value: number}};
	}>;
	assert.deepEqual(
		all.map(({type, deployment, metrics}) => [type, deployment.id, metrics?.requests.value]),
		[
			['snapshot', memberId(0), memberRate(0)],
			['snapshot', memberId(1), memberRate(1)],
			['failure', memberId(2), undefined],
			['snapshot', memberId(3), memberRate(3)],
		],
	);
	assert.equal(server.requests.filter(isPrices).length, 1);
	assert.ok(Math.max(...server.requests.map(({together}) => together)) <= 4);
});

test('without a terminal, --all prints a table, and the message for --fail-on names the deployment', async context => {
	const {fleet, run} = await start(context);
	const {stdout, exitCode} = await run();
	assert.equal(exitCode, 0);
	assert.match(stdout, /^ship01 .* RUNNING .* 4×8 H100 .* 31% .* 201 /m);
	assert.match(stdout, /^id .* \$\/h list /);
	assert.match(stdout, /^ship02 .* 503 .*away/m);
	assert.match(
		stdout,
		/^4 live: 96 GPUs in use, 0 idle, 32 unknown, \$480\/h list; 0 with findings, 1 with failed polls$/m,
	);
	fleet.members = fleet.members.map(ship => (ship.number === 3 ? {number: 3, status: 'DEPLOYING'} : ship));
	const found = await run('-o', 'text', '--fail-on', 'status');
	assert.equal(found.exitCode, 10);
	assert.match(found.stderr, /^loops-top: ship03: Found status: the deployment is being deployed/);
});

test('if no deployment responds, the error is about the deployments, not about their list', async context => {
	const {fleet, run} = await start(context);
	for (const {number} of fleet.members) {
		fleet.replies.set(number, () => ({status: 502, json: {message: 'away'}}));
	}

	const {stdout, stderr, exitCode} = await run('-o', 'json');
	assert.equal((JSON.parse(stdout) as readonly unknown[]).length, 4);
	assert.match(stderr, /^loops-top: None of the 4 deployments responded\. Couldn't load deployment ship00: 502 /);
	assert.equal(exitCode, 6);
});

test('if there are no deployments, --all prints a sentence as text, and an empty array as JSON', async context => {
	const {fleet, run} = await start(context);
	fleet.members = [];
	for (const [args, sentence] of [
		[[], "This key has no deployments. List the organization's with --org, or use a key from the right workspace.\n"],
		[['--org'], 'The organization has no deployments. Is the key from the right workspace?\n'],
		[['-o', 'json'], '[]\n'],
	] as const) {
		assert.deepEqual(await run(...args), {stdout: sentence, stderr: '', exitCode: 0});
	}

	fleet.members = [{number: 4, status: 'STOPPED'}];
	assert.match((await run()).stdout, /^ship04 .* STOPPED [\s\S]*\n0 live: 0 GPUs in use/m);
});

test('the table of --all shows no values for ended deployments, even if values were received', async context => {
	const {fleet, server, run} = await start(context);
	fleet.members = [{number: 0}, {number: 4, status: 'STOPPED'}];
	fleet.replies.set(0, async () => {
		await server.waitForRequest(request => isMetrics(request) && request.path.includes(memberId(4)));
		await setTimeout(300);
		return undefined;
	});
	const {stdout} = await run('-o', 'text');
	assert.match(stdout, /^ship00 .* 30% /m);
	assert.match(stdout, /^ship04 .* STOPPED .* 4×8 H100 +(?:– +){6}–$/m);
});

test('wide characters leave the table aligned, and a very long name shifts only its own row', async context => {
	const {fleet, server, run} = await start(context);
	fleet.members = [{number: 0}, {number: 1}, {number: 2}, {number: 3}];
	fleet.replies.clear();
	const names = ['org/通义千问-大模型', 'org/caf\u0065\u0301', 'x'.repeat(150), 'org/model'];
	const {respond} = server;
	server.respond = async request => {
		const reply = await respond(request);
		if (!request.path.split('?')[0]?.endsWith('/deployments') || !('json' in reply)) {
			return reply;
		}

		const {deployments} = reply.json as {readonly deployments: readonly object[]};
		return {json: {deployments: deployments.map((one, index) => ({...one, base_model: names[index]}))}};
	};
	const {stdout} = await run('-o', 'text');
	const [head = '', ...lines] = stdout.split('\n');
	const cellOf = (line: string, text: string): number => stringWidth(line.slice(0, line.indexOf(text)));
	assert.deepEqual(
		[0, 1, 3].map(index => cellOf(lines[index] ?? '', 'RUNNING')),
		Array.from({length: 3}, () => cellOf(head, 'status')),
	);
	assert.ok(cellOf(head, 'status') < 70, head);
	assert.match(lines[2] ?? '', /x{150} +RUNNING/);
});

test('-o jsonl --all prints a line for each poll, and --count N ends the output after N lines', async context => {
	const {server, run} = await start(context);
	const {stdout, exitCode} = await run('-o', 'jsonl', '--count', '3');
	const ids = stdout
		.trim()
		.split('\n')
		.map(line => (JSON.parse(line) as {readonly deployment: {readonly id: string}}).deployment.id);
	assert.equal(ids.length, 3);
	assert.equal(new Set(ids).size, 3);
	assert.ok(exitCode === 0 || exitCode === 6);
	assert.ok(server.requests.filter(isMetrics).length <= 5);
});

test('if no deployment responds, one line reports this, and the exit code is that of the failure', async context => {
	const {fleet, run} = await start(context);
	for (const number of [0, 1, 3]) {
		fleet.replies.set(number, () => ({status: 503, json: {message: 'away'}}));
	}

	const {stderr, exitCode} = await run('-o', 'json');
	assert.equal(exitCode, 6);
	assert.match(stderr, /^loops-top: [^\n]*503[^\n]*\n$/);
});

for (const [args, says] of [
	[['k4q95w5'], /^loops-top: --all can't be combined with a deployment ID or --run/],
	[['--run', 'r1'], /^loops-top: --all can't be combined with a deployment ID or --run/],
	[['--plain'], /^loops-top: --all and --plain can't be combined/],
	[['-o', 'csv'], /^loops-top: --all and -o csv can't be combined/],
	[['--record', 'x'], /^loops-top: --all and --record can't be combined/],
	[['--replay', 'x'], /^loops-top: --all can't be used with --replay/],
] as const) {
	test(`--all ${args.join(' ')} is rejected`, async () => {
		const {stderr, exitCode} = await runProgram(['--all', ...args], {env: {BASETEN_API_KEY: key}});
		assert.equal(exitCode, 2);
		assert.match(stderr, says);
	});
}
