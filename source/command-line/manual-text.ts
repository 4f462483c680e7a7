// The parts of the man page and docs/options.md that --help doesn't contain. The program doesn't import this file,
// which keeps the bundle small.

import type {ScenarioName} from '../demo/scenarios.ts';
import {type ExitCode, exitCodes} from '../errors/user-error.ts';
import {rules} from '../metrics/findings.ts';
import type {FlagName} from './flags.ts';
import {examples} from './help.ts';

/** The description of each scenario of the demo, in the order of the scenarios. */
export const scenarioTexts: Readonly<Record<ScenarioName, string>> = {
	steady: '4 nodes with 8 H100s each, all healthy',
	single: 'one node, no breakdown by node, and no sampler',
	fleet: '16 nodes with 8 H100s each',
	straggler: 'one GPU falls behind and slows down the others',
	errors: 'many requests fail',
	idle: 'scaled to zero twenty minutes ago',
	deploying: 'ready after a minute',
	outage: 'the network fails now and then',
	missing: 'one node stops reporting',
	half: 'the GPUs of one node are idle while others work',
	crash: 'one node restarts and comes back with a GPU missing',
	hung: 'requests to the trainer and its sampler hang, and none has completed for a while',
	sampler: 'the sampler is unhealthy, and many of its requests fail',
	waiting: 'the trainer waits for its client, which sends no requests',
	unused: "the run has ended, but you're still paying for its GPUs",
	full: 'RAM, storage, and the memory of one GPU run out',
	stale: 'the server responds, but has no new samples',
	odd: 'parts of the responses are unreadable',
	failed: 'the trainer failed ten minutes ago',
	empty: 'running, but without any samples yet',
};

/** Details about flags that don't fit in the help text, in complete sentences. */
export const flagDetails: Readonly<Partial<Record<FlagName, string>>> = {
	run: "Passing a run's ID instead of a deployment's does the same.",
	all: 'Each is polled every 30 seconds, or less often if there are more than 20; the one that you open is polled at the usual interval. The outputs text and json print all of them once; --listen serves the metrics of all of them.',
	window: 'The time range that is shown at startup. The + and - keys change it.',
	interval: 'The interval must be between 2s and 1h; a number without a unit is in seconds.',
	compare:
		'Without this option, nothing is compared. "window" means the previous window, 1d means a day earlier, and 7d means a week earlier. The earlier values are drawn as dim curves, and each title shows the difference; -o json and -o jsonl contain the earlier values and the differences. The b key changes the comparison.',
	theme: "The theme auto is dark or light, depending on the terminal's background.",
	symbols:
		'The default depends on the locale and the terminal: usually, it is braille in a UTF-8 locale, and ascii otherwise. With block, curves are drawn with lines instead of braille dots.',
	'no-color': 'A non-empty NO_COLOR does the same.',
	mouse: "The terminal's own text selection is disabled while the screen is open.",
	plain: 'The current state is printed first, then each change. This is the default if TERM is dumb.',
	'on-finding':
		"Commands run in a shell, one at a time, and are killed after 30 seconds. The command receives the finding as JSON on its standard input, and parts of it in the environment variables LOOPS_TOP_RULE, LOOPS_TOP_ID, LOOPS_TOP_STATE, LOOPS_TOP_SUBJECT, LOOPS_TOP_MESSAGE, and LOOPS_TOP_DEPLOYMENT. The command's environment doesn't contain the API key.",
	bell: 'A finding changes when it appears, gets worse, becomes unknown, or is resolved.',
	threshold:
		'The thresholds idle-gpus, straggler, gpu-memory (off by default), disk, ram, 5xx, and 4xx are percentages; disk-growth, stalled, idle-deployment, checkpoint-age (off by default), and stale are durations.',
	'fail-on': `This works with every format of -o. The rules are ${rules.slice(0, -1).join(', ')}, and ${rules.at(-1)}; any means all of them.`,
	price: "Without this option, costs are estimated from the instance type's list price, which is requested once a day.",
	output:
		"The formats text and json print one snapshot, jsonl prints one line per poll, and csv, openmetrics, and html export the window. The default is text if standard output isn't a terminal, unless --plain, --listen, or --on-finding is given.",
	at: 'This works live and in a recording. A time of day means its most recent occurrence or, in a recording, the first one. -9h counts back from now, or from the end of a recording, and +90m counts from the beginning of a recording. 2026-11-27T03:10Z is UTC; times without a time zone are local, or UTC with --utc.',
	from: 'Write TIME as for --at. Without --to, the range ends now (in a recording, at its end), or has the length of -w if -w is given. The range can be up to 7 days long or, in a recording, any length.',
	to: 'A time of day means the first one after --from. Without --from, the range has the length of -w.',
	listen: 'With only a port, such as 9464, loops-top listens on the loopback interface only.',
	record: 'The file is compressed if its name ends in .gz. An existing recording of the same deployment is continued.',
	'api-url': 'If a URL is stored with the key, that URL is the default.',
	debug:
		'Attach it to bug reports. The log contains decisions, keystrokes, and requests with their status, but never the text typed into a filter.',
};

/** A section of the man page: names with their meanings, and text above and below them. */
export type Topic = {
	readonly title: string;
	/** A clause without a colon, shown above the names; none by default. */
	readonly intro?: string;
	readonly rows: ReadonlyArray<readonly [name: string, meaning: string]>;
	/** Whole sentences. */
	readonly note?: string;
};

const codes: ReadonlyArray<readonly [code: ExitCode, meaning: string]> = [
	[exitCodes.ok, 'success'],
	[exitCodes.other, 'any other error'],
	[exitCodes.usage, 'invalid option or setting'],
	[exitCodes.authentication, 'no usable API key, or a rejected one (401, 403)'],
	[exitCodes.notFound, 'no such deployment (404)'],
	[exitCodes.client, 'rejected request (any other 4xx)'],
	[exitCodes.server, 'server or network error'],
	[exitCodes.finding, 'a rule named by --fail-on has an active finding'],
	[exitCodes.interrupted, 'interrupted (ctrl-c)'],
];

/** The last sections of the man page. */
export const topics: readonly Topic[] = [
	{
		title: 'Examples',
		rows: examples,
	},
	{
		title: 'Demo scenarios',
		rows: Object.entries(scenarioTexts),
	},
	{
		title: 'API key',
		intro: 'The API key comes from the first of these that exists',
		rows: [
			['--profile NAME', 'a baseten CLI profile'],
			['--remote NAME', 'a truss remote'],
			['BASETEN_API_KEY', 'with BASETEN_REMOTE_URL, if that is set'],
			['BASETEN_PROFILE', 'a baseten CLI profile'],
			['auth.json', 'the current profile of the baseten CLI'],
			['BASETEN_TRUSS_AUTH_API_KEY', 'with BASETEN_TRUSS_AUTH_REMOTE_URL'],
			['~/.trussrc', 'the remote named baseten, or the only one'],
		],
		note: 'A key that the baseten CLI or truss stores in the system keyring is read with secret-tool (Linux) or security (macOS), which might ask for your password.',
	},
	{
		title: 'Proxy',
		intro: 'Requests can go through a proxy, which sees only the hostname of the API unless it inspects TLS',
		rows: [
			['HTTPS_PROXY', "such as http://user:password@proxy.example.com:3128; if it isn't set, HTTP_PROXY is used"],
			['NO_PROXY', 'domains and networks to connect to without a proxy: baseten.co, 10.0.0.0/8, *'],
			['NODE_EXTRA_CA_CERTS', 'PEM file with the CA certificate of a proxy that inspects TLS'],
		],
	},
	{
		title: 'Settings',
		intro: 'An option overrides an environment variable, which overrides the settings file',
		rows: [
			[
				'LOOPS_TOP_…',
				'WINDOW, INTERVAL, COMPARE, THEME, SYMBOLS, PRICE, and THRESHOLD; also UTC, MOUSE, PLAIN, and BELL, with the value 1 or 0',
			],
			['config.json', 'in ~/.config/loops-top or %APPDATA%\\loops-top, or the file given by --config'],
		],
		note: 'The file is JSON, such as {"window": "3h", "thresholds": {"disk": 75}}. It can\'t contain the key.',
	},
	{
		title: 'Exit codes',
		rows: codes.map(([code, meaning]) => [String(code), meaning]),
	},
];
