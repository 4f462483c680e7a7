import {type ParsedFilter, parseFilter} from '../metrics/filter.ts';

/** The maximum length of a filter or of another typed string, in characters; longer than any meaningful one. */
const longestText = 200;

/** How much of the end of a string is erased. */
export type EraseUnit = 'character' | 'word' | 'all';

/** Returns a string with the typed text appended, cut to 200 characters. */
export function appendTyped(text: string, more: string): string {
	return [...(text + more)].slice(0, longestText).join('');
}

/** Returns a string with the end erased. */
export function eraseEnd(text: string, what: EraseUnit): string {
	switch (what) {
		case 'character':
			return [...text].slice(0, -1).join('');
		case 'word':
			return text.replace(/\S*\s*$/, '');
		case 'all':
			return '';
	}
}

/**
 * A filter: its text as typed, and the last conditions that could be parsed. While it is being edited, `before` is the
 * text to return to.
 */
export type TypedFilter<Condition> = {
	readonly text: string;
	readonly conditions: readonly Condition[];
	readonly editing: {readonly before: string} | undefined;
};

/** The operations that edit a filter. */
type FilterInput<Condition> = {
	readonly empty: TypedFilter<Condition>;
	/** Replaces the text of a filter. The last conditions are kept while the text can't be parsed. */
	withText(filter: TypedFilter<Condition>, text: string): TypedFilter<Condition>;
	/** Starts editing, keeping the text to return to. */
	edit(filter: TypedFilter<Condition>): TypedFilter<Condition>;
	/** Ends editing if the text can be parsed. */
	keep(filter: TypedFilter<Condition>): TypedFilter<Condition>;
	/** Ends editing and restores the earlier filter. */
	drop(filter: TypedFilter<Condition>): TypedFilter<Condition>;
};

/** Returns the operations that edit a filter, whose text is parsed with `parse`. */
export function filterInput<Condition>(parse: (text: string) => ParsedFilter<Condition>): FilterInput<Condition> {
	const withText: FilterInput<Condition>['withText'] = (filter, text) => {
		const parsed = parse(text);
		return {...filter, text, conditions: parsed.kind === 'filter' ? parsed.conditions : filter.conditions};
	};
	return {
		empty: {text: '', conditions: [], editing: undefined},
		withText,
		edit: filter => ({...filter, editing: {before: filter.text}}),
		keep: filter =>
			parse(filter.text).kind === 'filter' ? {...filter, text: filter.text.trim(), editing: undefined} : filter,
		drop: filter => ({...withText(filter, filter.editing?.before ?? ''), editing: undefined}),
	};
}

/** The operations that edit the filter of the nodes. */
export const nodeFilterInput = filterInput(parseFilter);

/** The operations that edit the filter of the deployments. */
export const overviewFilterInput = filterInput((text: string) => ({
	kind: 'filter',
	conditions: text
		.toLowerCase()
		.split(/\s+/)
		.filter(word => word !== ''),
}));
