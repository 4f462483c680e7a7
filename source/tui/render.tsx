import {render} from 'ink';
import type {JSX} from 'react';
import type {Configuration} from '../command-line/options.ts';
import type {Store} from '../state/store.ts';
import {createCopy} from '../terminal/clipboard.ts';
import type {Pacing} from '../terminal/frames.ts';
import type {Terminal} from '../terminal/open-terminal.ts';
import {createPainter, hasFaint} from '../theme/theme.ts';
import {backgroundOf} from '../theme/tones.ts';
import {App, type ExitReason} from './app.tsx';

/** The parts of a store that drawing requires. */
type Drawn = Pick<Store, 'getState' | 'subscribe'>;

/**
 * Returns the store as it is drawn: it doesn't change while the terminal is behind, and then jumps to the current
 * state.
 */
export function createPacedStore(store: Drawn, pacing: Pick<Pacing, 'isBehind' | 'subscribe'>): Drawn {
	const listeners = new Set<() => void>();
	let drawn = store.getState();
	const update = (): void => {
		if (pacing.isBehind() || drawn === store.getState()) {
			return;
		}

		drawn = store.getState();
		for (const listener of [...listeners]) {
			listener();
		}
	};
	store.subscribe(update);
	pacing.subscribe(update);
	return {
		getState: () => drawn,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

/** A screen that is being shown. */
type Shown = {
	/**
	 * Resolves with the way in which the user left, or undefined if the screen was closed. Rejects with the error that
	 * a component threw.
	 */
	readonly left: Promise<ExitReason | undefined>;
	readonly close: () => Promise<void>;
	/** Restores the terminal even if a bug prevents Ink from doing so. Never rejects. */
	readonly abandon: () => Promise<void>;
};

/** Shows the state of a store on a terminal. Only this module and those that it imports load Ink. */
export function show(configuration: Configuration, store: Store, terminal: Terminal): Shown {
	const {open, stdout, variables, level, suspend, onRedrawNeeded} = terminal;
	const {answers, output, pacing, settle, giveBack} = open;
	const {color, theme, utc} = configuration;
	const drawn = createPacedStore(store, pacing);
	const copy = createCopy(sequence => stdout.write(sequence), variables);
	const lendTo = async (): Promise<boolean> => open.lend(suspend);
	const app = (): JSX.Element => {
		const {background, glyphWidth = 1} = answers.get();
		const known = background === undefined ? terminal.background : backgroundOf(background);
		const symbols = glyphWidth === 1 ? configuration.symbols : 'ascii';
		return (
			<App
				store={store}
				drawn={drawn}
				paint={createPainter({color, symbols, theme, level, hasFaint: hasFaint(variables.TERM)}, known)}
				symbols={symbols}
				zone={utc ? 'utc' : 'local'}
				keys={open.keys}
				mouse={open.mouse}
				copy={copy}
				savePicture={async (shown, size, state) => {
					const {pictureOf} = await import('../view/picture/picture.ts');
					const look = {palette: theme, background: known, hasColor: color !== 'none', symbols};
					return terminal.savePicture(pictureOf(shown, size, {look, state}));
				}}
				suspend={lendTo}
				takeBack={open.takeBack}
				onRedrawNeeded={onRedrawNeeded}
				settle={settle}
			/>
		);
	};
	const screen = render(app(), {
		stdout: output,
		incrementalRendering: true,
		interactive: true,
		exitOnCtrlC: false,
		maxFps: 15,
	});
	const unsubscribe = answers.subscribe(() => {
		const {glyphWidth = 1} = answers.get();
		if (glyphWidth !== 1) {
			// Wide symbols in earlier frames have shifted the cells after them, so the next frame erases everything.
			screen.clear();
		}

		screen.rerender(app());
	});
	const left = async (): Promise<ExitReason | undefined> => {
		try {
			return (await screen.waitUntilExit()) as ExitReason | undefined;
		} finally {
			unsubscribe();
			await giveBack();
		}
	};
	const close = async (): Promise<void> => {
		await settle();
		screen.unmount();
	};
	const abandon = async (): Promise<void> => {
		// Errors here are ignored: the first error is about to be reported.
		await settle().catch(() => undefined);
		try {
			screen.unmount();
		} catch {}

		await giveBack().catch(() => undefined);
	};
	return {left: left(), close, abandon};
}
