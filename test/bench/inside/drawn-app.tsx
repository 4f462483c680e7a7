import {render} from 'ink';
import type {Store} from '../../../source/state/store.ts';
import {createPainter} from '../../../source/theme/theme.ts';
import {App} from '../../../source/tui/app.tsx';
import type {Size} from '../../../source/view/layout.ts';
import {createTypedKeys, type TypedKeys} from '../../helpers/typed-keys.ts';
import {CountingScreen, IdleInput} from './counting-terminal.ts';

export type DrawnApp = {
	readonly screen: CountingScreen;
	readonly keyboard: TypedKeys;
	readonly close: () => void;
	/** Resolves once the app has been closed. */
	readonly closed: Promise<unknown>;
};

/**
 * Draws a store as the program does, with all colors, on a terminal that counts what is written.
 *
 * @param maxFps the maximum number of frames per second; the program's own limit is 15, which delays the frames of
 *   keypresses in quick succession
 */
export function drawApp(store: Store, size: Size, maxFps: number): DrawnApp {
	const screen = new CountingScreen(size);
	const keyboard = createTypedKeys();
	const app = render(
		<App
			store={store}
			paint={createPainter({color: 'auto', symbols: 'block', theme: 'dark', level: 3})}
			symbols="braille"
			zone="utc"
			keys={keyboard}
			copy={() => true}
			suspend={async () => true}
		/>,
		{
			stdout: screen as unknown as NodeJS.WriteStream,
			stdin: new IdleInput() as unknown as NodeJS.ReadStream,
			alternateScreen: true,
			incrementalRendering: true,
			interactive: true,
			exitOnCtrlC: false,
			maxFps,
			patchConsole: false,
		},
	);
	return {screen, keyboard, close: () => app.unmount(), closed: app.waitUntilExit()};
}
