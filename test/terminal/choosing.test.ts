import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {type Respond, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics, servedDeployment, servedMetrics} from '../helpers/served.ts';
import {key} from './rig.ts';

const running = (id: string): object => ({...servedDeployment(), id});
const stopped = {...servedDeployment({status: 'STOPPED'}), id: 'old1'};

/** Returns the responses for a workspace with these deployments. The rate identifies the watched one. */
function workspace(list: readonly object[], rates: Readonly<Record<string, number>> = {}): Respond {
	return request => {
		const [path = ''] = request.path.split('?');
		const id = path.split('/')[4] ?? '';
		if (path.endsWith('/deployments')) {
			return {json: {deployments: list}};
		}

		if (path === '/v1/loops/runs/r1') {
			return {json: {run: {id: 'r1', deployment_id: 'live1'}}};
		}

		if (path === '/v1/loops/runs/r2') {
			return {json: {run: {id: 'r2', deployment_id: null}}};
		}

		if (!(id in rates)) {
			return {status: 404, json: {code: 'NOT_FOUND', message: 'not found'}};
		}

		return isMetrics(request)
			? {json: servedMetrics(request.body, {id, rate: rates[id] ?? 0})}
			: {json: {deployment: running(id)}};
	};
}

type Options = {readonly args?: readonly string[]; readonly respond: Respond; readonly columns?: number};

async function open(context: {after(run: () => Promise<void>): void}, {args = [], respond, columns = 100}: Options) {
	const server = await startScriptedServer(respond);
	const terminal = openTerminal({
		columns,
		rows: 30,
		args: ['--api-url', server.url, ...args],
		env: {BASETEN_API_KEY: key},
	});
	context.after(async () => {
		terminal.close();
		await server.close();
	});
	return {server, terminal};
}

test('without an ID, the only live deployment is watched immediately', async context => {
	const {terminal} = await open(context, {respond: workspace([stopped, running('live1')], {live1: 11})});
	await terminal.waitFor(/RUNNING.* live1 /);
	await terminal.waitFor('11.0/s');
});

test('one of several deployments is chosen with a filter, and d opens the list to choose another', async context => {
	const respond = workspace([running('live1'), running('live2'), stopped], {live1: 11, live2: 22});
	const {terminal} = await open(context, {respond});
	await terminal.waitFor(/Deployments.*3 of 3/);
	terminal.press('/live2\r');
	await terminal.waitFor(/1 of 3/);
	terminal.press('\r');
	await terminal.waitFor('22.0/s');
	terminal.press('d');
	await terminal.waitFor(/▸●[ !] live2/);
	terminal.press('\u001b');
	await terminal.waitFor(/3 of 3/);
	terminal.press('\u001b[A\r');
	await terminal.waitFor('11.0/s');
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
});

test('before anything is chosen, escape only clears the filter, and q quits', async context => {
	const {terminal} = await open(context, {respond: workspace([running('live1'), running('live2')])});
	await terminal.waitFor(/2 of 2/);
	terminal.press('/q');
	await terminal.waitFor('/q▁');
	terminal.press('\u001b');
	await terminal.waitFor(screen => !screen.some(row => row.includes('/q')));
	terminal.press('\u001b[B');
	await terminal.waitFor(/▸●[ !] live2/);
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
});

test("--org lists the whole organization's deployments, and tab lists the user's own", async context => {
	const {server, terminal} = await open(context, {
		args: ['--org'],
		respond: workspace([running('live1'), stopped, running('b')]),
	});
	await server.waitForRequest(({path}) => path === '/v1/loops/deployments?scope=org');
	await terminal.waitFor("the organization's");
	terminal.press('\t');
	await server.waitForRequest(({path}) => path === '/v1/loops/deployments');
	await terminal.waitFor('your own');
});

for (const args of [['--run', 'r1'], ['r1']]) {
	test(`"loops-top ${args.join(' ')}" watches the deployment of that run`, async context => {
		const {terminal} = await open(context, {args, respond: workspace([], {live1: 11})});
		await terminal.waitFor(/RUNNING.* live1 /);
		await terminal.waitFor('11.0/s');
	});
}

const sentences: ReadonlyArray<
	readonly [args: readonly string[], list: readonly object[], code: number, says: RegExp]
> = [
	[['--run', 'r2'], [], 4, /^loops-top: Run r2 is serverless: it has no deployment and no metrics/],
	[['--run', 'r3'], [], 4, /^loops-top: There is no run r3 at 127\.0\.0\.1/],
	[[], [running('live1'), running('live2')], 2, /^loops-top: 2 deployments are live. Pass one of: live1 .*, live2 /],
	[[], [stopped], 2, /^loops-top: No deployment is live. Pass one of: old1 /],
	[[], [], 2, /^loops-top: This key has no deployments/],
];

for (const [args, list, code, says] of sentences) {
	test(`without a terminal, "loops-top ${args.join(' ')}" prints one line and exits with code ${code} (deployments: ${list.length})`, async context => {
		const server = await startScriptedServer(workspace(list));
		context.after(async () => server.close());
		const env = {BASETEN_API_KEY: key};
		const {stdout, stderr, exitCode} = await runProgram(['--api-url', server.url, ...args], {env});
		assert.equal(exitCode, code);
		assert.match(stderr, says);
		assert.equal(stderr.trim().split('\n').length, 1);
		assert.equal(stdout, '');
	});
}

test("a list that the key can't access doesn't affect the watched deployment", async context => {
	const {terminal} = await open(context, {
		args: ['k4q95w5'],
		respond: request =>
			request.path.endsWith('/deployments') ? {status: 403, json: {message: 'not yours'}} : healthy()(request),
	});
	await terminal.waitFor('12.3/s');
	terminal.press('d');
	await terminal.waitFor(/can't load the list: 403 .*not yours/);
	terminal.press('\u001b');
	await terminal.waitFor('12.3/s');
});
