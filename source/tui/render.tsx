import {render} from 'ink';
import type {JSX} from 'react';
import type {Configuration} from '../command-line/options.ts';
import type {Store} from '../state/store.ts';
import {createCopy} from '../terminal/copy.ts';
import {leave} from '../terminal/first-frame.ts';
import {createMouse, mouseOff} from '../terminal/mouse.ts';
import {createPacedOutput} from '../terminal/paced-output.ts';
import {createPacedStore} from '../terminal/paced-store.ts';
import {createPacing, statusQuery} from '../terminal/pacing.ts';
import {readAnswers} from '../terminal/read-answers.ts';
import {backgroundQuery, type Report, withoutReports} from '../terminal/reports.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {type Background, createPaint, type Look, wantsBackground} from '../theme/theme.ts';
import {App, type Leaving} from './app.tsx';

/** The state on the screen, with the keys. */
export type Shown = {
	/** How the user left; undefined where it was closed. Throws what a component threw. */
	readonly left: Promise<Leaving | undefined>;
	readonly close: () => Promise<void>;
	/** Gives the terminal back whatever is broken: after a bug Ink may no longer be able to. Never rejects. */
	readonly abandon: () => Promise<void>;
};

/** Puts the state of a store on the screen of a terminal. All that is Ink's is loaded from here. */
export function show(configuration: Configuration, store: Store, terminal: Terminal): Shown {
	const {stdin, stdout, variables, suspend, onContinued} = terminal;
	const {color, symbols, theme, mouse, utc} = configuration;
	const look: Look = {color, symbols, theme};
	const pointer = mouse ? createMouse() : undefined;
	const pacing = createPacing(() => stdout.write(statusQuery));
	const output = createPacedOutput(stdout, pacing);
	const drawn = createPacedStore(store, pacing);
	const settle = async (how: 'away' | 'leaving'): Promise<void> => {
		if (how === 'leaving') {
			output.leave();
		}

		await pacing.settled();
	};
	const app = (background?: Background): JSX.Element => (
		<App
			store={store}
			drawn={drawn}
			paint={createPaint(look, background)}
			plain={symbols === 'ascii'}
			zone={utc ? 'utc' : 'local'}
			hasKeys={stdin.isTTY === true}
			mouse={pointer}
			copy={createCopy(sequence => stdout.write(sequence), variables)}
			suspend={suspend}
			onContinued={onContinued}
			settle={settle}
		/>
	);
	const tell = (report: Report): void => {
		switch (report.kind) {
			case 'mouse':
				pointer?.tell(report.event);
				break;
			case 'background':
				screen.rerender(app(report.background));
				break;
			case 'caught-up':
				pacing.answered();
				break;
		}
	};
	const ask = (): void => {
		if (wantsBackground(look)) {
			stdout.write(backgroundQuery);
		}

		if (variables.TERM !== 'dumb') {
			pacing.begin();
		}
	};
	const keyboard = withoutReports(stdin, tell, ask);
	const screen = render(app(), {
		stdout: output.stdout,
		stdin: keyboard,
		alternateScreen: true,
		incrementalRendering: true,
		interactive: true,
		exitOnCtrlC: false,
		maxFps: 15,
	});
	const left = async (): Promise<Leaving | undefined> => (await screen.waitUntilExit()) as Leaving | undefined;
	const close = async (): Promise<void> => {
		await settle('leaving');
		screen.unmount();
	};
	const abandon = async (): Promise<void> => {
		// Where something is broken besides, what broke first is about to be told.
		output.leave();
		await readAnswers(keyboard, pacing).catch(() => undefined);
		try {
			screen.unmount();
		} catch {}

		stdout.write(mouseOff + leave);
	};
	return {left: left(), close, abandon};
}
