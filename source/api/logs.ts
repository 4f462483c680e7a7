import * as z from 'zod/mini';
import {cleanLines, cleanText} from './clean-text.ts';

/** The log levels, lowest first. */
export const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
/** A log level. */
export type Level = (typeof levels)[number];

/**
 * One log entry. `timeNs` is in epoch nanoseconds, as a bigint because numbers aren't exact above 2^53. The message can
 * have several lines, with `\n` between them. Missing or unreadable fields are undefined.
 */
export type LogLine = {
	readonly timeNs: bigint;
	readonly level: Level | undefined;
	readonly message: string;
	readonly replica: string | undefined;
	readonly requestId: string | undefined;
};

/**
 * A query for the logs from `startMs` to `endMs`, in epoch milliseconds. `endMs` is at most seven days after `startMs`;
 * undefined means now. The response has at most `limit` entries (1–1000), oldest or newest first, without those below
 * `minLevel`.
 */
export type LogsQuery = {
	readonly startMs: number;
	readonly endMs: number | undefined;
	readonly direction: 'asc' | 'desc';
	readonly limit: number;
	readonly minLevel: Level | undefined;
};

/**
 * The entries, oldest first; the number of received entries; and the number of those with an unreadable time or
 * message.
 */
export type LogsResponse = {readonly lines: readonly LogLine[]; readonly received: number; readonly dropped: number};

/** The limit for a message, in UTF-16 code units. Longer messages are dumps, for which the beginning is enough. */
const longestMessage = 8192;
const longestName = 200;

/** Other names for the levels, as used by Python's logging module, NCCL, and syslog. */
const otherLevels: Readonly<Record<string, Level>> = {
	TRACE: 'DEBUG',
	NOTICE: 'INFO',
	WARN: 'WARNING',
	CRITICAL: 'ERROR',
	FATAL: 'ERROR',
};

/** Returns the level with this name, ignoring case; undefined if there is none. */
function findLevel(name: string): Level | undefined {
	const upper = name.toUpperCase();
	return levels.find(level => level === upper) ?? (Object.hasOwn(otherLevels, upper) ? otherLevels[upper] : undefined);
}

/**
 * The schema of a response. Only the root is strict: the entries are read one by one below, so that an invalid entry
 * affects only itself.
 */
const responseSchema = z.object({logs: z.array(z.unknown())});

/** The beginning of the year 2500, in epoch nanoseconds. A later time is in another unit, or invalid. */
const latestNs = 16_725_225_600_000_000_000n;

const digits = /^\d{1,20}$/;

function toNanoseconds(timestamp: unknown): bigint | undefined {
	if (typeof timestamp === 'number') {
		return Number.isInteger(timestamp) && timestamp >= 0 ? BigInt(timestamp) : undefined;
	}

	return typeof timestamp === 'string' && digits.test(timestamp) ? BigInt(timestamp) : undefined;
}

function readName(text: unknown): string | undefined {
	const name = typeof text === 'string' ? cleanText(text, longestName) : '';
	return name === '' ? undefined : name;
}

/** An entry that was read before the rest of its response. If the entry is unreadable, `line` is undefined. */
class ReadEntry {
	readonly line: LogLine | undefined;

	constructor(line: LogLine | undefined) {
		this.line = line;
	}
}

/**
 * Reads an entry of a large response while the response is parsed in slices, for `ApiRequest.readItem`: cleaning 16 MiB
 * of progress bars takes seconds, which would block keyboard input. `readLogs` accepts the result in place of the
 * entry.
 */
export function readLogEntry(item: unknown): unknown {
	return new ReadEntry(readLine(item));
}

function readLine(entry: unknown): LogLine | undefined {
	const fields = typeof entry === 'object' && entry !== null ? (entry as Readonly<Record<string, unknown>>) : {};
	const {message, level} = fields;
	const timeNs = toNanoseconds(fields['timestamp']);
	if (timeNs === undefined || timeNs >= latestNs || typeof message !== 'string') {
		return undefined;
	}

	return {
		timeNs,
		level: typeof level === 'string' ? findLevel(level) : undefined,
		message: cleanLines(message, longestMessage),
		replica: readName(fields['replica']),
		requestId: readName(fields['request_id']),
	};
}

function compareTimes(a: LogLine, b: LogLine): number {
	return a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0;
}

/**
 * Parses `{logs: […]}`, whose entries can be in any order. Entries with the same time keep the server's order, reversed
 * if `direction` is `desc`. Returns undefined if the body has a different structure.
 */
export function readLogs(body: unknown, direction: LogsQuery['direction']): LogsResponse | undefined {
	const parsed = responseSchema.safeParse(body);
	if (!parsed.success) {
		return undefined;
	}

	const {logs} = parsed.data;
	const lines = logs.flatMap(entry => (entry instanceof ReadEntry ? entry.line : readLine(entry)) ?? []);
	const inOrder = direction === 'asc' ? lines : lines.reverse();
	return {lines: inOrder.sort(compareTimes), received: logs.length, dropped: logs.length - lines.length};
}
