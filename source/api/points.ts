// Longer than 250 lines because the times and the values of points are parsed together.

/** A JSON object with unknown values. */
export type Fields = Readonly<Record<string, unknown>>;

/** Returns whether a value is a JSON object: neither null nor a list. */
export function isRecord(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Describes the type of a value that doesn't have the expected type: `is missing`, `is null`, `is a list`, `is a
 * string`.
 */
export function nameShape(value: unknown): string {
	if (value === undefined) {
		return 'is missing';
	}

	const shape =
		value === null ? 'null' : Array.isArray(value) ? 'a list' : isRecord(value) ? 'a map' : `a ${typeof value}`;
	return `is ${shape}`;
}

/**
 * Points of one series as columns: `times` in epoch milliseconds, strictly ascending, and the value at each, at least
 * zero. NaN means that the value was null, missing, or unreadable at a readable time.
 */
export type Points = {
	readonly times: Float64Array;
	readonly values: Float64Array;
};

/** A series without points. */
export const noPoints: Points = {times: new Float64Array(0), values: new Float64Array(0)};

/** Columns parsed from one list of a response, and the number of its points that are unreadable or beyond the limit. */
type ReadColumns<Key extends string> = {
	readonly columns: Readonly<Record<Key, Points>>;
	/** The times of all columns. */
	readonly times: Float64Array;
	readonly dropped: number;
	/** The number of points with an unreadable time. */
	readonly unreadableTimes: number;
};

/** Converts an ISO 8601 string to epoch milliseconds, and any other value to NaN. */
export type TimeReader = (text: unknown) => number;

const isoTime = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d+))?(Z|[+-]\d{2}(?::?\d{2})?)$/i;

/** Converts an ISO 8601 string with a time zone to epoch milliseconds, and any other string to NaN. */
export function parseTime(text: string): number {
	const match = isoTime.exec(text);
	if (!match) {
		return Number.NaN;
	}

	const [, date = '', time = '', fraction = '', zone = ''] = match;
	const hours = Number(time.slice(0, 2));
	const minutes = Number(time.slice(3, 5));
	const seconds = Number(time.slice(6, 8));
	const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
	const isEndOfDay = hours === 24 && minutes === 0 && seconds === 0 && milliseconds === 0;
	return (hours < 24 || isEndOfDay) && minutes < 60 && seconds < 60
		? midnightOf(date) + ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds - offsetOf(zone)
		: Number.NaN;
}

/**
 * The day that was parsed last. Consecutive times are mostly on the same day, and parsing the day with `Date` takes ten
 * times as long as everything else.
 */
let lastDay = {date: '', midnightMs: Number.NaN};

/**
 * Returns the beginning of a day in UTC, in epoch milliseconds; NaN for a nonexistent day, such as February 30, which
 * `Date` treats as March 1 or 2.
 */
function midnightOf(date: string): number {
	if (date !== lastDay.date) {
		const midnight = new Date(`${date}T00:00:00Z`);
		const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
		lastDay = {date, midnightMs: exists ? midnight.getTime() : Number.NaN};
	}

	return lastDay.midnightMs;
}

/**
 * Returns the offset from UTC of a time zone such as `Z`, `+0530`, or `-03`, in milliseconds; NaN if there is no such
 * zone.
 */
function offsetOf(zone: string): number {
	if (zone === 'Z' || zone === 'z') {
		return 0;
	}

	const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
	const hours = Number(digits.slice(0, 2));
	const minutes = Number(digits.slice(2));
	const offset = (hours * 60 + minutes) * 60_000;
	return hours < 24 && minutes < 60 ? (zone.startsWith('-') ? -offset : offset) : Number.NaN;
}

/**
 * Returns a parser for timestamps of any precision (truncated to milliseconds), with `Z` or an offset (whose colon is
 * optional). It caches the strings that it has parsed, because all series of a response repeat the same hundred or
 * so.
 */
export function createTimeReader(): TimeReader {
	const places = new Map<string, number>();
	const texts: string[] = [];
	const times: number[] = [];
	let place = 0;
	return text => {
		if (typeof text !== 'string') {
			return Number.NaN;
		}

		// The strings usually recur in the same order, and comparing a string takes less time than looking it up.
		if (text !== texts[place]) {
			place = places.get(text) ?? texts.length;
			if (place === texts.length) {
				places.set(text, place);
				texts.push(text);
				times.push(parseTime(text));
			}
		}

		return times[place++] ?? Number.NaN;
	};
}

function isEqual(a: Float64Array, b: Float64Array): boolean {
	for (let index = 0; index < a.length; index++) {
		if (a[index] !== b[index]) {
			return false;
		}
	}

	return a.length === b.length;
}

function isRising(times: Float64Array): boolean {
	for (let index = 1; index < times.length; index++) {
		if (!((times[index] ?? 0) > (times[index - 1] ?? 0))) {
			return false;
		}
	}

	return true;
}

/** Returns the positions of `times` in ascending order of time. Of equal times, only the last one is included. */
function risingOrder(times: Float64Array): Uint32Array {
	const order = Uint32Array.from(times.keys());
	order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
	return order.filter((position, index) => times[position] !== times[order[index + 1] ?? -1]);
}

/**
 * The maximum number of points: more than seven days' worth at 30-second intervals. If a list is longer, only its last
 * points are read.
 */
const maxPoints = 20_480;

/** Returns whether a value is a number from 0 to Number.MAX_SAFE_INTEGER. */
export function isMeasure(value: unknown): value is number {
	return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/**
 * Parses a list of `{timestamp, …}` into one column for each of `keys`. The order of the list doesn't matter. A point
 * with an unreadable time is dropped. A value that isn't a valid measure is unknown, and counts as dropped unless it is
 * null or missing. If the times equal those in `before`, that array is reused, because most series of a response have
 * the same times.
 */
export function readColumns<Key extends string>(
	all: readonly unknown[],
	keys: readonly Key[],
	readTime: TimeReader,
	before: Float64Array = noPoints.times,
): ReadColumns<Key> {
	const list = all.length > maxPoints ? all.slice(-maxPoints) : all;
	const {times, positions, unreadableTimes} = readTimes(list, readTime, before);
	const order = times === before || isRising(times) ? undefined : risingOrder(times);
	const picked = order === undefined ? times : Float64Array.from(order, index => times[index] ?? Number.NaN);
	const sortedTimes = times !== before && isEqual(picked, before) ? before : picked;
	const columns: Partial<Record<Key, Points>> = {};
	let unreadable: Set<number> | undefined;
	for (const key of keys) {
		const values = new Float64Array(times.length);
		for (let index = 0; index < times.length; index++) {
			const item = list[positions === undefined ? index : (positions[index] ?? 0)];
			const value = typeof item === 'object' && item !== null ? (item as Fields)[key] : undefined;
			if (isMeasure(value)) {
				values[index] = value;
			} else {
				values[index] = Number.NaN;
				if (value !== null && value !== undefined) {
					unreadable = (unreadable ?? new Set()).add(index);
				}
			}
		}

		columns[key] = {
			times: sortedTimes,
			values: order === undefined ? values : Float64Array.from(order, index => values[index] ?? Number.NaN),
		};
	}

	return {
		columns: columns as Record<Key, Points>,
		times: sortedTimes,
		dropped: all.length - list.length + unreadableTimes + (unreadable?.size ?? 0),
		unreadableTimes,
	};
}

/** The readable times of a list, in the same order, and their positions in it (undefined if all times are readable). */
type ReadTimes = {
	readonly times: Float64Array;
	readonly positions: Uint32Array | undefined;
	readonly unreadableTimes: number;
};

/** Reads the times of a list. Returns `before` if it contains the same times, so that few series need a new array. */
function readTimes(list: readonly unknown[], readTime: TimeReader, before: Float64Array): ReadTimes {
	let times: Float64Array | undefined;
	let positions: Uint32Array | undefined;
	let length = 0;
	// An iterator would create an object for each point.
	for (let position = 0; position < list.length; position++) {
		const item = list[position];
		const time = readTime(typeof item === 'object' && item !== null ? (item as Fields)['timestamp'] : undefined);
		if (Number.isNaN(time)) {
			positions ??= Uint32Array.from(list.keys());
			continue;
		}

		if (times === undefined && time !== before[length]) {
			times = new Float64Array(list.length);
			times.set(before.subarray(0, length));
		}

		if (times !== undefined) {
			times[length] = time;
		}

		if (positions !== undefined) {
			positions[length] = position;
		}

		length++;
	}

	const found = times ?? before;
	return {
		times: length === found.length ? found : found.slice(0, length),
		positions,
		unreadableTimes: list.length - length,
	};
}

/** Returns the keys of a record, with their type, in the record's order. */
export function typedKeys<Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] {
	return Object.keys(record) as Key[];
}

/** Returns a record with the same keys and the result of `change` for each value. */
export function mapRecord<Key extends string, From, To>(
	record: Readonly<Record<Key, From>>,
	change: (value: From, key: Key) => To,
): Readonly<Record<Key, To>> {
	const changed: Partial<Record<Key, To>> = {};
	for (const key of typedKeys(record)) {
		changed[key] = change(record[key], key);
	}

	return changed as Record<Key, To>;
}
