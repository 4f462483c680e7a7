import {type Finding, nodeOf} from '../metrics/findings.ts';
import {activeView} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import type {Zone} from '../text/clock-time.ts';
import {clauseSince, describeFinding, type FindingWords, sinceWords} from '../text/finding-text.ts';
import {symbols} from '../theme/theme.ts';
import {findingTone} from './finding-markers.ts';
import {idleWords, lastErrorWords, withLastError} from './findings-list.ts';
import {
	cutNameStart,
	firstFitting,
	type Line,
	lineWidth,
	spaceBetween,
	span,
	textWidth,
	truncateWords,
} from './line.ts';

/** The minimum width in which nodes can be distinguished. */
const minName = 8;

/** The widths to which names of nodes are cut if little else has space. */
const briefNames = [32, 16, 12, 10, 8];

/** The minimum width at which a long error is cut rather than omitted. */
const minForError = 100;

/** Returns the findings that are active or unknown and, for an earlier time range, also those that ended within it. */
export function shownFindings(state: State): readonly Finding[] {
	const {current, resolved} = activeView(state).findings;
	return state.mode.kind === 'past' ? [...current, ...resolved] : current;
}

/** Returns the worst finding, in as many words as fit, and the number of findings. */
export function findingLine(state: State, found: readonly Finding[], width: number, zone: Zone): Line {
	const [worst] = found;
	if (worst === undefined) {
		return [];
	}

	const count: Line = [span(`${found.length} ${found.length === 1 ? 'finding' : 'findings'} ${symbols.dot} n `, 'dim')];
	const tone = findingTone(worst);
	const textsFor = (room: number): readonly Line[] => {
		const since = isOnsetObserved(worst) ? sinceWords(worst, state.live.nowMs, zone) : '';
		const words = withLastError(worst, describeFinding(worst), lastErrorWords(state, zone));
		const dated = (named: FindingWords): string => (since === '' ? named.what : clauseSince(worst, named, since));
		const {what, comparison, hint} = words;
		const node = nodeOf(worst) ?? '';
		const around = textWidth(what) - textWidth(node);
		const cut = (rest: number): FindingWords =>
			describeFinding(worst, name => cutNameStart(name, Math.max(minName, room - around - rest)));
		const name = worst.rule;
		const idle = idleWords(state, worst);
		// The amount alone is worth more than the command without it.
		const idleForms = idle === '' ? [] : [idle, idle.split('; ')[0] ?? idle];
		return [
			...idleForms.map(clause => `${name}  ${dated(words)}; ${clause}`),
			...idleForms.slice(1).flatMap(clause => [`${name}  ${what}; ${clause}`, `${what}; ${clause}`]),
			...(comparison === '' ? [] : [`${name}  ${dated(words)}, ${comparison}`]),
			...(hint === '' ? [] : [`${name}  ${dated(words)}${hint}`]),
			// The beginning of a long error is better than nothing.
			...(hint.startsWith(';') && room >= minForError ? [truncateWords(`${name}  ${dated(words)}${hint}`, room)] : []),
			`${name}  ${dated(words)}`,
			// The header shows since when the status has lasted.
			...(width < 60 ? [`${name}  ${cut(textWidth(name) + 2).what}`] : []),
			dated(words),
			dated(cut(textWidth(dated(words)) - textWidth(what))),
			...(width < 60 ? [] : [cut(0).what]),
			...briefNames.map(least => `${name}  ${describeFinding(worst, id => cutNameStart(id, least)).brief}`),
			// Users recognize rules by these words.
			words.brief,
		].map(text => [span(text, tone === 'plain' ? 'plain' : 'warn')]);
	};
	const mark = worst.state === 'unknown' ? span(' ? ', 'warn') : span(` ${symbols.mark} `, tone);
	const room = width - lineWidth(count) - 4;
	const text = width < 60 ? undefined : textsFor(room).find(form => lineWidth(form) <= room);
	if (text !== undefined) {
		return spaceBetween([mark, ...text], count, width);
	}

	const [alone = span('')] = firstFitting(textsFor(width - 4), width - 4);
	return [mark, span(truncateWords(alone.text, width - 4), alone.tone)];
}

/** Returns whether the start of a finding was observed. The server doesn't report when a status began. */
export function isOnsetObserved({rule, sinceIsLowerBound}: Finding): boolean {
	return rule !== 'status' || !sinceIsLowerBound;
}
