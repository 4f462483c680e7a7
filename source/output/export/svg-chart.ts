import type {Points} from '../../api/points.ts';
import {gapThreshold} from '../../metrics/series.ts';
import {formatDay, formatMinute, timesOfLocal, type Zone, zoneOffsetMs} from '../../text/clock-time.ts';

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Escapes text for HTML and SVG, in an element or in a quoted attribute. */
export function escapeMarkup(text: string): string {
	return text.replace(/[&<>"']/g, character => entities[character] ?? character);
}

/**
 * The style sheet of an exported page, for light and dark screens, phones, and paper. The colors of text and curves
 * have a contrast of at least 4.5:1.
 */
export const pageStyle = `
:root{color-scheme:light dark;--bg:#fff;--text:#1c2128;--dim:#59636e;--line:#d8dee4;--bad:#b42318;--warn:#8a5a00;
--s0:#0b57d0;--s1:#8a3ab9;--s2:#8a5a00;--s3:#00695c;--s4:#b42318;--s5:#4d5560;
--h0:#dbe4f0;--h1:#a9c4ea;--h2:#6f9fdd;--h3:#3474c4;--h4:#0b4a94}
@media(prefers-color-scheme:dark){:root{--bg:#14171c;--text:#e3e7ec;--dim:#9aa4b0;--line:#2d343d;--bad:#ff9489;--warn:#f0c36a;
--s0:#8ab4f8;--s1:#d7a6f5;--s2:#f0c36a;--s3:#7fd6c6;--s4:#ff9489;--s5:#b7c0ca;
--h0:#263648;--h1:#2b4d78;--h2:#33689f;--h3:#5b9bd8;--h4:#b5dbff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1360px;padding:16px;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.4rem;margin:0;overflow-wrap:anywhere}h2{font-size:1rem;margin:0 0 4px}
header p{margin:0;color:var(--dim)}footer{color:var(--dim);font-size:.85rem;margin-top:16px}
main{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));grid-auto-flow:dense;gap:16px 24px;margin-top:16px}
section{min-width:0;break-inside:avoid}.wide{grid-column:1/-1;overflow-x:auto}
main>section:first-child{grid-column:1/-1}
svg{display:block;width:100%;height:auto}
.axis,.node{fill:var(--dim);font:11px system-ui,sans-serif}.grid{stroke:var(--line);stroke-width:1;fill:none}
.curve{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.mark{fill:none;stroke-width:1.5;stroke-dasharray:4 3}
path.series0{stroke:var(--s0)}path.series1{stroke:var(--s1)}path.series2{stroke:var(--s2)}
path.series3{stroke:var(--s3)}path.series4{stroke:var(--s4)}path.series5{stroke:var(--s5)}
path.bad{stroke:var(--bad)}path.warn{stroke:var(--warn)}
path.heat0{fill:var(--h0)}path.heat1{fill:var(--h1)}path.heat2{fill:var(--h2)}path.heat3{fill:var(--h3)}path.heat4{fill:var(--h4)}
.legend{margin:0;font-size:.8rem;color:var(--dim)}.legend span{display:inline-block;margin-right:10px}.legend span::before{content:"";display:inline-block;width:12px;height:8px;margin-right:4px;background:currentColor;vertical-align:middle}
.legend .series0{color:var(--s0)}.legend .series1{color:var(--s1)}.legend .series2{color:var(--s2)}.legend .series3{color:var(--s3)}.legend .series4{color:var(--s4)}.legend .series5{color:var(--s5)}
.legend .bad{color:var(--bad)}.legend .warn{color:var(--warn)}
.legend [class^=heat]::before{border:1px solid var(--line)}
.heat0::before{background:var(--h0)!important}.heat1::before{background:var(--h1)!important}.heat2::before{background:var(--h2)!important}.heat3::before{background:var(--h3)!important}.heat4::before{background:var(--h4)!important}
.findings{margin:0;padding:0;list-style:none}.findings li{border-left:4px solid var(--bad);padding:2px 10px;margin-bottom:6px}.findings small{display:block;color:var(--dim)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:3px 10px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}th:first-child{text-align:left}thead th{font-weight:600;color:var(--dim)}tbody th{font-weight:400}
@media print{body{max-width:none}main{display:block}section{margin-bottom:14px}}
`;

/** A curve of a chart. `tone` is the name of a CSS class. */
export type SvgCurve = {readonly name: string; readonly tone: string; readonly points: Points};

/** A vertical line across a chart, which marks a time, such as the beginning of a finding. */
export type Mark = {readonly timeMs: number; readonly label: string; readonly tone: string};

/** The options of a chart. The range is in epoch milliseconds; the step determines what counts as a gap. */
export type SvgChartOptions = {
	readonly title: string;
	readonly startMs: number;
	readonly endMs: number;
	readonly stepMs: number;
	readonly zone: Zone;
	readonly marks: readonly Mark[];
	/** Formats a value, with its unit. */
	readonly format: (value: number) => string;
	/** The top of the axis, if it is fixed by the metric: 1 for fractions. */
	readonly top?: number;
	/** Returns the labeled values of the axis, from 0 to at least the highest value; `decimalTicks` by default. */
	readonly ticks?: (highest: number) => readonly number[];
};

const width = 480;
const height = 160;
/** The space above a chart: about the height of a title, a legend, and the gap between two rows of charts. */
const titleHeight = 45;
const left = 56;
const right = 8;
const top = 8;
const bottom = 24;

/** Returns the number of rows of charts that a drawing of this height spans, with its title and its legend. */
export function rowSpan(drawingHeight: number): number {
	return Math.ceil((drawingHeight + titleHeight) / (height + titleHeight));
}

/**
 * Draws curves over time as an SVG of 480×160 units that scales to the available width. A gap in a series is a gap in
 * its curve; a point without neighbors is a dot. The axis begins at 0. A chart without any values says so.
 */
export function svgChart(curves: readonly SvgCurve[], options: SvgChartOptions): string {
	const {title, startMs, endMs, stepMs, format, ticks: ticksTo = decimalTicks} = options;
	const values = curves.flatMap(({points}) => [...points.values].filter(Number.isFinite));
	const highest = options.top ?? values.reduce((a, b) => Math.max(a, b), 0);
	const ticks = ticksTo(highest);
	const end = options.top ?? ticks.at(-1) ?? 1;
	const x = (timeMs: number): number => left + ((timeMs - startMs) / (endMs - startMs)) * (width - left - right);
	const y = (value: number): number => height - bottom - (value / end) * (height - top - bottom);
	const body =
		values.length === 0
			? [`<text class="axis" x="${width / 2}" y="${height / 2}" text-anchor="middle">no data in this window</text>`]
			: [
					...ticks
						.filter(value => value <= end)
						.map(
							value =>
								`<path class="grid" d="M${left} ${round(y(value))}H${width - right}"/><text class="axis" x="${left - 6}" y="${round(y(value) + 4)}" text-anchor="end">${escapeMarkup(format(value))}</text>`,
						),
					...curves.map(({tone, points}) => `<path class="curve ${tone}" d="${curvePath(points, stepMs, x, y)}"/>`),
				];
	return [
		`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(title)}">`,
		timeAxis(options, x),
		...body,
		...options.marks.map(mark => markLine(mark, x(mark.timeMs))),
		'</svg>',
	].join('');
}

/**
 * Returns three to six ticks from 0 to at least `highest`, in steps of 1, 2, or 5 times a power of ten. If `highest` is
 * 0, returns 0 and 1.
 */
export function decimalTicks(highest: number): readonly number[] {
	if (highest <= 0) {
		return [0, 1];
	}

	const power = 10 ** Math.floor(Math.log10(highest / 4));
	const step = [1, 2, 5, 10].map(factor => factor * power).find(size => highest / size <= 5) ?? 10 * power;
	return Array.from({length: Math.ceil(highest / step - 1e-9) + 1}, (_, place) =>
		Number((place * step).toPrecision(12)),
	);
}

/**
 * Returns ticks from 0 to at least `highest`, in steps that are powers of two: above 2 KiB, whole numbers of KiB, MiB,
 * GiB, or TiB. If `highest` is 0, returns 0 and 1.
 */
export function binaryTicks(highest: number): readonly number[] {
	const step = highest <= 0 ? 1 : 2 ** Math.ceil(Math.log2(highest / 4));
	return Array.from({length: Math.max(2, Math.ceil(highest / step) + 1)}, (_, place) => place * step);
}

const dayMs = 1440 * 60_000;
const timeSteps = [
	...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map(minutes => minutes * 60_000),
	...[1, 2, 7, 14, 30].map(days => days * dayMs),
];

/** Returns the time axis. Its steps follow the zone's clock: a day begins at the zone's midnight. */
function timeAxis({startMs, endMs, zone}: SvgChartOptions, x: (timeMs: number) => number): string {
	const step = timeSteps.find(size => (endMs - startMs) / size <= 6) ?? 90 * dayMs;
	const first = Math.ceil((startMs + zoneOffsetMs(startMs, zone)) / step) * step;
	const count = Math.max(0, Math.ceil((endMs - startMs) / step) + 1);
	const write = step >= dayMs ? formatDay : formatMinute;
	return Array.from({length: count}, (_, place) => timesOfLocal(first + place * step, zone)[0] ?? Number.NaN)
		.filter(timeMs => timeMs >= startMs && timeMs <= endMs)
		.map(timeMs => {
			const at = round(x(timeMs));
			// A centered label at the edge would be cut off.
			const anchor = at > width - right - 16 ? 'end' : 'middle';
			return `<path class="grid" d="M${at} ${top}V${height - bottom}"/><text class="axis" x="${anchor === 'end' ? width : at}" y="${height - 8}" text-anchor="${anchor}">${write(timeMs, zone)}</text>`;
		})
		.join('');
}

function curvePath(
	points: Points,
	stepMs: number,
	x: (timeMs: number) => number,
	y: (value: number) => number,
): string {
	const gapMs = gapThreshold(points, stepMs);
	let path = '';
	let previousMs = Number.NEGATIVE_INFINITY;
	for (const [place, timeMs] of points.times.entries()) {
		const value = points.values[place] ?? Number.NaN;
		if (!Number.isFinite(value)) {
			previousMs = Number.NEGATIVE_INFINITY;
			continue;
		}

		// With round ends, a line of zero length is a dot.
		path += timeMs - previousMs > gapMs ? `M${round(x(timeMs))} ${round(y(value))}h0` : '';
		path += `L${round(x(timeMs))} ${round(y(value))}`;
		previousMs = timeMs;
	}

	return path;
}

function markLine({label, tone}: Mark, x: number): string {
	return `<path class="mark ${tone}" d="M${round(x)} ${top}V${height - bottom}"><title>${escapeMarkup(label)}</title></path>`;
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}
