import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {splitLines} from '../../source/recording/read-entries.ts';

async function split(chunks: readonly Buffer[]): Promise<readonly string[]> {
	const lines: string[] = [];
	for await (const line of splitLines(iterate(chunks))) {
		lines.push(line.toString());
	}

	return lines;
}

async function* iterate(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
	yield* chunks;
}

test('lines are the same regardless of how the text is divided into chunks', async () => {
	const text = fc.stringMatching(/^[a\nü]{0,40}$/);
	await fc.assert(
		fc.asyncProperty(text, fc.array(fc.nat(60)), async (whole, cuts) => {
			const bytes = Buffer.from(whole);
			const ends = [...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
			const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
			assert.deepEqual(await split(chunks), whole.split('\n'));
		}),
	);
});

test('an overlong line is returned as an empty one, and the next line is read', async () => {
	const piece = Buffer.alloc(1024 ** 2, 'a');
	const chunks = [...Array.from({length: 130}, () => piece), Buffer.from('\nnext')];
	assert.deepEqual(await split(chunks), ['', 'next']);
});
