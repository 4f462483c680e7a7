import {type Cell, cellHeight, cellWidth, type TerminalColors} from '../../source/view/picture/cells.ts';
import {drawCells, escapeText, margin, svgOf} from '../../source/view/picture/picture.ts';

/** One screen of an animation, with its duration in seconds and a short caption. */
export type Frame = {
	readonly cells: ReadonlyArray<readonly Cell[]>;
	readonly seconds: number;
	readonly caption: string;
};

/**
 * Draws screens of the same size one after another, in an endless loop, as a single SVG without scripts. If the reader
 * prefers reduced motion, or the viewer doesn't support CSS animations, only the last screen is shown.
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
			...drawCells(cells, colors),
			`<text x="${width / 2}" y="${captionY + 8}" text-anchor="middle" font-weight="bold" fill="${colors.text}">${escapeText(caption)}</text>`,
			'</g>',
		].join('\n');
	});
	const style = `<style>@media (prefers-reduced-motion:no-preference){${styles.join('')}}</style>`;
	return svgOf({...size, rows: size.rows + 1}, colors, title, [style, ...groups]);
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}
