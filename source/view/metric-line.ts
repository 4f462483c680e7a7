import type {Points} from '../api/points.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import {symbols, type Tone} from '../theme/theme.ts';
import {type Line, padEnd, padStart, span} from './line.ts';
import type {Summary} from './resample.ts';
import {trend} from './sparkline.ts';

const labelWidth = 12;
const valueWidth = 8;

/**
 * Draws one line per metric, for narrow screens: its name, its value, and its trend over the window as far as there is
 * space.
 */
export function metricLine(options: {
	readonly label: string;
	readonly value: string;
	readonly points: Points;
	readonly tone: Tone;
	readonly summary: Summary;
	readonly snapshot: Snapshot;
	readonly focused: boolean;
	readonly width: number;
}): Line {
	const {label, value, points, tone, summary, snapshot, focused, width} = options;
	const room = width - labelWidth - valueWidth - 2;
	return [
		span(focused ? symbols.pointer : ' ', 'accent'),
		span(padEnd(label, labelWidth - 1), 'dim'),
		span(padStart(value, valueWidth), 'strong'),
		span('  '),
		...(room < 4 ? [] : trend(points, room, {snapshot, summary, tone})),
	];
}
