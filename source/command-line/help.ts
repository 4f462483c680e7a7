import {scenarios} from '../demo/scenarios.ts';
import {type Flag, flagGroups, flags} from './flags.ts';

/** The forms of the command line, without the program's name. */
export const synopses = [
	'[DEPLOYMENT-ID] [options]',
	'--demo [SCENARIO]',
	'completion bash|zsh|fish',
	'prometheus rules',
	'grafana dashboard',
] as const;

/** A description of the program in one line. */
export const summary = 'A live monitor for Baseten Loops trainers: requests, latency, GPUs, and nodes.';

/** The usage examples, and what each does. */
export const examples: ReadonlyArray<readonly [command: string, meaning: string]> = [
	['loops-top', 'watch your only live deployment, or list all'],
	['loops-top k4q95w5', 'watch this deployment, showing the last hour'],
	['loops-top k4q95w5 -w 24h -i 1m', 'watch the last 24 hours, polling every minute'],
	['loops-top --demo straggler', 'try it without an account'],
	['loops-top --replay night.jsonl', 'play a recording made with --record'],
];

/** The last parts of the help text, which has less space than the man page: one sentence or a list each. */
const briefs: ReadonlyArray<readonly [title: string, text: string]> = [
	['Demo scenarios', scenarios.map(({name}) => name).join(' ')],
	[
		'API key',
		"the first of --profile, --remote, BASETEN_API_KEY, BASETEN_PROFILE, the baseten CLI's current profile, BASETEN_TRUSS_AUTH_API_KEY, ~/.trussrc",
	],
	['Proxy', 'HTTPS_PROXY or HTTP_PROXY; exempt: NO_PROXY; CA: NODE_EXTRA_CA_CERTS'],
	[
		'Settings',
		'config.json in ~/.config/loops-top (or %APPDATA%\\loops-top), or LOOPS_TOP_* variables: WINDOW INTERVAL COMPARE THEME SYMBOLS UTC MOUSE PLAIN BELL PRICE THRESHOLD',
	],
	[
		'Exit codes',
		'0 success, 1 other error, 2 usage, 3 no valid key, 4 not found, 5 rejected, 6 server or network, 10 finding, 130 interrupted',
	],
];

const columns = 80;

/** Returns the text of --help: at most 80 columns wide, about two screens long, and ending with a line break. */
export function helpText(): string {
	const indent = indentOf(flags.map(spellings));
	const groups = flagGroups.map(group => {
		const members = flags.filter(flag => flag.group === group);
		return `${group}:\n${twoColumns(
			members.map(flag => [spellings(flag), describe(flag)]),
			indent,
		)}`;
	});
	const parts = [
		summary,
		...groups,
		`Examples:\n${twoColumns(examples, indentOf(examples.map(([name]) => name)))}`,
		briefs.map(briefText).join('\n'),
		'Details: man loops-top',
	];
	return `${usage()}\n\n${parts.join('\n\n')}\n`;
}

function usage(): string {
	return synopses.map((synopsis, index) => `${index === 0 ? 'Usage:' : '      '} loops-top ${synopsis}`).join('\n');
}

/** Returns a title and its text, wrapped, with all lines but the first indented. */
function briefText([title, text]: readonly [title: string, text: string]): string {
	const indent = ' '.repeat(2);
	const [first = '', ...others] = wrap(`${title}: ${text}`, columns - indent.length);
	return [first, ...others.map(line => indent + line)].join('\n');
}

/** Returns the spelling of a flag: `-w, --window TIME`. */
function spellings({long, short, takes, placeholder = 'VALUE'}: Flag): string {
	const value = takes === 'nothing' ? '' : takes === 'value' ? ` ${placeholder}` : ` [${placeholder}]`;
	return `${short === undefined ? '    ' : `-${short}, `}--${long}${value}`;
}

function describe({help, default: preset}: Flag): string {
	return preset === undefined ? help : `${help} (default ${preset})`;
}

function indentOf(names: readonly string[]): number {
	return 2 + Math.max(...names.map(name => name.length)) + 2;
}

/** Returns lines with the names on the left and their meanings, wrapped, from column `indent` onward. */
function twoColumns(rows: ReadonlyArray<readonly [name: string, meaning: string]>, indent: number): string {
	return rows
		.map(([name, meaning]) => {
			const lines = wrap(meaning, columns - indent);
			return `  ${name.padEnd(indent - 2)}${lines.join(`\n${' '.repeat(indent)}`)}`;
		})
		.join('\n');
}

function wrap(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > width) {
			lines.push(line);
			line = word;
		} else {
			line = line === '' ? word : `${line} ${word}`;
		}
	}

	return [...lines, line];
}
