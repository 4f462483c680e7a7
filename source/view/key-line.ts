import {type Hint, hintOf, type KeyEntry} from '../keymap/entry.ts';
import {keyHint} from '../keymap/names.ts';
import type {KeyFocus} from '../state/selectors.ts';
import {type Line, span, textWidth} from './line.ts';

/**
 * Returns the bottom line: as many hints as fit, by rank; first those that help right now, then the others, each in the
 * order of the keys that apply now.
 */
export function keyLine(keys: readonly KeyEntry[], focus: KeyFocus, width: number, isAscii = false): Line {
	const hints = keys.flatMap(entry => {
		const hint = hintOf(entry, focus);
		return hint === undefined ? [] : [{...hint, keys: keyHint(entry, isAscii)}];
	});
	const chosen = new Set<Hint>();
	let room = width - 1;
	for (const hint of hints.toSorted((a, b) => a.rank - b.rank)) {
		const needed = textWidth(hint.keys) + 1 + textWidth(hint.word) + 2;
		if (needed > room) {
			break;
		}

		chosen.add(hint);
		room -= needed;
	}

	const shown = hints.filter(hint => chosen.has(hint));
	return [...shown.filter(({rank}) => rank === 0), ...shown.filter(({rank}) => rank > 0)].flatMap(({keys, word}) => [
		span(` ${keys}`, 'accent'),
		span(` ${word} `, 'dim'),
	]);
}
