import {Box, Text, Transform, useApp, useCursor, useWindowSize} from 'ink';
import Spinner from 'ink-spinner';
import {type JSX, memo, useEffect, useEffectEvent, useRef, useSyncExternalStore} from 'react';
import {commandOf, pasteOf} from '../keymap/command.ts';
import {type Effect, keyFocus} from '../keymap/entry.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import type {KeySource, Mouse, Typed} from '../terminal/keyboard.ts';
import type {MouseEvent} from '../terminal/queries.ts';
import type {Zone} from '../text/clock-time.ts';
import type {Painter, SymbolSet} from '../theme/theme.ts';
import {idText, selectedText} from '../view/copied-text.ts';
import type {Rect, Size} from '../view/layout.ts';
import {cutEnd, type Line, textWidth} from '../view/line.ts';
import {actionAt, cursorOf, linesOf, type Region as RegionData} from '../view/region.ts';
import {drawScreen, type Screen} from '../view/screen.ts';

/**
 * Draws lines that exactly fill their rectangle. The lines are a single text node, because Ink's cost is per node. Ink
 * lays out a blank text node, which is replaced with the lines when it is written. Otherwise, Ink would measure every
 * character of a line with non-ASCII text again for each frame, which would be half of a frame's cost.
 */
function Lines({lines, paint}: {readonly lines: readonly Line[]; readonly paint: Painter}): JSX.Element {
	const painted: string[] = [];
	const transform = (_: string, row: number): string => {
		painted[row] ??= paintLine(lines[row] ?? [], paint);
		return painted[row];
	};
	return (
		<Transform transform={transform}>
			<Text>{blank(lines.length)}</Text>
		</Transform>
	);
}

/** Returns this number of lines, empty except for a space in the last one: Ink wouldn't write an empty string. */
function blank(lines: number): string {
	return `${'\n'.repeat(Math.max(lines - 1, 0))} `;
}

function paintLine(line: Line, paint: Painter): string {
	let painted = '';
	for (const {text, tone} of line) {
		painted += paint(text, tone);
	}

	return painted;
}

/**
 * Draws a rectangle of the screen, including its border if it has one. The rectangle is drawn again only if `region` is
 * a different object.
 */
export const RegionView = memo(function RegionView({
	region,
	paint,
}: {
	readonly region: RegionData;
	readonly paint: Painter;
}): JSX.Element {
	const {rect} = region;
	const place = {position: 'absolute', left: rect.x, top: rect.y, width: rect.width, height: rect.height} as const;
	return (
		<Box {...place}>
			<Lines lines={linesOf(region)} paint={paint} />
		</Box>
	);
});

/** Shows a message in the middle of the screen until the first response. Its spinner is the only animation. */
function Connecting({
	rect,
	text,
	plain,
	paint,
}: {
	readonly rect: Rect;
	readonly text: string;
	/** Whether only ASCII characters are drawn. */
	readonly plain: boolean;
	readonly paint: Painter;
}): JSX.Element {
	const width = Math.min(textWidth(text), Math.max(rect.width - 2, 0));
	const left = rect.x + Math.max(Math.floor((rect.width - width - 2) / 2), 0);
	const top = rect.y + Math.floor((rect.height - 1) / 2);
	return (
		<>
			<Box position="absolute" left={left} top={top} width={1} height={1}>
				<Spinner type={plain ? 'line' : 'dots'} />
			</Box>
			<Box position="absolute" left={left + 2} top={top} width={width} height={1}>
				<Text>{paint(cutEnd(text, width), 'dim')}</Text>
			</Box>
		</>
	);
}

/** Calls the listener for mouse events while the screen is open. */
function useMouse(mouse: Mouse | undefined, onEvent: (event: MouseEvent) => void): void {
	const handle = useEffectEvent(onEvent);
	useEffect(() => mouse?.subscribe(event => handle(event)), [mouse]);
}

/** The way in which the user left: with ctrl-c (`interrupted`), or with any other key that quits. */
export type ExitReason = 'quit' | 'interrupted';

type AppProps = {
	readonly store: Store;
	/** The store to draw from, which can lag behind (`createPacedStore`); the store itself by default. */
	readonly drawn?: Pick<Store, 'getState' | 'subscribe'>;
	readonly paint: Painter;
	readonly symbols: SymbolSet;
	readonly zone: Zone;
	/** The source of keypresses and pastes; undefined if standard input isn't a terminal. */
	readonly keys: KeySource | undefined;
	/** The source of mouse events, if --mouse is given. */
	readonly mouse?: Mouse | undefined;
	/** Copies text to the clipboard; returns false if the terminal has none, or if the text is too long. */
	readonly copy: (text: string) => boolean;
	/** Writes a picture of the screen as drawn from this state; returns a clause that names the file or the error. */
	readonly savePicture?: (screen: Screen, size: Size, state: State) => Promise<string>;
	/**
	 * Hands the terminal over to the shell and stops the process until the shell continues it. Resolves with false
	 * if it can't be stopped.
	 */
	readonly suspend: () => Promise<boolean>;
	/** Sets the modes of the terminal again, in case something else has changed them. */
	readonly takeBack?: () => void;
	/**
	 * Calls the listener whenever the terminal might no longer show the last frame, such as after a stop. Returns a
	 * function that unsubscribes it.
	 */
	readonly onRedrawNeeded?: (listener: () => void) => () => void;
	/** Awaited before the screen is left. */
	readonly settle?: () => Promise<void>;
};

const nothing = async (): Promise<void> => undefined;

/** The root component: draws the state at the terminal's size, and turns keypresses and mouse events into actions. */
export function App({
	store,
	drawn = store,
	paint,
	symbols,
	zone,
	keys,
	mouse,
	copy,
	savePicture,
	suspend,
	takeBack,
	onRedrawNeeded,
	settle = nothing,
}: AppProps): JSX.Element {
	const size = useWindowSize();
	const state = useSyncExternalStore(drawn.subscribe, drawn.getState);
	const isAway = useRef<boolean>(false);
	const {exit, suspendTerminal} = useApp();
	const screen = drawScreen(state, size, zone, symbols);
	useCursor().setCursorPosition(cursorOf(screen.regions));
	useMouse(mouse, event => {
		const action = actionAt(screen, event);
		if (action !== undefined) {
			store.dispatch(action);
		}
	});

	const copyText = (text: string | undefined): void => {
		if (text !== undefined) {
			const copied = `copied ${text.replaceAll('\n', ' ')}`;
			store.dispatch({
				type: 'notify',
				text: copy(text) ? copied : "this terminal can't copy this text to the clipboard",
			});
		}
	};

	const saveOrSay = async (): Promise<void> => {
		const text = await savePicture?.(screen, size, state);
		if (text !== undefined) {
			store.dispatch({type: 'notify', text});
		}
	};

	const leave = async (leaving: ExitReason): Promise<void> => {
		await settle();
		exit(leaving);
	};

	/** Hands the terminal over while `run` runs. Ignores calls during that time, such as those from a held key. */
	const giveAway = async (run: () => Promise<void>): Promise<void> => {
		if (isAway.current) {
			return;
		}

		isAway.current = true;
		try {
			await suspendTerminal(run);
		} finally {
			isAway.current = false;
		}
	};

	const suspendOrSay = async (): Promise<void> => {
		let wasStopped: boolean | undefined;
		await giveAway(async () => {
			wasStopped = await suspend();
		});
		if (wasStopped === false) {
			store.dispatch({type: 'notify', text: "loops-top can't be suspended here: there is no shell to return to"});
		}
	};

	const redraw = useEffectEvent(() => void giveAway(async () => takeBack?.()));
	useEffect(() => onRedrawNeeded?.(() => redraw()), [onRedrawNeeded]);

	const effects: Readonly<Record<Effect, (key: string) => void>> = {
		quit: key => void leave(key === 'ctrl-c' ? 'interrupted' : 'quit'),
		suspend: () => void suspendOrSay(),
		// Handing the terminal over for a moment makes Ink draw everything again.
		redraw: () => void giveAway(nothing),
		copySelected: () => copyText(selectedText(store.getState(), zone)),
		copyId: () => copyText(idText(store.getState())),
		savePicture: () => void saveOrSay(),
	};

	const handle = useEffectEvent((typed: Typed) => {
		const {pageRows, helpLimit} = screen;
		const context = {...keyFocus(store.getState()), columns: size.columns, pageRows, helpLimit, zone};
		const command = typed.kind === 'key' ? commandOf(typed.name, context) : pasteOf(typed.text, context);
		if (command?.kind === 'action') {
			store.dispatch(command.action);
		} else if (command?.kind === 'effect' && typed.kind === 'key') {
			effects[command.effect](typed.name);
		}
	});
	useEffect(() => keys?.subscribe(typed => handle(typed)), [keys]);

	return (
		<Box width={size.columns} height={size.rows} flexShrink={0}>
			{screen.regions.map(region => (
				<RegionView key={region.name} region={region} paint={paint} />
			))}
			{screen.connecting === undefined ? null : (
				<Connecting {...screen.connecting} plain={symbols === 'ascii'} paint={paint} />
			)}
		</Box>
	);
}
