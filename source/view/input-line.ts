import {type ParsedFilter, parseFilter} from '../metrics/filter.ts';
import {parseLogFilter} from '../metrics/log-filter.ts';
import {listedRows} from '../state/overview-list.ts';
import {activeView} from '../state/selectors.ts';
import {type TypedTime, targetTimeOf} from '../state/shown-range.ts';
import type {State} from '../state/state.ts';
import {formatDay, formatSecond, type Zone, zoneMark} from '../text/clock-time.ts';
import {formatAge} from '../text/format.ts';
import {momentExamples} from '../text/moment.ts';
import {caret, type Line, lineWidth, type Span, span, textWidth, truncateWords} from './line.ts';

type Typed = {readonly text: string; readonly mistake: string | undefined; readonly matches: string};

/** Returns the filter being typed, for deployments, nodes, or logs, with the number of matches or the error. */
export function typedFilter(state: State): Typed | undefined {
	const {filter, logs} = state;
	const typed = (text: string, parsed: ParsedFilter<object>, fitting: number, all: number): Typed => ({
		text,
		mistake: parsed.kind === 'mistake' ? parsed.mistake : undefined,
		matches: `${fitting} of ${all} match`,
	});
	if (logs.filter.editing !== undefined) {
		const {text} = logs.filter;
		return typed(text, parseLogFilter(text), logs.visible.lines.length, logs.buffer.lines);
	}

	const {overview, deployments, overlay} = state;
	if (overlay.kind === 'deployments' && overview.filter.editing !== undefined) {
		const {text, conditions} = overview.filter;
		const listed = listedRows(state).length;
		return typed(
			text,
			{kind: 'filter', conditions: conditions.map(word => ({word}))},
			listed,
			deployments.list?.length ?? 0,
		);
	}

	const {nodes, snapshot} = activeView(state);
	return filter.editing === undefined
		? undefined
		: typed(filter.text, parseFilter(filter.text), nodes.length, snapshot.nodes.length);
}

/** Draws the line in which a time is typed: the resulting time, or after an attempt, why it is invalid. */
export function timeLine(state: State, {text, isRefused}: TypedTime, width: number, zone: Zone): Line {
	const goal = targetTimeOf(state, text, zone);
	const tone = isRefused ? 'bad' : 'dim';
	switch (goal.kind) {
		case 'nothing':
			return inputLine('go to ', text, span(`such as ${momentExamples}`, 'dim'), width);
		case 'unreadable':
			return inputLine(
				'go to ',
				text,
				span(`${isRefused ? "isn't a time: use one " : ''}such as ${momentExamples}`, tone),
				width,
			);
		case 'unreachable':
			return inputLine('go to ', text, span(goal.why, tone), width);
		case 'time': {
			const {nowMs} = state.live;
			const when = `${formatDay(goal.timeMs, zone)} ${formatSecond(goal.timeMs, zone)}${zoneMark(zone)}`;
			const age = state.replay === undefined && goal.timeMs < nowMs ? `, ${formatAge(nowMs - goal.timeMs)} ago` : '';
			return inputLine('go to ', text, span(`${when}${age}`, 'dim'), width);
		}
	}
}

export function filterLine({text, mistake, matches}: Typed, width: number): Line {
	return inputLine('/', text, span(mistake ?? matches, mistake === undefined ? 'dim' : 'bad'), width);
}

/** Draws a line in which text is typed, followed by a message. If the text is too long, only its end is shown. */
function inputLine(prompt: string, text: string, {text: message, tone}: Span, width: number): Line {
	const room = Math.max(width - 5 - prompt.length - Math.min(textWidth(message), Math.floor(width / 2)), 8);
	const typed = [...text];
	const tail = typed.slice(Math.max(0, typed.length - room)).join('');
	const left: Line = [span(` ${prompt}`, 'accent'), span(tail, 'strong'), caret(), span('  ')];
	const words = truncateWords(message, Math.max(width - lineWidth(left) - 1, 0));
	return [...left, span(words, tone)];
}
