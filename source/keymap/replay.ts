import {act, type KeyEntry, pauseHint} from './entry.ts';

/** The keys while a recording plays. All other keys keep their meaning. */
export const replayKeys: readonly KeyEntry[] = [
	{
		name: 'play',
		help: 'pause or resume playback',
		hint: pauseHint,
		bindings: [{keys: ['p', 'space'], command: act({type: 'togglePlay'})}],
	},
	{
		name: 'speed',
		help: 'play slower or faster',
		hint: {word: 'speed', rank: 3},
		bindings: [
			{keys: ['<'], command: act({type: 'changeSpeed', by: -1})},
			{keys: ['>'], command: act({type: 'changeSpeed', by: 1})},
		],
	},
	{
		name: 'seek',
		help: 'seek back or forward by a quarter of the window',
		hint: {word: 'seek', rank: 30},
		bindings: [
			{keys: ['{'], command: act({type: 'skip', by: -1})},
			{keys: ['}'], command: act({type: 'skip', by: 1})},
		],
	},
];
