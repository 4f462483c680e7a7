import {Box, Text, Transform} from 'ink';
import type {JSX} from 'react';
import {type Painter, symbols} from '../theme/theme.ts';
import {type Line, span} from '../view/line.ts';
import type {Region as RegionData} from '../view/screen.ts';

/**
 * Draws lines that exactly fill their rectangle. They are one text, because Ink's cost is per node. Ink lays out a
 * blank in their place, which is replaced with the lines as it is written: otherwise it would measure every character
 * of a line with non-ASCII text again for each frame, half of a frame's cost.
 */
function Lines({lines, paint}: {readonly lines: readonly Line[]; readonly paint: Painter}): JSX.Element {
	return (
		<Transform transform={(_, row) => paintLine(lines[row] ?? [], paint)}>
			<Text>{blank(lines.length)}</Text>
		</Transform>
	);
}

/** Returns as many lines, the last one with a space: Ink wouldn't write an empty text. */
function blank(lines: number): string {
	return `${'\n'.repeat(Math.max(lines - 1, 0))} `;
}

function paintLine(line: Line, paint: Painter): string {
	return line.map(({text, tone}) => paint(text, tone)).join('');
}

/** Draws a rectangle of the screen, within its frame if it has one. */
export function Region({region, paint}: {readonly region: RegionData; readonly paint: Painter}): JSX.Element {
	const {rect, frame, lines} = region;
	const place = {position: 'absolute', left: rect.x, top: rect.y, width: rect.width, height: rect.height} as const;
	return (
		<Box {...place}>
			<Lines lines={frame === undefined ? lines : inFrame(lines, frame, rect.width)} paint={paint} />
		</Box>
	);
}

/** Draws the frame as part of the lines: a border by Ink would be a second pass over the same cells. */
function inFrame(lines: readonly Line[], frame: NonNullable<RegionData['frame']>, width: number): readonly Line[] {
	const {vertical, bottomLeft, bottomRight, horizontal} = symbols.border;
	const side = span(vertical, frame.focused ? 'selected' : 'dim');
	const bottom = span(bottomLeft + horizontal.repeat(Math.max(width - 2, 0)) + bottomRight, side.tone);
	return [frame.title, ...lines.map(line => [side, ...line, side]), [bottom]];
}
