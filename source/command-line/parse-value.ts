import {cleanText} from '../api/clean-text.ts';
import {suggestion} from './suggest.ts';

/** A parsed value, or what is wrong with its text: the rest of a sentence that starts with where the text is from. */
export type Parsed<Value> = {readonly value: Value} | {readonly mistake: string};

const switchWords: ReadonlyMap<string, boolean> = new Map([
	['1', true],
	['true', true],
	['yes', true],
	['0', false],
	['false', false],
	['no', false],
]);

/** Quotes an invalid text for a sentence. */
export function quote(text: string): string {
	return `"${cleanText(text, 60)}"`;
}

/** Parses a text that must be one of `names`. */
export function parseName<Name extends string>(text: string, names: readonly Name[]): Parsed<Name> {
	const value = names.find(name => name === text);
	return value === undefined
		? {mistake: `${quote(text)} isn't one of ${names.join(', ')}.${suggestion(text, names)}`}
		: {value};
}

/** Parses true or false. */
export function parseSwitch(text: string): Parsed<boolean> {
	const value = switchWords.get(text.toLowerCase());
	return value === undefined
		? {mistake: `${quote(text)} isn't one of ${[...switchWords.keys()].join(', ')}.`}
		: {value};
}
