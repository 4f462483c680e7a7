/**
 * Makes the pictures of the README: the built program in a real terminal, on the simulated deployment, as SVG. Run by
 * `npm run pictures`.
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {openTerminal} from '../helpers/real-terminal.ts';
import {cellsOf} from './cells.ts';
import {drawSvg, terminals} from './svg.ts';

const folder = path.join(import.meta.dirname, '..', '..', '.github', 'pictures');

type Picture = {
	readonly name: string;
	readonly title: string;
	readonly columns: number;
	readonly rows: number;
	readonly args: readonly string[];
	/** What is pressed, each once what stands beside it is seen. */
	readonly keys?: ReadonlyArray<readonly [sees: RegExp, keys: string]>;
	/** What is seen in the end. */
	readonly until: RegExp;
};

const straggler = ['--demo', 'straggler', '--utc'];
const finding = /straggler {2}loops-trainer-2/;

const pictures: readonly Picture[] = [
	{
		name: 'wide',
		title: 'loops-top at 160 columns: requests, latency, status codes, GPUs and nodes; a straggler is found',
		columns: 160,
		rows: 45,
		args: straggler,
		keys: [[finding, 'jj']],
		until: /▸loops-trainer-2/,
	},
	{
		name: 'usual',
		title: 'loops-top at 80 columns',
		columns: 80,
		rows: 24,
		args: straggler,
		keys: [[finding, 'jj']],
		until: /▸loops-trainer-2/,
	},
	{
		name: 'side-pane',
		title: 'loops-top in a side pane of 40 columns',
		columns: 40,
		rows: 45,
		args: straggler,
		keys: [[/Nodes 4 of 4/, 'jj']],
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
		title: 'the list of findings: what is amiss, and since when',
		columns: 100,
		rows: 20,
		args: ['--demo', 'errors', '--utc'],
		keys: [[/errors/, 'n']],
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

/** What is added to the name of a picture by the background. */
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
	await terminal.waitFor(/RUNNING/);
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

mkdirSync(folder, {recursive: true});
for (const picture of pictures) {
	await take(picture, 'dark');
	await take(picture, 'light');
	process.stdout.write(`${picture.name}.svg\n`);
}
