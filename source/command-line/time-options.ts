import {usageError} from '../errors/user-error.ts';
import {findWindow, longestWindow, type TimeRange, type Window} from '../metrics/windows.ts';
import {fastest, slowest} from '../state/replay.ts';
import {formatMoment} from '../text/clock-time.ts';
import {type Moment, type MomentContext, momentExamples, parseMoment, resolveMoment} from '../text/moment.ts';
import type {Arguments} from './arguments.ts';
import type {FlagName} from './flags.ts';
import {type Parsed, quote} from './parse-value.ts';

/** A recording to play instead of watching a live deployment. */
export type ReplaySource = {
	readonly kind: 'replay';
	readonly file: string;
	/** Playback speed: seconds of the recording per second. */
	readonly speed: number;
	/** The window to show instead of the recorded one; undefined without --window. */
	readonly window: Window | undefined;
};

/** The flags for live requests, which a replay doesn't make. */
const liveFlags: readonly FlagName[] = [
	'run',
	'demo',
	'record',
	'all',
	'org',
	'profile',
	'remote',
	'api-url',
	'interval',
	'listen',
	'on-finding',
];

/** The flags that require a recording. */
const replayFlags: readonly FlagName[] = ['speed'];

/**
 * Returns the recording given by --replay; undefined without that flag.
 *
 * @throws UserError for an invalid speed, for a deployment ID or flags that apply only to live requests, and for
 *   --speed without a recording
 */
export function readReplay({flags: given, values, deploymentIds}: Arguments): ReplaySource | undefined {
	const file = values.get('replay');
	if (file === undefined) {
		const alone = replayFlags.find(flag => given.has(flag));
		if (alone !== undefined) {
			throw usageError(`--${alone} requires --replay FILE.`);
		}

		return undefined;
	}

	if (deploymentIds.length > 0) {
		throw usageError("--replay and a deployment ID can't be combined.");
	}

	const other = liveFlags.find(flag => given.has(flag));
	if (other !== undefined) {
		throw usageError(`--${other} can't be used with --replay, which makes no requests.`);
	}

	return {
		kind: 'replay',
		file,
		speed: required('speed', parseSpeed(values.get('speed') ?? '1')),
		window: findWindow(values.get('window') ?? ''),
	};
}

function required<Value>(flag: FlagName, parsed: Parsed<Value>): Value {
	if ('mistake' in parsed) {
		throw usageError(`--${flag} ${parsed.mistake}`);
	}

	return parsed.value;
}

function parseSpeed(text: string): Parsed<number> {
	const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
	return value >= slowest && value <= fastest
		? {value}
		: {mistake: `${quote(text)} isn't a speed. Use ${slowest} to ${fastest}.`};
}

/** The time to start at, or the end of the window to export or print: `--at`. */
type At = {readonly at: Moment | undefined};

/** A time range to export: `--from`, `--to` (or `--at`), and the window given instead of one of them. */
type ChosenRange = {
	readonly from: Moment | undefined;
	readonly to: Moment | undefined;
	readonly window: Window | undefined;
};

/**
 * The times on the command line. Without `range`, an export covers a window that ends now or, in a recording, at `at`
 * or at the recording's end.
 */
export type Times = At & {readonly range: ChosenRange | undefined};

const exportFormats: ReadonlySet<string> = new Set(['csv', 'openmetrics', 'html']);

/**
 * Reads `--at`, `--from`, and `--to`. With `--at`, an export of a live deployment ends at that time.
 *
 * @throws UserError for a string that isn't a time, and for flags that don't apply to the output
 */
export function readTimes({flags: given, values}: Arguments): Times {
	const isReplay = given.has('replay');
	const read = (flag: 'at' | 'from' | 'to'): Moment | undefined => {
		const text = values.get(flag);
		const moment = text === undefined ? undefined : parseMoment(text);
		if (text !== undefined && moment === undefined) {
			throw usageError(`--${flag} ${quote(text)} isn't a time. Use one such as ${momentExamples}.`);
		}

		if (moment?.kind === 'after-start' && !isReplay) {
			throw usageError(
				`--${flag} ${quote(text ?? '')} counts from the start of a recording. Use --replay FILE with it.`,
			);
		}

		return moment;
	};
	const [at, from, to] = [read('at'), read('from'), read('to')];
	const output = values.get('output') ?? '';
	const isExport = exportFormats.has(output);
	const limit = from === undefined ? 'to' : 'from';
	if ((from !== undefined || to !== undefined) && !isExport) {
		throw usageError(`--${limit} requires -o csv, openmetrics, or html.`);
	}

	if ((from !== undefined || to !== undefined) && at !== undefined) {
		throw usageError(`--at and --${limit} can't be combined.`);
	}

	if (at !== undefined && !isReplay && !isExport && (output !== '' || given.has('plain'))) {
		throw usageError(`--at and ${output === '' ? '--plain' : `-o ${output}`} can't be combined without --replay FILE.`);
	}

	const window = findWindow(values.get('window') ?? '');
	if (from !== undefined && to !== undefined && window !== undefined) {
		throw usageError("--window can't be combined with both --from and --to.");
	}

	const end = isExport && !isReplay ? (to ?? at) : to;
	const hasRange = from !== undefined || end !== undefined;
	return {at, range: hasRange ? {from, to: end, window} : undefined};
}

/**
 * Returns the chosen range. Without `from`, it is a window (`windowMs`) that ends at `to`. Without `to`, it begins at
 * `from`, and has the length of the given window, or else continues until now or the end of the recording. If both are
 * given and `to` is a time of day, it means the first such time after `from`. A range that extends beyond now, or
 * beyond the end of the recording, ends there.
 *
 * @throws UserError for a range that is empty, that begins in the future or after the end of the recording, or that is
 *   longer than seven days and not from a recording
 */
export function resolveRange({from, to, window}: ChosenRange, windowMs: number, context: MomentContext): TimeRange {
	const {endMs: newestMs, zone} = context;
	const fromMs = from === undefined ? undefined : resolveMoment(from, context);
	const isAfterFrom = to?.kind === 'clock' && fromMs !== undefined;
	const show = (timeMs: number): string => formatMoment(timeMs, newestMs, zone);
	if (fromMs !== undefined && fromMs >= newestMs) {
		const what = context.startMs === undefined ? 'in the future' : 'after the end of the recording';
		throw usageError(`--from ${show(fromMs)} is ${what}.`);
	}

	const toMs =
		to === undefined
			? fromMs === undefined || window === undefined
				? newestMs
				: fromMs + window.lengthMs
			: resolveMoment(to, isAfterFrom ? {...context, startMs: fromMs} : context);
	const endMs = Math.min(toMs ?? newestMs, newestMs);
	const startMs = fromMs ?? endMs - windowMs;
	if (startMs >= endMs) {
		throw usageError(`--from ${show(startMs)} isn't before --to ${show(endMs)}.`);
	}

	if (context.startMs === undefined && endMs - startMs > longestWindow.lengthMs) {
		throw usageError(`The range from ${show(startMs)} to ${show(endMs)} is longer than 7 days. Use 7 days at most.`);
	}

	return {startMs, endMs};
}
