import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {JsonMeter} from '../../source/api/json-meter.ts';
import {type HttpResponse, maxResponseBytes, readBody, TooLarge} from '../../source/api/read-body.ts';

const limits = {depth: 8, names: 100, containersPerKib: 32, values: 60_000, string: 64};

/** Returns the meter's result for a string in pieces of this length: the text that is kept, or the problem. */
function measure(text: string, pieceLength: number): {readonly kept: string} | {readonly problem: string} {
	const bytes = Buffer.from(text);
	const meter = new JsonMeter(limits);
	const pieces: Uint8Array[] = [];
	for (let from = 0; from < bytes.length; from += pieceLength) {
		const kept = meter.add(bytes.subarray(from, from + pieceLength));
		if (typeof kept === 'string') {
			return {problem: kept};
		}

		pieces.push(kept);
	}

	return {kept: Buffer.concat(pieces).toString()};
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
	['as deep as allowed', `${'['.repeat(8)}${']'.repeat(8)}`, undefined],
	['deeper', `${'['.repeat(9)}${']'.repeat(9)}`, 'nested too deeply'],
	['20,000 empty lists', `[${repeat(20_000, () => '[]')}]`, 'too many lists and maps'],
	['20,000 empty maps', `[${repeat(20_000, () => '{}')}]`, 'too many lists and maps'],
	['200 names of fields', `{${repeat(200, index => `"${index}":0`)}}`, 'too many different fields'],
	['200 short strings', `[${repeat(200, index => `"a${index}"`)}]`, 'too many different fields'],
	['a name of fields 20,000 times', `[${repeat(20_000, index => `{"a":"${'x'.repeat(24)}${index}"}`)}]`, undefined],
];

for (const [name, text, problem] of cases) {
	test(`JSON with ${name} ${problem === undefined ? 'passes' : 'is too complex to parse'}, regardless of how it is split`, () => {
		for (const pieceLength of [1, 7, 4096, text.length]) {
			assert.deepEqual(measure(text, pieceLength), problem === undefined ? {kept: text} : {problem});
		}
	});
}

/** Characters and escapes of each length in JSON, including those that look like the end or the middle of others. */
const units = ['a', '0', 'u', ' ', 'é', '–', '🚀', '\\"', '\\\\', '\\n', '\\u00e9', '\\ud83d\\ude80', ',', '{', ']'];

test('each string is shortened to its limit between two characters or escapes, regardless of how it is split', () => {
	// A string is cut after the escape or character at the limit, and then ends in an ellipsis.
	const longest = limits.string + String.raw`\u0000`.length + Buffer.byteLength('🚀') + Buffer.byteLength('…');
	const digitsOrAny = fc.oneof(fc.constantFrom(...units), fc.constant('0'));
	const string = fc.array(digitsOrAny, {minLength: 40, maxLength: 200}).map(parts => parts.join(''));
	fc.assert(
		fc.property(
			fc.array(string, {minLength: 1, maxLength: 4}),
			fc.integer({min: 1, max: 90}),
			(strings, pieceLength) => {
				const result = measure(`{"list":[${strings.map(text => `"${text}"`).join(',')}],"after":1}`, pieceLength);
				assert.ok('kept' in result, JSON.stringify(result));
				assert.ok(!result.kept.includes('\uFFFD'), result.kept);
				const read: unknown = JSON.parse(result.kept);
				assert.ok(
					typeof read === 'object' && read !== null && 'list' in read && Array.isArray(read.list) && 'after' in read,
				);
				assert.equal(read.list.length, strings.length);
				for (const [index, text] of strings.entries()) {
					const whole: unknown = JSON.parse(`"${text}"`);
					const kept: unknown = read.list[index];
					assert.ok(typeof whole === 'string' && typeof kept === 'string');
					if (Buffer.byteLength(text) <= limits.string) {
						assert.equal(kept, whole);
					} else if (kept !== whole) {
						assert.ok(kept.endsWith('…') && whole.startsWith(kept.slice(0, -1)), `${kept} of ${whole}`);
					}
				}

				for (const [raw] of result.kept.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
					assert.ok(Buffer.byteLength(raw) - 2 <= longest, raw);
				}
			},
		),
		{numRuns: 3000},
	);
});

test('text that is far longer than anything needs is dropped before it is decoded', async () => {
	const mebibytes = 7;
	for (const unit of units) {
		const name = unit.repeat((mebibytes * 1024 ** 2) / Buffer.byteLength(unit));
		const bytes = Buffer.from(`{"metrics":{"${name}":[{"node_id":"${unit.repeat(99)}"}]}}`);
		const pieces = Array.from({length: 200}, (_, index) => bytes.subarray(index * 65_536, (index + 1) * 65_536));
		const text = await readBody(answerOf(pieces), maxResponseBytes);
		assert.ok(text.length < 300_000, `${unit}: ${text.length}`);
		assert.deepEqual(Object.values(Object.values(JSON.parse(text))[0] ?? {}).length, 1);
	}
});

/** Returns a response that arrives in these pieces. */
function answerOf(pieces: Iterable<Uint8Array>): HttpResponse {
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
			assert.equal(await readBody(answerOf(pieces), 10_000), new TextDecoder().decode(bytes));
		}),
	);
});

test("a response that is rejected as too large isn't joined into a string", async () => {
	const piece = new Uint8Array(64 * 1024).fill(0x20);
	const limitBytes = 32 * 1024 ** 2;
	const pieces = Array.from({length: 1000}, () => piece);
	const before = process.memoryUsage().heapUsed;
	await assert.rejects(readBody(answerOf(pieces), limitBytes), TooLarge);
	const grown = process.memoryUsage().heapUsed - before;
	assert.ok(grown < limitBytes / 4, `${grown} bytes`);
});
