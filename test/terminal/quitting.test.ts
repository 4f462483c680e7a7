import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {openTerminal, program, type RealTerminal, runner} from '../helpers/real-terminal.ts';

/** The program's queries, and a terminal's responses. */
const answers = [
	['\u001b]11;?\u001b\\', '\u001b]11;rgb:0000/0000/0000\u001b\\'],
	['\u001b[6n', '\u001b[2;2R'],
	['\u001b[5n', '\u001b[0n'],
] as const;

/** Responds to each query that the terminal receives, after a delay. Returns a function that stops the responses. */
function answerAfter(terminal: RealTerminal, delayMs: number): () => void {
	const answered = new Map<string, number>();
	const timer = setInterval(() => {
		for (const [query, answer] of answers) {
			const asked = terminal.written().split(query).length - 1;
			for (let count = answered.get(query) ?? 0; count < asked; count++) {
				setTimeout(() => terminal.press(answer), delayMs);
			}

			answered.set(query, asked);
		}
	}, 5);
	return () => clearInterval(timer);
}

/**
 * Runs the program, and then prints, in hexadecimal, the first byte of the input that is left for the shell. If the
 * program leaves none, this is the dot that the test types last.
 */
const script = `'${runner}' '${program}' --demo single; echo "code $?"; stty -icanon -echo; echo ready; printf 'left <'; head -c 1 | od -An -tx1 | tr -d ' \\n'; echo '>'`;

const moments: ReadonlyArray<readonly [name: string, until: RegExp]> = [
	['after the terminal is queried', /\[5n/],
	['after the alternate screen is opened', /\[\?1049h/],
	['while the first response is awaited', /\[\?2026h/],
	['after the whole screen is drawn', /reporting/],
];

/** Opens the terminal, writes enough bytes to cause another query, and exits once all responses have arrived. */
const leaving = `
	import {openTerminal} from ${JSON.stringify(pathToFileURL(path.join(import.meta.dirname, '../../source/terminal/open-terminal.ts')).href)};
	const {stdin, stdout} = process;
	const asks = {background: true, glyph: true};
	const open = openTerminal(stdin, stdout, {name: 'xterm', isRemote: false, isScreen: false, mouse: false, asks, onInterrupt() {}});
	open.output.write('drawn '.repeat(500));
	const settled = open.settle();
	stdout.write('leaving');
	await settled;
	await open.giveBack();
	stdout.write('left', () => process.exit(0));
`;

test('no queries are sent once the program is exiting, even if the last response allows another', async context => {
	const command = [process.execPath, '--import=tsx', '--input-type=module', '-e', leaving] as const;
	const terminal = openTerminal({columns: 160, rows: 45, command, answering: false});
	context.after(() => terminal.close());
	const asked = await terminal.waitFor(() => /leaving/.test(terminal.written())).then(() => terminal.written());
	terminal.press(answers.map(([, answer]) => answer).join(''));
	assert.equal((await terminal.exit).exitCode, 0);
	for (const [query] of answers) {
		assert.equal(asked.split(query).length, 2);
		assert.equal(terminal.written().split(query).length, 2);
	}
});

for (const [kind, delayMs] of [
	['responds immediately', 0],
	['responds after 400 ms', 400],
	['never responds', undefined],
] as const) {
	for (const [name, until] of moments) {
		test(`pressing q ${name}, on a terminal that ${kind}, leaves no input for the shell`, async context => {
			const terminal = openTerminal({columns: 80, rows: 24, command: ['sh', '-c', script], answering: false});
			const stop = delayMs === undefined ? () => undefined : answerAfter(terminal, delayMs);
			context.after(() => {
				stop();
				terminal.close();
			});
			await terminal.waitFor(() => until.test(terminal.written()));
			terminal.press('q');
			await terminal.waitFor('ready');
			// Responses that are still on their way arrive before this dot.
			setTimeout(() => terminal.press('.'), delayMs ?? 0);
			await terminal.waitFor(/code 0[\s\S]*left <2e>/);
		});
	}
}
