import assert from 'node:assert/strict';
import {test} from 'node:test';
import headless from '@xterm/headless';
import {Chalk} from 'chalk';
import fc from 'fast-check';
import lineUpdate from '../../.build/lighter/line-update.ts';

const columns = 24;
const chalk = new Chalk({level: 3});
const styles: ReadonlyArray<(text: string) => string> = [
	text => text,
	chalk.dim,
	chalk.bold,
	chalk.bold.dim,
	chalk.inverse.bold,
	chalk.underline,
	chalk.red,
	chalk.ansi256(81),
	chalk.hex('#5fd7ff'),
	chalk.bgBlue.yellow,
	chalk.bgHex('#87af00').bold,
];

/** Returns the content of each cell in a terminal's first row: the text and its style. */
async function cells(...written: readonly string[]): Promise<readonly string[]> {
	const terminal = new headless.Terminal({cols: columns, rows: 3, allowProposedApi: true, scrollback: 0});
	await new Promise<void>(resolve => {
		terminal.write(written.join(''), resolve);
	});
	const line = terminal.buffer.active.getLine(0);
	const shown = Array.from({length: columns}, (_, column) => {
		const cell = line?.getCell(column);
		assert.ok(cell !== undefined);
		const how = [cell.isBold(), cell.isDim(), cell.isInverse(), cell.isUnderline(), cell.getFgColorMode()];
		return [cell.getChars() || ' ', ...how, cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()].join();
	});
	terminal.dispose();
	return shown;
}

/** A styled piece of a line: one of only a few, so that two random lines have much in common. */
const part = fc.tuple(
	fc.constantFrom('a', 'ab', ' ', '   ', '─', '│╭', '▁▅█', '12.5', 'x…', '模', '👩‍🚀', 'e\u0301'),
	fc.constantFrom(...styles),
);
const line = fc.array(part, {maxLength: 12}).map(parts => {
	let width = 0;
	return parts
		.filter(([text]) => {
			width += [...new Intl.Segmenter().segment(text)].length * (/[模👩]/u.test(text) ? 2 : 1);
			return width <= columns;
		})
		.map(([text, style]) => style(text))
		.join('');
});

/** Two lines: either independent ones, or a line and the same line with some parts inserted. */
const change = fc.oneof(
	fc.tuple(line, line),
	fc
		.tuple(fc.array(part, {maxLength: 6}), fc.array(part, {maxLength: 3}), fc.array(part, {maxLength: 6}))
		.map(([start, middle, end]): [string, string] => {
			const join = (parts: typeof start): string => parts.map(([text, style]) => style(text.slice(0, 1))).join('');
			return [join([...start, ...end]), join([...start, ...middle, ...end])];
		})
		.filter(lines => lines.every(one => !/[模👩]/u.test(one))),
);

test('an updated line looks as if it had been rewritten as a whole, wherever the cursor was', async () => {
	await fc.assert(
		fc.asyncProperty(change, fc.integer({min: 1, max: columns}), async ([previous, next], cursor) => {
			const updated = await cells(previous, `\u001B[${cursor}G`, lineUpdate(previous, next, columns, 0));
			assert.deepEqual(updated, await cells(next));
		}),
		{numRuns: 500},
	);
});

test('text that is written after an updated line has none of the styles of that line', async () => {
	await fc.assert(
		fc.asyncProperty(change, async ([previous, next]) => {
			const written = [previous, lineUpdate(previous, next, columns, 0), '\r\u001B[2Knext'];
			assert.deepEqual(await cells(...written), await cells('next'));
		}),
	);
});

const red = chalk.red;
const cases: ReadonlyArray<readonly [name: string, previous: string, next: string, written: string]> = [
	['nothing is written for an unchanged line', 'abc', 'abc', ''],
	['only a cell in the middle is written', 'one two three', 'one tWo three', '\u001B[2;6HW'],
	[
		'a style continues across unchanged cells',
		`${red('abcdefghijkl')}`,
		`${red('Abcdefghijkl').replace('l', 'L')}`,
		'\u001B[2;1H\u001B[31mA\r\u001B[11CL\u001B[m',
	],
	['a few unchanged cells between changes are written again', 'a.b', 'A.B', '\u001B[2;1HA.B'],
	['blanks at the end are erased', 'one and more', 'one         ', '\u001B[2;5H\u001B[K'],
	['the rest of a longer line is erased', 'one and more', 'one', '\u001B[2;5H\u001B[K'],
	['a cell is written even if only its style has changed', 'abc', `ab${red('c')}`, '\u001B[2;3H\u001B[31mc\u001B[m'],
	['a line with wide characters is written as a whole', 'a模b', 'a模c', '\u001B[2;1H\u001B[Ka模c'],
	[
		'a line that is wider than the terminal is written as a whole',
		'a'.repeat(columns + 1),
		'b',
		'\u001B[2;1H\u001B[Kb',
	],
];

for (const [name, previous, next, written] of cases) {
	test(name, () => {
		// This updates a line in the second row.
		assert.equal(lineUpdate(previous, next, columns, 1), written);
	});
}
