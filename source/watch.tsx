import {render} from 'ink';
import type {JSX} from 'react';
import {nameWatched} from './api/watched.ts';
import {App, type Leaving} from './components/app.tsx';
import type {Configuration} from './config/configuration.ts';
import {explain, openSession} from './session.ts';
import {poll} from './state/poller.ts';
import type {Store} from './state/store.ts';
import type {OpenTarget} from './target.ts';
import {bellFor} from './terminal/bell.ts';
import {createMouse} from './terminal/mouse.ts';
import {backgroundQuestion, type Report, withoutReports} from './terminal/reports.ts';
import {type Background, createPaint, type Look, wantsBackground} from './theme.ts';
import {type ExitCode, exitCodes} from './user-error.ts';
import {describeFinding, ruleNames} from './view/finding-words.ts';

/** The terminal that the program runs in. */
export type Terminal = {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
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
	const {stdin, stdout, suspend} = terminal;
	const polling = new AbortController();
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
		const leaving = (await screen.waitUntilExit()) as Leaving | undefined;
		polling.abort();
		await ended;
		const ending = await poller;
		if (ending !== undefined) {
			throw await explain(ending, session, target);
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
		const {findings, watched} = store.getState();
		const [worst] = findings.current;
		if (findings.appeared > appeared && worst !== undefined) {
			const {what} = describeFinding(worst);
			stdout.write(bellFor(`loops-top ${nameWatched(watched)}: ${ruleNames[worst.rule]}: ${what}`, name));
		}

		({appeared} = findings);
	});
}
