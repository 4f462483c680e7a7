import type {RequestPoints} from '../api/series-table.ts';
import {targetName} from '../api/target.ts';
import {activeKeys} from '../keymap/command.ts';
import {keyFocus} from '../keymap/entry.ts';
import {requestSeries} from '../metrics/history.ts';
import {otherComponent} from '../state/component.ts';
import {asSeenFrom} from '../state/derive-logs.ts';
import {bothLogsFrom} from '../state/reduce-logs.ts';
import {activeComponent, activeView} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import type {Zone} from '../text/clock-time.ts';
import {describeFailure} from '../text/failure-text.ts';
import type {SymbolSet} from '../theme/theme.ts';
import {drawOverlay} from './draw-overlay.ts';
import {drawPanes} from './draw-panes.ts';
import {noFindingsLine} from './finding-line.ts';
import {headerLines} from './header.ts';
import {keyLine} from './help.ts';
import {calculateLayout, type FleetSize, type Rect, type Size, smallest} from './layout.ts';
import {cutEnd, fitLines, type Line, span, textWidth, wrapWords} from './line.ts';
import {logsTitle, logsView, placeLogs} from './logs/logs-view.ts';
import {noticeLine} from './notice.ts';
import {centered} from './pane-content.ts';
import {frameTitle, inside, type Region} from './region.ts';

/** The whole screen as plain data, and the numbers of rows that some keys depend on. */
export type Screen = {
	readonly regions: readonly Region[];
	readonly pageRows: number;
	readonly helpLimit: number;
	/** The message shown instead of the panes until the first request for the trainer's metrics succeeds or fails. */
	readonly connecting: {readonly rect: Rect; readonly text: string} | undefined;
};

/**
 * Draws the state into a screen of this size. Regions are filled to the last cell, stay inside the screen, and don't
 * overlap.
 */
export function drawScreen(state: State, size: Size, zone: Zone, set: SymbolSet = 'braille'): Screen {
	const isAscii = set === 'ascii';
	const layout = calculateLayout(size, extentOf(state), state.zoom === 'overview' ? undefined : state.focus);
	if (layout.kind === 'too-small') {
		const whole: Rect = {x: 0, y: 0, width: size.columns, height: size.rows};
		return {
			regions: [bare('too small', whole, tooSmallLines(size))],
			pageRows: 1,
			helpLimit: 0,
			connecting: undefined,
		};
	}

	const {notice, keys} = layout;
	// Without a deployment, the header is one line.
	const header = state.target.kind === 'unchosen' ? {...layout.header, height: 1} : layout.header;
	const {places, logs} = state.logs.isOpen
		? placeLogs(layout, size, state.logs.isFull)
		: {places: layout.places, logs: undefined};
	const said = noticeLine(state, size.columns, zone);
	const focus = keyFocus(state);
	const around = [
		bare('header', header, headerLines(state, header.width, header.height, zone)),
		bare('notice', notice, [said.length > 0 ? said : noFindingsLine(state, size.columns)]),
		// If there isn't space for both, the notice is more important than the key hints.
		bare('keys', keys, [
			notice.height === 0 && said.length > 0 ? said : keyLine(activeKeys(focus), focus, keys.width, isAscii),
		]),
	].filter(({rect}) => rect.height > 0);
	const list = places.find(({pane}) => pane === (state.zoom === 'overview' ? 'nodes' : state.focus));
	const pageRows = Math.max(1, (logs?.height ?? list?.rect.height ?? size.rows) - 3);
	const over: Rect = {x: 0, y: header.height, width: size.columns, height: keys.y - notice.height - header.height};
	const overlay = drawOverlay(state, over, zone, isAscii);
	if (overlay !== undefined) {
		const {region, limit} = overlay;
		return {
			regions: [...around, region],
			pageRows: Math.max(1, over.height - 3),
			helpLimit: limit,
			connecting: undefined,
		};
	}

	if (state.live.links.trainer.kind === 'connecting') {
		const rect: Rect = {x: 0, y: header.height, width: size.columns, height: keys.y - header.height};
		const doing =
			state.replay === undefined ? `loading ${targetName(state.target)} from ${state.host}` : 'loading the recording';
		const connecting = {rect, text: cutEnd(doing, size.columns - 4)};
		return {regions: around, pageRows, helpLimit: 0, connecting};
	}

	const reason = whyNoSampler(state);
	const above: Rect = logs === undefined ? over : {...over, height: logs.y - over.y};
	const panes =
		reason === undefined
			? drawPanes(state, places, zone, set)
			: [bare('no sampler', above, reasonLines(reason, above))];
	const opened = logs === undefined ? [] : openedLogs(state, logs, zone);
	const regions = [...around, ...panes, ...opened].filter(({rect}) => rect.height > 0);
	return {regions, pageRows, helpLimit: 0, connecting: undefined};
}

/** Returns a region without a frame, whose lines have no targets for the mouse. */
function bare(name: string, rect: Rect, lines: readonly Line[]): Region {
	return {name, rect, frame: undefined, lines: fitLines(lines, rect.width, rect.height), targets: []};
}

/** Returns the reason why there is no sampler, and how to return to the trainer. */
function reasonLines(reason: string, {width, height}: Rect): readonly Line[] {
	const lines = centered(reason, width, height - 2);
	return [...lines, [], ...centered('press t for the trainer', width, 1)];
}

/**
 * Returns the sizes that the layout depends on. The deployment supplies those that the metrics don't contain yet. The
 * sizes are always the trainer's, but requests to either component are taken into account, so that nothing moves when
 * the sampler is shown.
 */
function extentOf({views}: State): FleetSize {
	const {snapshot, deployment} = views.trainer;
	const areWithoutRequests = Object.values(views).every(view => isWithoutRequests(view.snapshot.requests.series));
	const gpus = Math.max(0, ...snapshot.nodes.map(node => node.gpus.length));
	return {
		gpus: gpus > 0 ? gpus : (deployment?.instance?.gpusPerNode ?? 8),
		nodes: Math.max(snapshot.nodes.length, deployment?.nodeCount ?? 1),
		isWithoutRequests: snapshot.complete && snapshot.nodes.length > 0 && areWithoutRequests,
	};
}

/** Returns whether there are no samples of requests, latencies, or status codes. */
function isWithoutRequests(requests: RequestPoints): boolean {
	return requestSeries(requests).every(({times}) => times.length === 0);
}

/** Draws the trainer's logs on the left and the sampler's on the right, or only those of the active component. */
function openedLogs(state: State, rect: Rect, zone: Zone): readonly Region[] {
	const {logs, live} = state;
	if (!logs.isBoth || live.deployment?.sampler === undefined || rect.width < bothLogsFrom) {
		return [drawLogs(state, rect, {zone, focused: true})];
	}

	const left = Math.ceil(rect.width / 2);
	const rects = {trainer: {...rect, width: left}, sampler: {...rect, x: rect.x + left, width: rect.width - left}};
	// The active component comes last, because `cursorOf` looks for a selected row in the last region first.
	return [otherComponent(state.component), state.component].map(component => {
		const focused = component === state.component;
		return drawLogs(asSeenFrom(state, component), rects[component], {zone, focused});
	});
}

function drawLogs(state: State, rect: Rect, {zone, focused}: {readonly zone: Zone; readonly focused: boolean}): Region {
	const {width, height} = inside(rect);
	const {lines, targets} = logsView(state, width, height, zone);
	const title = frameTitle({...logsTitle(state, zone), focused}, rect.width);
	const name = focused ? 'logs' : 'other logs';
	return {name, rect, frame: {title, focused}, lines: fitLines(lines, width, height), targets};
}

/** Returns the message for a terminal that is too small, with the required size, in a form that fits. */
function tooSmallLines({columns, rows}: Size): readonly Line[] {
	const sentences = [
		`loops-top needs ${smallest.columns}x${smallest.rows}; this is ${columns}x${rows}`,
		`needs ${smallest.columns}x${smallest.rows}`,
		`${smallest.columns}x${smallest.rows}`,
	];
	const fitting = sentences.find(
		sentence => wrapWords(sentence, columns).length <= rows && longestWord(sentence) <= columns,
	);
	return wrapWords(fitting ?? '', columns).map(text => [span(text)]);
}

function longestWord(text: string): number {
	return Math.max(...text.split(' ').map(textWidth));
}

/** Says why the sampler isn't shown; undefined if it is shown, or if the trainer is. */
function whyNoSampler(state: State): string | undefined {
	if (state.component === 'trainer') {
		return undefined;
	}

	const {deployment} = state.live;
	if (deployment === undefined) {
		return 'waiting for sampler details';
	}

	if (deployment.sampler === undefined) {
		return 'this deployment has no sampler';
	}

	const {link} = activeView(state);
	const isKnown = activeComponent(state).histories.some(({complete}) => complete);
	return link.kind === 'refused' && !isKnown
		? `the server refuses the sampler's metrics: ${describeFailure(link.failure)}`
		: undefined;
}
