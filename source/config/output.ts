import type {Arguments} from './arguments.ts';
import {parseName} from './parsed.ts';
import {usageError} from './usage-error.ts';

/** In what shape the values are printed. */
export const formats = ['text', 'json'] as const;

/** Where the values go. */
export type Output =
	/** On the screen, or as text where standard output is no terminal. */
	| {readonly kind: 'by-terminal'}
	/** One snapshot on standard output. */
	| {readonly kind: 'once'; readonly format: 'text' | 'json'};

/** @throws UserError for a wrong value */
export function readOutput({values}: Arguments): Output {
	const text = values.get('output');
	if (text === undefined) {
		return {kind: 'by-terminal'};
	}

	const parsed = parseName(text, formats);
	if ('mistake' in parsed) {
		throw usageError(`--output ${parsed.mistake}`);
	}

	return {kind: 'once', format: parsed.value};
}
