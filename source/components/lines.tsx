import {Text} from 'ink';
import type {JSX} from 'react';
import type {Paint} from '../theme.ts';
import type {Line} from '../view/line.ts';

/** Lines of exactly the size of their place. They are one text: Ink's cost is by the node. */
export function Lines({lines, paint}: {readonly lines: readonly Line[]; readonly paint: Paint}): JSX.Element {
	return <Text wrap="truncate">{paintLines(lines, paint)}</Text>;
}

function paintLines(lines: readonly Line[], paint: Paint): string {
	return lines.map(line => line.map(({text, tone}) => paint(text, tone)).join('')).join('\n');
}
