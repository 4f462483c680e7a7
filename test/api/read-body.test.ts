import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {type HttpResponse, readBody, TooLarge} from '../../source/api/read-body.ts';

/** An answer that comes in these pieces. */
function answerOf(pieces: Iterable<Uint8Array>): HttpResponse {
	async function* come(): AsyncGenerator<Uint8Array> {
		yield* pieces;
	}

	const body = {[Symbol.asyncIterator]: come, cancel: async () => undefined};
	return {ok: true, status: 200, url: '', headers: {get: () => null}, body};
}

test('a text is the same in whatever pieces it comes', async () => {
	const text = fc.string({unit: 'grapheme', maxLength: 50});
	await fc.assert(
		fc.asyncProperty(text, fc.array(fc.nat(100), {maxLength: 5}), async (whole, cuts) => {
			const bytes = new TextEncoder().encode(whole);
			const ends = [...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
			const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
			assert.equal(await readBody(answerOf(pieces), 10_000), new TextDecoder().decode(bytes));
		}),
	);
});

test('of an answer that is given up as too large no text is made', async () => {
	const piece = new Uint8Array(64 * 1024).fill(0x20);
	const limitBytes = 32 * 1024 ** 2;
	const pieces = Array.from({length: 1000}, () => piece);
	const before = process.memoryUsage().heapUsed;
	await assert.rejects(readBody(answerOf(pieces), limitBytes), TooLarge);
	const grown = process.memoryUsage().heapUsed - before;
	assert.ok(grown < limitBytes / 4, `${grown} bytes`);
});
