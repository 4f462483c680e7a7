import {parseFilter} from '../metrics/filter.ts';
import type {Filter} from './state.ts';

/** The filter with another text: its conditions are those of the text, or the last ones while it can't be understood. */
export function withText(filter: Filter, text: string): Filter {
	const parsed = parseFilter(text);
	return {...filter, text, conditions: parsed.kind === 'filter' ? parsed.conditions : filter.conditions};
}

/** Begins to edit: what was typed before stands, and can be returned to. */
export function edit(filter: Filter): Filter {
	return {...filter, editing: {before: filter.text}};
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
