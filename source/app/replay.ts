import {resolveMoment} from '../command-line/moment.ts';
import type {Configuration} from '../command-line/options.ts';
import type {Output} from '../command-line/output-options.ts';
import type {ReplaySource} from '../command-line/replay-options.ts';
import type {Debug} from '../debug/debug.ts';
import {type ExitCode, exitCodes} from '../errors/user-error.ts';
import {defaultWindow, findWindow} from '../metrics/windows.ts';
import {Lines} from '../output/lines.ts';
import {findEnd, type OpenRecording, openRecording} from '../replay/open-recording.ts';
import {play, playThrough} from '../replay/play.ts';
import type {PlayerOptions} from '../replay/player.ts';
import {initialState} from '../state/state.ts';
import {createStore} from '../state/store.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {printState} from './snapshot.ts';
import {tellPlainly} from './speak.ts';
import type {StreamContext} from './stream.ts';
import {untilLeft} from './watch.ts';

const clock = {elapsed: () => performance.now()};

/** Plays a recording on the screen until the user quits. Makes no requests. */
export async function watchReplay(
	configuration: Configuration,
	source: ReplaySource,
	terminal: Terminal,
	debug: Debug | undefined,
): Promise<ExitCode> {
	const options = open(configuration, source, await openRecording(source.file), debug);
	const playing = new AbortController();
	const player = play(options, playing.signal);
	try {
		const left = await untilLeft(configuration, options.store, {poller: player, terminal});
		playing.abort();
		await player;
		return left === 'interrupted' ? exitCodes.interrupted : exitCodes.ok;
	} finally {
		playing.abort();
	}
}

/** Prints a recording without a screen: its state at the end or at the requested time, or one line per poll. */
export async function printReplay(
	configuration: Configuration,
	source: ReplaySource,
	output: Extract<Output, {kind: 'once' | 'lines'}>,
	stdout: NodeJS.WriteStream,
): Promise<ExitCode> {
	const playing = new AbortController();
	const recording = await openRecording(source.file);
	if (output.kind === 'once') {
		const {at} = source;
		const end = at === undefined ? ({kind: 'instant', timeMs: await findEnd(recording)} as const) : at;
		const options = open(configuration, {...source, at: end}, recording);
		await playThrough(options, playing.signal);
		return printState(configuration, output, options.store.getState(), stdout);
	}

	const options = open(configuration, source, recording);
	const {store} = options;
	const lines = new Lines({...output, store, write: text => stdout.write(text)});
	await playThrough(
		{
			...options,
			onPollResult(result) {
				// Several responses may arrive in one turn.
				if (lines.last === undefined) {
					lines.tell(result);
				} else {
					playing.abort();
				}
			},
		},
		playing.signal,
	);
	if (lines.last?.kind === 'found') {
		throw lines.last.error;
	}

	return exitCodes.ok;
}

/** Prints a recording as sentences while it plays, until it ends or the program is asked to stop. */
export async function tellReplay(
	configuration: Configuration,
	source: ReplaySource,
	{stdout, stopped}: Pick<StreamContext, 'stdout' | 'stopped'>,
	debug: Debug | undefined,
): Promise<ExitCode> {
	const options = open(configuration, source, await openRecording(source.file), debug);
	const {store} = options;
	const lines = tellPlainly(configuration, store, stdout);
	const playing = new AbortController();
	const {signal} = playing;
	stopped.addEventListener('abort', () => playing.abort(), {once: true});
	store.subscribe(() => {
		lines.tell();
		if (store.getState().replay?.ended !== undefined && !signal.aborted) {
			playing.abort();
			lines.end();
		}
	});
	await play(options, signal);
	return exitCodes.ok;
}

function open(
	configuration: Configuration,
	{speed, at, window}: ReplaySource,
	{file, session, deploymentId, window: recordedWindow, startMs}: OpenRecording,
	debug?: Debug,
): PlayerOptions {
	const {intervalMs, thresholds, utc, price} = configuration;
	const toMs = at === undefined ? undefined : resolveMoment(at, startMs, utc ? 'utc' : 'local');
	const bare = createStore(
		initialState({
			target: {kind: 'deployment', id: deploymentId},
			host: session.host,
			window: window ?? findWindow(recordedWindow) ?? defaultWindow,
			intervalMs,
			nowMs: session.startedMs,
			thresholds,
			price,
			replay: {
				speed,
				isPaused: false,
				ended: undefined,
				seekTarget: toMs === undefined ? undefined : {toMs},
				recordedWindow,
			},
		}),
	);
	return {file, startMs, store: debug?.store(bare) ?? bare, clock};
}
