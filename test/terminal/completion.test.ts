import assert from 'node:assert/strict';
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {needs} from '../helpers/needs.ts';
import {openTerminal, program, runner, runProgram} from '../helpers/real-terminal.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

/** Creates a home folder with the command `loops-top`, its completion scripts, and two profiles. */
async function prepareHome(): Promise<string> {
	const home = temporaryFolder();
	const scripts = path.join(home, 'scripts');
	const config = path.join(home, '.config', 'baseten');
	mkdirSync(scripts);
	mkdirSync(config, {recursive: true});
	writeFileSync(path.join(config, 'auth.json'), JSON.stringify({profiles: {'play@example.com': {}, work: {}}}));
	writeFileSync(path.join(home, 'loops-top'), `#!/bin/sh\nexec "${runner}" "${program}" "$@"\n`);
	chmodSync(path.join(home, 'loops-top'), 0o755);
	for (const shell of ['bash', 'zsh']) {
		const {stdout, exitCode} = await runProgram(['completion', shell]);
		assert.equal(exitCode, 0);
		writeFileSync(path.join(scripts, shell === 'zsh' ? '_loops-top' : shell), stdout);
	}

	writeFileSync(path.join(home, 'bashrc'), `PS1='> '; bind 'set enable-bracketed-paste off'; . ${scripts}/bash\n`);
	writeFileSync(
		path.join(home, '.zshrc'),
		`PROMPT='> '; fpath=(${scripts} $fpath); autoload -U compinit; compinit -D -u\n`,
	);
	return home;
}

const steps: ReadonlyArray<readonly [typed: string, shows: RegExp]> = [
	['loops-top --wi\t', /^> loops-top --window[= ]?$/],
	['loops-top --theme col\t', /^> loops-top --theme colorblind$/],
	['loops-top -w 24\t', /^> loops-top -w 24h$/],
	['loops-top --window=24\t', /^> loops-top --window=24h$/],
	['loops-top --demo fl\t', /^> loops-top --demo fleet$/],
	['loops-top k4q95w5 --profile pl\t', /^> loops-top k4q95w5 --profile play@example\.com$/],
	['loops-top --demo --fail-on stra\t', /^> loops-top --demo --fail-on straggler,?$/],
	['loops-top --demo --fail-on disk,stra\t', /^> loops-top --demo --fail-on disk,straggler,?$/],
	['loops-top --threshold gpu-m\t', /^> loops-top --threshold gpu-memory=,?$/],
	['loops-top completion zs\t', /^> loops-top completion zsh$/],
	['loops-top compl\t', /^> loops-top completion$/],
];

/** Returns whether only the prompt is visible. */
function isEmpty(rows: readonly string[]): boolean {
	return rows.join('').trim() === '>';
}

for (const [shell, args] of [
	['bash', ['--noprofile', '--rcfile']],
	['zsh', ['-i']],
] as const) {
	test(`the tab key in ${shell} completes options and values`, {
		skip: shell === 'bash' ? false : needs(shell),
	}, async context => {
		const home = await prepareHome();
		const terminal = openTerminal({
			columns: 80,
			rows: 24,
			command: [shell, ...args, ...(shell === 'bash' ? [path.join(home, 'bashrc'), '-i'] : [])],
			env: {HOME: home, PATH: `${home}:${process.env['PATH']}`},
		});
		context.after(() => terminal.close());
		await terminal.waitFor(isEmpty);
		for (const [typed, shows] of steps) {
			terminal.press(typed);
			await terminal.waitFor(rows => rows.some(row => shows.test(row.trimEnd())));
			terminal.press('\u0015\u000c');
			await terminal.waitFor(isEmpty);
		}
	});
}

test('"completion" on its own is read as the ID of a deployment, and an unknown shell is rejected', async () => {
	const alone = await runProgram(['completion']);
	assert.match(alone.stderr, /no API key/);
	const {stdout, stderr, exitCode} = await runProgram(['completion', 'tcsh']);
	assert.equal(exitCode, 2);
	assert.equal(stdout, '');
	assert.match(
		stderr,
		/^loops-top: completion "tcsh" isn't one of bash, zsh, fish, profiles, remotes\. See loops-top --help\.\n$/,
	);
});
