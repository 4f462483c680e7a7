import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {promisify} from 'node:util';
import {needs} from '../helpers/needs.ts';
import {type Environment, program, runner, runProgram} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy, isMetrics} from '../helpers/served.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {startRig} from './rig.ts';

const key = 'sk-the-key-of-the-keyring';

/** Creates a home folder with two profiles of the baseten CLI. Their file has no keys, so the keyring is read. */
function homeWithProfile(): string {
	const home = temporaryFolder();
	const profile = {auth_type: 'api_key'};
	const folder = path.join(home, '.config', 'baseten');
	mkdirSync(folder, {recursive: true});
	writeFileSync(
		path.join(folder, 'auth.json'),
		JSON.stringify({version: 1, current: 'work', profiles: {work: profile, play: profile}}),
	);
	return home;
}

/** Creates a fake `secret-tool` that writes its arguments to the file `asked`, and then runs this shell script. */
function fakeTool(script: string): {readonly env: Environment; readonly asked: () => string} {
	const home = homeWithProfile();
	const folder = path.join(home, 'bin');
	const file = path.join(folder, 'secret-tool');
	mkdirSync(folder);
	writeFileSync(file, `#!/bin/sh\necho "$@" >> "$HOME/asked"\n${script}\n`);
	chmodSync(file, 0o755);
	return {
		env: {HOME: home, BASETEN_API_KEY: undefined, PATH: `${folder}:${process.env['PATH']}`},
		asked: () => readFileSync(path.join(home, 'asked'), 'utf8'),
	};
}

async function snapshot(context: TestContext, env: Environment) {
	const server = await startScriptedServer(healthy());
	context.after(async () => server.close());
	const output = await runProgram(['k4q95w5', '--api-url', server.url], {env});
	return {...output, server};
}

test('the key in the keyring is sent to the API, and nowhere else', async context => {
	const {env, asked} = fakeTool(`printf %s ${key}`);
	const {stdout, stderr, exitCode, server} = await snapshot(context, env);
	assert.equal(exitCode, 0);
	assert.equal(asked(), 'lookup -- service baseten-profile username work\n');
	assert.equal(server.requests[0]?.headers.authorization, `Bearer ${key}`);
	assert.ok(!`${stdout}${stderr}`.includes(key));
});

test('after a 401 during a run, the keyring is read again', async context => {
	const {env, asked} = fakeTool('cat "$HOME/key"');
	const keyFile = path.join(env['HOME'] ?? '', 'key');
	writeFileSync(keyFile, 'sk-first');
	const {server, terminal} = await startRig(context, {env});
	await terminal.waitFor('loops-trainer-0');
	server.respond = ({headers}) =>
		headers.authorization === 'Bearer sk-second'
			? healthy()(server.requests[0] ?? assert.fail())
			: {status: 401, json: {}};
	writeFileSync(keyFile, 'sk-second');
	terminal.press('r');
	await terminal.waitFor('401');
	terminal.press('r');
	const renewed = await server.waitForRequest(request => request.headers.authorization === 'Bearer sk-second');
	assert.ok(isMetrics(renewed));
	await terminal.waitFor(/ok +\d+ms/);
	assert.equal(asked().trim().split('\n').length, 2);
	assert.ok(!terminal.written().includes('sk-'));
});

test("an unresponsive keyring doesn't prevent quitting", async context => {
	const {env} = fakeTool('[ -e "$HOME/hang" ] && exec sleep 60\nprintf %s sk-first');
	const {server, terminal} = await startRig(context, {env});
	await terminal.waitFor('loops-trainer-0');
	writeFileSync(path.join(env['HOME'] ?? '', 'hang'), '');
	server.respond = () => ({status: 401, json: {}});
	terminal.press('r');
	await terminal.waitFor('401');
	terminal.press('r');
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
});

test('while the keyring is read at startup, the screen says so, and ctrl-c quits', async context => {
	const {env} = fakeTool('exec sleep 60');
	const {terminal} = await startRig(context, {env});
	await terminal.waitFor('Waiting for the system keyring, which might ask for its password.');
	terminal.press('\u0003');
	assert.equal((await terminal.exit).exitCode, 130);
	assert.equal(terminal.isAlternate(), false);
});

test("a keyring that can't be reached is reported after the terminal is restored", async context => {
	const {env} = fakeTool('echo "secret-tool: Cannot\u001B[31m autolaunch" >&2; exit 1');
	const {terminal} = await startRig(context, {env, columns: 200});
	assert.equal((await terminal.exit).exitCode, 3);
	assert.equal(terminal.isAlternate(), false);
	assert.match(
		terminal.screen().join(''),
		/^loops-top: The key for profile "work" .* can't be reached \(secret-tool: Cannot autolaunch\)\. Set BASETEN_API_KEY/,
	);
});

test('without secret-tool, the program exits with code 3 and says how to install it', async context => {
	const env = {HOME: homeWithProfile(), PATH: temporaryFolder()};
	const {stdout, stderr, exitCode} = await snapshot(context, env);
	assert.equal(exitCode, 3);
	assert.equal(
		stderr,
		'loops-top: The key for profile "work" is in the system keyring, which can\'t be read without secret-tool. Install it (package libsecret-tools or libsecret), or set BASETEN_API_KEY to an API key instead.\n',
	);
	assert.equal(stdout, '');
});

const skip = needs('dbus-run-session', 'gnome-keyring-daemon', 'gdbus', 'secret-tool');

test("GNOME's keyring is read if it is unlocked, and a locked keyring or a missing entry is reported", {
	skip,
}, async context => {
	const server = await startScriptedServer(healthy());
	context.after(async () => server.close());
	const home = homeWithProfile();
	// The key is stored as the baseten CLI stores it: zalando/go-keyring uses these two attributes.
	const script = `
		printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null
		printf ${key} | secret-tool store --label=x service baseten-profile username work
		run() { "${runner}" "${program}" k4q95w5 --api-url "${server.url}" "$@" 2>&1 | head -1; }
		run
		run --profile play
		gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
			--method org.freedesktop.Secret.Service.Lock "['/org/freedesktop/secrets/collection/login']" >/dev/null
		run
	`;
	const env = {PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home, TZ: 'UTC', LANG: 'C.UTF-8'};
	const {stdout} = await promisify(execFile)('dbus-run-session', ['--', 'sh', '-c', script], {env});
	const [open, missing, locked] = stdout.split('\n');
	assert.match(open ?? '', /^deployment +k4q95w5$/);
	assert.match(missing ?? '', /^loops-top: The key for profile "play" isn't in the system keyring/);
	assert.match(
		locked ?? '',
		/^loops-top: The key for profile "work" is in the system keyring, which is locked. Unlock it/,
	);
	assert.equal(server.requests[0]?.headers.authorization, `Bearer ${key}`);
});
