import type {LogLine} from '../api/logs.ts';

/** Returns whether a name ends with `part` as a whole: `trainer-2` ends with `2`, but `trainer-12` doesn't. */
function endsWithPart(name: string, part: string): boolean {
	const before = name.at(-part.length - 1) ?? '';
	return part !== '' && name.endsWith(part) && !/[\p{L}\p{N}]/u.test(before);
}

/**
 * Returns whether a replica in the logs is this node in the metrics. Their names can differ: a replica and a node are
 * treated as the same if their names are equal, or if one name ends with the other as a whole part.
 */
export function isReplicaOf(replica: string, node: string): boolean {
	return replica === node || endsWithPart(replica, node) || endsWithPart(node, replica);
}

/**
 * A time range whose entries are all loaded, oldest first. Its ends are epoch nanoseconds, both inclusive.
 * `truncatedAt` contains the times at which there are more entries than the server returns.
 */
export type LoadedRange = {
	readonly fromNs: bigint;
	readonly toNs: bigint;
	readonly lines: readonly LogLine[];
	readonly truncatedAt: readonly bigint[];
};

/** The loaded entries in chronological order, and their size. Entries between two ranges aren't loaded. */
export type LogBuffer = {
	readonly ranges: readonly LoadedRange[];
	readonly lines: number;
	readonly characters: number;
};

/** A buffer without entries. */
export const emptyLogBuffer: LogBuffer = {ranges: [], lines: 0, characters: 0};

/**
 * The limits of what is kept, so that millions of entries don't exhaust memory. Characters are UTF-16 code units, at
 * most two bytes each.
 */
type Bounds = {readonly lines: number; readonly characters: number};

/**
 * The limits of a buffer. Even with one more page of entries, the list is too small for V8 to treat it as a large
 * object, which would take a hundred times as long to copy.
 */
export const logBounds: Bounds = {lines: 15_000, characters: 4 * 1024 ** 2};

/** Returns the position of the first entry at or after a time; the length if there is none. */
export function logPosition(lines: readonly LogLine[], timeNs: bigint): number {
	let low = 0;
	let high = lines.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const line = lines[middle];
		if (line !== undefined && line.timeNs < timeNs) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
}

/** Returns a string that identifies an entry: entries with the same string are equal in all fields. */
function nameLine({timeNs, level, message, replica, requestId}: LogLine): string {
	return JSON.stringify([String(timeNs), level, replica, requestId, message]);
}

/**
 * Merges two lists, each in chronological order, without duplicates. If an entry is equal in all fields, including the
 * time, to one in the other list, it is the same entry received twice; equal ones within one list are all kept. Known
 * entries stay the same objects.
 */
export function mergeLogs(known: readonly LogLine[], fresh: readonly LogLine[]): readonly LogLine[] {
	const [first] = fresh;
	const last = fresh.at(-1);
	if (first === undefined || last === undefined) {
		return known;
	}

	const from = logPosition(known, first.timeNs);
	const to = logPosition(known, last.timeNs + 1n);
	const overlapping = known.slice(from, to);
	const added = overlapping.length === 0 ? fresh : unknownOf(overlapping, fresh);
	return known.slice(0, from).concat(inOrder(overlapping, added), known.slice(to));
}

/**
 * Returns the fresh entries that aren't known. If equal entries occur more often than before, only the additional ones
 * are returned.
 */
function unknownOf(known: readonly LogLine[], fresh: readonly LogLine[]): readonly LogLine[] {
	const left = new Map<string, number>();
	for (const line of known) {
		const name = nameLine(line);
		left.set(name, (left.get(name) ?? 0) + 1);
	}

	return fresh.filter(line => {
		const name = nameLine(line);
		const count = left.get(name) ?? 0;
		left.set(name, count - 1);
		return count <= 0;
	});
}

/** Merges two lists by time, `a` first if times are equal. */
function inOrder(a: readonly LogLine[], b: readonly LogLine[]): readonly LogLine[] {
	const merged: LogLine[] = [];
	let next = 0;
	for (const line of a) {
		for (let other = b[next]; other !== undefined && other.timeNs < line.timeNs; other = b[next]) {
			merged.push(other);
			next++;
		}

		merged.push(line);
	}

	return merged.concat(b.slice(next));
}

function join(known: LoadedRange, fresh: LoadedRange): LoadedRange {
	return {
		fromNs: known.fromNs < fresh.fromNs ? known.fromNs : fresh.fromNs,
		toNs: known.toNs > fresh.toNs ? known.toNs : fresh.toNs,
		lines: mergeLogs(known.lines, fresh.lines),
		truncatedAt: [...new Set([...known.truncatedAt, ...fresh.truncatedAt])],
	};
}

function bufferOf(ranges: readonly LoadedRange[]): LogBuffer {
	let lines = 0;
	let characters = 0;
	for (const range of ranges) {
		lines += range.lines.length;
		for (const {message} of range.lines) {
			characters += message.length;
		}
	}

	return {ranges, lines, characters};
}

/**
 * Adds a loaded range to the buffer. If the buffer then exceeds the bounds, the entries furthest from `nearNs` are
 * dropped, or the oldest ones if `nearNs` is undefined.
 */
export function addRange(
	buffer: LogBuffer,
	fresh: LoadedRange,
	nearNs: bigint | undefined,
	bounds: Bounds = logBounds,
): LogBuffer {
	const before = buffer.ranges.filter(({toNs}) => toNs < fresh.fromNs);
	const after = buffer.ranges.filter(({fromNs}) => fromNs > fresh.toNs);
	const touching = buffer.ranges.slice(before.length, buffer.ranges.length - after.length);
	const joined = touching.reduce((whole, range) => join(range, whole), fresh);
	return cutToBounds(bufferOf([...before, joined, ...after]), nearNs, bounds);
}

/**
 * Drops the entries furthest from `nearNs`, or the oldest ones if it is undefined, until the buffer is within the
 * bounds. A range that loses entries is shortened to the remaining ones, and dropped if there are none.
 */
function cutToBounds(buffer: LogBuffer, nearNs: bigint | undefined, bounds: Bounds): LogBuffer {
	const {ranges} = buffer;
	let {lines, characters} = buffer;
	if (lines <= bounds.lines && characters <= bounds.characters) {
		return buffer;
	}

	const all = ([] as readonly LogLine[]).concat(...ranges.map(range => range.lines));
	let first = 0;
	let last = all.length - 1;
	while (first <= last && (lines > bounds.lines || characters > bounds.characters)) {
		const oldest = all[first];
		const newest = all[last];
		if (oldest === undefined || newest === undefined) {
			break;
		}

		const isOldestFurther = nearNs === undefined || nearNs - oldest.timeNs >= newest.timeNs - nearNs;
		characters -= (isOldestFurther ? oldest : newest).message.length;
		lines--;
		first += isOldestFurther ? 1 : 0;
		last -= isOldestFurther ? 0 : 1;
	}

	let seen = 0;
	const kept = ranges.flatMap((range): readonly LoadedRange[] => {
		const from = Math.max(first - seen, 0);
		const to = Math.min(last + 1 - seen, range.lines.length);
		seen += range.lines.length;
		if (from === 0 && to === range.lines.length) {
			return [range];
		}

		const left = range.lines.slice(from, Math.max(to, from));
		const begin = from > 0 ? left[0]?.timeNs : range.fromNs;
		const end = to < range.lines.length ? left.at(-1)?.timeNs : range.toNs;
		if (begin === undefined || end === undefined || left.length === 0) {
			return [];
		}

		const truncatedAt = range.truncatedAt.filter(timeNs => timeNs >= begin && timeNs <= end);
		return [{fromNs: begin, toNs: end, lines: left, truncatedAt}];
	});
	return {ranges: kept, lines, characters};
}

/** Returns the buffer with only the entries that match. The ranges still count as loaded. */
export function keepLogs({ranges}: LogBuffer, fits: (line: LogLine) => boolean): LogBuffer {
	return bufferOf(ranges.map(range => ({...range, lines: range.lines.filter(fits)})));
}

/** Returns whether the buffer exceeds 90% of either bound. */
export function isAlmostFull({lines, characters}: LogBuffer, bounds: Bounds = logBounds): boolean {
	return lines > 0.9 * bounds.lines || characters > 0.9 * bounds.characters;
}

/** Returns the loaded range that contains a time; undefined if none does. */
export function rangeAt({ranges}: LogBuffer, timeNs: bigint): LoadedRange | undefined {
	return ranges.find(({fromNs, toNs}) => timeNs >= fromNs && timeNs <= toNs);
}
