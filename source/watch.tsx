import {render} from 'ink';
import type {JSX} from 'react';
import {App, type Leaving} from './components/app.tsx';
import type {Configuration} from './config/configuration.ts';
import {explain, openSession} from './session.ts';
import {poll} from './state/poller.ts';
import type {Store} from './state/store.ts';
import type {OpenTarget} from './target.ts';
import {askBackground, type TerminalStreams} from './terminal/background.ts';
import {bellFor} from './terminal/bell.ts';
import {type Background, createPaint, type Look, wantsBackground} from './theme.ts';
import {type ExitCode, exitCodes} from './user-error.ts';
import {describeFinding, ruleNames} from './view/finding-words.ts';

/** The terminal that the program runs in. */
export type Terminal = TerminalStreams & {
	/** The variable TERM. */
	readonly name: string | undefined;
	/** Stops the process until the shell lets it go on. */
	readonly suspend: () => Promise<void>;
};

const clock = {now: () => Date.now(), elapsed: () => performance.now()};

/** On the screen, until the user leaves or the server says at the start that there is nothing to see. */
export async function watch(configuration: Configuration, target: OpenTarget, terminal: Terminal): Promise<ExitCode> {
	const session = openSession(configuration, target);
	const {client, store} = session;
	const {color, symbols, theme, mouse, utc} = configuration;
	const {stdin, suspend} = terminal;
	const polling = new AbortController();
	const hasKeys = stdin.isTTY === true;
	const look: Look = {color, symbols, theme};
	const app = (isReading: boolean, background?: Background): JSX.Element => (
		<App
			store={store}
			paint={createPaint(look, background)}
			plain={symbols === 'ascii'}
			zone={utc ? 'utc' : 'local'}
			hasKeys={isReading}
			hasMouse={mouse && isReading}
			suspend={suspend}
		/>
	);
	// While the terminal is asked, nothing else may read from it; the first frame is not kept waiting for its answer.
	const asks = hasKeys && wantsBackground(look);
	const screen = render(app(hasKeys && !asks), {
		alternateScreen: true,
		incrementalRendering: true,
		interactive: true,
		exitOnCtrlC: false,
		maxFps: 15,
	});
	if (configuration.bell) {
		ringForFindings(store, terminal);
	}

	const poller = poll({client, store, renewKey: target.renewKey, clock, random: Math.random}, polling.signal);
	// Whatever ends the poller by itself ends the screen, and is thrown below.
	const ended = poller.then(
		() => screen.unmount(),
		() => screen.unmount(),
	);
	try {
		if (asks) {
			const background = await askBackground(terminal);
			screen.rerender(app(true, background));
		}

		const leaving = (await screen.waitUntilExit()) as Leaving | undefined;
		polling.abort();
		await ended;
		const failure = await poller;
		if (failure !== undefined) {
			throw await explain(failure, session, target);
		}

		return leaving === 'interrupted' ? exitCodes.interrupted : exitCodes.ok;
	} finally {
		polling.abort();
	}
}

/** Rings, and tells the worst, whenever something new is found. */
function ringForFindings(store: Store, {stdout, name}: Terminal): void {
	let {appeared} = store.getState().findings;
	store.subscribe(() => {
		const {findings, deploymentId} = store.getState();
		const [worst] = findings.current;
		if (findings.appeared > appeared && worst !== undefined) {
			const {what} = describeFinding(worst);
			stdout.write(bellFor(`loops-top ${deploymentId}: ${ruleNames[worst.rule]}: ${what}`, name));
		}

		({appeared} = findings);
	});
}
