import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import RowOutput from '../../.build/lighter/row-output.ts';
import {plain, readCells} from '../../.build/lighter/styled-cells.ts';
import InkOutput from '../../node_modules/ink/build/output.js';

const width = 20;
const height = 4;

type Written = {readonly x: number; readonly y: number; readonly lines: readonly string[]};

const styled = fc
	.tuple(
		fc.constantFrom('', '\u001B[2m', '\u001B[1;38;5;81m', '\u001B[48;2;1;2;3m\u001B[31m'),
		fc.constantFrom('', ' ', 'a', 'busy 93%', '╭──', '▇▇▁  ', '10⁻³', '模型', '🙂!', 'e\u0301', '\u00AD'),
		fc.boolean(),
	)
	.map(([on, text, isEnded]) => on + text + (on !== '' && isEnded ? '\u001B[0m' : ''));

const written: fc.Arbitrary<Written> = fc.record({
	x: fc.integer({min: 0, max: width + 1}),
	y: fc.integer({min: -1, max: height}),
	lines: fc.array(
		fc.array(styled, {maxLength: 3}).map(parts => parts.join('')),
		{minLength: 1, maxLength: 3},
	),
});

/**
 * Draws the lines of each text node. If `isReplaced`, a placeholder is drawn, as on the screen, and a transformer
 * replaces it with the lines. Otherwise, the lines are drawn directly.
 */
function draw(Output: typeof InkOutput | typeof RowOutput, all: readonly Written[], isReplaced: boolean): string[] {
	const output = new Output({width, height});
	for (const {x, y, lines} of all) {
		const text = isReplaced ? `${'\n'.repeat(lines.length - 1)} ` : lines.join('\n');
		output.write(x, y, text, {transformers: isReplaced ? [(_: string, row: number) => lines[row] ?? ''] : []});
	}

	const drawn = output.get();
	assert.equal(drawn.height, height);
	return drawn.output.split('\n');
}

/**
 * Returns the cells of a row up to the last one that isn't blank, or the row unchanged if it contains sequences that
 * `readCells` doesn't support.
 */
function cellsOf(row: string): unknown {
	const cells = readCells(row);
	if (cells === undefined) {
		return row;
	}

	const {text, styles} = cells;
	const end = styles.findLastIndex((style, column) => style !== plain || text[column] !== ' ') + 1;
	return [text.slice(0, end), styles.slice(0, end)];
}

for (const isReplaced of [true, false]) {
	test(`a frame of ${isReplaced ? 'replaced text nodes' : 'text nodes'} has the same cells as with Ink`, () => {
		fc.assert(
			fc.property(fc.array(written, {maxLength: 6}), all => {
				assert.deepEqual(draw(RowOutput, all, isReplaced).map(cellsOf), draw(InkOutput, all, isReplaced).map(cellsOf));
			}),
			{numRuns: 3000},
		);
	});
}

test('a frame with clipped output is the same as with Ink', () => {
	const [own, ink] = [new RowOutput({width, height}), new InkOutput({width, height})].map(output => {
		output.clip({x1: 2, x2: 5, y1: undefined, y2: undefined});
		output.write(0, 1, 'abcdefgh', {transformers: []});
		output.unclip();
		output.write(0, 2, 'abcdefgh', {transformers: []});
		return output.get();
	});
	assert.deepEqual(own, ink);
});
