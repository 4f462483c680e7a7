import {type Size, smallest} from './layout.ts';
import {type Line, span, textWidth, wrapWords} from './line.ts';

/** Returns the message for a terminal that is too small, with the required size, in a form that fits. */
export function tooSmallLines({columns, rows}: Size): readonly Line[] {
	const sentences = [
		`loops-top needs ${smallest.columns}x${smallest.rows}, this is ${columns}x${rows}`,
		`needs ${smallest.columns}x${smallest.rows}`,
		`${smallest.columns}x${smallest.rows}`,
	];
	const fitting = sentences.find(
		sentence => wrapWords(sentence, columns).length <= rows && longestWord(sentence) <= columns,
	);
	return wrapWords(fitting ?? '', columns).map(text => [span(text)]);
}

function longestWord(text: string): number {
	return Math.max(...text.split(' ').map(textWidth));
}
