import {getHeapStatistics, setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import type {Configuration} from '../command-line/options.ts';
import type {ListenAddress} from '../command-line/parse-value.ts';
import {type ExitCode, exitCodes, usageError} from '../errors/user-error.ts';
import {emptyHistory, type History} from '../metrics/history.ts';
import {poll} from '../polling/poller.ts';
import type {FatalReason} from '../polling/polling-context.ts';
import {isLive} from '../state/overview.ts';
import type {Store} from '../state/store.ts';
import {keptMs} from '../state/time-travel.ts';
import type {Terminal} from '../terminal/open-terminal.ts';
import {formatMoment} from '../text/clock-time.ts';
import {resolveMoment} from '../text/moment.ts';
import type {Connection} from './connect.ts';
import {runOnFinding} from './finding-command.ts';
import {ringForFindings} from './notify.ts';
import {pollOthers} from './overview.ts';
import {explainFatal, openSession, serve} from './session.ts';

/** The time after which one-time startup work is done, in milliseconds. */
const afterFirstMs = 3000;

/**
 * The interval between garbage collections, in milliseconds. Startup leaves about 5 MB of garbage, and ten minutes of
 * polls leave 8 MB. A collection takes as long as four polls.
 */
const againMs = 5 * 60_000;

/**
 * The size of the largest heap that is collected, in bytes. Collecting a larger one (with many nodes or a long
 * recording) would delay keys.
 */
const maxHeapBytes = 32 * 1024 ** 2;

/**
 * The time until the next attempt if the heap was too large, in milliseconds. The size of the heap includes garbage,
 * which V8 might have collected by then.
 */
const retryMs = 20_000;

/**
 * The minimum number of nodes, or of deployments in the overview, at which optimized code saves more time than
 * optimizing takes.
 */
const largeFrom = 8;

/** The first version of Node.js whose V8 has the compiler that `optimize` turns on. */
const firstWithMaglev = 22;

/**
 * The functions that control V8: `collect` returns false if it would have taken too long, and also drops compiled code
 * if `withCode` is true.
 */
type EngineControls = {
	readonly collect: (withCode: boolean) => boolean;
	readonly optimize: (isOn: boolean) => void;
	readonly nodeMajor: number;
};

const engineControls: EngineControls = {
	collect: collectGarbage,
	optimize(isOn) {
		setFlags(isOn ? ['--maglev', '--sparkplug'] : ['--no-maglev', '--no-sparkplug']);
	},
	nodeMajor: Number.parseInt(process.versions.node, 10),
};

/**
 * Releases the memory that startup took, three seconds after the first response, or after those of all deployments in
 * the overview. Returns a function that stops this.
 *
 * Garbage is collected then and every five minutes from then on; if `collect` returns false, it tries again after 20
 * seconds. V8's compilers, whose code takes 5–9 MB, are turned off then, and on again as soon as a deployment has eight
 * nodes, or the overview eight deployments; until then, the code is interpreted.
 */
export function settleAfterStart(
	{subscribe, getState}: Pick<Store, 'subscribe' | 'getState'>,
	controls: Partial<EngineControls> = {},
): () => void {
	const {collect, optimize, nodeMajor} = {...engineControls, ...controls};
	const canOptimize = nodeMajor >= firstWithMaglev;
	let timer: NodeJS.Timeout | undefined;
	let wasLarge = false;
	const keepCollecting = (withCode = false): void => {
		timer = setTimeout(keepCollecting, collect(withCode) ? againMs : retryMs).unref();
	};
	const settle = (): void => {
		const isSmall = canOptimize && !wasLarge;
		if (isSmall) {
			optimize(false);
		}

		keepCollecting(isSmall);
	};
	const look = (): void => {
		const {components, deployments, overview} = getState();
		const {histories} = components.trainer;
		const {size} = overview.members;
		if (!wasLarge && (size >= largeFrom || histories.some(({nodes}) => nodes.size >= largeFrom))) {
			wasLarge = true;
			if (canOptimize) {
				optimize(true);
			}
		}

		const areAllReceived = size > 0 && size >= (deployments.list ?? []).filter(isLive).length;
		if (timer === undefined && (areAllReceived || histories.some(isFilled))) {
			timer = setTimeout(settle, afterFirstMs).unref();
		}
	};
	const unsubscribe = subscribe(look);
	look();
	return () => {
		unsubscribe();
		clearTimeout(timer);
	};
}

function isFilled({window, endMs}: History): boolean {
	return endMs > emptyHistory(window).endMs;
}

function setFlags(flags: readonly string[]): void {
	for (const flag of flags) {
		setFlagsFromString(flag);
	}
}

/** The arguments of V8's function `gc`. Before Node.js 22, any argument limits it to the newest objects. */
const gcOptions = engineControls.nodeMajor < 22 ? [] : [{type: 'major', flavor: 'last-resort'}];

/** The flags that make a garbage collection also drop compiled code, and those that restore V8's defaults. */
const dropCode = ['--flush-baseline-code', '--bytecode-old-age=1'];
const keepCode = ['--no-flush-baseline-code', '--bytecode-old-age=6'];

/**
 * Makes V8 collect all garbage and release its memory, which takes the main thread about 20 ms, unless the heap is too
 * large for that. Returns whether it did. With `withCode`, this includes compiled code: functions that run again are
 * compiled again. Node.js has a function for this only if it was started with --expose-gc, but a context that is created
 * after this flag is set at run time also has the function.
 */
export function collectGarbage(withCode = false): boolean {
	if (getHeapStatistics().used_heap_size > maxHeapBytes) {
		return false;
	}

	setFlagsFromString('--expose-gc');
	const gc: unknown = runInNewContext('gc');
	setFlagsFromString('--no-expose-gc');
	if (typeof gc === 'function') {
		setFlags(withCode ? dropCode : []);
		gc(...gcOptions);
		setFlags(withCode ? keepCode : []);
	}

	return true;
}

/** Runs on the screen until the user quits, or until the first response shows that there is nothing to watch. */
export async function watch(
	configuration: Configuration,
	listen: ListenAddress | undefined,
	connection: Connection,
	terminal: Terminal,
): Promise<ExitCode> {
	const session = openSession(configuration, connection, listen === undefined ? 'none' : 'now');
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
	// The first request is sent while Ink is loaded, which takes about as long as the response.
	const others = pollOthers(session, connection, signal);
	const watched = poll({client, store, renewKey, clock, random: Math.random, onPlan: debug?.planned}, signal);
	// The program ends if either poller throws an exception, or if it can't listen on the given address.
	const poller = Promise.race([watched, others.then(async () => watched), serving.url.then(async () => watched)]);
	// The poller can fail before the code of the screen is loaded.
	poller.catch(() => undefined);
	try {
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

	// If the poller ends by itself, the screen closes; its error is thrown by the caller, who awaits it.
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
