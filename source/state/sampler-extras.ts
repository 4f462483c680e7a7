import type {Points} from '../api/points.ts';
import {
	type ExtraKind,
	extraKinds,
	extraKindsOf,
	extraMetricNames,
	noExtras,
	type SamplerExtras,
} from '../api/sampler-extras.ts';
import {readerAt, readerOfNewest} from '../metrics/freshness.ts';
import {positionOf, statistics} from '../metrics/series.ts';
import type {Snapshot} from '../metrics/snapshot.ts';
import type {Window} from '../metrics/windows.ts';

/**
 * The extra metrics of the sampler, and which of them its server supports. The server rejects a whole request because
 * of a single unknown name, so groups of names are tried until each name is known to be supported or rejected. The
 * result is remembered while the deployment is watched.
 */
export type SamplerExtrasState = {
	/** Groups of names for which no response has arrived yet. */
	readonly pending: readonly (readonly string[])[];
	/** The names that the server supports. */
	readonly accepted: readonly string[];
	/** The last received values, and their time range; undefined before the first response. */
	readonly received: {readonly rangeName: string; readonly extras: SamplerExtras} | undefined;
};

/** The state before the first request for extra metrics. */
export const untriedExtras: SamplerExtrasState = {pending: [extraMetricNames], accepted: [], received: undefined};

/**
 * Returns the name of a time range: the name of its window and, for an earlier range, its end in epoch milliseconds.
 */
export function samplerRangeName(kind: 'live' | 'past', {name}: Window, endMs: number): string {
	return kind === 'past' ? `${name} to ${endMs}` : name;
}

/** Returns the names to request next; none if the server rejected all of them. */
export function namesToRequest({pending, accepted}: SamplerExtrasState): readonly string[] {
	return pending[0] ?? accepted;
}

/**
 * Returns the groups to try after a rejection: the names that the message doesn't mention or, if it mentions none or
 * all of them, two groups of half the names each. Empty after the rejection of a single name.
 */
function splitRefused(names: readonly string[], message: string): readonly (readonly string[])[] {
	const words = message.split(/\W+/);
	const mentioned = names.filter(name => words.includes(name));
	if (mentioned.length > 0 && mentioned.length < names.length) {
		return [names.filter(name => !mentioned.includes(name))];
	}

	const middle = Math.ceil(names.length / 2);
	return names.length <= 1 ? [] : [names.slice(0, middle), names.slice(middle)];
}

/** Notes that the server rejected a request for these names, with this message. */
export function refuseExtras(state: SamplerExtrasState, names: readonly string[], message: string): SamplerExtrasState {
	const {pending, accepted} = state;
	const others = pending.filter(group => group.join() !== names.join());
	return {
		...state,
		pending: [...splitRefused(names, message), ...others],
		// Names that were accepted earlier can be rejected later.
		accepted: accepted.filter(name => !names.includes(name)),
	};
}

/** Adds a response for these names and a time range. Earlier values for another range are dropped. */
export function addExtras(
	{pending, accepted, received}: SamplerExtrasState,
	update: {readonly names: readonly string[]; readonly rangeName: string; readonly extras: SamplerExtras},
): SamplerExtrasState {
	const {names, rangeName, extras} = update;
	const kinds = extraKindsOf(names);
	const fresh = Object.fromEntries(kinds.map(kind => [kind, extras[kind]]));
	const before = received?.rangeName === rangeName ? received.extras : noExtras;
	return {
		pending: pending.filter(group => group.join() !== names.join()),
		accepted: extraMetricNames.filter(name => accepted.includes(name) || names.includes(name)),
		received: {rangeName, extras: {...before, ...fresh}},
	};
}

/** The extra metrics within a snapshot: the series of its time range, and their values at its time. */
export type ShownExtras = {
	readonly series: SamplerExtras;
	readonly values: Readonly<Record<ExtraKind, number | undefined>>;
};

function within({times, values}: Points, {startMs, endMs}: Snapshot): Points {
	const points = {times, values};
	const [from, to] = [positionOf(points, startMs), positionOf(points, endMs + 1)];
	return {times: times.slice(from, to), values: values.slice(from, to)};
}

/**
 * Returns the known extra metrics in the time range of a snapshot. A value is unknown if its sample is older than the
 * snapshot's limit or, at a cursor, if there is no sample nearby.
 */
export function extrasAt({received}: SamplerExtrasState, snapshot: Snapshot): ShownExtras {
	if (received === undefined) {
		return noShownExtras;
	}

	const {atMs, nowMs, limitMs, window} = snapshot;
	const reader = atMs === undefined ? readerOfNewest(nowMs, limitMs) : readerAt(atMs, window.stepMs);
	const known = received.extras;
	const series: SamplerExtras = {
		...noExtras,
		...Object.fromEntries(extraKinds.map(kind => [kind, within(known[kind], snapshot)])),
	};
	const values = Object.fromEntries(extraKinds.map(kind => [kind, reader.value(series[kind])]));
	return {series, values: {...noValues, ...values}};
}

/** Returns the number of container restarts in the window; undefined if it is unknown. */
export function restartsIn({series}: Pick<ShownExtras, 'series'>): number | undefined {
	const {sum, count} = statistics(series.restarts);
	return count === 0 ? undefined : sum;
}

const noValues: ShownExtras['values'] = {
	replicasDesired: undefined,
	replicasStarting: undefined,
	restarts: undefined,
	firstByteP50: undefined,
	firstByteP95: undefined,
	queueSize: undefined,
	queueTimeP95: undefined,
	inputTokens: undefined,
	outputTokens: undefined,
	cacheHits: undefined,
	engineRequests: undefined,
};

const noShownExtras: ShownExtras = {series: noExtras, values: noValues};
