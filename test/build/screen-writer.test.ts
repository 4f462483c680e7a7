import assert from 'node:assert/strict';
import {test} from 'node:test';
import headless from '@xterm/headless';
import {Chalk} from 'chalk';
import fc from 'fast-check';
import screenWriter, {clipLine} from '../../.build/lighter/screen-writer.ts';
import {unsafeSequences} from '../helpers/safe-sequences.ts';

const chalk = new Chalk({level: 3});
const part = fc
	.tuple(
		fc.constantFrom('a', 'ab', ' ', '   ', '─', '│╭', '▁▅█', '12.5', 'x…', '模', 'é'),
		fc.constantFrom((text: string) => text, chalk.dim, chalk.bold, chalk.hex('#5fd7ff'), chalk.inverse),
	)
	.map(([text, style]) => style(text));
const line = fc.array(part, {maxLength: 14}).map(parts => parts.join(''));
const size = fc.record({columns: fc.integer({min: 4, max: 30}), rows: fc.integer({min: 1, max: 8})});
const cursor = fc.option(fc.record({x: fc.nat(31), y: fc.nat(9)}), {nil: undefined});
const frame = fc.record({lines: fc.array(line, {maxLength: 10}), size, cursor, resizes: fc.boolean()});

type Shown = {readonly rows: readonly string[]; readonly cursor: readonly [x: number, y: number] | undefined};

/** A resizable terminal, and its content. */
class Screen {
	columns = 30;
	rows = 8;
	written = '';
	readonly emulator = new headless.Terminal({cols: 30, rows: 8, allowProposedApi: true, scrollback: 0});

	write(data: string): void {
		this.written += data;
		this.emulator.write(data);
	}

	constructor() {
		this.write('\u001B[?1049h');
	}

	resize(columns: number, rows: number): void {
		this.columns = columns;
		this.rows = rows;
		this.emulator.resize(columns, rows);
	}

	async shown(): Promise<Shown> {
		await new Promise<void>(resolve => {
			this.emulator.write('', resolve);
		});
		const {active} = this.emulator.buffer;
		const rows = Array.from({length: this.rows}, (_, row) => {
			const shownLine = active.getLine(row);
			return Array.from({length: this.columns}, (_cell, column) => {
				const cell = shownLine?.getCell(column);
				return [cell?.getChars() || ' ', cell?.isBold(), cell?.isDim(), cell?.isInverse(), cell?.getFgColor()].join();
			}).join('|');
		});
		const isShown = this.written.lastIndexOf('\u001B[?25h') > this.written.lastIndexOf('\u001B[?25l');
		return {rows, cursor: isShown ? [active.cursorX, active.cursorY] : undefined};
	}
}

test('after any frames and resizes, the screen equals a screen that starts with the last frame at the last size', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(frame, {minLength: 1, maxLength: 8}), async frames => {
			const screen = new Screen();
			const writer = screenWriter.create(screen);
			for (const one of frames) {
				if (one.resizes) {
					await screen.shown();
					screen.resize(one.size.columns, one.size.rows);
				}

				writer.setCursorPosition(one.cursor);
				writer(one.lines.join('\n'));
			}

			const {lines, cursor: last} = frames.at(-1) ?? assert.fail();
			const fresh = new Screen();
			fresh.resize(screen.columns, screen.rows);
			const first = screenWriter.create(fresh);
			first.setCursorPosition(last);
			first(lines.join('\n'));
			assert.deepEqual(await screen.shown(), await fresh.shown());
			assert.deepEqual(unsafeSequences(screen.written), []);
		}),
		{numRuns: 200},
	);
});

test('a line is cut at the width of the terminal, never within a wide character, and keeps its styles', () => {
	assert.equal(clipLine('abcdef', 4), 'abcd\u001B[0m');
	assert.equal(clipLine('abc模', 4), 'abc\u001B[0m');
	assert.equal(clipLine(chalk.bold('abcdef'), 6), chalk.bold('abcdef'));
	assert.equal(clipLine(chalk.bold('abcdef'), 3), '\u001B[1mabc\u001B[0m');
});

test('an unchanged frame writes nothing, or only the position of the cursor if that has changed', () => {
	const screen = new Screen();
	const writer = screenWriter.create(screen);
	writer('one\ntwo');
	const {length} = screen.written;
	assert.equal(writer('one\ntwo'), false);
	assert.equal(screen.written.length, length);
	writer.setCursorPosition({x: 2, y: 1});
	writer('one\ntwo');
	assert.equal(screen.written.slice(length), '\u001B[?2026h\u001B[2;3H\u001B[?25h\u001B[?2026l');
});
