import {amountTone, symbols} from '../theme/theme.ts';
import {type Line, span} from './line.ts';

/** What is seen on the screen, and what it means: the help and the README list it. */
export type LegendEntry = {
	readonly shown: Line;
	/** Where it stands, such as ` in a chart`; empty if it means the same everywhere. */
	readonly where: string;
	readonly means: string;
};

function entry(shown: Line, means: string, where = ''): LegendEntry {
	return {shown, where, means};
}

const space = span(' ');

/** A glyph of each of the five steps of a share. */
const amounts = ['▁', '▃', '▅', '▆', '▇'] as const;

/** The colors and symbols of the screen. */
export const legend: readonly LegendEntry[] = [
	entry([span(symbols.unknown)], 'unknown: no value was received. Never zero'),
	entry(
		[span(symbols.mark, 'bad'), space, span('?', 'warn')],
		"this node or GPU has a finding; it isn't known now whether the finding still holds",
	),
	entry([span(symbols.pointer, 'selected')], 'selected, or the focused pane'),
	entry(
		[span(symbols.live, 'good'), space, span(symbols.waiting, 'warn'), space, span(symbols.broken, 'bad')],
		'the deployment is live, is waiting, or has failed',
	),
	entry([span(symbols.well, 'good')], 'no findings'),
	entry([span(symbols.noData.repeat(3), 'dim')], 'no samples, between others or since the newest', ' in a chart'),
	entry([span(symbols.mark, 'bad')], 'a finding began; dim if it is over', ' below a chart'),
	entry([span(symbols.above, 'accent')], 'a checkpoint was made', ' below a chart'),
	entry(
		amounts.map((glyph, step) => span(glyph, amountTone((step + 0.5) / amounts.length))),
		'a share in five steps from 0 to 100%: an amount, not a warning',
		' over time',
	),
	entry(
		[span(symbols.bar.repeat(2)), space, span(symbols.thinBar.repeat(2), 'dim')],
		'utilization; memory',
		' of a GPU',
	),
	entry([span('-1d', 'dim')], 'the values a day earlier, as a dim curve', ' in a chart'),
	entry([span('default'), space, span('dim', 'dim')], 'healthy; idle, or old'),
	entry(
		[span('yellow', 'warn'), space, span('red', 'bad')],
		'worth a look; needs attention. --theme colorblind avoids red against green, mono uses no colors',
	),
	entry(
		[span('cyan', 'first'), space, span('blue', 'second'), space, span('violet', 'third')],
		'the series of a chart',
	),
];
