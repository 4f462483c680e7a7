import {cleanText} from '../api/clean-text.ts';
import type {Command, KeyContext, KeyEntry, KeyFocus} from './entry.ts';
import {keymap, logKeys, replayKeys} from './keymap.ts';
import {filterKeys, helpKeys, overviewKeys, timeKeys} from './typing.ts';

/** Keys that apply together. */
type Table = {
	readonly entries: readonly KeyEntry[];
	readonly applies: (focus: KeyFocus) => boolean;
	/** Set if later tables don't apply while this one does. Implied by `takesText`. */
	readonly isLast?: true;
	/** Set if every character without an entry is typed text. */
	readonly takesText?: true;
};

/** All tables, innermost first: if a key has two meanings, the first one applies. */
const tables: readonly Table[] = [
	{entries: timeKeys, applies: ({isTypingTime}) => isTypingTime, takesText: true},
	{entries: helpKeys, applies: ({overlay}) => overlay === 'help', takesText: true},
	{entries: filterKeys, applies: ({isEditing}) => isEditing, takesText: true},
	{entries: overviewKeys, applies: ({overlay}) => overlay === 'deployments', isLast: true},
	{entries: logKeys, applies: ({isInLogs}) => isInLogs},
	{entries: replayKeys, applies: ({isReplay}) => isReplay},
	{entries: keymap, applies: () => true},
];

/** Returns the tables that apply now. */
function tablesOf(focus: KeyFocus): readonly Table[] {
	const applying = tables.filter(({applies}) => applies(focus));
	const last = applying.findIndex(({isLast, takesText}) => isLast ?? takesText);
	return last < 0 ? applying : applying.slice(0, last + 1);
}

function isEnabled({enabled}: KeyEntry, focus: KeyFocus): boolean {
	return enabled === undefined || enabled(focus);
}

function keysIn({bindings}: KeyEntry): readonly string[] {
	return bindings.flatMap(({keys}) => keys);
}

/** Returns the entries that currently apply, except for those with a key that an earlier table also uses. */
export function activeKeys(focus: KeyFocus): readonly KeyEntry[] {
	const taken = new Set<string>();
	return tablesOf(focus).flatMap(({entries}) => {
		const enabled = entries.filter(entry => isEnabled(entry, focus));
		const free = enabled.filter(entry => !keysIn(entry).some(key => taken.has(key)));
		for (const key of enabled.flatMap(keysIn)) {
			taken.add(key);
		}

		return free;
	});
}

/** Returns whether a key is a single visible character of defined width, other than a space. */
function isText(key: string): boolean {
	return [...key].length === 1 && cleanText(key) === key;
}

/** Returns the current meaning of a key; undefined if it has none. */
export function commandOf(key: string, context: KeyContext): Command | undefined {
	const applying = tablesOf(context);
	const bindings = applying
		.flatMap(({entries}) => entries.filter(entry => isEnabled(entry, context)))
		.flatMap(entry => entry.bindings);
	const binding = bindings.find(({keys}) => keys.includes(key));
	if (binding !== undefined) {
		return binding.command(context, key);
	}

	const isTyping = applying.at(-1)?.takesText === true;
	return isTyping && isText(key) ? {kind: 'action', action: {type: 'typeText', text: key}} : undefined;
}

/** The maximum length of a paste, in characters. */
const longestPaste = 500;

/**
 * Returns the current meaning of a paste: text while text is being typed, and otherwise undefined. An input field is a
 * single line: line breaks and tabs separate words, and anything that isn't text is omitted.
 */
export function pasteOf(text: string, context: KeyContext): Command | undefined {
	const line = cleanText(text.trim().replaceAll(/\s+/g, ' '), longestPaste);
	return line !== '' && tablesOf(context).at(-1)?.takesText
		? {kind: 'action', action: {type: 'typeText', text: line}}
		: undefined;
}
