import assert from 'node:assert/strict';
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import {setTimeout} from 'node:timers/promises';
import {commandsIn, readDocuments, root} from '../helpers/documents.ts';
import {freePort} from '../helpers/free-port.ts';
import {needs} from '../helpers/needs.ts';
import {openTerminal, program, runner} from '../helpers/real-terminal.ts';
import {startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {key} from './rig.ts';

/** The way in which a command in the README or in docs is tested, in a shell with a simulated Baseten API. */
type Way =
	/** It succeeds, with this text on standard output. */
	| {readonly how: 'prints'; readonly prints: RegExp}
	/** It runs until it exits, after which this file, relative to the home folder, contains this text. */
	| {readonly how: 'writes'; readonly file: string; readonly has?: RegExp}
	/** It runs in a terminal until this text is visible, and then `q` is pressed. */
	| {readonly how: 'shows'; readonly shows: RegExp; readonly as?: string}
	/** It runs until there is a line in this file. */
	| {readonly how: 'adds to'; readonly file: string}
	/** It runs in the background until its port responds. */
	| {readonly how: 'serves'}
	/**
	 * It isn't run here, because it takes minutes. `npm run test:executable` runs it; this test only checks that the
	 * script exists.
	 */
	| {readonly how: 'is a script'; readonly script: string}
	/**
	 * It installs the command and the man page in a folder of its own, but without running the script `prepare`, which
	 * would build the program while other tests run it.
	 */
	| {readonly how: 'installs'};

const watches: Way = {how: 'shows', shows: /4 of 4 reporting/};

const ways: Readonly<Record<string, Way>> = {
	// `npm ci` isn't run here, because it has to be run before these tests.
	'npm ci && npm run demo': {...watches, as: 'npm run demo'},
	'npm run demo -- straggler': {how: 'shows', shows: /straggler {2}loops-trainer-2/},
	'npm start -- <deployment-id>': watches,
	'export BASETEN_API_KEY=…': {how: 'prints', prints: /^$/},
	'export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem': {how: 'prints', prints: /^$/},
	'npm install --global .': {how: 'installs'},
	'npm ci && npm run executable': {how: 'is a script', script: 'executable'},
	'loops-top <deployment-id>': watches,
	'loops-top <deployment-id> | grep latency': {how: 'prints', prints: /^latency p50 +\d+/},
	'loops-top completion bash > ~/.local/share/bash-completion/completions/loops-top': {
		how: 'writes',
		file: '.local/share/bash-completion/completions/loops-top',
	},
	'loops-top completion zsh > "${fpath[1]}/_loops-top"': {how: 'writes', file: 'functions/_loops-top'},
	'loops-top completion fish > ~/.config/fish/completions/loops-top.fish': {
		how: 'writes',
		file: '.config/fish/completions/loops-top.fish',
	},
	'loops-top <deployment-id> -o json | jq .metrics.latency_p99.value': {how: 'prints', prints: /^\d+(?:\.\d+)?\n$/},
	"loops-top <deployment-id> -o json | jq -r '.nodes[] | select(.metrics.disk_utilization.value > 0.9) | .id'": {
		how: 'prints',
		prints: /^(?:[\w-]+\n)*$/,
	},
	"loops-top <deployment-id> -o json | jq -r '.nodes[] as $n | $n.gpus[] | [$n.id, .rank, .metrics.utilization.value] | @tsv'":
		{how: 'prints', prints: /^loops-trainer-0\t0\t0\.\d+\n/},
	'loops-top <deployment-id> -o json | jq -r \'.logs.entries[]? | select(.level == "ERROR") | [.time, .replica, .message] | @tsv\'':
		{how: 'prints', prints: /^(?:\S+\t\S*\t.*\n)*$/},
	"loops-top <deployment-id> -o json | jq 'now - (.newest_sample | fromdate)'": {how: 'prints', prints: /^\d+\.\d+\n$/},
	'loops-top <deployment-id> -o jsonl -i 1m >> watch.jsonl': {how: 'adds to', file: 'watch.jsonl'},
	'loops-top <deployment-id> -o text --fail-on straggler,disk > /dev/null || echo "look at it"': {
		how: 'prints',
		prints: /^$/,
	},
	'loops-top <deployment-id> -o csv -w 24h > day.csv': {how: 'writes', file: 'day.csv', has: /,latency_p99,ms,/},
	'loops-top <deployment-id> -o openmetrics -w 7d > week.om': {how: 'writes', file: 'week.om', has: /# EOF\n$/},
	'loops-top <deployment-id> -o html -w 6h --utc > run.html': {how: 'writes', file: 'run.html'},
	'loops-top <deployment-id> -o csv --from 22:00 --to 06:00 > night-shift.csv': {
		how: 'writes',
		file: 'night-shift.csv',
		has: /^time,component/,
	},
	'loops-top --replay night.jsonl.gz -o html --from -8h > end-of-the-night.html': {
		how: 'writes',
		file: 'end-of-the-night.html',
		has: /<!doctype html>/,
	},
	'loops-top --replay night.jsonl.gz -o csv > night.csv': {how: 'writes', file: 'night.csv', has: /,latency_p99,ms,/},
	'loops-top prometheus rules > loops-rules.yml': {how: 'writes', file: 'loops-rules.yml', has: /LoopsTopDown/},
	'loops-top grafana dashboard > loops-dashboard.json': {how: 'writes', file: 'loops-dashboard.json', has: /"panels"/},
	'loops-top <deployment-id> --listen 9464': watches,
	'loops-top <deployment-id> --listen 9464 > /dev/null &': {how: 'serves'},
	'loops-top --all --listen 9464 > /dev/null &': {how: 'serves'},
	"loops-top --all -o json | jq -r '.[] | select(.findings | length > 0) | .deployment.id'": {
		how: 'prints',
		prints: /^\w*\n?$/,
	},
	'loops-top <deployment-id> --record night.jsonl.gz': watches,
	'loops-top --replay night.jsonl.gz --speed 60 --at 03:10': {how: 'shows', shows: /replay (?:×60|ended)/},
};

test('every command in the README and in docs is listed here, and no other command is', () => {
	assert.deepEqual(new Set(commandsIn(readDocuments())), new Set(Object.keys(ways)));
});

/** Prepares a shell with a new home folder and with the program as a command, and starts a simulated Baseten API. */
async function startShell(context: TestContext) {
	const server = await startScriptedServer(healthy());
	context.after(() => server.close());
	const home = temporaryFolder();
	const file = path.join(home, 'bin', 'loops-top');
	for (const folder of ['bin', 'functions', '.local/share/bash-completion/completions', '.config/fish/completions']) {
		mkdirSync(path.join(home, folder), {recursive: true});
	}

	writeFileSync(file, `#!/bin/sh\nexec "${runner}" "${program}" "$@"\n`);
	chmodSync(file, 0o755);
	const env = {
		PATH: [path.dirname(file), process.env['PATH']].join(path.delimiter),
		HOME: home,
		BASETEN_API_KEY: key,
		BASETEN_MANAGEMENT_API_URL_OVERRIDE: server.url,
		TERM: 'xterm-256color',
		LANG: 'C.UTF-8',
		TZ: 'UTC',
	};
	/**
	 * Returns the script that runs a command. The variable with the folder for functions has the name that zsh uses.
	 * The shell does nothing on SIGTERM, because a signal to the whole process group is meant for the shell's children.
	 */
	const script = (command: string): string => {
		const where = command.startsWith('npm ') ? root : home;
		return `trap : TERM; set -o pipefail; cd '${where}'; fpath=(. ~/functions); ${command}`;
	};
	return {home, env, script};
}

async function ended(child: ChildProcess): Promise<{readonly code: unknown; readonly stdout: string}> {
	let stdout = '';
	child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
		stdout += chunk;
	});
	const [code]: unknown[] = await once(child, 'close');
	return {code, stdout};
}

/** Sends a signal to a shell and all its children. */
function signalAll({pid}: ChildProcess, signal: NodeJS.Signals): void {
	assert.ok(pid !== undefined);
	process.kill(-pid, signal);
}

/** Polls until a condition is met, because there are no events to wait for. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await isSo())) {
		await setTimeout(50);
	}
}

/** Fills in the placeholder, as a reader would, and replaces the port and the time with ones that this test can use. */
function filledIn(command: string, port: number): string {
	return command.replace('<deployment-id>', 'k4q95w5').replace('9464', String(port)).replace('--at 03:10', '--at +0m');
}

async function run(context: TestContext, command: string, way: Way): Promise<void> {
	const {home, env, script} = await startShell(context);
	const port = await freePort();
	const line = filledIn(command, port);
	const start = (text: string): ChildProcess => {
		const child = spawn('bash', ['-c', script(text)], {env, stdio: ['ignore', 'pipe', 'inherit'], detached: true});
		context.after(() => child.exitCode === null && signalAll(child, 'SIGKILL'));
		return child;
	};
	/** Creates the recording that a command plays, if it plays one. */
	const recordFor = async (text: string): Promise<void> => {
		if (text.includes('--replay')) {
			await ended(start('loops-top k4q95w5 -o jsonl --count 1 --record night.jsonl.gz'));
		}
	};
	switch (way.how) {
		case 'prints': {
			const {code, stdout} = await ended(start(line));
			assert.equal(code, 0);
			assert.match(stdout, way.prints);
			return;
		}

		case 'writes': {
			await recordFor(line);
			const {code} = await ended(start(line));
			assert.equal(code, 0);
			assert.match(readFileSync(path.join(home, way.file), 'utf8'), way.has ?? /loops-top/);
			return;
		}

		case 'adds to': {
			const file = path.join(home, way.file);
			const child = start(line);
			await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
			signalAll(child, 'SIGTERM');
			assert.equal((await ended(child)).code, 0);
			return;
		}

		case 'serves': {
			const child = start(`${line} wait`);
			const served = async (): Promise<boolean> => {
				const response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
				return /^loops_top_up\{.*\} 1$/m.test((await response?.text()) ?? '');
			};
			await until(served);
			signalAll(child, 'SIGTERM');
			await ended(child);
			return;
		}

		case 'shows': {
			await recordFor(line);
			const terminal = openTerminal({columns: 120, rows: 30, command: ['bash', '-c', script(way.as ?? line)], env});
			context.after(() => terminal.close());
			await terminal.waitFor(way.shows);
			terminal.press('q');
			assert.equal((await terminal.exit).exitCode, 0);
			return;
		}

		case 'is a script': {
			const {scripts} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {scripts: object};
			assert.ok(way.script in scripts);
			return;
		}

		case 'installs': {
			const prefix = path.join(home, 'installed');
			const settings = [`prefix=${prefix}`, 'offline=true', 'ignore-scripts=true', 'update-notifier=false'];
			writeFileSync(path.join(home, '.npmrc'), `${settings.join('\n')}\n`);
			const {code} = await ended(start(line));
			assert.equal(code, 0);
			const {stdout} = await ended(start(`'${path.join(prefix, 'bin', 'loops-top')}' --version`));
			assert.match(stdout, /^loops-top \d+\.\d+\.\d+\n$/);
			assert.ok(existsSync(path.join(prefix, 'share', 'man', 'man1', 'loops-top.1')));
			return;
		}
	}
}

for (const [command, way] of Object.entries(ways)) {
	const skip = command.includes('jq ') && needs('jq');
	test(`the documented command passes its check (${way.how}): ${command}`, {skip}, async context =>
		run(context, command, way),
	);
}
