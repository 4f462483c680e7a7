import {execFileSync, spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type {TestContext} from 'node:test';
import type headless from '@xterm/headless';
import {eventually} from './eventually.ts';
import {temporaryFolder} from './temporary-folder.ts';

/** Calls `find` every 20 ms until it returns a result, because other programs emit no events. */
export async function until<Value>(find: () => Value | undefined, describe: () => string): Promise<Value> {
	return eventually(
		find,
		look => {
			const timer = setInterval(look, 20);
			return () => clearInterval(timer);
		},
		describe,
	);
}

/** The pixels of a screen, four bytes each, row by row. */
export type Picture = {readonly width: number; readonly height: number; readonly pixels: Buffer};

/** An X server that draws to a file instead of a screen, with functions that run programs on it. */
export type Display = {
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Runs xdotool, and returns its output. */
	readonly xdotool: (...args: readonly string[]) => string;
	/** Starts a program, and resolves with its window once it is visible and focused. */
	readonly show: (file: string, args: readonly string[]) => Promise<XWindow>;
	readonly picture: () => Picture;
};

export type XWindow = {readonly id: string; readonly exit: Promise<number | null>};

/** Starts an X server for one test. The programs that run on it have their own home folder. */
export async function startDisplay(context: TestContext): Promise<Display> {
	const home = temporaryFolder();
	// Without -noreset, the server resets when its last client exits, for example when xdotool exits before the
	// terminal is open.
	const options = [
		'-displayfd',
		'1',
		'-screen',
		'0',
		'1280x800x24',
		'-nolisten',
		'tcp',
		'-noreset',
		'-nocursor',
		'-fbdir',
		home,
	];
	const server = spawn('Xvfb', options, {stdio: ['ignore', 'pipe', 'ignore']});
	context.after(() => server.kill());
	let said = '';
	server.stdout.setEncoding('utf8').on('data', chunk => {
		said += chunk;
	});
	const number = await until(
		() => /^(\d+)\n/.exec(said)?.[1],
		() => "Xvfb didn't start.",
	);
	const env = {
		PATH: process.env['PATH'],
		HOME: home,
		LANG: 'C.UTF-8',
		DISPLAY: `:${number}`,
		// Without this, GTK would look for an accessibility bus.
		NO_AT_BRIDGE: '1',
	};
	const xdotool = (...args: readonly string[]): string => execFileSync('xdotool', args, {env, encoding: 'utf8'}).trim();
	return {
		env,
		xdotool,
		async show(file, args) {
			const child = spawn(file, args, {env, stdio: ['ignore', 'ignore', 'pipe']});
			context.after(() => child.kill());
			let complaints = '';
			child.stderr.setEncoding('utf8').on('data', chunk => {
				complaints += chunk;
			});
			let code: number | null | undefined;
			const exit = new Promise<number | null>(resolve => {
				child.on('exit', ended => {
					code = ended;
					resolve(ended);
				});
			});
			const id = await until(
				() => {
					try {
						return xdotool('search', '--onlyvisible', '--class', file).split('\n')[0];
					} catch {
						return undefined;
					}
				},
				() => `${file} didn't show a window. Exit code ${code}: ${complaints}`,
			);
			xdotool('windowfocus', '--sync', id);
			return {id, exit};
		},
		picture: () => readPicture(readFileSync(path.join(home, 'Xvfb_screen0'))),
	};
}

/** Parses a dump of an X window (xwd, version 7) with 32 bits per pixel. */
function readPicture(dump: Buffer): Picture {
	const field = (index: number): number => dump.readUInt32BE(index * 4);
	const [width, height, bytesPerLine] = [field(4), field(5), field(12)];
	const start = field(0) + field(19) * 12;
	const rows = Array.from({length: height}, (_, row) => {
		const from = start + row * bytesPerLine;
		return dump.subarray(from, from + width * 4);
	});
	return {width, height, pixels: Buffer.concat(rows)};
}

/** The position of a terminal in a picture, and the size of each of its cells, in pixels. */
export type Grid = {readonly left: number; readonly top: number; readonly width: number; readonly height: number};

/**
 * Compares a picture of a terminal with the cells of an emulator, without a reference picture: cells with the same
 * character and style must look the same, and cells with different characters must look different. Returns the
 * deviations. When cells with the same character are compared, the leftmost and rightmost pixels are ignored, because
 * they can belong to the glyph of a neighboring cell. The cell with the cursor isn't compared.
 */
export function differingCells(picture: Picture, grid: Grid, emulator: headless.Terminal): readonly string[] {
	const looks = new Map<string, {readonly inner: string; readonly place: string}>();
	const characters = new Map<string, string>();
	const differing: string[] = [];
	const {active} = emulator.buffer;
	for (let y = 0; y < emulator.rows; y++) {
		const line = active.getLine(y);
		for (let x = 0; x < emulator.cols; x++) {
			if (x === active.cursorX && y === active.cursorY) {
				continue;
			}

			const cell = line?.getCell(x);
			const character = cell?.getChars() || ' ';
			const style = [
				...[cell?.getBgColorMode(), cell?.getBgColor(), cell?.isInverse(), cell?.isUnderline()],
				...(character === ' ' ? [] : [cell?.getFgColorMode(), cell?.getFgColor(), cell?.isBold(), cell?.isDim()]),
			].join(' ');
			const block = blockOf(picture, grid, {x, y, inset: 0});
			const inner = blockOf(picture, grid, {x, y, inset: 1});
			const place = `${character} at ${x},${y}`;
			const known = looks.get(character + style);
			if (known === undefined) {
				looks.set(character + style, {inner, place});
			} else if (known.inner !== inner) {
				differing.push(`${place} looks different from ${known.place}`);
			}

			const other = characters.get(block) ?? character;
			if (other !== character) {
				differing.push(`${place} looks like ${other}`);
			}

			characters.set(block, character);
		}
	}

	return differing;
}

type Cell = {readonly x: number; readonly y: number; readonly inset: number};

function blockOf({pixels, width}: Picture, grid: Grid, {x, y, inset}: Cell): string {
	const rows = Array.from({length: grid.height}, (_, row) => {
		const from = ((grid.top + y * grid.height + row) * width + grid.left + x * grid.width + inset) * 4;
		return pixels.toString('latin1', from, from + (grid.width - 2 * inset) * 4);
	});
	return rows.join('');
}
