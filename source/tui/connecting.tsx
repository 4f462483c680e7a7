import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import type {JSX} from 'react';
import type {Paint} from '../theme/theme.ts';
import type {Rect} from '../view/layout.ts';

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
	readonly paint: Paint;
}): JSX.Element {
	return (
		<Box
			position="absolute"
			left={rect.x}
			top={rect.y}
			width={rect.width}
			height={rect.height}
			alignItems="center"
			justifyContent="center"
		>
			<Spinner type={plain ? 'line' : 'dots'} />
			<Text wrap="truncate"> {paint(text, 'dim')}</Text>
		</Box>
	);
}
