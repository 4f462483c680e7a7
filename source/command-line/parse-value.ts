import {cleanText} from '../api/clean-text.ts';

/** What a text says, or what is wrong with it: the rest of a sentence that begins with where the text is from. */
export type Parsed<Value> = {readonly value: Value} | {readonly mistake: string};

const switchWords: ReadonlyMap<string, boolean> = new Map([
	['1', true],
	['true', true],
	['yes', true],
	['0', false],
	['false', false],
	['no', false],
]);

/** A text that is not as it should be, for a sentence. */
export function quote(text: string): string {
	return `"${cleanText(text, 60)}"`;
}

/** The one of `names` that the text is. */
export function parseName<Name extends string>(text: string, names: readonly Name[]): Parsed<Name> {
	const value = names.find(name => name === text);
	return value === undefined ? {mistake: `${quote(text)} is not one of ${names.join(', ')}.`} : {value};
}

/** Whether something is on. */
export function parseSwitch(text: string): Parsed<boolean> {
	const value = switchWords.get(text.toLowerCase());
	return value === undefined
		? {mistake: `${quote(text)} is not one of ${[...switchWords.keys()].join(', ')}.`}
		: {value};
}
