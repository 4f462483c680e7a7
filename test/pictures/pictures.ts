/**
 * Generates the pictures in the README as SVG files. They show the built program in a real terminal, with the simulated
 * deployment. `npm run pictures` runs this file.
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {terminals} from '../../source/view/picture/cells.ts';
import {drawSvg} from '../../source/view/picture/picture.ts';
import {openTerminal} from '../helpers/real-terminal.ts';
import {drawAnimation, type Frame} from './animation.ts';
import {cellsOf} from './cells.ts';

const folder = path.join(import.meta.dirname, '..', '..', '.github', 'pictures');

type Picture = {
	readonly name: string;
	readonly title: string;
	readonly columns: number;
	readonly rows: number;
	readonly args: readonly string[];
	/** The keys to press, each preceded by a pattern that the screen must match first. */
	readonly keys?: ReadonlyArray<readonly [sees: RegExp, keys: string]>;
	/** The pattern that the finished screen matches. */
	readonly until: RegExp;
};

const straggler = ['--demo', 'straggler', '--utc'];
const finding = /straggler {2}loops-trainer-2/;

const pictures: readonly Picture[] = [
	{
		name: 'wide',
		title: 'loops-top at 160 columns: requests, latency, status codes, GPUs, and nodes; a straggler is found',
		columns: 160,
		rows: 45,
		args: straggler,
		until: /▸loops-trainer-2/,
	},
	{
		name: 'usual',
		title: 'loops-top at 80 columns',
		columns: 80,
		rows: 24,
		args: straggler,
		until: /▸loops-trainer-2/,
	},
	{
		name: 'side-pane',
		title: 'loops-top in a side pane of 40 columns',
		columns: 40,
		rows: 45,
		args: straggler,
		until: /▸loops-trainer-2/,
	},
	{
		name: 'heat-map',
		title: 'the GPUs of all nodes over the last hour, one row each',
		columns: 120,
		rows: 42,
		args: straggler,
		keys: [[finding, '4f']],
		until: /utilization over time[\s\S]*\d\d:\d\d[^\n]*\n╰─+╯\n/,
	},
	{
		name: 'findings',
		title: 'the list of findings, with their start times',
		columns: 100,
		rows: 20,
		args: ['--demo', 'errors', '--utc'],
		keys: [[/5xx/, 'n']],
		until: /▸n Findings[\s\S]*· n/,
	},
	{
		name: 'help',
		title: 'the keys',
		columns: 120,
		rows: 30,
		args: straggler,
		keys: [[finding, '?']],
		until: /▸\? Keys[\s\S]*q ctrl-c/,
	},
];

/** The suffix of a picture's name, for each background. */
const endings = {dark: '', light: '-light'} as const satisfies Readonly<Record<keyof typeof terminals, string>>;

type Background = keyof typeof endings;

async function take(
	{name, title, columns, rows, args, keys = [], until}: Picture,
	background: Background,
): Promise<void> {
	const terminal = openTerminal({
		columns,
		rows,
		args: [...args, '--theme', background],
		env: {COLORTERM: 'truecolor'},
	});
	await terminal.waitFor(/● (?:RUNNING|degraded)/);
	for (const [sees, pressed] of keys) {
		await terminal.waitFor(sees);
		terminal.press(pressed);
	}

	await terminal.waitFor(until);
	writeFileSync(
		path.join(folder, `${name}${endings[background]}.svg`),
		drawSvg(cellsOf(terminal.emulator), terminals[background], title),
	);
	terminal.close();
}

/**
 * The steps from a finding to its cause: the keys, a pattern that the resulting screen matches, the caption, and the
 * duration in seconds.
 */
const story: ReadonlyArray<readonly [keys: string, sees: RegExp, caption: string, seconds: number]> = [
	['', /5xx/, 'Requests fail: the line above the keys shows when that began', 4],
	['n', /▸n Findings/, 'n: all findings', 3],
	['\r', / at \d\d:\d\d:\d\d UTC · /, 'enter: every pane shows when the failures began', 4],
	['l', /▸l Logs[\s\S]*at the cursor/, 'l: the logs at that moment', 3],
	['eee', /error and up[\s\S]*── \d\d:\d\d:\d\d ──[\s\S]*failed/, 'e: errors only', 3],
	['k', /▸\d\d:\d\d:\d\d\.\d/, '↑: select an entry', 2],
	['\r', /Traceback/, 'enter: the whole entry, with its traceback', 6],
];

/** The size of the animation in cells. */
const storySize = {columns: 110, rows: 34};

async function film(background: Background): Promise<void> {
	const args = ['--demo', 'errors', '--utc', '--theme', background];
	const terminal = openTerminal({...storySize, args, env: {COLORTERM: 'truecolor'}});
	await terminal.waitFor(/● (?:RUNNING|degraded)/);
	const frames: Frame[] = [];
	for (const [keys, sees, caption, seconds] of story) {
		terminal.press(keys);
		await terminal.waitFor(sees);
		frames.push({cells: cellsOf(terminal.emulator), seconds, caption});
	}

	const title = 'loops-top finds failing requests, and shows when the failures began and the traceback in the logs';
	writeFileSync(
		path.join(folder, `story${endings[background]}.svg`),
		drawAnimation(frames, terminals[background], title),
	);
	terminal.close();
}

mkdirSync(folder, {recursive: true});
await film('dark');
await film('light');
process.stdout.write('story.svg\n');
for (const picture of pictures) {
	await take(picture, 'dark');
	await take(picture, 'light');
	process.stdout.write(`${picture.name}.svg\n`);
}
