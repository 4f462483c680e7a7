import {usageError} from '../errors/usage-error.ts';
import {findWindow, type Window} from '../metrics/windows.ts';
import {fastest, slowest} from '../state/replay.ts';
import type {Arguments} from './arguments.ts';
import type {FlagName} from './flags.ts';
import {type Moment, parseMoment} from './moment.ts';
import {type Parsed, quote} from './parse-value.ts';

/** A recording to watch instead of a deployment. */
export type ReplaySource = {
	readonly kind: 'replay';
	readonly file: string;
	/** Seconds of the recording in a second. */
	readonly speed: number;
	/** Where to begin; at its beginning where that is not said. */
	readonly at: Moment | undefined;
	/** The window to look at, where it is to be another than that of who was recorded. */
	readonly window: Window | undefined;
};

/** Flags that are about asking, or about what is so now. */
const idle: readonly FlagName[] = [
	'run',
	'demo',
	'record',
	'org',
	'profile',
	'remote',
	'api-url',
	'interval',
	'listen',
];

/** Flags that are about a recording. */
const dependent: readonly FlagName[] = ['speed', 'at'];

/**
 * The recording that is given, undefined where none is.
 *
 * @throws UserError for a wrong value, and for what says nothing with a recording or without one
 */
export function readReplay({given, values, deploymentIds}: Arguments): ReplaySource | undefined {
	const file = values.get('replay');
	if (file === undefined) {
		const alone = dependent.find(flag => given.has(flag));
		if (alone !== undefined) {
			throw usageError(`--${alone} is for a recording: add --replay FILE, or leave out --${alone}.`);
		}

		return undefined;
	}

	if (deploymentIds.length > 0) {
		throw usageError('--replay needs no deployment id: leave out one of them.');
	}

	const other = idle.find(flag => given.has(flag));
	if (other !== undefined) {
		throw usageError(`--replay asks nobody, and --${other} is for what is asked: leave out one of them.`);
	}

	const at = values.get('at');
	return {
		kind: 'replay',
		file,
		speed: required('speed', parseSpeed(values.get('speed') ?? '1')),
		at: at === undefined ? undefined : required('at', parseMoment(at)),
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
		: {mistake: `${quote(text)} is not a speed: give ${slowest} to ${fastest}.`};
}
