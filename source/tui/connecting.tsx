import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import type {JSX} from 'react';
import type {Painter} from '../theme/theme.ts';
import type {Rect} from '../view/layout.ts';
import {textWidth} from '../view/line.ts';

/** Shows a message in the middle of the screen until the first response. It contains the only animation. */
export function Connecting({
	rect,
	text,
	plain,
	paint,
}: {
	readonly rect: Rect;
	readonly text: string;
	/** Whether the terminal can only show ASCII. */
	readonly plain: boolean;
	readonly paint: Painter;
}): JSX.Element {
	const width = Math.min(textWidth(text), Math.max(rect.width - 2, 0));
	const left = rect.x + Math.max(Math.floor((rect.width - width - 2) / 2), 0);
	const top = rect.y + Math.floor((rect.height - 1) / 2);
	return (
		<>
			<Box position="absolute" left={left} top={top} width={1} height={1}>
				<Spinner type={plain ? 'line' : 'dots'} />
			</Box>
			<Box position="absolute" left={left + 2} top={top} width={width} height={1}>
				<Text wrap="truncate">{paint(text, 'dim')}</Text>
			</Box>
		</>
	);
}
