import {Box, useApp, useCursor, useInput, useWindowSize} from 'ink';
import {type JSX, useEffect, useEffectEvent, useRef, useSyncExternalStore} from 'react';
import {commandOf} from '../keymap/command.ts';
import type {Effect} from '../keymap/entry.ts';
import {keyFocus} from '../state/key-focus.ts';
import type {Store} from '../state/store.ts';
import type {Mouse} from '../terminal/mouse.ts';
import type {Zone} from '../text/clock-time.ts';
import type {Paint} from '../theme/theme.ts';
import {idText, selectedText} from '../view/copied-text.ts';
import {cursorOf} from '../view/cursor.ts';
import {actionAt} from '../view/pointing.ts';
import {drawScreen} from '../view/screen.ts';
import {Connecting} from './connecting.tsx';
import {readKeys} from './read-keys.ts';
import {Region} from './region.tsx';
import {useMouse} from './use-mouse.ts';

/** How the screen is left: by `q`, or by ctrl-c, which interrupts. */
export type Leaving = 'quit' | 'interrupted';

export type AppProps = {
	readonly store: Store;
	/** What is drawn of the store, which may be late; all of it, where nothing is said. */
	readonly drawn?: Pick<Store, 'getState' | 'subscribe'>;
	readonly paint: Paint;
	readonly plain: boolean;
	readonly zone: Zone;
	/** Whether keys can be read: not where standard input is no terminal. */
	readonly hasKeys: boolean;
	/** Where what is done with the mouse comes from, if it is wanted. */
	readonly mouse?: Mouse | undefined;
	/** Puts a text into the clipboard; false where the terminal has none. */
	readonly copy: (text: string) => boolean;
	/** Stops the process until the shell lets it continue; the terminal is the shell's until then. False if it can't be stopped. */
	readonly suspend: () => Promise<boolean>;
	/** Calls the listener whenever the process continues after a stop. Returns the function that ends this. */
	readonly onContinued?: (listener: () => void) => () => void;
	/** What is waited for before the terminal is another's for a while, or for good. */
	readonly settle?: (how: 'away' | 'leaving') => Promise<void>;
};

const nothing = async (): Promise<void> => undefined;

/** The root: the state on a screen of the terminal's size, and keys and the mouse turned into actions. */
export function App(props: AppProps): JSX.Element {
	const {
		store,
		drawn = store,
		paint,
		plain,
		zone,
		hasKeys,
		mouse,
		copy,
		suspend,
		onContinued,
		settle = nothing,
	} = props;
	const size = useWindowSize();
	const state = useSyncExternalStore(drawn.subscribe, drawn.getState);
	const isAway = useRef<boolean>(false);
	const {exit, suspendTerminal} = useApp();
	const screen = drawScreen(state, size, zone);
	const {setCursorPosition} = useCursor();
	setCursorPosition(cursorOf(screen.regions));
	const withoutMouse = useMouse(mouse, event => {
		const action = actionAt(screen, event);
		if (action !== undefined) {
			store.dispatch(action);
		}
	});

	const copyText = (text: string | undefined): void => {
		if (text !== undefined) {
			const copied = `copied ${text.replaceAll('\n', ' ')}`;
			store.dispatch({type: 'notify', text: copy(text) ? copied : 'this terminal has no clipboard to copy to'});
		}
	};

	const leave = async (leaving: Leaving): Promise<void> => {
		await settle('leaving');
		exit(leaving);
	};

	/** Gives the terminal away meanwhile. A key that is held asks for it once more while it is away. */
	const giveAway = async (run: () => Promise<void>): Promise<void> => {
		if (isAway.current) {
			return;
		}

		isAway.current = true;
		try {
			await settle('away');
			await suspendTerminal(run);
		} finally {
			isAway.current = false;
		}
	};

	const suspendOrSay = async (): Promise<void> => {
		let wasStopped: boolean | undefined;
		await giveAway(async () =>
			withoutMouse(async () => {
				wasStopped = await suspend();
			}),
		);
		if (wasStopped === false) {
			store.dispatch({type: 'notify', text: "can't be suspended here: no shell is waiting for it"});
		}
	};

	/** Giving the terminal away for a moment makes Ink forget what it believes to be on it, and turns raw mode on again. */
	const takeBack = useEffectEvent(() => void giveAway(nothing));
	useEffect(() => onContinued?.(() => takeBack()), [onContinued]);

	const perform = (effect: Effect, key: string): void => {
		switch (effect) {
			case 'quit':
				void leave(key === 'ctrl-c' ? 'interrupted' : 'quit');
				break;
			case 'suspend':
				void suspendOrSay();
				break;
			case 'redraw':
				void giveAway(nothing);
				break;
			case 'copySelected':
				copyText(selectedText(store.getState(), zone));
				break;
			case 'copyId':
				copyText(idText(store.getState()));
				break;
		}
	};

	useInput(
		(input, key) => {
			for (const name of readKeys(input, key)) {
				const {pageRows, helpLimit} = screen;
				const command = commandOf(name, {...keyFocus(store.getState()), pageRows, helpLimit});
				if (command?.kind === 'action') {
					store.dispatch(command.action);
				} else if (command?.kind === 'effect') {
					perform(command.effect, name);
				}
			}
		},
		{isActive: hasKeys},
	);

	return (
		<Box width={size.columns} height={size.rows} flexShrink={0}>
			{screen.regions.map(region => (
				<Region key={region.name} region={region} paint={paint} />
			))}
			{screen.connecting === undefined ? null : <Connecting {...screen.connecting} plain={plain} paint={paint} />}
		</Box>
	);
}
