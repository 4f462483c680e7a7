import {activeKeys} from '../keymap/command.ts';
import {keyFocus} from '../keymap/entry.ts';
import type {Overlay} from '../state/select-and-open.ts';
import type {State} from '../state/state.ts';
import type {Zone} from '../text/clock-time.ts';
import {symbols} from '../theme/theme.ts';
import {findingsView} from './findings-list.ts';
import {helpView} from './help.ts';
import type {Rect} from './layout.ts';
import {fitLines, type Line, span} from './line.ts';
import {overviewView} from './overview.ts';
import {frameTitle, inside, type Region, type Title} from './region.ts';
import {runView} from './run-view.ts';

/** An open overlay. */
type Opened = Exclude<Overlay, {kind: 'none'}>;

/** An overlay without its frame. */
type OverlayContent = {
	/** The key that opens it. */
	readonly key: string;
	readonly title: string;
	/** The right part of the title, in forms from wide to narrow. */
	readonly values: readonly Line[];
	readonly lines: readonly Line[];
	/** The mouse target of each line, if the line has one. */
	readonly targets?: Region['targets'];
	/** The number of lines by which the help can be scrolled. */
	readonly limit?: number;
};

/** The space inside the frame of an overlay (in cells), the time zone, and whether the screen is in ASCII. */
type OverlaySpace = {readonly width: number; readonly height: number; readonly zone: Zone; readonly isAscii: boolean};

/**
 * Draws the open overlay over the panes, and returns it with the number of lines by which the help can be scrolled;
 * undefined if none is open.
 */
export function drawOverlay(
	state: State,
	rect: Rect,
	zone: Zone,
	isAscii: boolean,
): {readonly region: Region; readonly limit: number} | undefined {
	const {overlay} = state;
	if (overlay.kind === 'none') {
		return undefined;
	}

	const space = {...inside(rect), zone, isAscii};
	const {key, title, values, lines, targets = [], limit = 0} = contentOf(overlay, state, space);
	const titled: Title = {number: key, title, values, subtitles: [], focused: true};
	const frame = {title: frameTitle(titled, rect.width), focused: true};
	const fitted = fitLines(lines, space.width, space.height);
	return {region: {name: overlay.kind, rect, frame, lines: fitted, targets}, limit};
}

function contentOf(overlay: Opened, state: State, space: OverlaySpace): OverlayContent {
	const {width, height, zone} = space;
	switch (overlay.kind) {
		case 'help':
			return helpContent(overlay, state, space);
		case 'deployments': {
			const {counts, ...list} = overviewView(state, width, height, zone);
			return {key: 'a', title: 'Deployments', values: counts, ...list};
		}

		case 'run': {
			const {counts, lines} = runView(state, width, height, zone);
			return {key: 'K', title: 'Run', values: counts.map(count => [span(count)]), lines};
		}

		case 'findings': {
			const {count, ...list} = findingsView(state, width, height, zone);
			return {key: 'n', title: 'Findings', values: [[span(count)]], ...list};
		}
	}
}

/**
 * Returns the help: the keys of the place where it was opened (the focused pane, the logs, or the overview), then other
 * keys, and the legend.
 */
function helpContent(
	{scroll, filter, over}: Extract<Overlay, {kind: 'help'}>,
	state: State,
	{width, height, isAscii}: OverlaySpace,
): OverlayContent {
	const keys = activeKeys({
		...keyFocus(state),
		overlay: 'none',
		isInLogs: false,
		isEditing: false,
		isTypingTime: false,
	});
	const place = over ?? (state.logs.isOpen ? 'logs' : state.focus);
	const {lines, limit} = helpView({keys, place, filter, scroll, isAscii}, {width, height});
	const more = limit > 0 ? `${symbols.above}${symbols.below} scroll` : '';
	return {key: '?', title: 'Keys', values: [[span(more)]], lines, limit};
}
