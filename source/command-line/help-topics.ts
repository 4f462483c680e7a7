import {scenarios} from '../demo/scenarios.ts';

/** A part of the help and of the manual: names with what they mean, and what is said above and below them. */
export type Topic = {
	readonly title: string;
	/** A clause without a colon; the title where there is none. */
	readonly intro?: string;
	readonly rows: ReadonlyArray<readonly [name: string, meaning: string]>;
	/** Whole sentences. */
	readonly note?: string;
};

/** What comes after the name of the program. */
export const synopses = ['[DEPLOYMENT-ID] [options]', '--demo [SCENARIO]', 'completion bash|zsh|fish'] as const;

export const summary = 'A live monitor for Baseten Loops trainers: requests, latency, GPUs and nodes.';

export const topics: readonly Topic[] = [
	{title: 'Demo scenarios', rows: scenarios.map(({name, about}) => [name, about])},
	{
		title: 'Examples',
		rows: [
			['loops-top', 'choose among your deployments; the only live one is watched at once'],
			['loops-top k4q95w5', 'watch this deployment: the last hour'],
			['loops-top k4q95w5 -w 24h -i 1m', 'the last day, asked every minute'],
			['loops-top --demo straggler', 'try it without an account'],
			['loops-top --replay night.jsonl', 'watch what was kept with --record'],
		],
	},
	{
		title: 'API key',
		intro: 'The API key is the first of these that there is',
		rows: [
			['--profile NAME', 'a profile of the baseten CLI'],
			['--remote NAME', 'a remote of truss'],
			['BASETEN_API_KEY', 'with BASETEN_REMOTE_URL, where that is set'],
			['BASETEN_PROFILE', 'a profile of the baseten CLI'],
			['auth.json', 'the current profile of the baseten CLI'],
			['~/.trussrc', 'the remote named baseten, or the only one'],
		],
		note: "One that the baseten CLI or truss keeps in the system's keyring is read with secret-tool (Linux) or security (macOS), which may ask for your password.",
	},
	{
		title: 'Proxy',
		intro: 'The API is asked through a proxy, which sees its host and never the key, where there is one',
		rows: [
			['HTTPS_PROXY', 'such as http://user:password@proxy.example.com:3128; or else HTTP_PROXY'],
			['NO_PROXY', 'names and networks to reach without it: baseten.co, 10.0.0.0/8, *'],
			['NODE_EXTRA_CA_CERTS', 'PEM file with the CA certificate of a proxy that inspects TLS'],
		],
	},
	{
		title: 'Settings',
		intro: 'A setting is taken from its flag, its variable or the configuration file, the first that has it',
		rows: [
			['LOOPS_TOP_…', 'WINDOW, INTERVAL, THEME, SYMBOLS, UTC, MOUSE, PLAIN, BELL (1 or 0) and THRESHOLD'],
			['config.json', 'in ~/.config/loops-top or %APPDATA%\\loops-top, or what --config names'],
		],
		note: 'The file is JSON, such as {"window": "3h", "thresholds": {"disk": 85}}. The key never belongs there.',
	},
	{
		title: 'Exit codes',
		rows: [
			['0', 'success'],
			['1', 'another error'],
			['2', 'wrong flag or setting'],
			['3', 'no API key, or one that is refused'],
			['4', 'no such deployment'],
			['5', 'request refused'],
			['6', 'server or network error'],
			['10', 'something was found that --fail-on names'],
			['130', 'interrupted'],
		],
	},
];
