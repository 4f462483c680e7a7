import {Box} from 'ink';
import type {JSX} from 'react';
import {type Painter, symbols} from '../theme/theme.ts';
import {type Line, span} from '../view/line.ts';
import type {Region as RegionData} from '../view/screen.ts';
import {Lines} from './lines.tsx';

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
