import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {alertingKey, startAlerting, startReceiver, until} from '../helpers/alerting.ts';
import {root} from '../helpers/documents.ts';
import {needs} from '../helpers/needs.ts';
import {program, runner} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, lastDiskFull} from '../helpers/served.ts';
import {temporaryFile, temporaryFolder} from '../helpers/temporary-folder.ts';

/** Returns the code block after `<!-- name -->` on a page of the documentation, with these strings replaced. */
function recipe(page: string, name: string, replaced: Readonly<Record<string, string>> = {}): string {
	const docs = readFileSync(path.join(root, 'docs', page), 'utf8');
	let text = new RegExp(`<!-- ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(docs)?.[1] ?? '';
	assert.ok(text !== '', `${name} isn't in ${page}`);
	for (const [from, to] of Object.entries(replaced)) {
		assert.ok(text.includes(from), `${from} isn't in the recipe ${name}`);
		text = text.replaceAll(from, to);
	}

	return text;
}

/** Writes an executable shell script into a folder, which is created if it doesn't exist. */
function writeScript(folder: string, name: string, text: string): void {
	mkdirSync(folder, {recursive: true});
	writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`);
	chmodSync(path.join(folder, name), 0o755);
}

test('the PagerDuty recipe triggers an incident, and then resolves it', {
	skip: needs('jq', 'curl'),
}, async context => {
	const {received, url} = await startReceiver(context);
	const command = recipe('alerts.md', 'pagerduty', {'https://events.pagerduty.com': url});
	const {fill} = await startAlerting(context, command, {env: {ROUTING_KEY: 'R0'}});
	fill(lastDiskFull);
	await until(
		() => received[0],
		() => command,
	);
	fill(0.3);
	await until(
		() => received[1],
		() => command,
	);
	const bodies = received.map(({body}) => body as Readonly<Record<string, unknown>>);
	assert.deepEqual(
		bodies.map(({routing_key, event_action}) => [routing_key, event_action]),
		[
			['R0', 'trigger'],
			['R0', 'resolve'],
		],
	);
	assert.match(String(bodies[0]?.['dedup_key']), /^k4q95w5 disk/);
	assert.equal(bodies[0]?.['dedup_key'], bodies[1]?.['dedup_key']);
	const payload = bodies[0]?.['payload'] as Readonly<Record<string, unknown>>;
	assert.match(String(payload['summary']), /^disk: loops-trainer-3/);
	assert.deepEqual([payload['source'], payload['severity']], ['k4q95w5', 'warning']);
	assert.equal(received[0]?.path, '/v2/enqueue');
	assert.equal(received[0]?.type, 'application/json');
});

test('the ntfy and Discord recipes send the sentence about the finding', {skip: needs('jq', 'curl')}, async context => {
	const {received, url} = await startReceiver(context);
	const ntfy = recipe('alerts.md', 'ntfy', {'https://ntfy.sh': url});
	const discord = recipe('alerts.md', 'slack', {'https://hooks.slack.com/services/…': url});
	const docs = readFileSync(path.join(root, 'docs', 'alerts.md'), 'utf8');
	const [, first = ''] = /For Discord, replace the first line with `(jq .*?)`\./.exec(docs) ?? [];
	const {fill} = await startAlerting(
		context,
		`EVENT=$(cat); printf '%s' "$EVENT" | ${ntfy}\nprintf '%s' "$EVENT" | ${[`${first} |`, ...discord.split('\n').slice(1)].join('\n')}`,
	);
	fill(lastDiskFull);
	await until(
		() => received[1],
		() => first,
	);
	const [{body: sent} = assert.fail(), {body: posted} = assert.fail()] = received;
	assert.deepEqual({...(sent as object), message: ''}, {topic: 'my-run', title: 'k4q95w5 active', message: ''});
	assert.match((sent as {message: string}).message, /^disk: loops-trainer-3/);
	assert.match((posted as {content: string}).content, /^disk: loops-trainer-3/);
});

test('the mail recipe passes a subject and the sentence about the finding to the mail command', async context => {
	const folder = temporaryFile('bin');
	writeScript(folder, 'mail', 'printf "%s\\n" "$@" > "$OUT/arguments"; cat > "$OUT/body"; echo x >> "$OUT/sent"');
	const PATH = [folder, process.env['PATH']].join(path.delimiter);
	const {fill, lines, read} = await startAlerting(context, recipe('alerts.md', 'mail'), {env: {PATH}});
	fill(lastDiskFull);
	await lines('sent', 1);
	assert.equal(read('arguments'), '-s\nk4q95w5: disk active\nme@example.com\n');
	assert.match(read('body'), /^disk: loops-trainer-3 .*\n$/);
});

/** Returns the settings of a systemd unit by key, with `%h` replaced by the user's home folder. */
function serviceOf(unit: string, home: string): ReadonlyMap<string, string> {
	return new Map(
		unit
			.replaceAll('%h', home)
			.split('\n')
			.flatMap(line => {
				const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
				return name === '' ? [] : [[name, value] as const];
			}),
	);
}

test('the systemd service for alerts runs the Slack recipe, with the API key from its environment file', {
	skip: needs('jq', 'curl'),
}, async context => {
	const {received, url} = await startReceiver(context);
	const server = await startScriptedServer(healthy({diskShare: lastDiskFull}));
	context.after(() => server.close());
	const home = temporaryFolder();
	const service = serviceOf(recipe('alerts.md', 'systemd'), home);
	const folder = path.join(home, '.config', 'loops-top');
	mkdirSync(folder, {recursive: true});
	writeFileSync(
		path.join(folder, 'alert.sh'),
		recipe('alerts.md', 'slack', {'https://hooks.slack.com/services/…': url}),
	);
	writeFileSync(service.get('EnvironmentFile') ?? assert.fail(), `BASETEN_API_KEY=${alertingKey}\n`);
	const bin = path.join(home, 'bin');
	writeScript(bin, 'loops-top', `exec '${runner}' '${program}' "$@" --api-url '${server.url}'`);
	const [key = '', value = ''] = readFileSync(service.get('EnvironmentFile') ?? '', 'utf8')
		.trim()
		.split('=');
	// The command runs as it does in systemd: without a terminal and without a shell's variables. Its quoting works in
	// sh, too.
	const child = spawn('/bin/sh', ['-c', `exec ${service.get('ExecStart') ?? ''}`], {
		env: {PATH: [bin, process.env['PATH']].join(path.delimiter), HOME: home, [key]: value},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	context.after(() => child.kill('SIGKILL'));
	const sent = await until(
		() => received.find(({body}) => /disk/.test(JSON.stringify(body))),
		() => JSON.stringify(received),
	);
	assert.match((sent.body as {text: string}).text, /^k4q95w5 active: disk: loops-trainer-3/);
	child.kill('SIGTERM');
	const [code]: unknown[] = await once(child, 'close');
	assert.equal(code, 0);
});

for (const [page, name, file, options] of [
	['alerts.md', 'systemd', 'loops-top.service', ['--user']],
	['prometheus.md', 'systemd', 'loops-top@k4q95w5.service', []],
] as const) {
	test(`systemd reports no problems with the unit in ${page}`, {skip: needs('systemd-analyze')}, () => {
		const home = temporaryFolder();
		writeScript(path.join(home, 'bin'), 'loops-top', 'exit 0');
		const unit = recipe(page, name).replaceAll('/usr/local/bin/loops-top', path.join(home, 'bin', 'loops-top'));
		writeFileSync(path.join(home, file), unit);
		const {status, stdout, stderr} = spawnSync('systemd-analyze', [...options, 'verify', path.join(home, file)], {
			encoding: 'utf8',
			env: {...process.env, HOME: home, XDG_RUNTIME_DIR: home},
		});
		// systemd-analyze also succeeds with misspelled keys, which it reports on standard error.
		assert.deepEqual({status, stdout, stderr}, {status: 0, stdout: '', stderr: ''});
		assert.doesNotMatch(unit, /MemoryDenyWriteExecute/);
	});
}

test('the crontab command prints the snapshot and the finding, or nothing if there is no finding', async context => {
	const home = temporaryFolder();
	const server = await startScriptedServer(healthy({diskShare: lastDiskFull}));
	context.after(() => server.close());
	const bin = path.join(home, 'bin');
	writeScript(bin, 'loops-top', `exec '${runner}' '${program}' "$@" --api-url '${server.url}'`);
	const crontab = recipe('alerts.md', 'cron');
	const [, places = ''] = /^PATH=(.*)$/m.exec(crontab) ?? [];
	const [, command = ''] = /^\*\/5 \* \* \* \* (.*)$/m.exec(crontab) ?? [];
	assert.doesNotMatch(command, /%/, 'the command contains %, which cron treats as the end of a line');
	writeFileSync(
		path.join(home, '.trussrc'),
		`[baseten]\nremote_url = https://app.baseten.co\napi_key = ${alertingKey}\n`,
		{mode: 0o600},
	);
	const run = async (): Promise<string> => {
		// The command runs with the environment that cron gives it.
		const child = spawn('/bin/sh', ['-c', command], {
			env: {HOME: home, LOGNAME: 'me', SHELL: '/bin/sh', PATH: [bin, places].join(path.delimiter)},
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let text = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (chunk: string) => {
				text += chunk;
			});
		}

		await once(child, 'close');
		return text;
	};
	const mailed = await run();
	assert.match(mailed, /loops-trainer-3/);
	assert.match(mailed, /loops-top: .*disk/);
	server.respond = healthy();
	assert.equal(await run(), '');
});

test('docker-compose accepts the Compose file, and promtool accepts the Prometheus configuration', {
	skip: needs('docker-compose', 'promtool'),
}, () => {
	const home = temporaryFolder();
	const write = (name: string, file: string): void =>
		writeFileSync(path.join(home, file), recipe('prometheus.md', name));
	write('compose', 'compose.yml');
	write('compose-prometheus', 'prometheus.yml');
	writeFileSync(path.join(home, 'key.env'), `BASETEN_API_KEY=${alertingKey}\n`);
	const rules = spawnSync(runner, [program, 'prometheus', 'rules'], {encoding: 'utf8'});
	writeFileSync(path.join(home, 'loops-rules.yml'), rules.stdout);
	const composed = spawnSync('docker-compose', ['-f', 'compose.yml', 'config'], {cwd: home, encoding: 'utf8'});
	assert.deepEqual({status: composed.status, stderr: composed.stderr}, {status: 0, stderr: ''});
	assert.match(composed.stdout, /--listen/);
	const checked = spawnSync('promtool', ['check', 'config', 'prometheus.yml'], {cwd: home, encoding: 'utf8'});
	assert.equal(checked.status, 0, checked.stdout + checked.stderr);
	// The host in Prometheus's requests must be the hostname of the container; otherwise, loops-top rejects them.
	const target = /targets: \['([^:]+):9464'\]/.exec(recipe('prometheus.md', 'compose-prometheus'))?.[1];
	assert.match(recipe('prometheus.md', 'compose'), new RegExp(`hostname: ${target}\\n`));
});
