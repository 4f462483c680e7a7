import {Box, Text, Transform} from 'ink';
import {createElement, type JSX} from 'react';

export const columns = 160;
export const rows = 45;

/** A whole screen, drawn again for every frame. */
export type Screen = {readonly name: string; readonly draw: (frame: number) => JSX.Element};

type Line = (row: number, frame: number) => string;

const everyRow = Array.from({length: rows}, (_, row) => row);

/**
 * Returns a line as wide as the screen. All lines differ, because Ink caches lines; the first one contains the number
 * of the frame.
 */
function fill(character: string, row: number, frame: number): string {
	const start = `${String(row).padStart(3)}${row === 0 ? String(frame).padStart(5) : ''} `;
	return start + character.repeat(columns - start.length);
}

/** Colors every other group of ten characters in a line, as in charts and bars. */
function colored(line: string): string {
	const pieces = line.match(/.{1,10}/gsu) ?? [];
	return pieces.map((piece, index) => (index % 2 === 0 ? piece : `\u001b[36m${piece}\u001b[39m`)).join('');
}

function whole(...children: readonly JSX.Element[]): JSX.Element {
	return createElement(Box, {width: columns, height: rows, flexDirection: 'column'}, ...children);
}

function asText(name: string, line: Line): Screen {
	const text = (frame: number): string => everyRow.map(row => line(row, frame)).join('\n');
	return {name, draw: frame => whole(createElement(Text, null, text(frame)))};
}

/**
 * Draws a blank text node, which Ink lays out and measures. When Ink writes it, a transform replaces it with the lines.
 */
function asTransform(name: string, line: Line): Screen {
	const blank = `${'\n'.repeat(rows - 1)} `;
	return {
		name,
		draw: frame =>
			whole(
				createElement(
					Transform,
					{transform: (_: string, row: number) => line(row, frame)},
					createElement(Text, null, blank),
				),
			),
	};
}

/** Draws this number of boxes next to each other in every row, each with a text node. */
function asBoxes(name: string, boxes: number): Screen {
	const width = columns / boxes;
	const box = (row: number, index: number, frame: number): JSX.Element =>
		createElement(
			Box,
			{key: index, width},
			createElement(Text, null, fill('-', row, frame).slice(index, index + width)),
		);
	return {
		name,
		draw: frame =>
			whole(
				...everyRow.map(row =>
					createElement(
						Box,
						{key: row},
						Array.from({length: boxes}, (_, index) => box(row, index, frame)),
					),
				),
			),
	};
}

/** The same screen drawn in different ways. All but one change one line per frame. */
export const screens: readonly Screen[] = [
	asText('ASCII', (row, frame) => fill('-', row, frame)),
	asText('box', (row, frame) => fill('─', row, frame)),
	asText('ASCII, colors', (row, frame) => colored(fill('-', row, frame))),
	asText('box, colors', (row, frame) => colored(fill('─', row, frame))),
	asText('box, colors, all lines change', (row, frame) => colored(fill(frame % 2 === 0 ? '─' : '━', row, frame))),
	asTransform('box, colors, by <Transform>', (row, frame) => colored(fill('─', row, frame))),
	asBoxes('ASCII, 45 × 8 <Box><Text>', 8),
];
