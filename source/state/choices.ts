import type {Sort} from '../metrics/arrange.ts';
import type {Condition} from '../metrics/filter.ts';
import type {Comparison} from '../metrics/windows.ts';
import {nodeFilterInput, type TypedFilter} from './filter-input.ts';

/** The choices that a key cycles through with the action `nextChoice`, and their values in order. */
export const cycles = {
	/** The values that the heat map shows. */
	heat: ['utilization', 'memory'],
} as const;

/** A choice that a key cycles through. */
export type CycleName = keyof typeof cycles;

/** The scale of the latency axis, chosen by the program based on the values (`auto`), or by the user. */
export type Scale = 'auto' | 'linear' | 'logarithmic';

/**
 * The user's choices about what the panes show. The panes read them from `PaneInput.choices`. All of them are kept when
 * the user watches another deployment or seeks in a recording.
 */
export type Choices = {readonly [Name in CycleName]: (typeof cycles)[Name][number]} & {
	readonly sort: Sort;
	/** The filter of the nodes. */
	readonly filter: TypedFilter<Condition>;
	readonly scale: Scale;
	readonly comparison: Comparison;
};

/** The choices at startup, unless options set other ones. */
export const firstChoices: Choices = {
	heat: 'utilization',
	sort: {column: 'name', reversed: false},
	filter: nodeFilterInput.empty,
	scale: 'auto',
	comparison: 'off',
};

/** Returns the value that follows another one in a list, wrapping around; the first one for a value that isn't listed. */
export function valueAfter<Value>(values: readonly [Value, ...Value[]], value: Value): Value {
	return values[(values.indexOf(value) + 1) % values.length] ?? values[0];
}

/** Returns the choices with the choice `name` switched to its next value. */
export function withNextChoice(choices: Choices, name: CycleName): Choices {
	return {...choices, [name]: valueAfter<Choices[CycleName]>(cycles[name], choices[name])};
}
