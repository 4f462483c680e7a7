import {logSelection, logsBelow} from '../../state/logs.ts';
import type {State} from '../../state/state.ts';
import type {Zone} from '../../text/clock-time.ts';
import {symbols} from '../../theme/theme.ts';
import type {Title} from '../frame-title.ts';
import {cutEnd, cutNameStart, type Line, type Span, span} from '../line.ts';
import {briefFault} from './log-words.ts';

const separator = span(` ${symbols.dot} `, 'dim');

function join(parts: ReadonlyArray<readonly Span[]>): Line {
	return parts.filter(part => part.length > 0).flatMap((part, index) => (index > 0 ? [separator, ...part] : part));
}

/** Returns the title: the filter, other restrictions, how many entries match, and whether new ones are followed. */
export function logsTitle(state: State, zone: Zone): Omit<Title, 'focused'> {
	const {logs, sideFailures, component} = state;
	const {visible, buffer, filter, minLevel, dropped} = logs;
	const fault: Line = sideFailures.logs === undefined ? [] : [span(briefFault(sideFailures.logs, zone), 'bad')];
	const unreadable: Line = dropped === 0 ? [] : [span(`${dropped} unreadable`, 'warn')];
	const least: Line = minLevel === 'DEBUG' ? [] : [span(`${minLevel.toLowerCase()} and up`, 'accent')];
	const node: Line = visible.node === undefined ? [] : [span(`only ${cutNameStart(visible.node, 20)}`, 'accent')];
	const isPart = visible.lines.length < buffer.lines;
	const counts = isPart ? `${visible.lines.length} of ${buffer.lines}` : String(buffer.lines);
	const count: Line = buffer.lines === 0 ? [] : [span(`${counts} lines`)];
	const where = placeSpans(state);
	return {
		number: 'l',
		title: component === 'trainer' ? 'Logs' : 'Logs of the trainer',
		subtitles: filter.text === '' ? [] : [filter.text, cutEnd(filter.text, 12)],
		values: [
			join([fault, unreadable, node, least, count, where]),
			join([fault, node, least, where]),
			join([fault, least, where]),
			join([fault, where]),
			fault.length > 0 ? fault : where,
		],
	};
}

/** Returns whether new entries are followed, which time is shown, or how many entries are below. */
function placeSpans({logs, mode}: State): Line {
	switch (logs.place.kind) {
		case 'newest':
			return logs.buffer.lines === 0 ? [] : [span('following', 'good')];
		case 'time':
			return [span(logs.place.isCursor ? 'at the cursor' : mode.kind === 'past' ? 'history' : 'paused', 'warn')];
		case 'line': {
			const selection = logSelection(logs);
			const newer = logs.visible.lines.length - 1 - selection - logsBelow(logs, selection);
			return [span(newer > 0 ? `${symbols.below}${newer} newer` : 'not following', 'warn')];
		}
	}
}
