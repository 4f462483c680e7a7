import type {Scope} from '../api/client.ts';
import {type HostEnvironment, warnOfOpenFile} from '../credentials/host-environment.ts';
import type {Thresholds} from '../metrics/thresholds.ts';
import type {Comparison, Window} from '../metrics/windows.ts';
import {
	type CompletionTopic,
	type PrintedTopic,
	parseArguments,
	readCompletionTopic,
	readPrintedTopic,
} from './arguments.ts';
import {helpText} from './help.ts';
import {type Output, readOutput} from './output-options.ts';
import {printedConfiguration} from './print-config.ts';
import {readConfigFile} from './settings/config-file.ts';
import {readEnvironment, readFlags, readTerminal, resolveSettings} from './settings/resolve.ts';
import {readColor, type TerminalAppearance, type ThemeName} from './settings/settings.ts';
import {readSource, type Source} from './source-options.ts';
import {readTimes, type Times} from './time-options.ts';

/** The effective configuration. The interval is in milliseconds, 2 s to 1 h. */
export type Configuration = TerminalAppearance & {
	readonly source: Source;
	/** Whether the user's own deployments or those of the whole organization are listed. */
	readonly scope: Scope;
	/** Whether all live deployments are watched. */
	readonly all: boolean;
	readonly window: Window;
	readonly intervalMs: number;
	/** The earlier range that the values are compared with, if any. */
	readonly comparison: Comparison;
	/** Whether times are shown in UTC instead of the local time zone. */
	readonly utc: boolean;
	/** Ignored if `color` is `none`. */
	readonly theme: ThemeName;
	readonly mouse: boolean;
	/** Whether a terminal shows sentences instead of a screen. */
	readonly plain: boolean;
	readonly bell: boolean;
	/** The user's own price for a node, in US dollars per hour. */
	readonly price: number | undefined;
	readonly thresholds: Thresholds;
	readonly output: Output;
	/** The time to begin at, and the time range to export. */
	readonly times: Times;
	/** The shell command to run for findings. */
	readonly onFinding: string | undefined;
	/** The file that responses are recorded to. */
	readonly record: string | undefined;
	/** The file that the debug log is appended to. */
	readonly debug: string | undefined;
};

/** The task: to print text that ends with a line break, to print a completion or a file, or to run. */
type Outcome =
	| {readonly kind: 'help' | 'version' | 'print'; readonly text: string}
	| {readonly kind: 'completion'; readonly topic: CompletionTopic}
	| {readonly kind: 'topic'; readonly topic: PrintedTopic}
	/** Print a file that comes with the program. */
	| {readonly kind: 'document'; readonly file: DocumentName}
	/** Run with this configuration, after showing `warnings`, which are sentences. */
	| {readonly kind: 'run'; readonly configuration: Configuration; readonly warnings: readonly string[]};

/** The flags that print a file that comes with the program. */
const documents = [
	{flag: 'man', file: 'loops-top.1'},
	{flag: 'licenses', file: 'THIRD-PARTY-LICENSES'},
] as const;

/** The name of a file that comes with the program. */
export type DocumentName = (typeof documents)[number]['file'];

/** The sources of a configuration. `argv` excludes node and the script. */
export type ConfigurationInput = Omit<HostEnvironment, 'profile' | 'remote'> & {
	readonly argv: readonly string[];
	readonly version: string;
};

/**
 * Reads the configuration from the command line, the environment, the settings file, and the stored keys. A setting
 * comes from the first of these sources that has it, but the settings of all sources are validated.
 *
 * @throws UserError for the invalid settings of the first source that has any, or for invalid options (exit code 2);
 *   otherwise, for a missing or unusable key (exit code 3)
 */
export function readConfiguration(input: ConfigurationInput): Outcome {
	const given = parseArguments(input.argv);
	if (given.flags.has('help')) {
		return {kind: 'help', text: helpText()};
	}

	if (given.flags.has('version')) {
		return {kind: 'version', text: `loops-top ${input.version}\n`};
	}

	const document = documents.find(({flag}) => given.flags.has(flag));
	if (document !== undefined) {
		return {kind: 'document', file: document.file};
	}

	const topic = readCompletionTopic(given);
	if (topic !== undefined) {
		return {kind: 'completion', topic};
	}

	const printed = readPrintedTopic(given);
	if (printed !== undefined) {
		return {kind: 'topic', topic: printed};
	}

	const {environment} = input;
	const flags = readFlags(given);
	const variables = readEnvironment(environment);
	const file = readConfigFile(input, given.values.get('config'));
	const settings = resolveSettings([flags, variables, file.layer, readTerminal(environment)]);
	const color = readColor(environment, given.flags.has('no-color'));
	const output = readOutput(given);
	const times = readTimes(given);
	if (given.flags.has('print-config')) {
		return {kind: 'print', text: printedConfiguration({file, settings, color, given, input})};
	}

	const {window, interval, compare, theme, symbols, price, utc, mouse, plain, bell, thresholds} = settings;
	const source = readSource(given, input);
	return {
		kind: 'run',
		warnings: warnOfTarget(source, input),
		configuration: {
			window: window.value,
			intervalMs: interval.value,
			comparison: compare.value,
			color: color.value,
			symbols: symbols.value,
			theme: theme.value,
			utc: utc.value,
			mouse: mouse.value,
			plain: plain.value,
			bell: bell.value,
			price: price.value,
			thresholds: {
				idleGpus: thresholds.idleGpus.value,
				straggler: thresholds.straggler.value,
				gpuMemory: thresholds.gpuMemory.value,
				disk: thresholds.disk.value,
				diskGrowthMs: thresholds.diskGrowthMs.value,
				ram: thresholds.ram.value,
				status5xx: thresholds.status5xx.value,
				status4xx: thresholds.status4xx.value,
				stalledMs: thresholds.stalledMs.value,
				idleDeploymentMs: thresholds.idleDeploymentMs.value,
				checkpointAgeMs: thresholds.checkpointAgeMs.value,
				staleMs: thresholds.staleMs.value,
			},
			output,
			times,
			onFinding: given.values.get('on-finding'),
			record: given.values.get('record'),
			debug: given.values.get('debug'),
			source,
			scope: given.flags.has('org') ? 'org' : 'own',
			all: given.flags.has('all'),
		},
	};
}

function warnOfTarget(source: Source, sources: HostEnvironment): readonly string[] {
	const file = source.kind === 'deployment' && 'secret' in source.credential ? source.credential.file : undefined;
	const warning = file === undefined ? undefined : warnOfOpenFile(file, sources);
	return warning === undefined ? [] : [warning];
}
