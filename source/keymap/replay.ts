import {act, type KeyEntry} from './entry.ts';

/** The keys while a recording plays. All other keys keep their meaning. */
export const replayKeys: readonly KeyEntry[] = [
	{
		help: 'pause or resume playback',
		hint: 'pause',
		bindings: [{keys: ['p', 'space'], command: act({type: 'togglePlay'})}],
	},
	{
		help: 'play slower or faster',
		hint: 'speed',
		bindings: [
			{keys: ['<'], command: act({type: 'changeSpeed', by: -1})},
			{keys: ['>'], command: act({type: 'changeSpeed', by: 1})},
		],
	},
	{
		help: 'seek back or forward by a quarter of the window',
		hint: 'jump',
		bindings: [
			{keys: ['{'], command: act({type: 'skip', by: -1})},
			{keys: ['}'], command: act({type: 'skip', by: 1})},
		],
	},
];

/** Keys that make requests; they do nothing in a replay. */
export const askingKeys: ReadonlySet<string> = new Set(['r', 'd']);
