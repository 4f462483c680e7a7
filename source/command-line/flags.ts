// Longer than 250 lines because it is one table: every option, in the order of the help.

import {scenarios} from '../demo/scenarios.ts';
import {rules} from '../metrics/findings.ts';
import {comparisons, defaultWindow, windows} from '../metrics/windows.ts';
import {fastest, slowest} from '../state/replay.ts';
import {symbolSets, themes} from './settings/settings.ts';

/** The output formats: a snapshot, one line per poll, or the series of the window. */
export const formats = ['text', 'json', 'jsonl', 'csv', 'openmetrics', 'html'] as const;
type Format = (typeof formats)[number];

/** The formats that the program writes once before it exits. */
export type OnceFormat = Exclude<Format, 'jsonl'>;

/** The completions of a value: these words, files, or names that the script requests from loops-top. */
type Values = readonly string[] | 'files' | 'profiles' | 'remotes';

/** The headings of the help text, in order. */
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
	/** The default, if it is worth showing. */
	readonly default?: string;
};

/** The names of the thresholds, in the order of `settings/resolve.ts`, which reads them. */
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
	},
	{
		long: 'all',
		group: 'Deployment',
		takes: 'nothing',
		help: 'watch all live deployments (screen, -o, or --listen)',
	},
	{
		long: 'org',
		group: 'Deployment',
		takes: 'nothing',
		help: 'list all deployments in the organization',
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
		default: defaultWindow.name,
	},
	{
		long: 'interval',
		short: 'i',
		group: 'Display',
		takes: 'value',
		placeholder: 'TIME',
		help: 'poll interval, such as 30s or 1m30s',
		default: '10s',
	},
	{
		long: 'compare',
		group: 'Display',
		takes: 'value',
		placeholder: 'WITH',
		values: comparisons,
		help: 'compare with earlier values: window, 1d, or 7d',
	},
	{
		long: 'theme',
		group: 'Display',
		takes: 'value',
		placeholder: 'NAME',
		values: themes,
		help: `colors: ${themes.join(' ')}`,
		default: 'auto',
	},
	{
		long: 'symbols',
		group: 'Display',
		takes: 'value',
		placeholder: 'NAME',
		values: symbolSets,
		help: 'chart characters: braille, block, or ascii',
	},
	{long: 'ascii', group: 'Display', takes: 'nothing', help: 'draw with ASCII only (short for --symbols ascii)'},
	{
		long: 'no-color',
		group: 'Display',
		takes: 'nothing',
		help: 'draw without color',
	},
	{long: 'utc', group: 'Display', takes: 'nothing', help: 'show times in UTC instead of the local time zone'},
	{
		long: 'mouse',
		group: 'Display',
		takes: 'nothing',
		help: 'select, zoom, and scroll with the mouse',
	},
	{
		long: 'plain',
		group: 'Display',
		takes: 'nothing',
		help: 'print sentences for screen readers instead of a screen',
	},
	{
		long: 'on-finding',
		group: 'Findings and cost',
		takes: 'value',
		placeholder: 'CMD',
		help: 'run CMD when a finding begins, worsens, or is resolved',
	},
	{
		long: 'bell',
		group: 'Findings and cost',
		takes: 'nothing',
		help: 'ring the bell and notify you when a finding changes',
	},
	{
		long: 'threshold',
		group: 'Findings and cost',
		takes: 'value',
		placeholder: 'LIST',
		values: thresholdNames.map(name => `${name}=`),
		isList: true,
		help: 'set rule thresholds, such as disk=75,stale=5m',
	},
	{
		long: 'fail-on',
		group: 'Findings and cost',
		takes: 'value',
		placeholder: 'LIST',
		values: ['any', ...rules],
		isList: true,
		help: 'exit with code 10 on active findings of these rules',
	},
	{
		long: 'price',
		group: 'Findings and cost',
		takes: 'value',
		placeholder: 'USD',
		help: 'hourly price of a node, instead of its list price',
	},
	{
		long: 'output',
		short: 'o',
		group: 'Output',
		takes: 'value',
		placeholder: 'FORMAT',
		values: formats,
		help: `output format: ${formats.join(' ')}`,
	},
	{
		long: 'at',
		group: 'Output',
		takes: 'value',
		placeholder: 'TIME',
		help: 'start (or end an export) at a time such as 14:03 or -9h',
	},
	{
		long: 'from',
		group: 'Output',
		takes: 'value',
		placeholder: 'TIME',
		help: 'export starting at this time (csv, openmetrics, html)',
	},
	{
		long: 'to',
		group: 'Output',
		takes: 'value',
		placeholder: 'TIME',
		help: 'export up to this time (csv, openmetrics, html)',
	},
	{long: 'count', group: 'Output', takes: 'value', placeholder: 'N', help: 'with -o jsonl, exit after N lines'},
	{
		long: 'listen',
		group: 'Output',
		takes: 'value',
		placeholder: 'ADDRESS',
		help: 'serve Prometheus metrics on PORT or HOST:PORT',
	},
	{
		long: 'record',
		group: 'Recordings',
		takes: 'value',
		placeholder: 'FILE',
		values: 'files',
		help: 'record the API responses (without the key)',
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
		help: 'append a debug log (without the key) to FILE',
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
