import {scenarios} from '../demo/scenarios.ts';
import {rules} from '../metrics/findings.ts';
import {defaultWindow, windows} from '../metrics/windows.ts';
import {fastest, slowest} from '../state/replay.ts';
import {formats} from './formats.ts';
import {themes} from './settings/themes.ts';

/** What a shell may offer for a value: words, or what it has to look for. */
export type Values = readonly string[] | 'files' | 'profiles' | 'remotes';

/** One flag of the command line. The parser, the help text, the manual, the completions and docs/options.md are made from it. */
export type Flag = {
	/** The name after the two dashes. */
	readonly long: string;
	/** One letter, after one dash. */
	readonly short?: string;
	readonly takes: 'nothing' | 'value' | 'optional value';
	/** What stands for the value in the help text. */
	readonly placeholder?: string;
	/** What the value may be, where that is known. */
	readonly values?: Values;
	/** A clause without a full stop. */
	readonly help: string;
	/** What holds when the flag isn't given, where that is worth saying. */
	readonly default?: string;
};

const table = [
	{
		long: 'window',
		short: 'w',
		takes: 'value',
		placeholder: 'TIME',
		values: windows.map(({name}) => name),
		help: `span of time to begin with: ${windows.map(({name}) => name).join(' ')}`,
		default: defaultWindow.name,
	},
	{
		long: 'interval',
		short: 'i',
		takes: 'value',
		placeholder: 'TIME',
		help: 'time between two polls, 2s to 1h, such as 5, 30s or 1m30s',
		default: '10s',
	},
	{
		long: 'output',
		short: 'o',
		takes: 'value',
		placeholder: 'FORMAT',
		values: formats,
		help: 'print the values instead of drawing them: text or json once, jsonl a line for each poll',
		default: 'text where the output is no terminal',
	},
	{
		long: 'count',
		takes: 'value',
		placeholder: 'N',
		help: 'with -o jsonl, end after so many lines',
	},
	{
		long: 'fail-on',
		takes: 'value',
		placeholder: 'LIST',
		values: ['any', ...rules],
		help: `with -o, end with exit code 10 when something of this is found: any ${rules.join(' ')}`,
	},
	{
		long: 'listen',
		takes: 'value',
		placeholder: 'ADDRESS',
		help: 'serve the values to Prometheus at this port of this machine alone, such as 9464, or at host:port',
	},
	{
		long: 'demo',
		takes: 'optional value',
		placeholder: 'SCENARIO',
		values: scenarios.map(({name}) => name),
		help: 'watch a simulated deployment: no account, no network',
	},
	{
		long: 'run',
		takes: 'value',
		placeholder: 'ID',
		help: 'watch the deployment of this run',
	},
	{
		long: 'record',
		takes: 'value',
		placeholder: 'FILE',
		values: 'files',
		help: 'keep every answer in this file, compressed where its name ends in .gz; never the key',
	},
	{
		long: 'replay',
		takes: 'value',
		placeholder: 'FILE',
		values: 'files',
		help: 'watch a recording: no account, no network',
	},
	{
		long: 'speed',
		takes: 'value',
		placeholder: 'N',
		help: `with --replay, so much faster than it was recorded: ${slowest} to ${fastest}`,
		default: '1',
	},
	{
		long: 'at',
		takes: 'value',
		placeholder: 'TIME',
		help: 'with --replay, where to begin, such as 14:03, "2026-11-23 14:03" or +90m',
	},
	{long: 'org', takes: 'nothing', help: "list the deployments of the whole organisation, not only one's own"},
	{
		long: 'profile',
		takes: 'value',
		placeholder: 'NAME',
		values: 'profiles',
		help: 'use the key of this profile of the baseten CLI',
	},
	{
		long: 'remote',
		takes: 'value',
		placeholder: 'NAME',
		values: 'remotes',
		help: 'use the key of this remote of truss',
	},
	{
		long: 'api-url',
		takes: 'value',
		placeholder: 'URL',
		help: 'address of the API, where it is not that of the key',
		default: 'https://api.baseten.co',
	},
	{
		long: 'theme',
		takes: 'value',
		placeholder: 'NAME',
		values: themes,
		help: `colors to draw with: ${themes.join(' ')}`,
		default: 'auto',
	},
	{
		long: 'symbols',
		takes: 'value',
		placeholder: 'NAME',
		values: ['block', 'ascii'],
		help: 'what the lines and bars are drawn with: block or ascii',
		default: 'by the locale',
	},
	{long: 'ascii', takes: 'nothing', help: 'draw with ASCII characters only: short for --symbols ascii'},
	{long: 'no-color', takes: 'nothing', help: 'draw without colors; so does a non-empty NO_COLOR'},
	{long: 'utc', takes: 'nothing', help: 'show times in UTC instead of the local zone'},
	{
		long: 'mouse',
		takes: 'nothing',
		help: "click to select, wheel to zoom and scroll; takes the terminal's own selection away",
	},
	{
		long: 'plain',
		takes: 'nothing',
		help: 'no screen but sentences: where things stand, then what changes; for screen readers, and by itself where TERM is dumb',
	},
	{long: 'bell', takes: 'nothing', help: 'ring and notify when a finding appears'},
	{
		long: 'threshold',
		takes: 'value',
		placeholder: 'LIST',
		help: 'what counts as a finding, such as gpu-memory=90,stale=5m: straggler gpu-memory disk ram 5xx 4xx in percent, stale a time',
	},
	{
		long: 'config',
		takes: 'value',
		placeholder: 'FILE',
		values: 'files',
		help: 'read the settings from this file, not from the usual place',
	},
	{long: 'print-config', takes: 'nothing', help: 'print the settings in force and where each is from'},
	{
		long: 'debug',
		takes: 'value',
		placeholder: 'FILE',
		values: 'files',
		help: 'log to the end of this file, for a report of a bug: what is asked, decided and pressed; never the key',
	},
	{long: 'help', short: 'h', takes: 'nothing', help: 'print this help'},
	{long: 'version', short: 'v', takes: 'nothing', help: 'print the version'},
] as const satisfies readonly Flag[];

/** The long name of a flag that there is. */
export type FlagName = (typeof table)[number]['long'];

/** Every flag, in the order of the help text. */
export const flags: readonly (Flag & {readonly long: FlagName})[] = table;
