import {targetName} from '../../api/target.ts';
import type {State} from '../../state/state.ts';
import type {Background} from '../../theme/tones.ts';
import type {Size} from '../layout.ts';
import type {Screen} from '../screen.ts';
import {cellsOfScreen, type PictureLook, terminals} from './cells.ts';
import {drawSvg} from './svg.ts';

/** How the terminal looks; its background may be unknown. */
export type TerminalLook = Omit<PictureLook, 'background'> & {readonly background: Background};

/**
 * Draws the screen as SVG, in the colors of the theme; on a dark background if that of the terminal isn't known. Returns it
 * with its text, row by row, and the id of the deployment.
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
