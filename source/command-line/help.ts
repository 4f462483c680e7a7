import {scenarios} from '../demo/scenarios.ts';
import {type ExitCode, exitCodes} from '../errors/user-error.ts';
import {type Flag, flagGroups, flags} from './flags.ts';

/** A section of the man page: names with their meaning, and text above and below them. */
export type Topic = {
	readonly title: string;
	/** A clause without a colon; defaults to the title. */
	readonly intro?: string;
	readonly rows: ReadonlyArray<readonly [name: string, meaning: string]>;
	/** Whole sentences. */
	readonly note?: string;
	/** The replacement for the rows in --help, which has less space: one sentence or a list. */
	readonly brief?: string;
};

/** The part of the command line after the program's name. */
export const synopses = [
	'[DEPLOYMENT-ID] [options]',
	'--demo [SCENARIO]',
	'completion bash|zsh|fish',
	'prometheus rules',
	'grafana dashboard',
] as const;

export const summary = 'A live monitor for Baseten Loops trainers: requests, latency, GPUs, and nodes.';

const codes: ReadonlyArray<readonly [code: ExitCode, meaning: string]> = [
	[exitCodes.ok, 'success'],
	[exitCodes.other, 'any other error'],
	[exitCodes.usage, 'invalid option or setting'],
	[exitCodes.authentication, 'no API key, or a rejected one (401, 403)'],
	[exitCodes.notFound, 'no such deployment (404)'],
	[exitCodes.client, 'rejected request (any other 4xx)'],
	[exitCodes.server, 'server or network error'],
	[exitCodes.finding, 'a rule named by --fail-on has a finding'],
	[exitCodes.interrupted, 'interrupted (ctrl-c)'],
];

/** The sections of the man page, which are also the last part of the help text. */
export const topics: readonly Topic[] = [
	{
		title: 'Examples',
		rows: [
			['loops-top', 'watch your only live deployment, or show all'],
			['loops-top k4q95w5', 'watch this deployment, showing the last hour'],
			['loops-top k4q95w5 -w 24h -i 1m', 'watch the last 24 hours, polling every minute'],
			['loops-top --demo straggler', 'try it without an account'],
			['loops-top --replay night.jsonl', 'play a recording made with --record'],
		],
	},
	{
		title: 'Demo scenarios',
		rows: scenarios.map(({name, about}) => [name, about]),
		brief: scenarios.map(({name}) => name).join(' '),
	},
	{
		title: 'API key',
		intro: 'The API key comes from the first of these that is set',
		rows: [
			['--profile NAME', 'a baseten CLI profile'],
			['--remote NAME', 'a truss remote'],
			['BASETEN_API_KEY', 'with BASETEN_REMOTE_URL, if that is set'],
			['BASETEN_PROFILE', 'a baseten CLI profile'],
			['auth.json', 'the current profile of the baseten CLI'],
			['~/.trussrc', 'the remote named baseten, or the only one'],
		],
		note: 'A key that the baseten CLI or truss stores in the system keyring is read with secret-tool (Linux) or security (macOS), which might ask for your password.',
		brief:
			"the first of --profile, --remote, BASETEN_API_KEY, BASETEN_PROFILE, the baseten CLI's current profile, ~/.trussrc",
	},
	{
		title: 'Proxy',
		intro: 'Requests can go through a proxy, which sees the hostname of the API, but never the key',
		rows: [
			['HTTPS_PROXY', 'such as http://user:password@proxy.example.com:3128; if it is not set, HTTP_PROXY is used'],
			['NO_PROXY', 'domains and networks to connect to without a proxy: baseten.co, 10.0.0.0/8, *'],
			['NODE_EXTRA_CA_CERTS', 'PEM file with the CA certificate of a proxy that inspects TLS'],
		],
		brief: 'HTTPS_PROXY or HTTP_PROXY, except NO_PROXY; CA: NODE_EXTRA_CA_CERTS',
	},
	{
		title: 'Settings',
		intro:
			'A setting comes from its option, otherwise from its environment variable, and otherwise from the settings file',
		rows: [
			[
				'LOOPS_TOP_…',
				'WINDOW, INTERVAL, COMPARE, THEME, SYMBOLS, UTC, MOUSE, PLAIN, BELL (1 or 0), PRICE, and THRESHOLD',
			],
			['config.json', 'in ~/.config/loops-top or %APPDATA%\\loops-top, or the file given by --config'],
		],
		note: 'The file is JSON, such as {"window": "3h", "thresholds": {"disk": 85}}. It can\'t contain the key.',
		brief:
			'config.json in ~/.config/loops-top (or %APPDATA%\\loops-top), or LOOPS_TOP_… variables: WINDOW INTERVAL COMPARE THEME SYMBOLS UTC MOUSE PLAIN BELL PRICE THRESHOLD',
	},
	{
		title: 'Exit codes',
		rows: codes.map(([code, meaning]) => [String(code), meaning]),
		brief:
			'0 success, 1 other error, 2 usage, 3 no valid key, 4 not found, 5 rejected, 6 server or network, 10 finding, 130 interrupted',
	},
];

const columns = 80;

/** Returns the text of --help: at most 80 columns wide, two screens long, ending with a line break. */
export function helpText(): string {
	const indent = indentOf(flags.map(spellings));
	const groups = flagGroups.map(group => {
		const members = flags.filter(flag => flag.group === group);
		return `${group}:\n${twoColumns(
			members.map(flag => [spellings(flag), describe(flag)]),
			indent,
		)}`;
	});
	const [long, brief] = [topics.filter(isLong), topics.filter(topic => !isLong(topic))];
	const parts = [summary, ...groups, ...long.map(longText), brief.map(briefText).join('\n'), 'Details: man loops-top'];
	return `${usage()}\n\n${parts.join('\n\n')}\n`;
}

function isLong({brief}: Topic): boolean {
	return brief === undefined;
}

function usage(): string {
	return synopses.map((synopsis, index) => `${index === 0 ? 'Usage:' : '      '} loops-top ${synopsis}`).join('\n');
}

function longText({title, rows}: Topic): string {
	return `${title}:\n${twoColumns(rows, indentOf(rows.map(([name]) => name)))}`;
}

/** A title followed by its text, with further lines below. */
function briefText({title, brief = ''}: Topic): string {
	const indent = ' '.repeat(2);
	const [first = '', ...others] = wrap(`${title}: ${brief}`, columns - indent.length);
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

/** Returns lines with the names on the left, and their meanings, wrapped, from column `indent` on. */
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
