import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {test} from 'node:test';
import headless from '@xterm/headless';
import {needs} from '../helpers/needs.ts';
import {program, runner} from '../helpers/real-terminal.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';
import {differingCells, type Picture, startDisplay, until} from '../helpers/x-display.ts';

const size = {columns: 100, rows: 30};
/** The width of the border around the cells in sakura, in pixels. */
const border = 1;

test('in a VTE terminal, every cell is correct after keypresses and resizes by one column', {
	skip: needs('Xvfb', 'sakura', 'script', 'xdotool'),
	timeout: 120_000,
}, async context => {
	const display = await startDisplay(context);
	const typescript = temporaryFile('typescript');
	const run = `script -qefc "'${runner}' '${program}' --demo straggler -i 1m" '${typescript}'`;
	const font = 'DejaVu Sans Mono 10';
	const window = await display.show('sakura', [
		...[`--font=${font}`, `--columns=${size.columns}`, `--rows=${size.rows}`],
		...['-x', run],
	]);
	const emulator = new headless.Terminal({cols: size.columns, rows: size.rows, allowProposedApi: true, scrollback: 0});
	context.after(() => emulator.dispose());
	let read = 0;
	/** Passes new terminal output to the emulator, and returns the emulator's rows, which can lag behind. */
	const follow = (): string => {
		// The first line is printed by `script` itself.
		const written = existsSync(typescript) ? readFileSync(typescript) : Buffer.alloc(0);
		read = Math.max(read, written.indexOf('\n') + 1);
		emulator.write(written.subarray(read));
		read = Math.max(read, written.length);
		const {active} = emulator.buffer;
		return Array.from({length: emulator.rows}, (_, row) => active.getLine(row)?.translateToString(true)).join('\n');
	};
	const pixels = (): readonly number[] => {
		const geometry = display.xdotool('getwindowgeometry', window.id);
		return (/Geometry: (\d+)x(\d+)/.exec(geometry) ?? []).slice(1).map(Number);
	};
	const [width = 0, height = 0] = pixels();
	const grid = {
		left: border,
		top: border,
		width: (width - 2 * border) / size.columns,
		height: (height - 2 * border) / size.rows,
	};
	assert.ok(Number.isInteger(grid.width) && Number.isInteger(grid.height), `${width}x${height}`);
	/** Waits until the emulator's rows match the text and the picture matches the emulator; returns the picture. */
	const looksLike = async (text: RegExp): Promise<Picture> => {
		let rows = '';
		let differing: readonly string[] = [];
		return until(
			() => {
				rows = follow();
				if (!text.test(rows)) {
					return undefined;
				}

				const picture = display.picture();
				differing = differingCells(picture, grid, emulator);
				return differing.length === 0 ? picture : undefined;
			},
			() => `No match: ${text}\n${rows}\n${differing.length} cells differ: ${differing.slice(0, 5).join('; ')}`,
		);
	};
	await looksLike(/list price/);
	display.xdotool('key', 'p');
	await looksLike(/paused/);
	display.xdotool('key', 'k', 'k', 'j');
	await looksLike(/▸loops-trainer-1/);
	for (const columns of [99, 98, 97]) {
		// While paused, the program draws only after a keypress or a resize, so later output is for the new size.
		follow();
		emulator.resize(columns, size.rows);
		display.xdotool('windowsize', window.id, String(columns * grid.width + 2 * border), String(height));
		const isWide = new RegExp(`^╭.{${columns - 2}}╮$[\\s\\S]*q quit`, 'm');
		await looksLike(isWide);
		display.xdotool('key', 'question');
		await looksLike(/▸\? Keys/);
		display.xdotool('key', 'question');
		await looksLike(isWide);
	}

	display.xdotool('key', 'q');
	assert.equal(await window.exit, 0);
});
