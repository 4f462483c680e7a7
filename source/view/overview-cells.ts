import type {CurrentFinding} from '../metrics/findings.ts';
import {isLive} from '../state/overview.ts';
import type {OverviewRow} from '../state/overview-row.ts';
import {describeFailure} from '../text/failure-text.ts';
import {describeFinding} from '../text/finding-text.ts';
import {formatAge, formatTimeLeft} from '../text/format.ts';
import {symbols} from '../theme/theme.ts';
import {findingTone} from './finding-markers.ts';
import {cutNameStart, fitLine, type Line, lineWidth, span, textWidth, truncateWords} from './line.ts';
import {joinGlyphs, levelGlyph, utilizationTone} from './sparkline.ts';

/**
 * Draws how busy the GPUs were over the hour: for each cell, the mean of its minutes, as one of the levels from idle to
 * busy.
 */
export function courseCell({measures}: OverviewRow, width: number): Line {
	const course = measures?.course ?? [];
	const cells = Array.from({length: width}, (_, column) => {
		const from = Math.floor((column * course.length) / width);
		const to = Math.max(Math.floor(((column + 1) * course.length) / width), from + 1);
		const known = course.slice(from, to).filter(value => value !== undefined);
		const value = known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0) / known.length;
		return value === undefined ? undefined : {glyph: levelGlyph(value, 1), tone: utilizationTone(value)};
	});
	return joinGlyphs(cells);
}

/** The minimum width at which the cell of a finding has space for most of its sentence. */
const sentenceFrom = 60;

/** Returns the worst finding with its duration, and its text if there is space; or why nothing is known. */
export function findingCell(row: OverviewRow, width: number, nowMs: number): Line {
	const {link, findings, deployment} = row;
	const [worst, ...others] = findings ?? [];
	if (link.kind === 'failing' || link.kind === 'refused') {
		const since = formatAge(nowMs - link.sinceMs);
		const failure = describeFailure(link.failure);
		const words = [`${failure}, for ${since}`, failure, 'not responding', 'failing'];
		const fitting = words.find(text => textWidth(text) <= width) ?? 'failing';
		return fitLine([span(fitting, 'warn')], width);
	}

	if (worst !== undefined) {
		const since = worst.state === 'unknown' ? worst.lastKnownMs : worst.sinceMs;
		const age = `${formatAge(nowMs - since)}${worst.state === 'active' && worst.sinceIsLowerBound ? '+' : ''}`;
		const more = others.length === 0 ? '' : ` +${others.length}`;
		const found = worst.state === 'unknown' ? `${worst.rule} ? ${age}` : `${worst.rule} ${age}`;
		// If the sentence of the finding fits, it already contains the time.
		const full = worst.rule === 'disk-growth' && width >= sentenceFrom ? '' : fullWords(worst, others);
		const brief =
			[`${found}${full}`, `disk${full}`].find(text => full !== '' && textWidth(text + more) <= width) ?? found;
		const room = width - textWidth(brief) - textWidth(more) - 2;
		const words = room < 16 ? '' : `  ${truncateWords(describeFinding(worst, shortName(room)).what, room)}`;
		const tone = findingTone(worst) === 'plain' ? 'plain' : 'warn';
		const line = [span(brief, tone), span(more, 'dim'), span(words)];
		return fitLine(lineWidth(line) <= width ? line : [span(worst.rule, tone)], width);
	}

	const words = findings !== undefined ? '' : isLive(deployment) ? 'loading' : symbols.unknown;
	return fitLine(findings === undefined ? [span(words, 'dim')] : [span(symbols.well, 'good')], width);
}

/** Says when the first node will be full, if the worst finding is about storage growth. */
function fullWords(worst: CurrentFinding, others: readonly CurrentFinding[]): string {
	const isStorage = worst.rule === 'disk-growth' || worst.rule === 'disk';
	const times = [worst, ...others].flatMap(finding =>
		finding.rule === 'disk-growth' && finding.state === 'active' ? finding.fullInMs : [],
	);
	return isStorage && times.length > 0 ? `, full in ${formatTimeLeft(Math.min(...times))}` : '';
}

function shortName(room: number): (name: string) => string {
	return name => cutNameStart(name, Math.max(8, room - 24));
}
