import {Box, Text, Transform} from 'ink';
import type {JSX} from 'react';
import type {Painter} from '../theme/theme.ts';
import type {Line} from '../view/line.ts';
import {linesOf, type Region as RegionData} from '../view/screen.ts';

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
	const {rect} = region;
	const place = {position: 'absolute', left: rect.x, top: rect.y, width: rect.width, height: rect.height} as const;
	return (
		<Box {...place}>
			<Lines lines={linesOf(region)} paint={paint} />
		</Box>
	);
}
