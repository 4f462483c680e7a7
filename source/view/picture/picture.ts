import {targetName} from '../../api/target.ts';
import type {State} from '../../state/state.ts';
import type {Background} from '../../theme/tones.ts';
import type {Size} from '../layout.ts';
import type {Screen} from '../screen.ts';
import {
	blockOf,
	type Cell,
	type CellColor,
	cellHeight,
	cellsOfScreen,
	cellWidth,
	dotsOf,
	lineOf,
	type PictureLook,
	type Point,
	type TerminalColors,
	terminals,
} from './cells.ts';

/** The space around the cells, in the units of the picture. */
export const margin = 10;

type Style = {
	readonly fill: string;
	readonly opacity: number;
	readonly bold: boolean;
	readonly underline: boolean;
};

function colorOf(color: CellColor | undefined, {text, palette}: TerminalColors): string {
	switch (color?.kind) {
		case 'rgb':
			return `#${color.value.toString(16).padStart(6, '0')}`;
		case 'palette':
			return palette[color.index % 8] ?? text;
		default:
			return text;
	}
}

function styleOf({color, dim, inverse, bold, underline}: Cell, colors: TerminalColors): Style {
	return {fill: inverse ? colors.background : colorOf(color, colors), opacity: dim ? 0.55 : 1, bold, underline};
}

function attributes({fill, opacity, bold, underline}: Style): string {
	return [
		` fill="${fill}"`,
		...(opacity < 1 ? [` opacity="${opacity}"`] : []),
		...(bold ? [' font-weight="bold"'] : []),
		...(underline ? [' text-decoration="underline"'] : []),
	].join('');
}

/** Matches characters that XML can't contain, even if escaped. */
const notInXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Escapes a string for use between SVG tags. */
export function escapeText(text: string): string {
	return text.replaceAll(notInXml, '?').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const origin: Point = {x: 0, y: 0};

/** Returns whether a glyph is drawn as a shape, so that the picture doesn't depend on the available fonts. */
function isShape(glyph: string): boolean {
	return [lineOf, dotsOf].some(shapeOf => shapeOf(glyph, origin) !== undefined) || blockOf(glyph, origin) !== undefined;
}

/** Draws block glyphs, such as bars: adjacent glyphs that look the same become one rectangle. */
function blockRuns(row: readonly Cell[], y: number, colors: TerminalColors): readonly string[] {
	const runs: string[] = [];
	for (let start = 0, end = 0; start < row.length; start = Math.max(end, start + 1)) {
		const cell = row[start];
		const block = cell === undefined ? undefined : blockOf(cell.text, {x: margin + start * cellWidth, y});
		if (cell === undefined || block === undefined) {
			continue;
		}

		const style = styleOf(cell, colors);
		const look = attributes({
			...style,
			bold: false,
			underline: false,
			opacity: cell.text === '░' ? 0.2 : style.opacity,
		});
		const isSame = (other: Cell | undefined): boolean =>
			other?.text === cell.text && attributes(styleOf(other, colors)) === attributes(style);
		end = start;
		while (isSame(row[end])) {
			end++;
		}

		const width = block.width + (end - start - 1) * cellWidth;
		runs.push(`<rect x="${block.x}" y="${round(block.y)}" width="${width}" height="${round(block.height)}"${look}/>`);
	}

	return runs;
}

/** Draws lines or filled dots: those with the same style become one path. */
function paths(
	rows: ReadonlyArray<readonly Cell[]>,
	colors: TerminalColors,
	shapeOf: typeof lineOf,
	drawn: 'stroke' | 'fill',
): readonly string[] {
	const found = new Map<string, string>();
	for (const [row, cells] of rows.entries()) {
		for (const [column, cell] of cells.entries()) {
			const path = shapeOf(cell.text, {x: margin + column * cellWidth, y: margin + row * cellHeight});
			if (path !== undefined) {
				const {fill, opacity} = styleOf(cell, colors);
				const look = ` ${drawn}="${fill}"${opacity < 1 ? ` opacity="${opacity}"` : ''}`;
				found.set(look, (found.get(look) ?? '') + path);
			}
		}
	}

	return [...found].map(([look, path]) => `<path d="${path}"${drawn === 'stroke' ? ' fill="none"' : ''}${look}/>`);
}

/** Rounds a coordinate to two decimals. */
function round(value: number): number {
	return Math.round(value * 100) / 100;
}

/** Draws text: adjacent cells with the same style become one text element. */
function textRuns(row: readonly Cell[], y: number, colors: TerminalColors): readonly string[] {
	const runs: string[] = [];
	for (let start = 0; start < row.length; ) {
		const cell = row[start];
		if (cell === undefined || cell.text.trim() === '' || isShape(cell.text)) {
			start++;
			continue;
		}

		const look = attributes(styleOf(cell, colors));
		let end = start;
		let text = '';
		while (end < row.length) {
			const next = row[end];
			if (next?.width === 0) {
				end++;
				continue;
			}

			if (
				next === undefined ||
				next.text.trim() === '' ||
				isShape(next.text) ||
				attributes(styleOf(next, colors)) !== look
			) {
				break;
			}

			text += next.text;
			end++;
		}

		const width = (end - start) * cellWidth;
		runs.push(
			`<text x="${margin + start * cellWidth}" y="${y + 13}" textLength="${width}" lengthAdjust="spacingAndGlyphs"${look}>${escapeText(text)}</text>`,
		);
		start = end;
	}

	return runs;
}

/** Returns the elements of a screen, without a background. */
export function drawCells(rows: ReadonlyArray<readonly Cell[]>, colors: TerminalColors): readonly string[] {
	const shapes = rows.flatMap((row, index) => {
		const y = margin + index * cellHeight;
		const inverted = row.flatMap((cell, column) =>
			cell.inverse
				? [
						`<rect x="${margin + column * cellWidth}" y="${y}" width="${cellWidth}" height="${cellHeight}" fill="${colorOf(cell.color, colors)}"/>`,
					]
				: [],
		);
		return [...inverted, ...blockRuns(row, y, colors), ...textRuns(row, y, colors)];
	});
	return [...shapes, ...paths(rows, colors, lineOf, 'stroke'), ...paths(rows, colors, dotsOf, 'fill')];
}

/**
 * Returns an SVG picture of these elements, with a title for screen readers and the background of a terminal with this
 * number of cells.
 */
export function svgOf(
	{columns, rows}: {readonly columns: number; readonly rows: number},
	{background}: TerminalColors,
	title: string,
	elements: readonly string[],
): string {
	const width = columns * cellWidth + 2 * margin;
	const height = rows * cellHeight + 2 * margin;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="13">`,
		`<title>${escapeText(title)}</title>`,
		`<rect width="${width}" height="${height}" rx="8" fill="${background}"/>`,
		...elements,
		'</svg>',
		'',
	].join('\n');
}

/** Draws a terminal's screen as SVG; screen readers read `title`. */
export function drawSvg(rows: ReadonlyArray<readonly Cell[]>, colors: TerminalColors, title: string): string {
	const size = {columns: rows[0]?.length ?? 0, rows: rows.length};
	return svgOf(size, colors, title, drawCells(rows, colors));
}

/** The appearance of the terminal, whose background can be unknown. */
type TerminalLook = Omit<PictureLook, 'background'> & {readonly background: Background};

/**
 * Draws the screen as SVG in the colors of the theme, on a background that is dark unless the theme or the terminal
 * determines it. Returns the picture; its title, followed by its text row by row; and the name of the target (empty
 * if no deployment has been chosen).
 */
export function pictureOf(
	screen: Screen,
	size: Size,
	{look, state}: {readonly look: TerminalLook; readonly state: State},
): {readonly svg: string; readonly text: string; readonly name: string} {
	const {palette} = look;
	const background = palette === 'dark' || palette === 'light' ? palette : (look.background ?? 'dark');
	const cells = cellsOfScreen(screen, size, {...look, background});
	const name = targetName(state.target);
	const title = name === '' ? 'loops-top' : `loops-top ${name}`;
	const text = cells.map(row => row.map(cell => cell.text).join('')).join('\n');
	return {svg: drawSvg(cells, terminals[background], title), text: `${title}\n${text}`, name};
}
