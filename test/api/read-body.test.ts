import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {type HttpResponse, JsonMeter, readBody, TooLarge} from '../../source/api/read-body.ts';

/** Returns the result of a `JsonMeter` for a string in pieces of this many bytes. */
function problemOf(text: string, pieceLength: number): string | undefined {
	const bytes = Buffer.from(text);
	const meter = new JsonMeter({depth: 8, names: 100, containersPerKib: 32, values: 60_000});
	for (let from = 0; from < bytes.length; from += pieceLength) {
		const problem = meter.add(bytes.subarray(from, from + pieceLength));
		if (problem !== undefined) {
			return problem;
		}
	}

	return undefined;
}

function repeat(count: number, make: (index: number) => string): string {
	return Array.from({length: count}, (_, index) => make(index)).join(',');
}

const point = (index: number): string => `{"value":0.${index},"timestamp":"2026-11-28T14:00:${index % 60}.5Z"}`;

const cases: ReadonlyArray<readonly [name: string, text: string, problem: string | undefined]> = [
	['20,000 points', `[${repeat(20_000, point)}]`, undefined],
	['20,000 numbers', `[${repeat(20_000, String)}]`, undefined],
	['80,000 numbers', `[${repeat(80_000, String)}]`, 'too many values'],
	['20,000 long strings', `[${repeat(20_000, index => `"request-${index}-of-many"`)}]`, undefined],
	['brackets and names within strings', `[${repeat(20_000, () => String.raw`"{[\"{[:,\\"`)}]`, undefined],
	['the maximum depth', `${'['.repeat(8)}${']'.repeat(8)}`, undefined],
	['more than the maximum depth', `${'['.repeat(9)}${']'.repeat(9)}`, 'nested too deeply'],
	['20,000 empty lists', `[${repeat(20_000, () => '[]')}]`, 'too many lists and maps'],
	['20,000 empty maps', `[${repeat(20_000, () => '{}')}]`, 'too many lists and maps'],
	['200 field names', `{${repeat(200, index => `"${index}":0`)}}`, 'too many different fields'],
	['200 short strings', `[${repeat(200, index => `"a${index}"`)}]`, 'too many different fields'],
	['one field name 20,000 times', `[${repeat(20_000, index => `{"a":"${'x'.repeat(24)}${index}"}`)}]`, undefined],
];

for (const [name, text, problem] of cases) {
	test(`JSON with ${name} ${problem === undefined ? 'passes' : 'is too complex'}, however it is split`, () => {
		for (const pieceLength of [1, 7, 4096, text.length]) {
			assert.equal(problemOf(text, pieceLength), problem);
		}
	});
}

/** Returns a response whose body arrives in these pieces. */
function responseOf(pieces: Iterable<Uint8Array>): HttpResponse {
	async function* come(): AsyncGenerator<Uint8Array> {
		yield* pieces;
	}

	const body = {[Symbol.asyncIterator]: come, cancel: async () => undefined};
	return {ok: true, status: 200, url: '', headers: {get: () => null}, body};
}

test('a body is read as the same text however it is split into pieces', async () => {
	const text = fc.string({unit: 'grapheme', maxLength: 50});
	await fc.assert(
		fc.asyncProperty(text, fc.array(fc.nat(100), {maxLength: 5}), async (whole, cuts) => {
			const bytes = new TextEncoder().encode(whole);
			const ends = [...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
			const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
			assert.equal(await readBody(responseOf(pieces), 10_000), new TextDecoder().decode(bytes));
		}),
	);
});

test("a response that is rejected as too large isn't joined into a string", async () => {
	const piece = new Uint8Array(64 * 1024).fill(0x20);
	const limitBytes = 32 * 1024 ** 2;
	const pieces = Array.from({length: 1000}, () => piece);
	const before = process.memoryUsage().heapUsed;
	await assert.rejects(readBody(responseOf(pieces), limitBytes), TooLarge);
	const grown = process.memoryUsage().heapUsed - before;
	assert.ok(grown < limitBytes / 4, `the heap grew by ${grown} bytes`);
});
