import {activeComponent, activeView} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {describeFailure} from '../text/failure-text.ts';
import {symbols} from '../theme/theme.ts';
import {type Size, smallest} from './layout.ts';
import {cutEnd, cutNameStart, firstFitting, fitLine, type Line, lineWidth, span, textWidth, wrapWords} from './line.ts';
import type {PaneContent} from './pane-content.ts';

/** Returns the message for a terminal that is too small, with the required size, in a form that fits. */
export function tooSmallLines({columns, rows}: Size): readonly Line[] {
	const sentences = [
		`loops-top needs ${smallest.columns}x${smallest.rows}, this is ${columns}x${rows}`,
		`needs ${smallest.columns}x${smallest.rows}`,
		`${smallest.columns}x${smallest.rows}`,
	];
	const fitting = sentences.find(
		sentence => wrapWords(sentence, columns).length <= rows && longestWord(sentence) <= columns,
	);
	return wrapWords(fitting ?? '', columns).map(text => [span(text)]);
}

function longestWord(text: string): number {
	return Math.max(...text.split(' ').map(textWidth));
}

/** Says why there is no sampler to show; undefined if there is one, or if that isn't known yet. */
export function whyNoSampler(state: State): string | undefined {
	if (state.component === 'trainer') {
		return undefined;
	}

	const {deployment} = state.live;
	if (deployment === undefined) {
		return 'waiting for sampler details';
	}

	if (deployment.sampler === undefined) {
		return 'this deployment has no sampler';
	}

	const {link} = activeView(state);
	const isKnown = activeComponent(state).histories.some(({complete}) => complete);
	return link.kind === 'refused' && !isKnown
		? `the server refuses the sampler's metrics: ${describeFailure(link.failure)}`
		: undefined;
}

/** The top edge of a frame: the pane's digit and names, and its values. */
export type Title = Omit<PaneContent, 'body'> & {readonly number: string; readonly focused: boolean};

/**
 * Draws the top edge of a frame: `╭ 1 Requests ───── 12.3/s ╮`. The title is never cut; the value takes a form that
 * fits.
 */
export function frameTitle({number, title, subtitles, values, focused}: Title, width: number): Line {
	const tone = focused ? 'selected' : 'dim';
	const {topLeft, topRight, horizontal} = symbols.border;
	const name = `${number} ${title}`;
	const inner = width - 2;
	const left: Line = [
		span(focused ? symbols.pointer : ' ', tone),
		span(cutEnd(name, inner - 2), focused ? 'selected' : 'strong'),
		span(' '),
	];
	const shortest = lineWidth(values.at(-1) ?? []);
	const room = inner - lineWidth(left) - 3 - shortest - 2;
	const last = subtitles.at(-1) ?? '';
	const shown = subtitles.find(subtitle => textWidth(subtitle) <= room) ?? (room >= 4 ? cutNameStart(last, room) : '');
	const named: Line = shown === '' ? left : [...left, span(`${horizontal} `, tone), span(shown), span(' ')];
	const rest = inner - lineWidth(named) - 2;
	const fitting = firstFitting(values, rest);
	const value: Line = lineWidth(fitting) === 0 || lineWidth(fitting) > rest ? [] : [span(' '), ...fitting, span(' ')];
	const dashes = horizontal.repeat(Math.max(inner - lineWidth(named) - lineWidth(value), 0));
	return [span(topLeft, tone), ...fitLine([...named, span(dashes, tone), ...value], inner), span(topRight, tone)];
}
