import {Text, Transform} from 'ink';
import type {JSX} from 'react';
import type {Paint} from '../theme/theme.ts';
import type {Line} from '../view/line.ts';

/**
 * Lines of exactly the size of their place. They are one text, as Ink's cost is by the node; and Ink lays out a blank in
 * its place, which is turned into the lines when it is written. It would measure every character of a line that is not
 * ASCII, again for each frame, which is half of what a frame costs.
 */
export function Lines({lines, paint}: {readonly lines: readonly Line[]; readonly paint: Paint}): JSX.Element {
	return (
		<Transform transform={(_, row) => paintLine(lines[row] ?? [], paint)}>
			<Text>{blank(lines.length)}</Text>
		</Transform>
	);
}

/** As many lines, the last one of a space: an empty text would not be written. */
function blank(lines: number): string {
	return `${'\n'.repeat(Math.max(lines - 1, 0))} `;
}

function paintLine(line: Line, paint: Paint): string {
	return line.map(({text, tone}) => paint(text, tone)).join('');
}
