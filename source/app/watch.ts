import {setTimeout as sleep} from 'node:timers/promises';
import type {Network} from '../api/network.ts';
import type {Configuration} from '../command-line/options.ts';
import type {ListenAddress} from '../command-line/parse-value.ts';
import {type ExitCode, exitCodes, usageError} from '../errors/user-error.ts';
import {poll} from '../polling/poller.ts';
import type {FatalReason} from '../polling/polling-context.ts';
import type {Store} from '../state/store.ts';
import {keptMs} from '../state/time-travel.ts';
import type {Terminal} from '../terminal/open-terminal.ts';
import {formatMoment} from '../text/clock-time.ts';
import {resolveMoment} from '../text/moment.ts';
import type {Connection} from './connect.ts';
import {explainFatal} from './explain-ending.ts';
import {runOnFinding} from './finding-command.ts';
import {ringForFindings} from './notify.ts';
import {pollOthers} from './overview.ts';
import {openSession, serve} from './session.ts';
import {settleAfterStart} from './settle.ts';

/** The maximum time to wait until the first request is sent, in milliseconds. Sending usually takes only a few ms. */
const maxSendingMs = 2000;

/**
 * Returns a network, and a promise that resolves three turns of the event loop after the network's first request. If
 * the server is nearby, the request has been sent by then.
 */
function noticeFirst(network: Network): {readonly network: Network; readonly hasSent: Promise<void>} {
	let notice = (): void => undefined;
	const hasSent = new Promise<void>(resolve => {
		notice = resolve;
	});
	const send: Network['send'] = async (url, sent) => {
		const head = network.send(url, sent);
		// The connection is established in the next turn of the event loop, and the request is written in the one after.
		setImmediate(() => setImmediate(() => setImmediate(notice)));
		return head;
	};
	return {network: {send}, hasSent};
}

/** Runs on the screen until the user quits, or until polling ends with an error, such as a rejected key. */
export async function watch(
	configuration: Configuration,
	listen: ListenAddress | undefined,
	connection: Connection,
	terminal: Terminal,
): Promise<ExitCode> {
	const {network, hasSent} = noticeFirst(connection.network);
	const session = openSession(configuration, {...connection, network}, listen === undefined ? 'none' : 'now');
	const {client, store, clock} = session;
	const {renewKey, debug} = connection;
	const serving = serve(listen, store, clock.now);
	const alerts = runOnFinding(store, {
		command: configuration.onFinding,
		report: text => store.dispatch({type: 'notify', text}),
	});
	goToStart(configuration, store, clock.now());
	const polling = new AbortController();
	const {signal} = polling;
	const others = pollOthers(session, connection, signal);
	const watched = poll({client, store, renewKey, clock, random: Math.random, onPlan: debug?.planned}, signal);
	// The program ends if either poller throws an exception, or if metrics can't be served on the given address.
	const poller = Promise.race([watched, others.then(async () => watched), serving.url.then(async () => watched)]);
	// The poller can fail before the screen's code is loaded.
	poller.catch(() => undefined);
	try {
		// Ink is loaded in one step, which takes about as long as the first response.
		await Promise.race([hasSent, poller, terminal.crashed, sleep(maxSendingMs, undefined, {ref: false})]).catch(
			() => undefined,
		);
		const ended = await runUntilExit(configuration, store, {poller, terminal});
		polling.abort();
		const fatal = await poller;
		if (fatal !== undefined) {
			throw await explainFatal(fatal, session, connection);
		}

		return ended === 'interrupted' ? exitCodes.interrupted : exitCodes.ok;
	} finally {
		polling.abort();
		alerts.stop();
		await serving.close();
	}
}

/**
 * Shows the time of `--at` as soon as the watched deployment is known.
 *
 * @throws UserError for a time in the future, and for one that is too old
 */
function goToStart({times: {at}, utc}: Configuration, store: Store, nowMs: number): void {
	const zone = utc ? 'utc' : 'local';
	const timeMs = at && resolveMoment(at, {startMs: undefined, endMs: nowMs, zone});
	if (timeMs === undefined) {
		return;
	}

	if (timeMs > nowMs) {
		throw usageError(`--at ${formatMoment(timeMs, nowMs, zone)} is in the future.`);
	}

	if (timeMs < nowMs - keptMs) {
		throw usageError(`--at ${formatMoment(timeMs, nowMs, zone)} is older than the 7 days that the API keeps.`);
	}

	const go = (): boolean => {
		const isKnown = store.getState().target.kind === 'deployment';
		if (isKnown) {
			stop();
			store.dispatch({type: 'goToTime', timeMs});
		}

		return isKnown;
	};
	const stop = store.subscribe(go);
	go();
}

/** Shows the store until the user quits or the poller ends. */
export async function runUntilExit(
	configuration: Configuration,
	store: Store,
	{poller, terminal}: {readonly poller: Promise<FatalReason | undefined>; readonly terminal: Terminal},
): Promise<'quit' | 'interrupted' | undefined> {
	const {crashed, beforeEnding} = terminal;
	const {show} = await Promise.race([import('../tui/render.tsx'), crashed]);
	terminal.takeOver();
	const screen = show(configuration, store, terminal);
	beforeEnding(screen.abandon);
	if (configuration.bell) {
		ringForFindings(store, terminal.stdout, terminal.variables.TERM);
	}

	// If the poller ends by itself, the screen closes. The caller awaits the poller, and throws its error.
	const closed = poller.then(screen.close, screen.close);
	const endSettling = settleAfterStart(store);
	try {
		const left = await Promise.race([screen.left, crashed]);
		if (left === undefined) {
			await closed;
		}

		return left;
	} catch (error) {
		await screen.abandon();
		throw error;
	} finally {
		endSettling();
	}
}
