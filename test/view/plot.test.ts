import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {lineText, lineWidth} from '../../source/view/line.ts';
import {type Curve, plotCurves} from '../../source/view/plot.ts';

function draw(rows: ReadonlyArray<number | undefined>, columns: number, height: number): readonly string[] {
	return plotCurves([{rows, tone: 'first'}], columns, height).map(lineText);
}

test('a curve has a cell for each column', () => {
	assert.deepEqual(draw([0, 0, 1, 2, 2], 5, 2), ['  ╭──', ' ╭╯  ', '─╯   ']);
});

test('a gap in the middle is marked, and the cells before the first value and after the last are blank', () => {
	assert.deepEqual(draw([1, 1, undefined, 1, 1], 5, 1), ['──╱──', '  ╱  ']);
	assert.deepEqual(dots([undefined, undefined, 0, 0, undefined, undefined, 0, 0], 5, 0), [' ⠤╱⠤ ']);
});

test('a single known column is drawn', () => {
	assert.deepEqual(draw([undefined, 1, undefined], 3, 2), ['   ', ' ─ ', '   ']);
});

test('a constant curve is a line at its height', () => {
	assert.deepEqual(draw([0, 0, 0], 3, 2), ['   ', '   ', '───']);
});

test('the text about idle time is drawn in one piece, or left out if a curve is in the same place', () => {
	const rows = [1, ...new Array<undefined>(9).fill(undefined)];
	const idle = {from: 2, text: 'none'};
	const texts = (others: ReadonlyArray<number | undefined>): string => {
		const curves: readonly Curve[] = [
			{rows, tone: 'first'},
			{rows: others, tone: 'dim', isBehind: true},
		];
		return plotCurves(curves, 10, 3, {idle, known: new Array<boolean>(10).fill(true)})
			.map(lineText)
			.join('');
	};
	assert.match(texts([]), / none /);
	assert.doesNotMatch(texts([undefined, undefined, undefined, undefined, 2, 2]), /[none]/);
});

test('a later curve is drawn over an earlier one', () => {
	const [line] = plotCurves(
		[
			{rows: [0, 0], tone: 'first'},
			{rows: [0, 0], tone: 'third'},
		],
		2,
		0,
	);
	assert.deepEqual(line, [{text: '──', tone: 'third'}]);
});

test('for any curves, the result has exactly height + 1 lines of the requested width', () => {
	const cell = (height: number) => fc.option(fc.double({min: 0, max: height, noNaN: true}), {nil: undefined});
	const view = fc.tuple(fc.integer({min: 1, max: 80}), fc.integer({min: 0, max: 30})).chain(([columns, height]) =>
		fc.record({
			columns: fc.constant(columns),
			height: fc.constant(height),
			curves: fc.array(
				fc.record({
					rows: fc.array(cell(height), {minLength: columns, maxLength: columns}),
					tone: fc.constantFrom('first', 'second', 'third'),
				}),
				{maxLength: 3},
			),
		}),
	);
	fc.assert(
		fc.property(view, ({columns, height, curves}) => {
			const lines = plotCurves(curves, columns, height);
			assert.equal(lines.length, height + 1);
			for (const line of lines) {
				assert.equal(lineWidth(line), columns);
			}
		}),
	);
});

function dots(rows: ReadonlyArray<number | undefined>, columns: number, height: number): readonly string[] {
	return plotCurves([{rows, tone: 'first'}], columns, height, {dots: 2}).map(lineText);
}

test('braille dots have two values per cell and four heights per row, and are joined', () => {
	assert.deepEqual(dots([0, 0, 0.25, 0.25], 2, 0), ['⠤⠒']);
	assert.deepEqual(dots([0, undefined, undefined, 0], 2, 0), ['⠄⠠']);
});

test('a change of 2% of the range moves a curve of braille dots in a chart with 14 or more rows', () => {
	for (const height of [13, 16, 21]) {
		for (let value = 0; value <= 0.98; value += 0.02) {
			const draw = (share: number): string => dots([share * height, share * height], 1, height).join('\n');
			assert.notEqual(draw(value), draw(value + 0.02), `${value} at ${height}`);
		}
	}
});

test('a curve behind the others is drawn only in cells that they leave free', () => {
	const curve: Curve = {rows: [1, 1, 1, 1, 1, 1], tone: 'first'};
	const behind: Curve = {rows: [0.75, 0.75, 1.25, 1.25, 2, 2], tone: 'dim', isBehind: true};
	const inFirst = (curves: readonly Curve[]): readonly string[] =>
		plotCurves(curves, 3, 2, {dots: 2}).map(line =>
			line
				.map(({text, tone}) => (tone === 'first' ? text : ' '.repeat(text.length)))
				.join('')
				.trimEnd(),
		);
	assert.deepEqual(inFirst([behind, curve]), inFirst([curve]));
	const both = plotCurves([behind, curve], 3, 2, {dots: 2});
	assert.ok(both.some(line => line.some(({tone, text}) => tone === 'dim' && text.trim() !== '')));
});
