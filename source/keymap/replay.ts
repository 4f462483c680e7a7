import {act, type KeyEntry} from './entry.ts';

/** What keys mean while a recording is played; all others mean what they mean otherwise. */
export const replayKeys: readonly KeyEntry[] = [
	{
		help: 'let the recorded time stand, or go on',
		hint: 'pause',
		bindings: [{keys: ['p', 'space'], command: act({type: 'togglePlay'})}],
	},
	{
		help: 'slower or faster',
		hint: 'speed',
		bindings: [
			{keys: ['<'], command: act({type: 'changeSpeed', by: -1})},
			{keys: ['>'], command: act({type: 'changeSpeed', by: 1})},
		],
	},
	{
		help: 'a quarter of the window back or forth in the recording',
		hint: 'jump',
		bindings: [
			{keys: ['{'], command: act({type: 'skip', by: -1})},
			{keys: ['}'], command: act({type: 'skip', by: 1})},
		],
	},
];

/** Keys that ask somebody, and mean nothing while there is nobody to ask. */
export const askingKeys: ReadonlySet<string> = new Set(['r', 'd']);
