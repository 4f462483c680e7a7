import {type Hint, hintsByPriority, type KeyEntry} from '../keymap/entry.ts';
import {keyHint} from '../keymap/names.ts';
import {type Line, span, textWidth} from './line.ts';

/** Returns the bottom line: as many hints as fit, by priority, in the order of the keys that apply now. */
export function keyLine(keys: readonly KeyEntry[], width: number, isAscii = false): Line {
	const hints = keys.flatMap(entry =>
		entry.hint === undefined ? [] : [{word: entry.hint, keys: keyHint(entry, isAscii)}],
	);
	const byPriority = [...hints].sort((a, b) => hintsByPriority.indexOf(a.word) - hintsByPriority.indexOf(b.word));
	const chosen = new Set<Hint>();
	let room = width - 1;
	for (const {word, keys} of byPriority) {
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
