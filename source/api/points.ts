/**
 * Points of one series as columns: `times` in epoch milliseconds, strictly ascending, and the value at each, at least
 * zero. NaN means that the value was null, missing or unreadable at a readable time.
 */
export type Points = {
	readonly times: Float64Array;
	readonly values: Float64Array;
};

export const noPoints: Points = {times: new Float64Array(0), values: new Float64Array(0)};

/** Columns parsed from one list of a response, and the number of its unreadable points. */
export type ReadColumns<Key extends string> = {
	readonly columns: Readonly<Record<Key, Points>>;
	readonly dropped: number;
	/** The number of points with an unreadable time. */
	readonly unreadableTimes: number;
};

/** Turns an ISO 8601 text into epoch milliseconds; NaN when it isn't one. */
export type TimeReader = (text: unknown) => number;

const isoTime = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d+))?(Z|[+-]\d{2}(?::?\d{2})?)$/i;

/** An ISO 8601 text as epoch milliseconds; NaN when it isn't one with a zone. */
export function parseTime(text: string): number {
	const match = isoTime.exec(text);
	if (!match) {
		return Number.NaN;
	}

	const [, date = '', time = '', fraction = '', zone = ''] = match;
	const seconds = time.length === 5 ? `${time}:00` : time;
	const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
	const digits = zone.replace(':', '');
	const offset = /^z$/i.test(zone) ? 'Z' : `${digits.slice(0, 3)}:${digits.slice(3) || '00'}`;
	return isDay(date) ? Date.parse(`${date}T${seconds}.${milliseconds}${offset}`) : Number.NaN;
}

/** Whether there is such a day: Date takes 30 February for 2 March. */
function isDay(date: string): boolean {
	const midnight = new Date(`${date}T00:00:00Z`);
	return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}

/**
 * A parser of timestamps with `Z` or an offset, with or without a colon, down to nanoseconds (cut to milliseconds). It
 * caches what it parsed: all series of a response repeat the same hundred texts.
 */
export function createTimeReader(): TimeReader {
	const known = new Map<string, number>();
	return text => {
		if (typeof text !== 'string') {
			return Number.NaN;
		}

		let time = known.get(text);
		if (time === undefined) {
			time = parseTime(text);
			known.set(text, time);
		}

		return time;
	};
}

function isRising(times: Float64Array): boolean {
	for (let index = 1; index < times.length; index++) {
		if (!((times[index] ?? 0) > (times[index - 1] ?? 0))) {
			return false;
		}
	}

	return true;
}

/** Returns positions of `times` in ascending order, each time once: of equal times, the last one counts. */
function risingOrder(times: Float64Array): Uint32Array {
	const order = Uint32Array.from(times.keys());
	order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
	return order.filter((position, index) => times[position] !== times[order[index + 1] ?? -1]);
}

/** Returns whether a value is a number from 0 to Number.MAX_SAFE_INTEGER. */
export function isMeasure(value: unknown): value is number {
	return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/**
 * Parses a list of `{timestamp, …}` into one column for each of `keys`. The order of the list doesn't matter. A point
 * with an unreadable time is dropped; a value that is neither a valid measure nor null counts as dropped and is
 * unknown.
 */
export function readColumns<Key extends string>(
	list: readonly unknown[],
	keys: readonly Key[],
	readTime: TimeReader,
): ReadColumns<Key> {
	let dropped = 0;
	let unreadableTimes = 0;
	let length = 0;
	const times = new Float64Array(list.length);
	const values = keys.map(() => new Float64Array(list.length));
	for (const item of list) {
		const point = typeof item === 'object' && item !== null ? (item as Readonly<Record<string, unknown>>) : {};
		const time = readTime(point['timestamp']);
		if (Number.isNaN(time)) {
			dropped++;
			unreadableTimes++;
			continue;
		}

		times[length] = time;
		let unreadable = false;
		for (const [index, key] of keys.entries()) {
			const value = point[key];
			const column = values[index];
			if (column === undefined) {
				continue;
			}

			if (isMeasure(value)) {
				column[length] = value;
			} else {
				column[length] = Number.NaN;
				unreadable ||= value !== null && value !== undefined;
			}
		}

		dropped += unreadable ? 1 : 0;
		length++;
	}

	const readTimes = times.subarray(0, length);
	const order = isRising(readTimes) ? undefined : risingOrder(readTimes);
	const pick = (column: Float64Array): Float64Array =>
		order ? Float64Array.from(order, position => column[position] ?? Number.NaN) : column.slice(0, length);
	const sortedTimes = pick(readTimes);
	const columns = Object.fromEntries(
		keys.map((key, index) => [key, {times: sortedTimes, values: pick(values[index] ?? new Float64Array(length))}]),
	) as Record<Key, Points>;
	return {columns, dropped, unreadableTimes};
}
