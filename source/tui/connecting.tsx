import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import type {JSX} from 'react';
import type {Paint} from '../theme/theme.ts';
import type {Rect} from '../view/layout.ts';

/** What stands in the middle until the first answer: the one thing on the screen that moves by itself. */
export function Connecting({
	rect,
	text,
	plain,
	paint,
}: {
	readonly rect: Rect;
	readonly text: string;
	/** Whether the terminal shows ASCII alone. */
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
