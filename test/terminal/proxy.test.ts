import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {findVersions} from '../helpers/node-versions.ts';
import {type Output, runner, runProgram} from '../helpers/real-terminal.ts';
import {type ScriptedProxy, startScriptedProxy} from '../helpers/scripted-proxy.ts';
import {type ScriptedServer, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {trustedFile} from '../helpers/tls-files.ts';
import {key} from './rig.ts';

const password = 'a-password-that-must-not-be-seen';

type Rig = {
	readonly server: ScriptedServer;
	readonly proxy: ScriptedProxy;
	/** Runs the program with these variables until it exits; `PROXY` in a value is replaced by the proxy's address. */
	run(variables: Readonly<Record<string, string>>, apiUrl?: string, node?: string): Promise<Output>;
};

/** Starts a proxy, and an API whose hostname only the proxy can resolve. `run` of the result runs the program. */
async function startRig(context: TestContext): Promise<Rig> {
	const server = await startScriptedServer(healthy(), 'trusted');
	const proxy = await startScriptedProxy(Number(new URL(server.url).port));
	context.after(async () => {
		await proxy.close();
		await server.close();
	});
	return {
		server,
		proxy,
		async run(variables, apiUrl = 'https://api.test', node = runner) {
			const named = Object.entries(variables).map(([name, value]) => [name, value.replace('PROXY', proxy.url.host)]);
			const env = {BASETEN_API_KEY: key, NODE_EXTRA_CA_CERTS: trustedFile, ...Object.fromEntries(named)};
			const output = await runProgram(['k4q95w5', '--api-url', apiUrl], {env, node});
			assert.ok(!`${output.stdout}${output.stderr}${proxy.passed()}`.includes(key));
			assert.ok(!`${output.stdout}${output.stderr}`.includes(password));
			return output;
		},
	};
}

for (const [version, node] of findVersions()) {
	test(`on Node.js ${version}, requests go through the proxy from the environment`, async context => {
		const {run, proxy, server} = await startRig(context);
		const output = await run({HTTPS_PROXY: `http://ada:${password}@PROXY`}, undefined, node);
		assert.equal(output.stderr, '');
		assert.equal(output.exitCode, 0);
		assert.match(output.stdout, /12\.3/);
		assert.ok(proxy.connects.length > 0);
		const authorization = `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`;
		for (const {target, headers} of proxy.connects) {
			assert.equal(target, 'api.test:443');
			assert.equal(headers['proxy-authorization'], authorization);
		}

		const metrics = server.requests.find(isMetrics);
		assert.equal(metrics?.headers.authorization, `Bearer ${key}`);
		assert.equal(metrics?.headers['proxy-authorization'], undefined);
	});
}

test('requests to this machine and to exempted hosts bypass the proxy', async context => {
	const {run, proxy, server} = await startRig(context);
	const here = await run({HTTPS_PROXY: 'http://PROXY', HTTP_PROXY: 'http://PROXY'}, server.url);
	assert.equal(here.exitCode, 0);
	const excepted = await run({HTTPS_PROXY: 'http://PROXY', NO_PROXY: 'test'});
	assert.equal(excepted.exitCode, 6);
	assert.match(excepted.stderr, /^loops-top: Couldn't load deployment k4q95w5: api\.test .*DNS/);
	assert.equal(proxy.connects.length, 0);
	assert.equal(proxy.passed(), '');
});

test('if a proxy rejects the password, the message names the proxy and the variable', async context => {
	const {run, proxy, server} = await startRig(context);
	proxy.behavior = {status: 407};
	const output = await run({https_proxy: `http://ada:${password}@PROXY`});
	assert.equal(output.exitCode, 6);
	assert.equal(
		output.stderr,
		`loops-top: Couldn't load deployment k4q95w5: the proxy ${proxy.url.host} doesn't accept the username and password in ` +
			'https_proxy (407). Correct them in https_proxy, with special characters percent-encoded (@ is %40).\n',
	);
	assert.equal(server.requests.length, 0);
});

test('an unsupported kind of proxy is reported before any request', async context => {
	const {run, proxy} = await startRig(context);
	const output = await run({HTTPS_PROXY: `socks5://ada:${password}@PROXY`});
	assert.equal(output.exitCode, 2);
	assert.match(output.stderr, /^loops-top: HTTPS_PROXY doesn't start with http:\/\/ or https:\/\/.*\n$/);
	assert.equal(proxy.connects.length, 0);
});
