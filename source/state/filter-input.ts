import type {ParsedFilter} from '../metrics/filter-words.ts';

/** `text` is as it was typed; `conditions` are the last that could be read. `before` is what to return to while editing. */
export type TypedFilter<Condition> = {
	readonly text: string;
	readonly conditions: readonly Condition[];
	readonly editing: {readonly before: string} | undefined;
};

/** How a filter is typed. */
export type FilterInput<Condition> = {
	readonly empty: TypedFilter<Condition>;
	/** The filter with another text: its conditions are those of the text, or the last ones while it can't be understood. */
	withText(filter: TypedFilter<Condition>, text: string): TypedFilter<Condition>;
	/** Begins to edit: what was typed before stands, and can be returned to. */
	edit(filter: TypedFilter<Condition>): TypedFilter<Condition>;
	/** Ends editing, where what was typed can be understood. */
	keep(filter: TypedFilter<Condition>): TypedFilter<Condition>;
	/** Ends editing as it was before. */
	drop(filter: TypedFilter<Condition>): TypedFilter<Condition>;
};

/** The way to type a filter that is read so. */
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
