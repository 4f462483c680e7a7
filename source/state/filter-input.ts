import {parseFilter} from '../metrics/filter.ts';
import type {Filter} from './state.ts';

/** Longer than any filter that means something. */
const longestText = 200;

/** The filter with another text: its conditions are those of the text, or the last ones while it can't be understood. */
export function withText(filter: Filter, text: string): Filter {
	const kept = [...text].slice(0, longestText).join('');
	const parsed = parseFilter(kept);
	return {...filter, text: kept, conditions: parsed.kind === 'filter' ? parsed.conditions : filter.conditions};
}

/** Begins to edit: what was typed before stands, and can be returned to. */
export function edit(filter: Filter): Filter {
	return {...filter, editing: {before: filter.text}};
}

/** Takes away from the end of the text. */
export function erase(filter: Filter, what: 'character' | 'word' | 'all'): Filter {
	const {text} = filter;
	const shorter = {character: [...text].slice(0, -1).join(''), word: text.replace(/\S*\s*$/, ''), all: ''};
	return withText(filter, shorter[what]);
}

/** Ends editing: with what was typed, or, where that can't be understood, with the last text that could. */
export function keep(filter: Filter): Filter {
	const isUnderstood = parseFilter(filter.text).kind === 'filter';
	return isUnderstood ? {...filter, text: filter.text.trim(), editing: undefined} : filter;
}

/** Ends editing as it was before. */
export function drop(filter: Filter): Filter {
	return {...withText(filter, filter.editing?.before ?? ''), editing: undefined};
}
