import {usageError} from '../errors/usage-error.ts';
import {type RuleName, rules} from '../metrics/findings.ts';
import type {Arguments} from './arguments.ts';
import {formats, type OnceFormat} from './formats.ts';
import {type ListenAddress, parseListenAddress} from './listen-address.ts';
import {type Parsed, parseName, quote} from './parse-value.ts';

/** The rules that end the program with an exit code of its own when they find something; empty where none does. */
type FailOn = {readonly failOn: readonly RuleName[]};

/** Where Prometheus can ask for them meanwhile. */
type Listen = {readonly listen: ListenAddress | undefined};

/** Where the values go. */
export type Output =
	/** On the screen. Where standard output is no terminal they are served, if that is wanted, or else printed as text. */
	| (Listen & {readonly kind: 'by-terminal'})
	/** Sentences on standard output, of what the screen would show. */
	| (Listen & {readonly kind: 'plain'})
	/** One snapshot on standard output. */
	| (FailOn & {readonly kind: 'once'; readonly format: OnceFormat})
	/** A line of JSON for each poll, so many or without end. */
	| (FailOn & Listen & {readonly kind: 'lines'; readonly count: number | undefined});

/** @throws UserError for a wrong value, and for flags that say nothing of that output */
export function readOutput({given, values}: Arguments): Output {
	const text = values.get('output');
	const format = text === undefined ? undefined : required('output', parseName(text, formats));
	const countText = values.get('count');
	const count = countText === undefined ? undefined : required('count', parseCount(countText));
	const list = values.get('fail-on');
	const failOn = list === undefined ? [] : required('fail-on', parseRules(list));
	const address = values.get('listen');
	const listen = address === undefined ? undefined : required('listen', parseListenAddress(address));
	if (given.has('plain') && format !== undefined) {
		throw usageError(`--plain tells in sentences, -o ${format} prints values: leave out one of them.`);
	}

	if (count !== undefined && format !== 'jsonl') {
		throw usageError('--count is for -o jsonl: add that, or leave out --count.');
	}

	if (failOn.length > 0 && format === undefined) {
		throw usageError(`--fail-on is for -o ${formats.join(', ')}: add one of them, or leave out --fail-on.`);
	}

	switch (format) {
		case undefined:
			return {kind: given.has('plain') ? 'plain' : 'by-terminal', listen};
		case 'jsonl':
			return {kind: 'lines', count, failOn, listen};
		default:
			if (listen !== undefined) {
				throw usageError(`--listen serves until it is stopped, -o ${format} prints once: leave out one of them.`);
			}

			return {kind: 'once', format, failOn};
	}
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
		: {mistake: `${quote(text)} is not a number of lines: give 1 or more.`};
}

/** Names of rules with commas between them; `any` is all of them. */
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
