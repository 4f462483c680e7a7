import {firstLineOf, type TimelineEvent} from '../state/timeline.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {describeEnd} from '../text/finding-end.ts';
import {describeFinding} from '../text/finding-text.ts';
import {formatSize} from '../text/status-text.ts';
import {symbols} from '../theme/theme.ts';
import {findingTone} from './finding-markers.ts';
import {type Line, rowMark, type Span, spaceBetween, span, textWidth, truncateWords} from './line.ts';

export type TimelineLineOptions = {
	readonly isSelected: boolean;
	readonly width: number;
	readonly nowMs: number;
	readonly zone: Zone;
	/** The last error in the logs of a failed deployment, as text; empty if none is known. */
	readonly lastError: string;
	/** The width of the rule's name. */
	readonly nameWidth?: number;
	/** The maximum number of lines of its text; unlimited by default. */
	readonly most?: number;
};

/** Returns the mark before an event, and its text. */
function eventParts(event: TimelineEvent): {readonly mark: Span; readonly text: string; readonly more: string} {
	switch (event.kind) {
		case 'began': {
			const {finding} = event;
			return {
				mark: span(symbols.mark, findingTone(finding)),
				text: `${finding.rule}: ${describeFinding(finding).what}`,
				more: '',
			};
		}

		case 'ended': {
			const {finding} = event;
			const text = finding.state === 'resolved' ? describeEnd(finding) : '';
			return {mark: span(symbols.well, 'good'), text: `${finding.rule} ended: ${text}`, more: ''};
		}

		case 'checkpoint': {
			const {name, bytes} = event.checkpoint;
			return {
				mark: span(symbols.above, 'accent'),
				text: `checkpoint ${name}`,
				more: bytes === undefined ? '' : formatSize(bytes),
			};
		}

		case 'error': {
			const {line, count, replicas} = event;
			const [replica = ''] = replicas;
			const from = replicas.length > 1 ? `${replicas.length} replicas: ` : replica === '' ? '' : `${replica}: `;
			return {
				mark: span(symbols.broken, 'bad'),
				text: `${from}${firstLineOf(line)}`,
				more: count === 1 ? '' : `×${count}`,
			};
		}
	}
}

/** Describes an event in one line of text: `08:51:30 straggler: loops-trainer-2 GPU 5 at 31%`. */
export function eventText(event: TimelineEvent, nowMs: number, zone: Zone): string {
	const {text, more} = eventParts(event);
	return [formatMoment(event.atMs, nowMs, zone), text, more].filter(part => part !== '').join(' ');
}

export function eventLine(event: TimelineEvent, {isSelected, width, nowMs, zone}: TimelineLineOptions): Line {
	const {mark, text, more} = eventParts(event);
	const time = formatMoment(event.atMs, nowMs, zone);
	const end = more === '' ? '' : ` ${more} `;
	const room = width - textWidth(time) - textWidth(end) - 5;
	const head: Line = [
		rowMark(isSelected),
		span(`${time} `, isSelected ? 'selected' : 'dim'),
		mark,
		span(` ${truncateWords(text, room)}`),
	];
	return spaceBetween(head, [span(end, 'dim')], width);
}
