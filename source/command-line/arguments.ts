import meow from 'meow';
import {cleanText} from '../api/clean-text.ts';
import {usageError} from '../errors/user-error.ts';
import {type Flag, type FlagName, flags} from './flags.ts';
import {parseName, suggestion} from './parse-value.ts';

/** The command line, split into flags and IDs, with values that haven't been parsed yet. */
export type Arguments = {
	readonly flags: ReadonlySet<FlagName>;
	/** The values of the given flags. A flag whose value is optional might be missing here. */
	readonly values: ReadonlyMap<FlagName, string>;
	readonly deploymentIds: readonly string[];
};

const longNames = flags.map(({long}) => `--${long}`);

/** The flags whose value can begin with a dash and a digit. No flag begins like that. */
const signedFlags: ReadonlySet<FlagName> = new Set(['at', 'from', 'to']);

type KnownFlag = (typeof flags)[number];

/** `argv`, rewritten so that meow reads it as intended; how often each flag occurs; and the first error. */
type Spelling = {
	readonly argv: readonly string[];
	readonly occurrences: ReadonlyMap<FlagName, number>;
	readonly mistake: string | undefined;
};

/**
 * Parses the arguments (`argv` without node and the script). If --help or --version is given, errors are ignored.
 *
 * @throws UserError for an unknown flag, a missing or unexpected value, or a repeated flag that takes a value
 */
export function parseArguments(argv: readonly string[]): Arguments {
	const {argv: spelled, occurrences, mistake} = spell(argv);
	const {input, flags: found} = meow({
		importMeta: import.meta,
		pkg: {name: 'loops-top'},
		argv: spelled,
		description: false,
		flags: meowFlags(),
		// By default, meow prints the help or the version itself, and exits.
		autoHelp: false,
		autoVersion: false,
		allowUnknownFlags: true,
	});
	const given = new Set(occurrences.keys());
	const values = new Map<FlagName, string>();
	const asksForHelp = given.has('help') || given.has('version');
	if (mistake !== undefined && !asksForHelp) {
		throw usageError(mistake);
	}

	for (const {long, takes} of flags) {
		const value = firstText(found[camelCase(long)]).trim();
		if (value !== '') {
			values.set(long, value);
		} else if (takes === 'value' && given.has(long) && !asksForHelp) {
			throw usageError(`--${long} requires a value.`);
		}
	}

	return {flags: given, values, deploymentIds: input};
}

/**
 * Recognizes the flags itself, because meow accepts unintended spellings: `--apiUrl`, `--no-utc`, `--utc=maybe`, and
 * `-w1h` as the flags w, 1, and h.
 */
function spell(argv: readonly string[]): Spelling {
	const spelled: string[] = [];
	const occurrences = new Map<FlagName, number>();
	const mistakes: string[] = [];
	const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
	for (let place = 0; place < end; place++) {
		const argument = argv[place] ?? '';
		if (argument === '-' || !argument.startsWith('-')) {
			spelled.push(argument);
			continue;
		}

		const {flag, value: joined} = recognize(argument);
		if (flag === undefined) {
			// Only the name is printed, because `--api-key=…` would reveal the key.
			const name = /^-{1,2}[\w.-]*/.exec(argument)?.[0] ?? '-';
			const isLong = argument.startsWith('--');
			const similar = isLong ? suggestion(name, longNames) : '';
			mistakes.push(`Unknown option ${cleanText(isLong ? name : name.slice(0, 2), 40)}.${similar}`);
			continue;
		}

		const next = argv[place + 1] ?? '';
		const isNegative = signedFlags.has(flag.long) && joined === undefined && place + 1 < end && /^-\d/.test(next);
		const value = isNegative ? next : joined;
		place += isNegative ? 1 : 0;
		const count = (occurrences.get(flag.long) ?? 0) + 1;
		occurrences.set(flag.long, count);
		if (flag.takes === 'nothing' && value !== undefined) {
			mistakes.push(`--${flag.long} doesn't take a value.`);
		} else if (flag.takes !== 'nothing' && count === 2) {
			mistakes.push(`--${flag.long} is given more than once.`);
		}

		spelled.push(value === undefined || flag.takes === 'nothing' ? `--${flag.long}` : `--${flag.long}=${value}`);
	}

	return {argv: [...spelled, ...argv.slice(end)], occurrences, mistake: mistakes[0]};
}

/** Returns the flag meant by `--long`, `--long=value`, `-s`, `-s=value`, or `-svalue`, with its value. */
function recognize(argument: string): {flag: KnownFlag | undefined; value: string | undefined} {
	if (argument.startsWith('--')) {
		const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
		return {flag: flags.find(({long}) => long === name), value};
	}

	const flag = flags.find(({short}) => short === argument[1]);
	const rest = argument.slice(2);
	return {flag, value: rest === '' ? undefined : rest.replace(/^=/, '')};
}

type MeowFlag =
	| {readonly type: 'boolean'; readonly default: boolean}
	| {readonly type: 'string'; readonly isMultiple: true};

/**
 * Describes the flags to meow. All values are read as lists, because meow would otherwise throw its own error for a
 * repeated flag.
 */
function meowFlags(): Record<string, MeowFlag> {
	return Object.fromEntries(
		flags.map(({long, takes}) =>
			takes === 'nothing'
				? [camelCase(long.replace(/^no-/, '')), {type: 'boolean', default: long.startsWith('no-')}]
				: [camelCase(long), {type: 'string', isMultiple: true}],
		),
	);
}

function camelCase(long: Flag['long']): string {
	return long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function firstText(value: unknown): string {
	const first: unknown = Array.isArray(value) ? value[0] : undefined;
	return typeof first === 'string' ? first : '';
}

/** The shells that have completion scripts. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** The lists of names that the scripts request. */
const stored = ['profiles', 'remotes'] as const;

/** The output of `loops-top completion`: a script, or names for one. */
export type CompletionTopic = (typeof shells)[number] | (typeof stored)[number];

/**
 * Returns the topic if the first word is `completion` and another word follows it. On its own, `completion` is a
 * deployment ID.
 *
 * @throws UserError for an unknown topic, and for more than one
 */
export function readCompletionTopic({deploymentIds}: Arguments): CompletionTopic | undefined {
	const [command, word, ...others] = deploymentIds;
	if (command !== 'completion' || word === undefined) {
		return undefined;
	}

	if (others.length > 0) {
		throw usageError('completion takes one shell. Print one script at a time.');
	}

	const parsed = parseName(word, [...shells, ...stored]);
	if ('mistake' in parsed) {
		throw usageError(`completion ${parsed.mistake}`);
	}

	return parsed.value;
}

/** The pairs of words that print a file for another program if they are given instead of a deployment ID. */
const topics = {
	prometheus: ['rules'],
	grafana: ['dashboard'],
} as const;

/** A file for another program: alerts for Prometheus, or a dashboard for Grafana. */
export type PrintedTopic = 'prometheus-rules' | 'grafana-dashboard';

/**
 * Returns the file that `loops-top prometheus rules` or `loops-top grafana dashboard` prints. On its own, the first
 * word is a deployment ID.
 *
 * @throws UserError for an unknown second word, and for more than two
 */
export function readPrintedTopic({deploymentIds}: Arguments): PrintedTopic | undefined {
	const [program, word, ...others] = deploymentIds;
	if ((program !== 'prometheus' && program !== 'grafana') || word === undefined) {
		return undefined;
	}

	if (others.length > 0) {
		throw usageError(`${program} takes one word: ${topics[program].join(', ')}.`);
	}

	const parsed = parseName(word, topics[program]);
	if ('mistake' in parsed) {
		throw usageError(`${program} ${parsed.mistake}`);
	}

	return program === 'prometheus' ? 'prometheus-rules' : 'grafana-dashboard';
}
