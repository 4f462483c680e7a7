import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {chmodSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import {freePort} from '../helpers/free-port.ts';
import {type NeededProgram, needs} from '../helpers/needs.ts';
import {runProgram} from '../helpers/real-terminal.ts';
import {startScriptedProxy} from '../helpers/scripted-proxy.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {trustedFile} from '../helpers/tls-files.ts';
import {key} from './rig.ts';

const password = 'a-password-that-must-not-be-seen';

/** The hostname of the API on this machine, which only the proxies can resolve. */
const apiName = 'api.test';

/** A proxy from a Debian package. */
type RealProxy = {
	readonly program: NeededProgram;
	/** Writes the proxy's files to a folder, and returns the arguments that start the proxy on its own port. */
	readonly prepare: (folder: string, ports: Ports) => readonly string[];
};

/** The ports of the proxy itself, of the API, and of another proxy that forwards to the API. */
type Ports = {readonly own: number; readonly api: number; readonly upstream: number};

const squid: RealProxy = {
	program: 'squid',
	prepare(folder, {own}) {
		const helper = path.join(folder, 'check-password');
		const check = `[ "$user $password" = 'ada ${password}' ] && echo OK || echo ERR`;
		writeFileSync(helper, `#!/bin/sh\nwhile read -r user password; do ${check}; done\n`, {mode: 0o755});
		writeFileSync(path.join(folder, 'hosts'), `127.0.0.1 ${apiName}\n`);
		const file = path.join(folder, 'squid.conf');
		const settings = [
			`http_port 127.0.0.1:${own}`,
			`hosts_file ${folder}/hosts`,
			`auth_param basic program ${helper}`,
			'acl known proxy_auth REQUIRED',
			'http_access deny !known',
			'http_access allow all',
			'cache deny all',
			'access_log none',
			`cache_log ${folder}/log`,
			`pid_filename ${folder}/pid`,
			`coredump_dir ${folder}`,
			'pinger_enable off',
			'shutdown_lifetime 0 seconds',
		];
		writeFileSync(file, `${settings.join('\n')}\n`);
		// If squid runs as root, it switches to a user of its own, which needs access to the folder.
		chmodSync(folder, 0o777);
		return ['-N', '-n', `loopstop${own}`, '-f', file];
	},
};

const tinyproxy: RealProxy = {
	program: 'tinyproxy',
	prepare(folder, {own, upstream}) {
		const file = path.join(folder, 'tinyproxy.conf');
		const settings = [
			`Port ${own}`,
			'Listen 127.0.0.1',
			'Timeout 60',
			'MaxClients 20',
			`BasicAuth ada ${password}`,
			`LogFile "${folder}/log"`,
			`Upstream http 127.0.0.1:${upstream} "${apiName}"`,
		];
		writeFileSync(file, `${settings.join('\n')}\n`);
		return ['-d', '-c', file];
	},
};

const mitmproxy: RealProxy = {
	program: 'mitmdump',
	prepare(folder, {own, api}) {
		const script = path.join(folder, 'lead.py');
		writeFileSync(script, `def server_connect(data):\n    data.server.address = ("127.0.0.1", ${api})\n`);
		const settings = [`confdir=${folder}`, 'ssl_insecure=true', `proxyauth=ada:${password}`];
		return [
			'-q',
			'--listen-host',
			'127.0.0.1',
			'-p',
			`${own}`,
			'-s',
			script,
			...settings.flatMap(one => ['--set', one]),
		];
	},
};

async function isListening(port: number): Promise<boolean> {
	return new Promise(resolve => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});
}

/** Starts a real proxy for a local API, and returns the proxy's folder and host, the API's port, and `run`. */
async function startRig(context: TestContext, {program, prepare}: RealProxy) {
	const server = await startScriptedServer(healthy(), 'trusted');
	const api = Number(new URL(server.url).port);
	const upstream = await startScriptedProxy(api);
	const folder = temporaryFolder();
	const own = await freePort();
	const child = spawn(program, prepare(folder, {own, api, upstream: Number(upstream.url.port)}), {stdio: 'ignore'});
	const ended = new Promise(resolve => child.once('exit', resolve));
	context.after(async () => {
		child.kill();
		await ended;
		await upstream.close();
		await server.close();
	});
	for (let tries = 0; !(await isListening(own)); tries++) {
		assert.ok(tries < 200 && child.exitCode === null, `${program} isn't listening`);
		await pause(100);
	}

	return {
		folder,
		api,
		host: `127.0.0.1:${own}`,
		/** Runs the program with this username and password until it exits. */
		async run(credentials: string, apiUrl: string, trusted = trustedFile) {
			const output = await runProgram(['k4q95w5', '--api-url', apiUrl], {
				env: {BASETEN_API_KEY: key, NODE_EXTRA_CA_CERTS: trusted, HTTPS_PROXY: `http://${credentials}127.0.0.1:${own}`},
			});
			assert.ok(!`${output.stdout}${output.stderr}`.includes(password));
			return output;
		},
	};
}

for (const proxy of [squid, tinyproxy]) {
	const {program} = proxy;
	test(`the API is reached through ${program}, and failures are described`, {skip: needs(program)}, async context => {
		const {run, api, host} = await startRig(context, proxy);
		const apiUrl = `https://${apiName}:${api}`;
		const right = await run(`ada:${password}@`, apiUrl);
		assert.equal(right.stderr, '');
		assert.match(right.stdout, /12\.3/);
		const wrong = await run('ada:wrong@', apiUrl);
		assert.match(wrong.stderr, /doesn't accept the username and password in HTTPS_PROXY \(40[17]\)\. Correct them/);
		assert.equal(wrong.exitCode, 6);
		const none = await run('', apiUrl);
		assert.ok(none.stderr.includes(`the proxy ${host} requires a username and password (407). Add them to`));
		// An address of this machine that the program doesn't recognize as such.
		const refused = await run(`ada:${password}@`, `https://0.0.0.0:${await freePort()}`);
		assert.match(refused.stderr, /the proxy \S+ can't reach 0\.0\.0\.0:\d+ \(50\d\)/);
		const unknown = await run(`ada:${password}@`, 'https://no-such-host.invalid');
		assert.match(unknown.stderr, /the proxy \S+ can't reach no-such-host\.invalid \(50\d\)/);
	});
}

test("with mitmproxy, which inspects TLS, NODE_EXTRA_CA_CERTS must name mitmproxy's certificate", {
	skip: needs(mitmproxy.program),
}, async context => {
	const {run, folder, api} = await startRig(context, mitmproxy);
	const apiUrl = `https://${apiName}:${api}`;
	const untrusted = await run(`ada:${password}@`, apiUrl);
	assert.match(untrusted.stderr, /isn't trusted: see NODE_EXTRA_CA_CERTS\. If a proxy or firewall inspects TLS, set/);
	assert.equal(untrusted.exitCode, 6);
	const trusted = await run(`ada:${password}@`, apiUrl, path.join(folder, 'mitmproxy-ca-cert.pem'));
	assert.equal(trusted.stderr, '');
	assert.match(trusted.stdout, /12\.3/);
	const wrong = await run('ada:wrong@', apiUrl);
	assert.match(wrong.stderr, /doesn't accept the username and password in HTTPS_PROXY \(407\)/);
});
