import assert from 'node:assert/strict';
import {existsSync, readFileSync, rmSync} from 'node:fs';
import {test} from 'node:test';
import {needs} from '../helpers/needs.ts';
import {program, runner} from '../helpers/real-terminal.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';
import {startDisplay, until} from '../helpers/x-display.ts';

test('in xterm, the text after keypresses and resizes by one column is the same as after a complete redraw', {
	skip: needs('Xvfb', 'xterm', 'xdotool'),
	timeout: 120_000,
}, async context => {
	const {xdotool, show} = await startDisplay(context);
	const dump = temporaryFile('screen');
	const print = 'XTerm.vt100.translations: #override Ctrl <Key>F12: print()';
	const command = `XTerm.vt100.printerCommand: cat >'${dump}.part' && mv '${dump}.part' '${dump}'`;
	const window = await show('xterm', [
		...['-u8', '-fa', 'DejaVu Sans Mono', '-fs', '7', '-geometry', '100x30'],
		...[print, command, 'XTerm.vt100.printAttributes: 0'].flatMap(resource => ['-xrm', resource]),
		...['-e', runner, program, '--demo', 'straggler', '-i', '1m'],
	]);
	/** Waits until the rows of the screen in xterm satisfy `isNeeded`, and returns them. */
	const screen = async (isNeeded: (rows: readonly string[]) => boolean): Promise<readonly string[]> => {
		let rows: readonly string[] = [];
		let isAsked = false;
		return until(
			() => {
				if (!isAsked) {
					rmSync(dump, {force: true});
					xdotool('key', 'ctrl+F12');
					isAsked = true;
				}

				if (!existsSync(dump)) {
					return undefined;
				}

				rows = readFileSync(dump, 'utf8')
					.split('\n')
					.map(row => row.trimEnd());
				isAsked = false;
				return isNeeded(rows) ? rows : undefined;
			},
			() => `The screen doesn't match: ${isNeeded}\n${rows.join('\n')}`,
		);
	};
	const shows = (text: string) => (rows: readonly string[]) => rows.some(row => row.includes(text));
	await screen(shows('list price'));
	xdotool('key', 'p');
	await screen(shows('paused'));
	xdotool('key', 'k', 'k', 'j');
	await screen(shows('▸loops-trainer-1'));
	for (const columns of [99, 98, 97]) {
		xdotool('windowsize', '--usehints', window.id, String(columns), '30');
		const isWide = (row: string): boolean => row.startsWith('╭') && row.endsWith('╮') && row.length === columns;
		const drawn = await screen(rows => rows.some(isWide) && rows.some(row => row.includes('q quit')));
		xdotool('key', 'question');
		await screen(shows('▸? Keys'));
		xdotool('key', 'question', 'ctrl+l');
		await screen(rows => rows.join('\n') === drawn.join('\n'));
	}

	xdotool('key', 'q');
	assert.equal(await window.exit, 0);
});
