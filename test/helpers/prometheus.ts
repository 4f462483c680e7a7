import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type {TestContext} from 'node:test';
import {setTimeout} from 'node:timers/promises';
import {key} from '../terminal/rig.ts';
import {eventually} from './eventually.ts';
import {freePort} from './free-port.ts';
import {collectOutput, program, runner} from './real-terminal.ts';
import {temporaryFolder} from './temporary-folder.ts';

/** A program that serves Prometheus metrics. */
export type Serving = {
	readonly url: string;
	readonly stdout: () => string;
	readonly stderr: () => string;
	/** Sends a signal, waits for the program to exit, and resolves with its exit code. */
	stop(signal: NodeJS.Signals): Promise<number | null>;
};

/** Starts the program without a terminal, serving on a free port. */
export async function startServing(context: TestContext, args: readonly string[], node = runner): Promise<Serving> {
	const child = spawn(node, [program, ...args, '--listen', '0'], {
		env: {PATH: process.env['PATH'], HOME: temporaryFolder(), BASETEN_API_KEY: key},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	context.after(() => child.kill('SIGKILL'));
	const ended = once(child, 'close') as Promise<[number | null]>;
	const collected = collectOutput(child);
	const url = await eventually(
		() => /^loops-top: serving (\S+)\n/.exec(collected.stderr)?.[1],
		listener => {
			child.stderr.on('data', listener);
			return () => child.stderr.off('data', listener);
		},
		() => collected.stderr,
	);
	return {
		url,
		stdout: () => collected.stdout,
		stderr: () => collected.stderr,
		async stop(signal) {
			child.kill(signal);
			const [exitCode] = await ended;
			return exitCode;
		},
	};
}

/** Requests the served values repeatedly, as Prometheus does, and resolves with them once they match. */
export async function scrape(url: string, wanted: RegExp): Promise<string> {
	for (;;) {
		const text = await fetch(url).then(
			async response => response.text(),
			() => '',
		);
		if (wanted.test(text)) {
			return text;
		}

		await setTimeout(50);
	}
}

type Series = readonly {readonly metric: Readonly<Record<string, string>>}[];

/** A real Prometheus server, which evaluates expressions. */
export type Prometheus = {
	readonly ask: (expression: string) => Promise<Series>;
	/** Polls until there is a result. */
	readonly series: (expression: string) => Promise<Series>;
};

export async function startPrometheus(context: TestContext, folder: string, config: string): Promise<Prometheus> {
	writeFileSync(path.join(folder, 'prometheus.yml'), config);
	const checked = spawnSync('promtool', ['check', 'config', 'prometheus.yml'], {cwd: folder, encoding: 'utf8'});
	assert.equal(checked.status, 0, checked.stdout + checked.stderr);
	const port = await freePort();
	const child = spawn(
		'prometheus',
		['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`],
		{cwd: folder, stdio: 'ignore'},
	);
	context.after(() => child.kill('SIGKILL'));
	const ask: Prometheus['ask'] = async expression => {
		const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`;
		const response = await fetch(url).then(
			async response => (response.ok ? JSON.parse(await response.text()) : undefined),
			() => undefined,
		);
		return response?.status === 'success' ? response.data.result : [];
	};
	return {
		ask,
		async series(expression) {
			for (;;) {
				const found = await ask(expression);
				if (found.length > 0) {
					return found;
				}

				await setTimeout(100);
			}
		},
	};
}
