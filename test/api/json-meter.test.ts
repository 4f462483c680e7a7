import assert from 'node:assert/strict';
import {test} from 'node:test';
import {JsonMeter} from '../../source/api/json-meter.ts';

/** What the meter says of a text that comes in pieces of that length. */
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
	['20,000 long texts', `[${repeat(20_000, index => `"request-${index}-of-many"`)}]`, undefined],
	['brackets and names within texts', `[${repeat(20_000, () => String.raw`"{[\"{[:,\\"`)}]`, undefined],
	['as deep as may be', `${'['.repeat(8)}${']'.repeat(8)}`, undefined],
	['deeper', `${'['.repeat(9)}${']'.repeat(9)}`, 'nested too deeply'],
	['20,000 empty lists', `[${repeat(20_000, () => '[]')}]`, 'too many lists and maps'],
	['20,000 empty maps', `[${repeat(20_000, () => '{}')}]`, 'too many lists and maps'],
	['200 names of fields', `{${repeat(200, index => `"${index}":0`)}}`, 'too many different fields'],
	['200 short texts', `[${repeat(200, index => `"a${index}"`)}]`, 'too many different fields'],
	['a name of fields 20,000 times', `[${repeat(20_000, index => `{"a":"${'x'.repeat(24)}${index}"}`)}]`, undefined],
];

for (const [name, text, problem] of cases) {
	test(`JSON of ${name} ${problem === undefined ? 'passes' : 'is too much to parse'}, whatever pieces it comes in`, () => {
		for (const pieceLength of [1, 7, 4096, text.length]) {
			assert.equal(problemOf(text, pieceLength), problem);
		}
	});
}
