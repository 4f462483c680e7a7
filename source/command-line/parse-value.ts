import {isIPv6} from 'node:net';
import {cleanText} from '../api/clean-text.ts';

/** The maximum number of edits between two similar words. */
const maxEdits = 2;

/**
 * Returns the name in `names` that `text` was probably meant to be: the only name that begins with `text`, if `text`
 * has 3 characters or more; otherwise, the nearest name in terms of inserted, deleted, replaced, and swapped characters
 * (the optimal string alignment distance), with at most 2 edits, and with fewer edits than half the length of `text`.
 * Letter case is ignored. Returns undefined if no name is that similar.
 */
export function findSimilar(text: string, names: readonly string[]): string | undefined {
	const word = text.toLowerCase();
	const begins = word.length < 3 ? [] : names.filter(name => name.toLowerCase().startsWith(word));
	if (begins.length === 1) {
		return begins[0];
	}

	const limit = Math.min(maxEdits, Math.floor((word.length - 1) / 2));
	const near = names
		.map(name => ({name, edits: countEdits(word, name.toLowerCase())}))
		.filter(({edits}) => edits <= limit)
		.sort((a, b) => a.edits - b.edits);
	return near[0]?.name;
}

/** Returns ` Did you mean …?`, or an empty string if no name is similar. */
export function suggestion(text: string, names: readonly string[]): string {
	const similar = findSimilar(text, names);
	return similar === undefined ? '' : ` Did you mean ${similar}?`;
}

function countEdits(a: string, b: string): number {
	let before: readonly number[] = [];
	let row: readonly number[] = Array.from({length: b.length + 1}, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const isSame = a[i - 1] === b[j - 1];
			const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			next[j] = Math.min(
				(row[j] ?? 0) + 1,
				(next[j - 1] ?? 0) + 1,
				(row[j - 1] ?? 0) + (isSame ? 0 : 1),
				isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
			);
		}

		before = row;
		row = next;
	}

	return row[b.length] ?? 0;
}

/** A parsed value, or the end of an error message that starts with the source of the text. */
export type Parsed<Value> = {readonly value: Value} | {readonly mistake: string};

const switchWords: ReadonlyMap<string, boolean> = new Map([
	['1', true],
	['true', true],
	['yes', true],
	['0', false],
	['false', false],
	['no', false],
]);

/** Quotes an invalid string, cleaned and cut to 60 characters, for a message. */
export function quote(text: string): string {
	return `"${cleanText(text, 60)}"`;
}

/** Parses a string that must be one of `names`. */
export function parseName<Name extends string>(text: string, names: readonly Name[]): Parsed<Name> {
	const value = names.find(name => name === text);
	const problem = names.length === 1 ? `isn't valid. Use ${names[0]}.` : `isn't one of ${names.join(', ')}.`;
	return value === undefined ? {mistake: `${quote(text)} ${problem}${suggestion(text, names)}`} : {value};
}

/** Parses a switch: `1`, `true`, and `yes` are true; `0`, `false`, and `no` are false. Letter case is ignored. */
export function parseSwitch(text: string): Parsed<boolean> {
	const value = switchWords.get(text.toLowerCase());
	return value === undefined
		? {mistake: `${quote(text)} isn't one of ${[...switchWords.keys()].join(', ')}.`}
		: {value};
}

/** An address to listen on: a host (a name, or an IP address without brackets) and a port; port 0 is any free port. */
export type ListenAddress = {readonly host: string; readonly port: number};

const loopback = '127.0.0.1';
const largestPort = 65_535;

/**
 * Parses a port (`9464`, on the loopback interface), or a host and a port (`0.0.0.0:9464`, `[::1]:9464`, `name:9464`).
 */
export function parseListenAddress(text: string): Parsed<ListenAddress> {
	const match = /^(?:([\w.-]+|\[[\d.:a-f]+\]):)?(\d{1,5})$/i.exec(text);
	const [, written = loopback, digits = ''] = match ?? [];
	const host = written.replace(/^\[(.*)\]$/, '$1');
	if (match === null || (host !== written && !isIPv6(host))) {
		return {
			mistake: `${quote(text)} isn't an address. Use a port such as 9464, or a host and a port such as ${loopback}:9464.`,
		};
	}

	const port = Number(digits);
	return port > largestPort
		? {mistake: `${quote(text)} isn't a valid port. Use 0 to ${largestPort}.`}
		: {value: {host, port}};
}

/** Formats an address as in a URL. */
export function showListenAddress({host, port}: ListenAddress): string {
	return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

const minMs = 2000;
const maxMs = 3_600_000;

/**
 * Parses a duration in hours, minutes, and seconds, and returns it in milliseconds: `10` and `10s` are ten seconds,
 * and `1m30s` is ninety seconds. Returns undefined for a string of any other form.
 */
export function parseDuration(text: string): number | undefined {
	const withUnit = /^\d+$/.test(text) ? `${text}s` : text;
	const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(withUnit);
	if (match === null || text === '') {
		return undefined;
	}

	const [, hours = '0', minutes = '0', seconds = '0'] = match;
	return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** Formats a whole number of seconds, given in milliseconds, so that `parseDuration` can parse it: `1m30s`. */
export function showDuration(milliseconds: number): string {
	const seconds = milliseconds / 1000;
	const parts = [
		[Math.floor(seconds / 3600), 'h'],
		[Math.floor(seconds / 60) % 60, 'm'],
		[seconds % 60, 's'],
	] as const;
	const text = parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
	return text === '' ? '0s' : text;
}

/** Parses a polling interval from 2 s to 1 h, and returns it in milliseconds. */
export function parseInterval(text: string): Parsed<number> {
	const value = parseDuration(text);
	if (value === undefined) {
		return {mistake: `${quote(text)} isn't a duration. Use one such as 10, 10s, 1m, or 1m30s.`};
	}

	if (value < minMs || value > maxMs) {
		return {mistake: `${cleanText(text, 60)} is out of range. Use 2s to 1h.`};
	}

	return {value};
}
