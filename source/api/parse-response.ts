import {cleanJson, endOfString} from './clean-json.ts';
import {cleanText} from './clean-text.ts';
import type {Failure} from './failure.ts';
import type {Secret} from './secret.ts';
import {atOnce, type Steps} from './slices.ts';

/** Parses a response as JSON, or describes what it is instead; the key is replaced with `[redacted]` everywhere. */
export function parseResponse(
	text: string,
	contentType: string | null,
	secret: Secret,
): {readonly value: unknown} | Failure {
	try {
		return {value: parseWithoutKey(text, secret)};
	} catch {
		return whyNotJson(text, contentType, secret);
	}
}

/**
 * Parses JSON, with the key replaced by `[redacted]` and long strings cut.
 *
 * @throws SyntaxError for a string that isn't JSON
 */
export function parseWithoutKey(text: string, secret: Secret): unknown {
	const parsed: unknown = JSON.parse(text);
	const cleaned = atOnce(cleanJson(text, secret));
	return cleaned === text ? parsed : JSON.parse(cleaned);
}

/** Describes a response that can't be parsed. */
function whyNotJson(text: string, contentType: string | null, secret: Secret): Failure {
	const named = cleanText(secret.hideIn((contentType ?? '').split(';')[0] ?? ''), 40);
	const isJson = named.includes('json');
	const kind = text === '' ? 'empty' : isJson || named === '' ? 'unreadable' : named;
	return {kind: 'not-json', contentType: kind};
}

/**
 * The maximum length of a string that is parsed all at once, and the approximate length of the slices of a longer one,
 * in UTF-16 code units.
 */
const usualLength = 128 * 1024;

/** The maximum depth of lists that are cut: the list of a response's nodes is in a map in a map. */
const deepestCut = 3;

const comma = 0x2c;
const quote = 0x22;
const listStart = 0x5b;
const listEnd = 0x5d;
const mapStart = 0x7b;
const mapEnd = 0x7d;

/** A list in a string: where its content begins, the commas at which it is cut, and where it ends. */
type CutList = {readonly start: number; readonly cuts: readonly number[]; readonly end: number};

/** The length of slices, and the replacement for each item of a list that is cut into slices. */
type SliceOptions = {
	readonly sliceLength?: number;
	readonly readItem?: ((item: unknown) => unknown) | undefined;
};

/**
 * Parses a response as `parseResponse` does, but parses a long response in slices, which are parts of its largest
 * lists. Each item of these lists is replaced by the result of `readItem`.
 */
export function* parseInSteps(
	received: string,
	contentType: string | null,
	secret: Secret,
	{sliceLength = usualLength, readItem = item => item}: SliceOptions = {},
): Steps<{readonly value: unknown} | Failure> {
	if (received.length <= sliceLength) {
		return parseResponse(received, contentType, secret);
	}

	try {
		const text = yield* cleanJson(received, secret);
		const lists = yield* cutLists(text, sliceLength);
		// No external text can contain this mark.
		const mark = crypto.randomUUID();
		const parsed = new Map<string, readonly unknown[]>();
		let frame = '';
		let done = 0;
		for (const [index, list] of lists.entries()) {
			frame += `${text.slice(done, list.start)}"${mark}${index}"`;
			done = list.end;
			const items: unknown[] = [];
			for (const part of partsOf(text, list)) {
				yield;
				for (const item of parsePart(part)) {
					items.push(readItem(item));
				}
			}

			parsed.set(mark + index, items);
		}

		frame += text.slice(done);
		yield;
		return {value: putBack(JSON.parse(frame), parsed)};
	} catch {
		return whyNotJson(received, contentType, secret);
	}
}

/**
 * Finds the lists that are longer than a slice and nested at most `deepestCut` levels deep. If one such list contains
 * another, only the outer one is returned. If the text isn't JSON, the results are arbitrary but never overlap.
 */
function* cutLists(text: string, sliceLength: number): Steps<readonly CutList[]> {
	const open: Array<{readonly start: number; readonly isList: boolean; readonly cuts: number[]}> = [];
	let lists: CutList[] = [];
	let pausedAt = 0;
	let lastCut = 0;
	for (let index = 0; index < text.length; index++) {
		if (index - pausedAt > sliceLength) {
			pausedAt = index;
			yield;
		}

		const code = text.charCodeAt(index);
		switch (code) {
			case quote:
				index = endOfString(text, index);
				break;
			case listStart:
			case mapStart:
				open.push({start: index + 1, isList: code === listStart, cuts: []});
				break;
			case comma: {
				const inner = open.at(-1);
				if (
					inner?.isList === true &&
					open.length <= deepestCut &&
					index - Math.max(lastCut, inner.start) > sliceLength
				) {
					inner.cuts.push(index);
					lastCut = index;
				}

				break;
			}

			case listEnd:
			case mapEnd: {
				const inner = open.pop();
				if (inner !== undefined && inner.cuts.length > 0) {
					const {start, cuts} = inner;
					lists = [...lists.filter(list => list.start < start), {start, cuts, end: index}];
				}

				break;
			}

			default:
		}
	}

	return lists;
}

/** Returns the parts of a list's content, without the commas between them. */
function* partsOf(text: string, {start, cuts, end}: CutList): Generator<string> {
	let from = start;
	for (const to of [...cuts, end]) {
		yield text.slice(from, to);
		from = to + 1;
	}
}

/** Parses a part of a list. Throws SyntaxError if the part isn't JSON, or if it is empty. */
function parsePart(part: string): readonly unknown[] {
	const items: unknown = JSON.parse(`[${part}]`);
	if (!Array.isArray(items) || items.length === 0) {
		throw new SyntaxError('an item is missing');
	}

	return items;
}

/** Returns a value with its marks replaced by their lists. */
function putBack(value: unknown, lists: ReadonlyMap<string, readonly unknown[]>, depth = 1): unknown {
	if (typeof value !== 'object' || value === null) {
		return value;
	}

	const [mark]: readonly unknown[] = Array.isArray(value) && value.length === 1 ? value : [];
	const list = typeof mark === 'string' ? lists.get(mark) : undefined;
	if (list !== undefined || depth === deepestCut) {
		return list ?? value;
	}

	for (const [name, child] of Object.entries(value)) {
		const whole = putBack(child, lists, depth + 1);
		if (whole !== child) {
			Object.defineProperty(value, name, {value: whole, enumerable: true, configurable: true, writable: true});
		}
	}

	return value;
}
