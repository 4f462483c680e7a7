import {cleanText} from '../api/clean-text.ts';
import type {KeyFocus} from '../state/key-focus.ts';
import type {Command, KeyContext, KeyEntry} from './entry.ts';
import {keymap} from './keymap.ts';
import {logKeys} from './logs.ts';
import {askingKeys, replayKeys} from './replay.ts';
import {deploymentKeys, filterKeys} from './typing.ts';

type Meanings = ReadonlyMap<string, KeyEntry['bindings'][number]['command']>;

function byKey(entries: readonly KeyEntry[]): Meanings {
	return new Map(
		entries.flatMap(({bindings}) => bindings.flatMap(({keys, command}) => keys.map(key => [key, command] as const))),
	);
}

const inLogs: Meanings = byKey(logKeys);
const inReplay: Meanings = byKey(replayKeys);
const typing = {filter: byKey(filterKeys), deployments: byKey(deploymentKeys)} as const;

/** Returns whether a key is one visible character of defined width. */
function isText(key: string): boolean {
	return [...key].length === 1 && cleanText(key) === key;
}

/** Returns the entries that share no key with `others`. */
function without(entries: readonly KeyEntry[], others: {has(key: string): boolean}): readonly KeyEntry[] {
	return entries.filter(({bindings}) => !bindings.some(({keys}) => keys.some(key => others.has(key))));
}

/** The keys of the panes in a replay: all except those that make requests. */
export const panesInReplay: readonly KeyEntry[] = [...replayKeys, ...without(without(keymap, inReplay), askingKeys)];

/** The meanings of keys in the panes and in the logs, where other keys keep their meaning. */
const tables = {
	asked: {meanings: byKey(keymap), panes: keymap, logs: [...logKeys, ...without(keymap, inLogs)]},
	replayed: {
		meanings: byKey(panesInReplay),
		panes: panesInReplay,
		logs: [...logKeys, ...without(panesInReplay, inLogs)],
	},
} as const;

/** Returns the entries that apply now. */
export function keysOf({overlay, isEditing, isInLogs, isReplay}: KeyFocus): readonly KeyEntry[] {
	if (overlay === 'deployments') {
		return deploymentKeys;
	}

	const {panes, logs} = tables[isReplay ? 'replayed' : 'asked'];
	return isEditing ? filterKeys : isInLogs ? logs : panes;
}

/** Returns what a key means now; undefined if nothing. */
export function commandOf(key: string, context: KeyContext): Command | undefined {
	const {overlay, isEditing, isInLogs, isReplay} = context;
	if (overlay !== 'deployments' && !isEditing) {
		const {meanings} = tables[isReplay ? 'replayed' : 'asked'];
		return ((isInLogs ? inLogs.get(key) : undefined) ?? meanings.get(key))?.(context, key);
	}

	const meaning = typing[overlay === 'deployments' ? 'deployments' : 'filter'].get(key);
	return meaning?.(context, key) ?? (isText(key) ? {kind: 'action', action: {type: 'typeText', text: key}} : undefined);
}

/** A field is one line: the ends of lines and tabs of a paste separate words. Whatever isn't text is left out. */
const longestPaste = 500;

/** What a paste means now: text in a field, and nothing anywhere else. */
export function pasteOf(text: string, {overlay, isEditing}: KeyContext): Command | undefined {
	const line = cleanText(text.trim().replaceAll(/\s+/g, ' '), longestPaste);
	return line !== '' && (overlay === 'deployments' || isEditing)
		? {kind: 'action', action: {type: 'typeText', text: line}}
		: undefined;
}
