import type {Cell, Color} from './cells.ts';
import {blockOf, cellHeight, cellWidth, dotsOf, lineOf, type Place} from './glyph-shapes.ts';

/** The colors of a terminal: its background, its text, and the sixteen that have numbers. */
export type TerminalColors = {
	readonly background: string;
	readonly text: string;
	readonly palette: readonly string[];
};

export const terminals: Readonly<Record<'dark' | 'light', TerminalColors>> = {
	dark: {
		background: '#16181d',
		text: '#d8dae0',
		palette: ['#16181d', '#ff8787', '#87d787', '#ffd75f', '#87afff', '#d7afff', '#5fd7ff', '#d8dae0'],
	},
	light: {
		background: '#fbfbf8',
		text: '#24262b',
		palette: ['#24262b', '#af0000', '#005f00', '#875f00', '#0000d7', '#870087', '#005f87', '#fbfbf8'],
	},
};

const margin = 10;

type Style = {readonly fill: string; readonly opacity: number; readonly bold: boolean};

function colorOf(color: Color | undefined, {text, palette}: TerminalColors): string {
	switch (color?.kind) {
		case 'rgb':
			return `#${color.value.toString(16).padStart(6, '0')}`;
		case 'palette':
			return palette[color.index % 8] ?? text;
		default:
			return text;
	}
}

function styleOf({color, dim, inverse, bold}: Cell, colors: TerminalColors): Style {
	return {fill: inverse ? colors.background : colorOf(color, colors), opacity: dim ? 0.55 : 1, bold};
}

function attributes({fill, opacity, bold}: Style): string {
	return ` fill="${fill}"${opacity < 1 ? ` opacity="${opacity}"` : ''}${bold ? ' font-weight="bold"' : ''}`;
}

function escapeText(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const origin: Place = {x: 0, y: 0};

/** Whether a glyph is drawn as a shape, so that the picture is the same whatever fonts there are. */
function isShape(glyph: string): boolean {
	return [lineOf, dotsOf].some(shapeOf => shapeOf(glyph, origin) !== undefined) || blockOf(glyph, origin) !== undefined;
}

/** Bars: glyphs next to one another that look alike are one rectangle. */
function blockRuns(row: readonly Cell[], y: number, colors: TerminalColors): readonly string[] {
	const runs: string[] = [];
	for (let start = 0, end = 0; start < row.length; start = Math.max(end, start + 1)) {
		const cell = row[start];
		const block = cell === undefined ? undefined : blockOf(cell.text, {x: margin + start * cellWidth, y});
		if (cell === undefined || block === undefined) {
			continue;
		}

		const style = styleOf(cell, colors);
		const look = attributes({...style, bold: false, opacity: cell.text === '░' ? 0.2 : style.opacity});
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

/** Lines, or filled dots: all of one look are one path. */
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

function round(value: number): number {
	return Math.round(value * 100) / 100;
}

/** Cells next to one another that look alike, as one text. */
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
			const isBlank = next === undefined || next.text.trim() === '';
			if (next === undefined || isBlank || isShape(next.text) || attributes(styleOf(next, colors)) !== look) {
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
function drawScreen(rows: ReadonlyArray<readonly Cell[]>, colors: TerminalColors): readonly string[] {
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

/** Returns an SVG with a title for screen readers and the background of a terminal of that many cells. */
function svgOf(
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
	return svgOf(size, colors, title, drawScreen(rows, colors));
}

/** One screen of a moving picture: how long it is shown, and what is happening, in a few words. */
export type Frame = {
	readonly cells: ReadonlyArray<readonly Cell[]>;
	readonly seconds: number;
	readonly caption: string;
};

/**
 * Draws screens of one size one after another, in an endless loop, as one SVG without a script. Readers who prefer
 * reduced motion, and viewers without CSS animations, see the last screen.
 */
export function drawAnimation(frames: readonly Frame[], colors: TerminalColors, title: string): string {
	const [first] = frames;
	const size = {columns: first?.cells[0]?.length ?? 0, rows: first?.cells.length ?? 0};
	const total = frames.reduce((sum, {seconds}) => sum + seconds, 0);
	const width = size.columns * cellWidth + 2 * margin;
	const captionY = size.rows * cellHeight + 2 * margin;
	let start = 0;
	const styles: string[] = [];
	const groups = frames.map(({cells, seconds, caption}, index) => {
		const [from, to] = [(100 * start) / total, (100 * (start + seconds)) / total];
		start += seconds;
		const shown = [
			...(index === 0 ? [] : ['0%{visibility:hidden}']),
			`${round(from)}%{visibility:visible}`,
			...(to < 100 ? [`${round(to)}%{visibility:hidden}`] : []),
		];
		styles.push(
			`@keyframes f${index}{${shown.join('')}}`,
			`#f${index}{animation:f${index} ${total}s step-end infinite}`,
		);
		return [
			`<g id="f${index}"${index === frames.length - 1 ? '' : ' visibility="hidden"'}>`,
			...drawScreen(cells, colors),
			`<text x="${width / 2}" y="${captionY + 8}" text-anchor="middle" font-weight="bold" fill="${colors.text}">${escapeText(caption)}</text>`,
			'</g>',
		].join('\n');
	});
	const style = `<style>@media (prefers-reduced-motion:no-preference){${styles.join('')}}</style>`;
	return svgOf({...size, rows: size.rows + 1}, colors, title, [style, ...groups]);
}
