import {cleanText} from '../api/clean-text.ts';
import type {Command, KeyContext, KeyEntry} from './entry.ts';
import {keymap} from './keymap.ts';
import {deploymentKeys, filterKeys} from './typing.ts';

type Meanings = ReadonlyMap<string, KeyEntry['bindings'][number]['command']>;

function byKey(entries: readonly KeyEntry[]): Meanings {
	return new Map(
		entries.flatMap(({bindings}) => bindings.flatMap(({keys, command}) => keys.map(key => [key, command] as const))),
	);
}

const table: Meanings = byKey(keymap);
const typing = {filter: byKey(filterKeys), deployments: byKey(deploymentKeys)} as const;

/** One visible character, and none that terminals draw as they please. */
function isText(key: string): boolean {
	return [...key].length === 1 && cleanText(key) === key;
}

/** The keys that mean something now. */
export function keysOf({overlay, isEditing}: Pick<KeyContext, 'overlay' | 'isEditing'>): readonly KeyEntry[] {
	return overlay === 'deployments' ? deploymentKeys : isEditing ? filterKeys : keymap;
}

/** What a key means now; undefined for a key that means nothing. */
export function commandOf(key: string, context: KeyContext): Command | undefined {
	const {overlay, isEditing} = context;
	if (overlay !== 'deployments' && !isEditing) {
		return table.get(key)?.(context, key);
	}

	const meaning = typing[overlay === 'deployments' ? 'deployments' : 'filter'].get(key);
	return meaning?.(context, key) ?? (isText(key) ? {kind: 'action', action: {type: 'typeText', text: key}} : undefined);
}
