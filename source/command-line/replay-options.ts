import {usageError} from '../errors/user-error.ts';
import {findWindow, type Window} from '../metrics/windows.ts';
import {fastest, slowest} from '../state/replay.ts';
import type {Arguments} from './arguments.ts';
import type {FlagName} from './flags.ts';
import {type Parsed, quote} from './parse-value.ts';

/** A recording to play instead of a live deployment. */
export type ReplaySource = {
	readonly kind: 'replay';
	readonly file: string;
	/** Playback speed: seconds of the recording per second. */
	readonly speed: number;
	/** The window to show instead of the recorded user's. */
	readonly window: Window | undefined;
};

/** Flags for live requests, which a replay doesn't make. */
const idle: readonly FlagName[] = [
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

/** Flags that require a recording. */
const dependent: readonly FlagName[] = ['speed'];

/**
 * Returns the recording given by --replay, or undefined.
 *
 * @throws UserError for an invalid value, and for flags that don't apply with or without a recording
 */
export function readReplay({flags: given, values, deploymentIds}: Arguments): ReplaySource | undefined {
	const file = values.get('replay');
	if (file === undefined) {
		const alone = dependent.find(flag => given.has(flag));
		if (alone !== undefined) {
			throw usageError(`--${alone} requires --replay FILE.`);
		}

		return undefined;
	}

	if (deploymentIds.length > 0) {
		throw usageError("--replay and a deployment id can't be combined.");
	}

	const other = idle.find(flag => given.has(flag));
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
