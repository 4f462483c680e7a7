import {type Finding, nodeOf} from '../metrics/findings.ts';
import {firstLineOf, type TimelineEvent} from '../state/timeline.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {describeEnd, findingClause, sinceWords} from '../text/finding-sentence.ts';
import {describeFinding, type FindingWords} from '../text/finding-text.ts';
import {formatSize} from '../text/status-text.ts';
import {symbols} from '../theme/theme.ts';
import {cutNameStart} from './distinct-name.ts';
import {findingMark, findingTone} from './finding-markers.ts';
import {
	type Line,
	lineWidth,
	padEnd,
	rowMark,
	type Span,
	spaceBetween,
	span,
	textWidth,
	truncateWords,
	wrapWords,
} from './line.ts';

type TimelineLineOptions = {
	readonly isSelected: boolean;
	readonly width: number;
	readonly nowMs: number;
	readonly zone: Zone;
	/** The last error in the logs of a failed deployment, as text; empty if none is known. */
	readonly lastError: string;
	/** The width of the rule's name, in cells. */
	readonly nameWidth?: number;
	/** The maximum number of lines of the text; unlimited by default. */
	readonly most?: number;
};

/** Returns the mark before an event, its text, and the size or count that follows the text. */
function eventParts(event: TimelineEvent): {readonly mark: Span; readonly text: string; readonly more: string} {
	switch (event.kind) {
		case 'began': {
			const {finding} = event;
			return {
				mark: span(findingMark({...finding, state: 'active'}), findingTone(finding)),
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

/** The maximum number of lines of an event: a log message can be long. */
const maxEventLines = 3;

/** The minimum width of an event's text in front of its size or count: that of the longest word it usually contains. */
const minEventText = 10;

/**
 * Draws an event: its time, its mark, its text, and its size or count, in as many lines as needed but at most three.
 */
export function eventLines(
	event: TimelineEvent,
	{isSelected, width, nowMs, zone}: TimelineLineOptions,
): readonly Line[] {
	const {mark, text, more} = eventParts(event);
	const time = formatMoment(event.atMs, nowMs, zone);
	const after = more === '' ? '' : ` ${more} `;
	const whole = width - textWidth(time) - 5;
	// On a narrow screen, the text needs the space of the size or count, which then becomes part of the text.
	const end = whole - textWidth(after) < minEventText ? '' : after;
	const below = Math.max(width - eventIndent.length - 1, 1);
	const wrapped = wrapAround(end === after ? text : `${text} ${more}`, Math.max(whole - textWidth(end), 1), below);
	const [first = '', ...others] =
		wrapped.length <= maxEventLines
			? wrapped
			: [...wrapped.slice(0, maxEventLines - 1), truncateWords(wrapped.slice(maxEventLines - 1).join(' '), below)];
	const head: Line = [rowMark(isSelected), span(`${time} `, isSelected ? 'selected' : 'dim'), mark, span(` ${first}`)];
	return [
		spaceBetween(head, [span(end, 'dim')], width),
		...others.map((line): Line => [span(eventIndent), span(line)]),
	];
}

const eventIndent = ' '.repeat(5);

/**
 * Draws a finding: its rule, its text, and its time if there is space. The text begins next to the rule or, if the pane
 * is narrow, below it. The text takes up at most `most` lines; with 0, the finding takes up one line at any width.
 */
export function findingLines(finding: Finding, how: TimelineLineOptions): readonly Line[] {
	const {isSelected, width, nowMs, zone, lastError, nameWidth = usualNameWidth, most = Number.POSITIVE_INFINITY} = how;
	const isOver = finding.state === 'resolved';
	const mark = isOver ? ' ' : findingMark(finding);
	const words = describeFinding(finding, name => cutNameStart(name, Math.max(most < 3 ? 8 : 16, width - 30)));
	const since = `${sinceWords(finding, nowMs, zone)} `;
	const textIn = (room: number, lines: number, below = room): readonly string[] =>
		fittingText(finding, withLastError(finding, words, lastError), {first: room, below, most: lines});
	const tone = isOver ? 'dim' : 'plain';
	const headIn = (columns: number): Line => [
		rowMark(isSelected),
		span(`${mark} `, finding.state === 'unknown' ? 'warn' : findingTone(finding)),
		span(padEnd(finding.rule, columns), isSelected ? 'selected' : isOver ? 'dim' : 'strong'),
	];
	if (width < oneLineFrom && most === 0) {
		const head = headIn(textWidth(finding.rule) + 2);
		const [line = ''] = textIn(width - lineWidth(head), 1);
		return [[...head, span(line, tone)]];
	}

	if (width < oneLineFrom) {
		return [
			spaceBetween(headIn(nameWidth), [span(textWidth(since) + 16 <= width ? since : '', 'dim')], width),
			...textIn(width - 4, most).map((line): Line => [span('   '), span(line, tone)]),
		];
	}

	// The first line ends with the time, so the others are longer.
	const room = width - nameWidth - 4 - textWidth(since);
	const [first = '', ...others] = textIn(room, Math.max(most, 1), width - nameWidth - 4);
	return [
		spaceBetween([...headIn(nameWidth), span(first, tone)], [span(since, 'dim')], width),
		...others.map((line): Line => [span(' '.repeat(nameWidth + 3)), span(line, tone)]),
	];
}

/**
 * Returns the findings without those about nearly full disks whose use also grows: the text about the growth says both.
 */
export function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
	const grow = new Set(findings.flatMap(one => (one.rule === 'disk-growth' ? nodeOf(one) : [])));
	return findings.filter(one => one.rule !== 'disk' || !grow.has(nodeOf(one)));
}

/**
 * Wraps text into a first line and further lines of a different width. The first line is empty if the first word fits
 * only in the others.
 */
function wrapAround(text: string, firstWidth: number, width: number): readonly string[] {
	const [words = ''] = wrapWords(text, Math.max(firstWidth, 1));
	const first = text.startsWith(words) ? words : '';
	const rest = text.slice(first.length).trimStart();
	return [first, ...(rest === '' ? [] : wrapWords(rest, Math.max(width, 1)))];
}

/**
 * Returns the longest form of a finding's text that fits in at most `most` lines, the first of which can be shorter
 * than the others. A hint can be cut if what comes before it fits; anything else is cut only if not even the shortest
 * form fits.
 */
function fittingText(
	finding: Finding,
	words: FindingWords,
	{first, below, most}: {readonly first: number; readonly below: number; readonly most: number},
): readonly string[] {
	const {what, brief, hint} = words;
	const wrap = (text: string): readonly string[] => wrapAround(text, first, below);
	const compared = findingClause({...words, hint: ''});
	const clause = compared + hint;
	const lines = wrap(clause);
	if (lines.length <= most) {
		return lines;
	}

	const fits = (text: string, count: number): boolean => {
		const wrapped = wrap(text);
		return wrapped.length <= count && wrapped.join(' ') === text;
	};
	if (hint !== '' && fits(compared, most - 1)) {
		return [...lines.slice(0, most - 1), truncateWords(lines.slice(most - 1).join(' '), most === 1 ? first : below)];
	}

	// The time until the storage or the RAM is full is more important than how full it is.
	const forms =
		'fullInMs' in finding && finding.fullInMs !== undefined ? [compared, brief, what] : [compared, what, brief];
	const text = forms.find(form => fits(form, most));
	return text === undefined ? [truncateWords(brief, first)] : wrap(text);
}

/** The width of a rule's name, in cells, unless the caller chooses it. */
const usualNameWidth = 16;

/** The minimum width at which the text of a finding begins next to its rule rather than below it. */
const oneLineFrom = 76;

/**
 * Returns the text of a finding; the text of a failure ends with the last error in the logs, instead of the hint to
 * read them.
 */
export function withLastError(finding: Finding, words: FindingWords, lastError: string): FindingWords {
	const isFailure = finding.rule === 'status' && !finding.ofRun && finding.status === 'FAILED';
	return isFailure && lastError !== '' ? {...words, hint: `; ${lastError}`} : words;
}
