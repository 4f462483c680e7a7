import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {render} from 'ink';
import type {State} from '../../source/state/state.ts';
import {createStore} from '../../source/state/store.ts';
import {createPainter} from '../../source/theme/theme.ts';
import {App} from '../../source/tui/app.tsx';
import type {Size} from '../../source/view/layout.ts';
import {lineText} from '../../source/view/line.ts';
import {drawScreen} from '../../source/view/screen.ts';
import {IdleInput} from '../bench/inside/counting-terminal.ts';
import {EmulatedScreen} from '../helpers/emulated-screen.ts';
import {screenText} from '../helpers/screen-text.ts';
import {anyJourney, travel} from './journey.ts';

const paint = createPainter({color: 'auto', symbols: 'block', theme: 'dark', level: 3});

/** Characters that every terminal shows in one cell each. */
const usual = /^[ -~·×–…←-⇿─-◿⠀-⣿]*$/;

/** Returns whether a screen has only these characters: terminals disagree about the width of text in other scripts. */
function isUsual(state: State, size: Size): boolean {
	const {regions} = drawScreen(state, size, 'utc');
	return regions.every(({frame, lines}) => [...lines, frame?.title ?? []].every(line => usual.test(lineText(line))));
}

/** Returns the content of a terminal of this size after the program has drawn the state. */
async function paintState(state: State, size: Size): Promise<{rows: readonly string[]; title: string | undefined}> {
	const screen = new EmulatedScreen(size);
	const suspend = async (): Promise<boolean> => true;
	const app = render(
		<App
			store={createStore(state)}
			paint={paint}
			symbols="braille"
			zone="utc"
			keys={undefined}
			copy={() => true}
			suspend={suspend}
		/>,
		{
			stdout: screen as unknown as NodeJS.WriteStream,
			stdin: new IdleInput() as unknown as NodeJS.ReadStream,
			alternateScreen: true,
			incrementalRendering: true,
			interactive: true,
			exitOnCtrlC: false,
			patchConsole: false,
		},
	);
	await app.waitUntilRenderFlush();
	const rows = await screen.text();
	const {title} = screen;
	app.unmount();
	await app.waitUntilExit();
	screen.close();
	return {rows, title};
}

test('for any response, the terminal shows the drawn lines in their places, and its title stays unset', async () => {
	await fc.assert(
		fc.asyncProperty(anyJourney, async journey => {
			const {state, size} = travel(journey);
			if (state.live.links.trainer.kind === 'connecting') {
				return;
			}

			const {rows, title} = await paintState(state, size);
			assert.equal(title, undefined);
			if (isUsual(state, size)) {
				assert.deepEqual(
					rows.map(row => row.trimEnd()),
					screenText(state, size, 'utc'),
				);
			}
		}),
		{numRuns: 60},
	);
});
