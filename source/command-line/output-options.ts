import {type UserError, usageError} from '../errors/user-error.ts';
import {type RuleName, rules} from '../metrics/findings.ts';
import type {Arguments} from './arguments.ts';
import {formats, type OnceFormat} from './flags.ts';
import type {Configuration} from './options.ts';
import {type ListenAddress, type Parsed, parseListenAddress, parseName, quote} from './parse-value.ts';

/**
 * The rules named by --fail-on: if one of them has an active finding, the program ends with exit code 10. The list can
 * be empty.
 */
type FailOn = {readonly failOn: readonly RuleName[]};

/** The address on which Prometheus metrics are also served; undefined if they aren't served. */
type Listen = {readonly listen: ListenAddress | undefined};

/** The formats that support several deployments. */
const formatsOfAll: readonly string[] = ['text', 'json', 'jsonl'];

/** The rules that --all can't evaluate, because it requests neither checkpoints nor the sampler's metrics. */
const rulesOfOne: readonly RuleName[] = ['checkpoint-age', 'sampler-stalled', 'sampler-5xx'];

/** The destination of the values. */
export type Output =
	/**
	 * The screen. If stdout isn't a terminal, a text snapshot is printed instead, or nothing if --listen or
	 * --on-finding is given.
	 */
	| (FailOn & Listen & {readonly kind: 'by-terminal'})
	/** Sentences on stdout instead of a screen. */
	| (Listen & {readonly kind: 'plain'})
	/** One snapshot on stdout. */
	| (FailOn & {readonly kind: 'once'; readonly format: OnceFormat})
	/** One line of JSON per poll: at most `count` lines, or any number if `count` is undefined. */
	| (FailOn & Listen & {readonly kind: 'lines'; readonly count: number | undefined});

/**
 * Reads the output options.
 *
 * @throws UserError for an invalid value, and for flags that don't apply to the output
 */
export function readOutput({flags: given, values}: Arguments): Output {
	const text = values.get('output');
	const format = text === undefined ? undefined : required('output', parseName(text, formats));
	const countText = values.get('count');
	const count = countText === undefined ? undefined : required('count', parseCount(countText));
	const list = values.get('fail-on');
	const failOn = list === undefined ? [] : required('fail-on', parseRules(list));
	const address = values.get('listen');
	const listen = address === undefined ? undefined : required('listen', parseListenAddress(address));
	if (given.has('plain') && format !== undefined) {
		throw usageError(`--plain and -o ${format} can't be combined.`);
	}

	if (given.has('all') && (given.has('plain') || (format !== undefined && !formatsOfAll.includes(format)))) {
		throw usageError(
			`--all and ${format === undefined ? '--plain' : `-o ${format}`} can't be combined. Use -o text, json, or jsonl.`,
		);
	}

	const unseen = rulesOfOne.find(rule => list?.split(',').some(part => part.trim() === rule));
	if (given.has('all') && unseen !== undefined) {
		throw usageError(
			`--all and --fail-on ${unseen} can't be combined: --all requests neither checkpoints nor the sampler's metrics.`,
		);
	}

	if (given.has('all') && given.has('record')) {
		throw usageError("--all and --record can't be combined. A recording contains a single deployment.");
	}

	if (given.has('compare') && format !== undefined && format !== 'json' && format !== 'jsonl') {
		throw usageError(`--compare and -o ${format} can't be combined. Use -o json or -o jsonl.`);
	}

	if (count !== undefined && format !== 'jsonl') {
		throw usageError('--count requires -o jsonl.');
	}

	if (failOn.length > 0 && format === undefined && (given.has('plain') || listen !== undefined)) {
		throw failOnRequiresFormat();
	}

	if (given.has('on-finding') && format !== undefined && format !== 'jsonl') {
		throw usageError(`--on-finding and -o ${format} can't be combined: -o ${format} exits after printing its output.`);
	}

	switch (format) {
		case undefined:
			return given.has('plain') ? {kind: 'plain', listen} : {kind: 'by-terminal', listen, failOn};
		case 'jsonl':
			return {kind: 'lines', count, failOn, listen};
		default:
			if (listen !== undefined) {
				throw usageError(`--listen and -o ${format} can't be combined: -o ${format} exits after printing its output.`);
			}

			return {kind: 'once', format, failOn};
	}
}

/** Returns the error for --fail-on without -o, unless the output is a text snapshot. */
function failOnRequiresFormat(): UserError {
	return usageError('--fail-on requires -o, such as -o text.');
}

function required<Value>(flag: string, parsed: Parsed<Value>): Value {
	if ('mistake' in parsed) {
		throw usageError(`--${flag} ${parsed.mistake}`);
	}

	return parsed.value;
}

function parseCount(text: string): Parsed<number> {
	const value = /^\d+$/.test(text) ? Number(text) : 0;
	return value > 0 && Number.isSafeInteger(value)
		? {value}
		: {mistake: `${quote(text)} isn't a number of lines. Use 1 or more.`};
}

/** Parses comma-separated names of rules; `any` means all of them. */
function parseRules(list: string): Parsed<readonly RuleName[]> {
	const found = new Set<RuleName>();
	for (const part of list.split(',')) {
		const parsed = parseName(part.trim(), ['any', ...rules]);
		if ('mistake' in parsed) {
			return parsed;
		}

		for (const rule of parsed.value === 'any' ? rules : [parsed.value]) {
			found.add(rule);
		}
	}

	return {value: rules.filter(rule => found.has(rule))};
}

/**
 * Returns the output for a stream. If neither -o nor --plain determines it, the output on a terminal is the screen
 * (`by-terminal`) or, with the setting `plain`, sentences. Elsewhere, it is a text snapshot, or nothing (`by-terminal`)
 * if --listen or --on-finding is given. The same applies to a terminal with both `plain` and --all, because sentences
 * are for a single deployment.
 *
 * @throws UserError for --at or --fail-on if it doesn't apply to that output
 */
export function outputTo({isTTY}: NodeJS.WriteStream, configuration: Configuration): Output {
	const {output, plain, onFinding, times, source, all} = configuration;
	if (output.kind !== 'by-terminal') {
		return output;
	}

	const {listen, failOn} = output;
	const isSilent = !isTTY || (plain && all);
	if (!isTTY && times.at !== undefined && source.kind !== 'replay') {
		throw usageError('--at requires a terminal, an export such as -o csv, or --replay FILE.');
	}

	if (isSilent && listen === undefined && onFinding === undefined) {
		return {kind: 'once', format: 'text', failOn};
	}

	if (failOn.length > 0) {
		throw failOnRequiresFormat();
	}

	return plain && !isSilent ? {kind: 'plain', listen} : output;
}
