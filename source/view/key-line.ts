import type {KeyEntry} from '../keymap/entry.ts';
import {keyHint} from '../keymap/names.ts';
import {type Line, span, textWidth} from './line.ts';

/** Hints by priority, for when they don't all fit. */
const worth: readonly string[] = [
	'help',
	'quit',
	'speed',
	'line',
	'close',
	'search',
	'follow',
	'level',
	'unfold',
	'this node',
	'node',
	'time',
	'window',
	'full screen',
	'watch',
	'back',
	'own or all',
	'deployment',
	'keep',
	'drop',
	'select',
	'findings',
	'logs',
	'cursor',
	'pane',
	'filter',
	'deployments',
	'sampler',
	'pause',
	'jump',
	'sort',
	'ask now',
];

/** Returns the bottom line: as many hints as fit, by priority, in the order of the keys that apply now. */
export function keyLine(keys: readonly KeyEntry[], width: number): Line {
	const hints = keys.flatMap(entry => (entry.hint === undefined ? [] : [{word: entry.hint, keys: keyHint(entry)}]));
	const byWorth = [...hints].sort((a, b) => worth.indexOf(a.word) - worth.indexOf(b.word));
	const chosen = new Set<string>();
	let room = width - 1;
	for (const {word, keys} of byWorth) {
		const needed = textWidth(keys) + 1 + textWidth(word) + 2;
		if (needed > room) {
			break;
		}

		chosen.add(word);
		room -= needed;
	}

	return hints
		.filter(({word}) => chosen.has(word))
		.flatMap(({keys, word}) => [span(` ${keys}`, 'accent'), span(` ${word} `, 'dim')]);
}
