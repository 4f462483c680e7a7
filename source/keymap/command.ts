import {cleanText} from '../api/clean-text.ts';
import type {KeyFocus} from '../state/key-focus.ts';
import type {Command, KeyContext, KeyEntry} from './entry.ts';
import {keymap} from './keymap.ts';
import {logKeys} from './logs.ts';
import {deploymentKeys, filterKeys} from './typing.ts';

type Meanings = ReadonlyMap<string, KeyEntry['bindings'][number]['command']>;

function byKey(entries: readonly KeyEntry[]): Meanings {
	return new Map(
		entries.flatMap(({bindings}) => bindings.flatMap(({keys, command}) => keys.map(key => [key, command] as const))),
	);
}

const table: Meanings = byKey(keymap);
const inLogs: Meanings = byKey(logKeys);
const typing = {filter: byKey(filterKeys), deployments: byKey(deploymentKeys)} as const;

/** One visible character, and none that terminals draw as they please. */
function isText(key: string): boolean {
	return [...key].length === 1 && cleanText(key) === key;
}

/** Those of the logs, and of the others those whose keys mean there what they mean elsewhere. */
const keysInLogs: readonly KeyEntry[] = [
	...logKeys,
	...keymap.filter(({bindings}) => !bindings.some(({keys}) => keys.some(key => inLogs.has(key)))),
];

/** The keys that mean something now. */
export function keysOf({overlay, isEditing, isInLogs}: KeyFocus): readonly KeyEntry[] {
	if (overlay === 'deployments') {
		return deploymentKeys;
	}

	return isEditing ? filterKeys : isInLogs ? keysInLogs : keymap;
}

/** What a key means now; undefined for a key that means nothing. */
export function commandOf(key: string, context: KeyContext): Command | undefined {
	const {overlay, isEditing, isInLogs} = context;
	if (overlay !== 'deployments' && !isEditing) {
		return ((isInLogs ? inLogs.get(key) : undefined) ?? table.get(key))?.(context, key);
	}

	const meaning = typing[overlay === 'deployments' ? 'deployments' : 'filter'].get(key);
	return meaning?.(context, key) ?? (isText(key) ? {kind: 'action', action: {type: 'typeText', text: key}} : undefined);
}
