import {symbols, type Tone} from '../theme/theme.ts';
import type {Line} from './line.ts';
import {span} from './line.ts';

/**
 * Returns a bar of `width` cells for a fraction 0–1; higher fractions are drawn full. Anything above zero shows at
 * least a tip, and an unknown fraction shows no bar at all.
 */
export function bar(
	fraction: number | undefined,
	width: number,
	options: {readonly tone: Tone; readonly track?: boolean},
): Line {
	const filled = Math.round(Math.min(Math.max(fraction ?? 0, 0), 1) * width);
	const hasTip = filled === 0 && fraction !== undefined && fraction > 0 && width > 0;
	const drawn = hasTip ? symbols.barTip : symbols.bar.repeat(filled);
	const rest = width - (hasTip ? 1 : filled);
	const track = options.track === true && fraction !== undefined ? symbols.track : ' ';
	return [span(drawn, options.tone), span(track.repeat(Math.max(rest, 0)), 'dim')];
}
