import {render} from 'ink';
import type {JSX} from 'react';
import {App, type Leaving} from './components/app.tsx';
import type {Configuration} from './config/configuration.ts';
import type {Store} from './state/store.ts';
import {createCopy} from './terminal/copy.ts';
import {leave} from './terminal/first-frame.ts';
import {createMouse, mouseOff} from './terminal/mouse.ts';
import {backgroundQuestion, type Report, withoutReports} from './terminal/reports.ts';
import type {Terminal} from './terminal/terminal.ts';
import {type Background, createPaint, type Look, wantsBackground} from './theme.ts';

/** The state on the screen, with the keys. */
export type Shown = {
	/** How the user left; undefined where it was closed. Throws what a component threw. */
	readonly left: Promise<Leaving | undefined>;
	readonly close: () => void;
	/** Gives the terminal back whatever is broken: after a bug Ink may no longer be able to. */
	readonly abandon: () => void;
};

/** Puts the state of a store on the screen of a terminal. All that is Ink's is loaded from here. */
export function show(configuration: Configuration, store: Store, {stdin, stdout, variables, suspend}: Terminal): Shown {
	const {color, symbols, theme, mouse, utc} = configuration;
	const look: Look = {color, symbols, theme};
	const pointer = mouse ? createMouse() : undefined;
	const app = (background?: Background): JSX.Element => (
		<App
			store={store}
			paint={createPaint(look, background)}
			plain={symbols === 'ascii'}
			zone={utc ? 'utc' : 'local'}
			hasKeys={stdin.isTTY === true}
			mouse={pointer}
			copy={createCopy(sequence => stdout.write(sequence), variables)}
			suspend={suspend}
		/>
	);
	const tell = (report: Report): void => {
		if (report.kind === 'mouse') {
			pointer?.tell(report.event);
		} else {
			screen.rerender(app(report.background));
		}
	};
	const ask = wantsBackground(look) ? (): boolean => stdout.write(backgroundQuestion) : undefined;
	const screen = render(app(), {
		stdin: withoutReports(stdin, tell, ask),
		alternateScreen: true,
		incrementalRendering: true,
		interactive: true,
		exitOnCtrlC: false,
		maxFps: 15,
	});
	const left = async (): Promise<Leaving | undefined> => (await screen.waitUntilExit()) as Leaving | undefined;
	const close = (): void => screen.unmount();
	const abandon = (): void => {
		try {
			close();
		} catch {
			// It is about to be told what broke first.
		}

		stdout.write(mouseOff + leave);
	};
	return {left: left(), close, abandon};
}
