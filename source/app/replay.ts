import {cleanText} from '../api/clean-text.ts';
import type {Configuration} from '../command-line/options.ts';
import type {Output} from '../command-line/output-options.ts';
import {type ReplaySource, resolveRange} from '../command-line/time-options.ts';
import type {Debug} from '../debug/debug.ts';
import {type ExitCode, exitCodes} from '../errors/user-error.ts';
import {defaultWindow, findWindow} from '../metrics/windows.ts';
import {Lines} from '../output/lines.ts';
import {checkRecording, type OpenRecording, openRecording, play, playThrough} from '../replay/play-recording.ts';
import type {PlayerOptions} from '../replay/player.ts';
import {initialState} from '../state/initial-state.ts';
import {selectedWindow} from '../state/selectors.ts';
import {createStore} from '../state/store.ts';
import type {Terminal} from '../terminal/open-terminal.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {type Moment, resolveMoment} from '../text/moment.ts';
import {countBytes, processProgress} from './progress.ts';
import {printState} from './snapshot.ts';
import {type StreamContext, speak} from './stream.ts';
import {runUntilExit} from './watch.ts';

const clock = {elapsed: () => performance.now()};

/** Plays a recording on the screen until the user quits. Makes no requests. */
export async function watchReplay(
	configuration: Configuration,
	source: ReplaySource,
	terminal: Terminal,
	debug: Debug | undefined,
): Promise<ExitCode> {
	const recording = await openRecording(source.file);
	// A time before the end can be resolved only once the end is known.
	const endMs =
		configuration.times.at?.kind === 'before-end' ? (await checkRecording(recording)).endMs : recording.startMs;
	const options = open(configuration, source, {...recording, endMs}, debug);
	const playing = new AbortController();
	const player = play(options, playing.signal);
	const checking = noteEnd(recording, options, playing.signal);
	try {
		const left = await runUntilExit(configuration, options.store, {poller: player, terminal});
		playing.abort();
		await Promise.all([player, checking]);
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
	{stdout, stderr}: Pick<StreamContext, 'stdout' | 'stderr'>,
): Promise<ExitCode> {
	const playing = new AbortController();
	const recording = await openRecording(source.file);
	const {at, range} = configuration.times;
	const progress = processProgress();
	const onRead = countBytes(source.file, range === undefined ? 2 : 3, progress);
	const {endMs, damage} = await checkRecording(recording, {onRead}).finally(progress.clear);
	const {startMs} = recording;
	warnOfDamage(source.file, damage, stderr);
	warnOfLimit(configuration, at, {startMs, endMs}, stderr);

	if (output.kind === 'once') {
		const end = at ?? ({kind: 'instant', timeMs: endMs} as const);
		const ending = {...configuration, times: {at: end, range}};
		const options = open(ending, source, {...recording, endMs, hasLogOutput: output.format === 'json'});
		const shownWindow = selectedWindow(options.store.getState());
		const context = {startMs, endMs, zone: zoneOf(configuration)};
		const chosen = range === undefined ? undefined : resolveRange(range, shownWindow.lengthMs, context);
		await playThrough({...options, onRead}, playing.signal, chosen).finally(progress.clear);
		return printState(configuration, output, options.store.getState(), stdout);
	}

	const options = open(configuration, source, {...recording, endMs});
	const {store} = options;
	const lines = new Lines({...output, store, write: text => stdout.write(text)});
	await playThrough(
		{
			...options,
			onPollResult(result) {
				// Several responses can arrive in one turn of the event loop.
				if (lines.last === undefined) {
					lines.report(result);
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
export async function speakReplay(
	configuration: Configuration,
	source: ReplaySource,
	{stdout, stderr, stopped}: StreamContext,
	debug: Debug | undefined,
): Promise<ExitCode> {
	const recording = await openRecording(source.file);
	const progress = processProgress();
	const onRead = countBytes(source.file, 1, progress);
	const {endMs, damage} = await checkRecording(recording, {onRead}).finally(progress.clear);
	warnOfDamage(source.file, damage, stderr);
	warnOfLimit(configuration, configuration.times.at, {startMs: recording.startMs, endMs}, stderr);
	const options = open(configuration, source, {...recording, endMs}, debug);
	const {store} = options;
	const lines = speak(configuration, store, stdout);
	const playing = new AbortController();
	const {signal} = playing;
	stopped.addEventListener('abort', () => playing.abort(), {once: true});
	store.subscribe(() => {
		lines.report();
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
	{speed, window}: ReplaySource,
	{
		file,
		session,
		deploymentId,
		window: recordedWindow,
		startMs,
		endMs,
		hasLogOutput = false,
	}: OpenRecording & {
		readonly endMs: number;
		readonly hasLogOutput?: boolean;
	},
	debug?: Debug,
): PlayerOptions {
	const {intervalMs, thresholds, price, times, comparison} = configuration;
	const {at} = times;
	const toMs = at === undefined ? undefined : resolveMoment(at, {startMs, endMs, zone: zoneOf(configuration)});
	const begun = initialState({
		target: {kind: 'deployment', id: deploymentId},
		host: session?.host ?? '',
		window: window ?? findWindow(recordedWindow) ?? defaultWindow,
		intervalMs,
		nowMs: Math.min(session?.startedMs ?? startMs, startMs),
		thresholds,
		price,
		comparison,
		hasLogOutput,
		replay: {
			speed,
			isPaused: false,
			ended: undefined,
			seekTarget: toMs === undefined ? undefined : {toMs},
			recordedWindow,
			extent: {startMs, endMs: undefined},
		},
	});
	const bare = createStore({...begun, requestedTimeMs: toMs});
	return {file, startMs, store: debug?.store(bare) ?? bare, clock};
}

/** If the requested time isn't in the recording, writes one line that says so. */
function warnOfLimit(
	configuration: Configuration,
	at: Moment | undefined,
	{startMs, endMs}: {readonly startMs: number; readonly endMs: number},
	stderr: NodeJS.WritableStream,
): void {
	const limit = at === undefined ? undefined : describeLimit(configuration, at, startMs, endMs);
	if (limit !== undefined) {
		stderr.write(`loops-top: ${limit}\n`);
	}
}

/**
 * Returns the two sentences that say that a time isn't in the recording and what is shown instead, or undefined if the
 * time is in the recording.
 */
function describeLimit(configuration: Configuration, at: Moment, startMs: number, endMs: number): string | undefined {
	const zone = zoneOf(configuration);
	const atMs = resolveMoment(at, {startMs, endMs, zone});
	if (atMs === undefined || (atMs >= startMs && atMs <= endMs)) {
		return undefined;
	}

	const show = (timeMs: number): string => formatMoment(timeMs, startMs, zone);
	const shown = atMs < startMs ? 'beginning' : 'end';
	return `--at ${show(atMs)} isn't in the recording, which covers ${show(startMs)} to ${show(endMs)}. Showing its ${shown}.`;
}

function zoneOf({utc}: Configuration): Zone {
	return utc ? 'utc' : 'local';
}

function warnOfDamage(file: string, damage: string | undefined, stderr: NodeJS.WritableStream): void {
	if (damage !== undefined) {
		stderr.write(`loops-top: ${cleanText(file, 200)} is damaged: ${damage}.\n`);
	}
}

/**
 * Reads the whole recording in the background, stores the time at which it ends, and then reports any damage on the
 * screen.
 */
async function noteEnd(recording: OpenRecording, {store}: PlayerOptions, signal: AbortSignal): Promise<void> {
	const checked = await checkRecording(recording, {signal}).catch(() => undefined);
	if (checked !== undefined && !signal.aborted) {
		store.dispatch({type: 'recordingRead', endMs: checked.endMs, atMs: store.getState().live.nowMs});
	}

	if (checked?.damage !== undefined && !signal.aborted) {
		store.dispatch({type: 'notify', text: `the recording is damaged: ${checked.damage}`});
	}
}
