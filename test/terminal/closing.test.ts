import assert from 'node:assert/strict';
import {existsSync, readFileSync, watch} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {eventually} from '../helpers/eventually.ts';
import {findVersions} from '../helpers/node-versions.ts';
import {openTerminal, program, type RealTerminal, runner} from '../helpers/real-terminal.ts';
import {type ScriptedServer, startScriptedServer} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {key} from './rig.ts';

/** Starts a shell script, which runs the program as `"$@"`, in a real terminal. */
async function startScript(
	context: TestContext,
	script: string,
	args: readonly string[] = [],
	node = runner,
): Promise<{readonly terminal: RealTerminal; readonly server: ScriptedServer}> {
	const server = await startScriptedServer(healthy());
	const terminal = openTerminal({
		columns: 120,
		rows: 30,
		command: ['bash', '-c', script, 'bash', node, program, 'k4q95w5', '--api-url', server.url, ...args],
		env: {BASETEN_API_KEY: key},
	});
	context.after(async () => {
		terminal.close();
		await server.close();
	});
	return {terminal, server};
}

/** Resolves with the content of a file once the file exists and ends with a newline. */
async function contentOf(folder: string, name: string): Promise<string> {
	const file = path.join(folder, name);
	return eventually(
		() => (existsSync(file) && readFileSync(file, 'utf8').endsWith('\n') ? readFileSync(file, 'utf8') : undefined),
		listener => {
			const watcher = watch(folder, listener);
			return () => watcher.close();
		},
		() => `The file ${name} is missing or incomplete.`,
	);
}

const hangUps = [...findVersions()].flatMap(([version, node]) => [
	{what: `on Node.js ${version}`, before: 'trap : HUP', node},
	{what: `on Node.js ${version}, even if SIGHUP is ignored`, before: 'trap "" HUP', node},
]);

for (const {what, before, node} of hangUps) {
	test(`closing the terminal ends the program ${what}`, async context => {
		const folder = temporaryFolder();
		const script = `${before}; "$@" 2> '${folder}/errors'; echo $? > '${folder}/code'`;
		const {terminal} = await startScript(context, script, ['-i', '1h'], node);
		await terminal.waitFor(/RUNNING/);
		terminal.hangUp();
		assert.equal(await contentOf(folder, 'code'), '129\n');
		assert.doesNotMatch(readFileSync(path.join(folder, 'errors'), 'utf8'), /internal error|Assertion|at /);
	});
}

const pipes: ReadonlyArray<readonly [what: string, args: readonly string[], pipe: string]> = [
	['a snapshot', [], 'head -n 1'],
	['a snapshot as JSON', ['-o', 'json'], 'head -c 1'],
	['JSON lines', ['-o', 'jsonl', '-i', '2s'], 'head -n 1'],
];

for (const [what, args, pipe] of pipes) {
	test(`if the reader of ${what} exits early, this isn't a failure`, async context => {
		const {terminal} = await startScript(context, `"$@" | ${pipe} > /dev/null; echo "codes \${PIPESTATUS[*]}"`, args);
		const screen = await terminal.waitFor(/^codes /m);
		assert.equal(screen.join('\n').trim(), 'codes 0 0');
	});
}

test("if standard output can't be written to, one sentence reports this", async context => {
	const {terminal} = await startScript(context, '"$@" > /dev/full; echo "code $?"');
	const screen = await terminal.waitFor(/^code /m);
	assert.equal(screen.join('\n').trim(), "loops-top: can't write to standard output: no space left on device.\ncode 1");
});
