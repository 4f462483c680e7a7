import {JsonMeter} from './json-meter.ts';

/**
 * The largest response that is read: one hour of data from 48 nodes with 8 GPUs each. Larger metrics are requested in
 * pieces. Parsing this much takes about a tenth of a second, during which no key is handled, regardless of the content.
 */
export const maxResponseBytes = 8 * 1024 ** 2;

/** The parts of an HTTP response that are used here. */
export type HttpResponse = {
	readonly ok: boolean;
	readonly status: number;
	readonly url: string;
	readonly headers: {get(name: string): string | null};
	readonly body: (AsyncIterable<Uint8Array> & {cancel(): Promise<void>}) | null;
};

/** Thrown while a body is read, to distinguish it from network errors. */
export class TooLarge extends Error {}

/** Thrown while a body is read that would take too long to parse: the message is a clause about the response. */
export class TooComplex extends Error {}

/** The size below which any text is parsed in a fraction of a second, regardless of its content. */
const simpleBytes = 512 * 1024;

/**
 * Returns the text of a body, at most `limitBytes` of which are read.
 *
 * @throws TooLarge for a larger one, TooComplex for JSON that would take too long to parse, and network errors
 */
export async function readBody({headers, body}: HttpResponse, limitBytes: number): Promise<string> {
	const pieces: Uint8Array[] = [];
	const meter = new JsonMeter();
	let metered = 0;
	let size = 0;
	if (body === null) {
		return '';
	}

	if (Number(headers.get('content-length') ?? 0) > limitBytes) {
		await body.cancel();
		throw new TooLarge();
	}

	// Leaving the loop early cancels the stream and with it the connection.
	for await (const chunk of body) {
		size += chunk.byteLength;
		if (size > limitBytes) {
			throw new TooLarge();
		}

		pieces.push(chunk);
		for (; size > simpleBytes && metered < pieces.length; metered++) {
			const kept = meter.add(pieces[metered] ?? chunk);
			if (typeof kept === 'string') {
				throw new TooComplex(kept);
			}

			pieces[metered] = kept;
		}
	}

	// The pieces are joined only at the end: the text of an aborted response would fill the heap.
	return takeText(pieces);
}

/** Returns the text of pieces, releasing each piece once it is read, so that a large response isn't in memory twice. */
function takeText(pieces: Uint8Array[]): string {
	const decoder = new TextDecoder();
	let text = '';
	for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
		text += decoder.decode(piece, {stream: true});
	}

	return text + decoder.decode();
}
