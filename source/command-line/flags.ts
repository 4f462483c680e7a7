// Longer than 250 lines because it is one table: every option, in the order of the help.

import {scenarios} from '../demo/scenarios.ts';
import {comparisons} from '../metrics/comparison.ts';
import {rules} from '../metrics/findings.ts';
import {defaultWindow, windows} from '../metrics/windows.ts';
import {fastest, slowest} from '../state/replay.ts';
import {symbolSets, themes} from './settings/settings.ts';

/** The output formats: a snapshot, one line per poll, or the series of the window. */
export const formats = ['text', 'json', 'jsonl', 'csv', 'openmetrics', 'html'] as const;
type Format = (typeof formats)[number];

/** The formats after which the program exits. */
export type OnceFormat = Exclude<Format, 'jsonl'>;

/** The completions of a value: these words, or a list that the shell looks up. */
type Values = readonly string[] | 'files' | 'profiles' | 'remotes';

/** The headings of the help text, in its order. */
export const flagGroups = [
	'Deployment',
	'Display',
	'Findings and cost',
	'Output',
	'Recordings',
	'Connection',
	'General',
] as const;
type FlagGroup = (typeof flagGroups)[number];

/**
 * One flag of the command line. The parser, the help text, the man page, the completions, and docs/options.md are
 * derived from it.
 */
export type Flag = {
	/** The name after the two dashes. */
	readonly long: string;
	/** One letter, after one dash. */
	readonly short?: string;
	readonly group: FlagGroup;
	readonly takes: 'nothing' | 'value' | 'optional value';
	/** The placeholder for the value in the help text. */
	readonly placeholder?: string;
	/** The values that a shell can complete. */
	readonly values?: Values;
	/** Whether several values can be given, separated by commas. */
	readonly isList?: boolean;
	/** A verb or noun phrase of at most 60 characters, without a period. */
	readonly help: string;
	/** Whole sentences for the man page and docs/options.md that don't fit in the help text. */
	readonly details?: string;
	/** The default, if it is worth showing. */
	readonly default?: string;
};

/** The names of the thresholds, in the order of `settings/threshold-settings.ts`, which reads them. */
const thresholdNames = [
	'idle-gpus',
	'straggler',
	'gpu-memory',
	'disk',
	'ram',
	'5xx',
	'4xx',
	'disk-growth',
	'stalled',
	'idle-deployment',
	'checkpoint-age',
	'stale',
] as const;

const table = [
	{
		long: 'run',
		group: 'Deployment',
		takes: 'value',
		placeholder: 'ID',
		help: 'watch the deployment of this run',
		details: "Passing a run's id instead of a deployment's does the same.",
	},
	{
		long: 'all',
		group: 'Deployment',
		takes: 'nothing',
		help: 'watch all live deployments: overview, -o json, --listen',
		details:
			'Each is polled every 30 seconds, or less often if there are more than 20; the one that you open is polled at the usual interval. The outputs text and json print all of them once; --listen serves all of them.',
	},
	{
		long: 'org',
		group: 'Deployment',
		takes: 'nothing',
		help: 'list the deployments of the whole organization',
	},
	{
		long: 'demo',
		group: 'Deployment',
		takes: 'optional value',
		placeholder: 'SCENARIO',
		values: scenarios.map(({name}) => name),
		help: 'watch a simulated deployment (no account needed)',
	},
	{
		long: 'window',
		short: 'w',
		group: 'Display',
		takes: 'value',
		placeholder: 'TIME',
		values: windows.map(({name}) => name),
		help: `window: ${windows.map(({name}) => name).join(' ')}`,
		details: 'The time range that is shown at startup. The + and - keys change it.',
		default: defaultWindow.name,
	},
	{
		long: 'interval',
		short: 'i',
		group: 'Display',
		takes: 'value',
		placeholder: 'TIME',
		help: 'poll interval, such as 30s or 1m30s',
		details: 'The interval can be 2s to 1h; a number without a unit is in seconds.',
		default: '10s',
	},
	{
		long: 'compare',
		group: 'Display',
		takes: 'value',
		placeholder: 'WITH',
		values: comparisons,
		help: 'compare with the previous window, or 1d or 7d earlier',
		details:
			'The earlier values are drawn as dim curves, and each title shows the difference; -o json and -o jsonl report both. The b key changes the comparison. The default is off.',
	},
	{
		long: 'theme',
		group: 'Display',
		takes: 'value',
		placeholder: 'NAME',
		values: themes,
		help: `colors: ${themes.join(' ')}`,
		details: 'The theme auto asks the terminal whether its background is dark or light.',
		default: 'auto',
	},
	{
		long: 'symbols',
		group: 'Display',
		takes: 'value',
		placeholder: 'NAME',
		values: symbolSets,
		help: 'chart characters: braille, block, or ascii',
		details:
			'The default is braille in a UTF-8 locale, and ascii otherwise. With block, curves are drawn with lines instead of braille dots.',
	},
	{long: 'ascii', group: 'Display', takes: 'nothing', help: 'draw with ASCII only (short for --symbols ascii)'},
	{
		long: 'no-color',
		group: 'Display',
		takes: 'nothing',
		help: 'draw without color',
		details: 'A non-empty NO_COLOR does the same.',
	},
	{long: 'utc', group: 'Display', takes: 'nothing', help: 'show times in UTC instead of the local time zone'},
	{
		long: 'mouse',
		group: 'Display',
		takes: 'nothing',
		help: 'let the mouse select, zoom, and scroll',
		details: "The terminal's own text selection is disabled while the screen is open.",
	},
	{
		long: 'plain',
		group: 'Display',
		takes: 'nothing',
		help: 'print sentences for screen readers instead of a screen',
		details: 'The current state is printed first, then each change. This is the default if TERM is dumb.',
	},
	{
		long: 'on-finding',
		group: 'Findings and cost',
		takes: 'value',
		placeholder: 'CMD',
		help: 'run CMD when a finding begins or is resolved',
		details:
			"The shell runs one command at a time, for 30 seconds at most, with the finding as JSON on its standard input, and LOOPS_TOP_RULE, _ID, _STATE, _SUBJECT, _MESSAGE, and _DEPLOYMENT in its environment, which doesn't contain the API key.",
	},
	{
		long: 'bell',
		group: 'Findings and cost',
		takes: 'nothing',
		help: 'ring the bell and notify you when a finding changes',
		details: 'A finding changes when it appears, gets worse, becomes unknown, or is resolved.',
	},
	{
		long: 'threshold',
		group: 'Findings and cost',
		takes: 'value',
		placeholder: 'LIST',
		values: thresholdNames.map(name => `${name}=`),
		isList: true,
		help: 'set rule thresholds, such as disk=85,stale=5m',
		details:
			'The thresholds idle-gpus, straggler, gpu-memory (off by default), disk, ram, 5xx, and 4xx are percentages; disk-growth, stalled, idle-deployment, checkpoint-age (off by default), and stale are times.',
	},
	{
		long: 'fail-on',
		group: 'Findings and cost',
		takes: 'value',
		placeholder: 'LIST',
		values: ['any', ...rules],
		isList: true,
		help: 'exit with code 10 if any of these rules has a finding',
		details: `This works with -o text, json, and jsonl. The rules are ${rules.join(', ')}; any stands for all of them.`,
	},
	{
		long: 'price',
		group: 'Findings and cost',
		takes: 'value',
		placeholder: 'USD',
		help: 'price of a node per hour, instead of its list price',
		details: 'Without it, costs are estimated from the list price of the instance type, which is requested once a day.',
	},
	{
		long: 'output',
		short: 'o',
		group: 'Output',
		takes: 'value',
		placeholder: 'FORMAT',
		values: formats,
		help: `output format: ${formats.join(' ')}`,
		details:
			"The formats text and json print one snapshot, jsonl prints one line per poll, and csv, openmetrics, and html export the window. The default is text if standard output isn't a terminal.",
	},
	{
		long: 'at',
		group: 'Output',
		takes: 'value',
		placeholder: 'TIME',
		help: 'start at this time: 14:03, -9h, "Nov 27 03:10"',
		details:
			'This works live and in a recording; an export ends at this time. A time of day means its most recent occurrence, or in a recording, the first one. -9h counts back from now, or from the end of a recording, and +90m counts from the beginning of a recording. 2026-11-27T03:10Z is UTC; other times are in the local time zone, or in UTC with --utc.',
	},
	{
		long: 'from',
		group: 'Output',
		takes: 'value',
		placeholder: 'TIME',
		help: 'export from this time on (csv, openmetrics, html)',
		details:
			'The time can be written as for --at. Without --to, the range ends now, or has the length of -w if that is given. Live, it is at most 7 days long; in a recording, it can have any length.',
	},
	{
		long: 'to',
		group: 'Output',
		takes: 'value',
		placeholder: 'TIME',
		help: 'export up to this time (csv, openmetrics, html)',
		details: 'A time of day means the first one after --from. Without --from, the range has the length of -w.',
	},
	{long: 'count', group: 'Output', takes: 'value', placeholder: 'N', help: 'with -o jsonl, exit after N lines'},
	{
		long: 'listen',
		group: 'Output',
		takes: 'value',
		placeholder: 'ADDRESS',
		help: 'serve Prometheus metrics on PORT or HOST:PORT',
		details: 'A port alone, such as 9464, listens on the loopback interface only.',
	},
	{
		long: 'record',
		group: 'Recordings',
		takes: 'value',
		placeholder: 'FILE',
		values: 'files',
		help: 'record every API response (never the key)',
		details:
			'The file is compressed if its name ends in .gz. An existing recording of the same deployment is continued.',
	},
	{
		long: 'replay',
		group: 'Recordings',
		takes: 'value',
		placeholder: 'FILE',
		values: 'files',
		help: 'play a recording (no account, no network)',
	},
	{
		long: 'speed',
		group: 'Recordings',
		takes: 'value',
		placeholder: 'N',
		help: `playback speed of --replay, ${slowest} to ${fastest}`,
		default: '1',
	},
	{
		long: 'profile',
		group: 'Connection',
		takes: 'value',
		placeholder: 'NAME',
		values: 'profiles',
		help: 'use the key of this baseten CLI profile',
	},
	{
		long: 'remote',
		group: 'Connection',
		takes: 'value',
		placeholder: 'NAME',
		values: 'remotes',
		help: 'use the key of this truss remote',
	},
	{
		long: 'api-url',
		group: 'Connection',
		takes: 'value',
		placeholder: 'URL',
		help: 'base URL of the API',
		details: 'If a URL is stored with the key, it is the default.',
		default: 'https://api.baseten.co',
	},
	{
		long: 'config',
		group: 'General',
		takes: 'value',
		placeholder: 'FILE',
		values: 'files',
		help: 'read settings from FILE instead of the default file',
	},
	{
		long: 'print-config',
		group: 'General',
		takes: 'nothing',
		help: 'print the effective settings and their sources',
	},
	{
		long: 'debug',
		group: 'General',
		takes: 'value',
		placeholder: 'FILE',
		values: 'files',
		help: 'append a debug log to FILE (never the key)',
		details:
			'Attach it to bug reports. The log contains requests with their status, decisions, and keystrokes, but never the text typed into a filter.',
	},
	{long: 'help', short: 'h', group: 'General', takes: 'nothing', help: 'print this help'},
	{long: 'version', short: 'v', group: 'General', takes: 'nothing', help: 'print the version'},
	{
		long: 'man',
		group: 'General',
		takes: 'nothing',
		help: 'print the man page: loops-top --man | man -l -',
	},
	{long: 'licenses', group: 'General', takes: 'nothing', help: 'print the licenses of the bundled software'},
] as const satisfies readonly Flag[];

/** The long name of an existing flag. */
export type FlagName = (typeof table)[number]['long'];

/** Every flag, in the order of the help text: grouped by `flagGroups`. */
export const flags: readonly (Flag & {readonly long: FlagName})[] = table;
