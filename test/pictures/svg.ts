import type {Cell, Color} from './cells.ts';
import {blockOf, cellHeight, cellWidth, lineOf, type Place} from './glyph-shapes.ts';

/** The colours of a terminal: its background, its text, and the sixteen that have numbers. */
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
	return lineOf(glyph, origin) !== undefined || blockOf(glyph, origin) !== undefined;
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

/** Lines: all of one look are one path. */
function linePaths(rows: ReadonlyArray<readonly Cell[]>, colors: TerminalColors): readonly string[] {
	const paths = new Map<string, string>();
	for (const [row, cells] of rows.entries()) {
		for (const [column, cell] of cells.entries()) {
			const path = lineOf(cell.text, {x: margin + column * cellWidth, y: margin + row * cellHeight});
			if (path !== undefined) {
				const {fill, opacity} = styleOf(cell, colors);
				const look = ` stroke="${fill}"${opacity < 1 ? ` opacity="${opacity}"` : ''}`;
				paths.set(look, (paths.get(look) ?? '') + path);
			}
		}
	}

	return [...paths].map(([look, path]) => `<path d="${path}" fill="none"${look}/>`);
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

/** A picture of a terminal's screen as SVG, with `title` for who can't see it. */
export function drawSvg(rows: ReadonlyArray<readonly Cell[]>, colors: TerminalColors, title: string): string {
	const width = (rows[0]?.length ?? 0) * cellWidth + 2 * margin;
	const height = rows.length * cellHeight + 2 * margin;
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
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="13">`,
		`<title>${escapeText(title)}</title>`,
		`<rect width="${width}" height="${height}" rx="8" fill="${colors.background}"/>`,
		...shapes,
		...linePaths(rows, colors),
		'</svg>',
		'',
	].join('\n');
}
